#if Service
internal import CPostgres

/// A parameter of a statement in PostgreSQL's binary form.
struct PostgresValue: Sendable {
    /// The object id of its type; 0 leaves the type to the server.
    let type: UInt32
    /// Nil for the null value.
    let bytes: [UInt8]?

    static func text(_ text: String) -> Self { Self(type: 25, bytes: Array(text.utf8)) }
    static func integer(_ number: Int) -> Self { Self(type: 23, bytes: PostgresBytes.integer(Int32(clamping: number))) }
    static func bytes(_ bytes: [UInt8]) -> Self { Self(type: 17, bytes: bytes) }
    /// The statement must name the type: `$1::halfvec`.
    static func halves(_ vector: [Float]) -> Self { Self(type: 0, bytes: PostgresBytes.halves(vector)) }

    static func integers(_ numbers: [Int]) -> Self {
        Self(type: 1007, bytes: list(numbers.map { PostgresBytes.integer(Int32(clamping: $0)) }, element: 23))
    }

    static func texts(_ texts: [String]) -> Self {
        Self(type: 1009, bytes: list(texts.map { Array($0.utf8) }, element: 25))
    }

    private static func list(_ elements: [[UInt8]], element: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        for head in [elements.isEmpty ? 0 : 1, 0, element] as [Int32] { bytes += PostgresBytes.integer(head) }
        guard !elements.isEmpty else { return bytes }
        bytes += PostgresBytes.integer(Int32(elements.count)) + PostgresBytes.integer(1 as Int32)
        for element in elements { bytes += PostgresBytes.integer(Int32(element.count)) + element }
        return bytes
    }
}

/// Numbers in network byte order.
enum PostgresBytes {
    static func integer(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// pgvector's halfvec: dimension, an unused number, then IEEE half floats.
    static func halves(_ vector: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + 2 * vector.count)
        bytes += integer(Int16(clamping: vector.count)) + [0, 0]
        for number in vector {
            let half = Float16(number).bitPattern
            bytes.append(UInt8(truncatingIfNeeded: half >> 8))
            bytes.append(UInt8(truncatingIfNeeded: half))
        }
        return bytes
    }
}

/// The rows of a statement in PostgreSQL's binary form.
final class PostgresRows {
    private let result: OpaquePointer?
    let count: Int

    init() { (result, count) = (nil, 0) }

    /// Takes over the result, which is released with the rows.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(triage_pq_rows(result))
    }

    deinit { if let result { triage_pq_clear(result) } }

    /// A value's bytes; nil for the null value.
    func bytes(_ row: Int, _ column: Int) -> [UInt8]? { value(row, column).map { Array($0) } }

    func text(_ row: Int, _ column: Int) -> String? {
        value(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// An integer of two, four or eight bytes.
    func integer(_ row: Int, _ column: Int) -> Int? {
        guard let bytes = value(row, column) else { return nil }
        let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch bytes.count {
        case 2: return Int(Int16(truncatingIfNeeded: number))
        case 4: return Int(Int32(truncatingIfNeeded: number))
        case 8: return Int(Int64(bitPattern: number))
        default: return nil
        }
    }

    func truth(_ row: Int, _ column: Int) -> Bool { value(row, column)?.first == 1 }

    private func value(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        guard let result, row < count else { return nil }
        var length: Int32 = 0
        guard let start = triage_pq_value(result, Int32(row), Int32(column), &length) else { return nil }
        return UnsafeRawBufferPointer(start: start, count: Int(length))
    }
}
#endif
