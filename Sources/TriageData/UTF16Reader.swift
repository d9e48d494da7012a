/// Bytes of UTF-16 into bytes of UTF-8, whose pieces may be cut anywhere; a byte order mark is dropped.
struct UTF16Reader {
    enum Order: String {
        case littleEndian = "little-endian"
        case bigEndian = "big-endian"
    }

    private let order: Order
    /// The bytes of the byte order mark, which holds no text; 0 without one.
    private(set) var markBytes = 0
    /// The first byte of a unit whose second has not arrived.
    private var first: UInt8?
    /// The first half of a surrogate pair whose second has not arrived.
    private var high: UInt16?
    private var isStart = true

    init(_ order: Order) { self.order = order }

    /// The order of the bytes of a file that begins with `bytes`; nil when it is not UTF-16.
    ///
    /// The byte order mark shows it, or else the zero bytes of the first two characters, which are ASCII in every
    /// header and object.
    init?(start bytes: [UInt8]) {
        let zeros = bytes.prefix(4).map { $0 == 0 }
        if bytes.starts(with: [0xFF, 0xFE]) || zeros == [false, true, false, true] {
            self.init(.littleEndian)
        } else if bytes.starts(with: [0xFE, 0xFF]) || zeros == [true, false, true, false] {
            self.init(.bigEndian)
        } else {
            return nil
        }
        markBytes = bytes[0] >= 0xFE ? 2 : 0
    }

    /// "UTF-16 (little-endian)".
    var name: String { "UTF-16 (\(order.rawValue))" }

    mutating func utf8(_ piece: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(piece.count)
        for byte in piece {
            guard let first else {
                first = byte
                continue
            }
            self.first = nil
            let unit =
                order == .littleEndian
                ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte)
            add(unit, to: &result)
        }
        return result
    }

    /// What an end in the middle of a character leaves: U+FFFD for half a pair, nothing for half a unit, which shows no
    /// character at all.
    mutating func end() -> [UInt8] {
        defer { (first, high) = (nil, nil) }
        return high != nil ? UTF16Reader.replacement : []
    }

    /// Whether the bytes so far end in the middle of a character.
    var isCut: Bool { first != nil || high != nil }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private mutating func add(_ unit: UInt16, to result: inout [UInt8]) {
        defer { isStart = false }
        if isStart, unit == 0xFEFF { return }
        if unit < 0x80, high == nil { return result.append(UInt8(unit)) }
        let isLow = unit & 0xFC00 == 0xDC00
        if let high, isLow {
            self.high = nil
            let value = 0x10000 + UInt32(high & 0x3FF) << 10 + UInt32(unit & 0x3FF)
            return append(Unicode.Scalar(value), to: &result)
        }
        if high != nil { append(nil, to: &result) }
        high = unit & 0xFC00 == 0xD800 ? unit : nil
        if high == nil { append(Unicode.Scalar(unit), to: &result) }
    }

    /// Adds a character; half of a pair is U+FFFD.
    private func append(_ scalar: Unicode.Scalar?, to result: inout [UInt8]) {
        guard let encoded = scalar.flatMap({ UTF8.encode($0) }) else {
            return result.append(contentsOf: UTF16Reader.replacement)
        }
        result.append(contentsOf: encoded)
    }
}
