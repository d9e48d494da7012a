/// Writes a message of Protocol Buffers, field by field.
///
/// Source: https://protobuf.dev/programming-guides/encoding/.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    /// How a field's value is written.
    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case length = 2
    }

    /// The bytes of the message that `body` writes.
    static func message(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }

    mutating func varint(_ field: Int, _ value: UInt64) {
        tag(field, .varint)
        raw(value)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        tag(field, .fixed64)
        little(value)
    }

    mutating func double(_ field: Int, _ value: Double) { fixed64(field, value.bitPattern) }

    mutating func string(_ field: Int, _ text: String) { data(field, text.utf8) }

    mutating func data(_ field: Int, _ data: some Collection<UInt8>) {
        tag(field, .length)
        raw(UInt64(data.count))
        bytes.append(contentsOf: data)
    }

    mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
        data(field, Self.message(body))
    }

    /// Writes several 64-bit numbers as one field.
    mutating func packed(_ field: Int, _ values: [UInt64]) {
        tag(field, .length)
        raw(UInt64(8 * values.count))
        for value in values { little(value) }
    }

    private mutating func tag(_ field: Int, _ type: WireType) { raw(UInt64(field) << 3 | type.rawValue) }

    private mutating func raw(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func little(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(value >> shift & 0xFF)) }
    }
}

/// Reads the fields of a message of Protocol Buffers, in order.
package struct ProtobufReader: Sequence, IteratorProtocol {
    package enum Value: Equatable, Sendable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case data(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    package init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

    /// The next field; nil at the end and where the bytes are none.
    package mutating func next() -> (field: Int, value: Value)? {
        guard let tag = varint() else { return nil }
        let value: Value? =
            switch tag & 7 {
            case 0: varint().map { .varint($0) }
            case 1: fixed(8).map { .fixed64($0) }
            case 2: varint().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map { .data($0) }
            case 5: fixed(4).map { .fixed32(UInt32($0)) }
            default: nil
            }
        guard let value else { return nil }
        return (Int(tag >> 3), value)
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func fixed(_ count: Int) -> UInt64? {
        take(count).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest.removeFirst(count) }
        return rest.prefix(count)
    }
}
