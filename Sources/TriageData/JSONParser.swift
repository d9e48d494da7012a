/// Why bytes are not JSON, and where; never their content.
package struct JSONError: Error, Equatable, Sendable {
    package enum Kind: Sendable {
        /// Not what the grammar requires there.
        case syntax
        /// The bytes end in the middle of a value.
        case ended
        /// Text that is not UTF-8.
        case notUTF8
        /// A control character that is not written as an escape.
        case control
        /// Half of a surrogate pair, such as "\ud800".
        case surrogate
        /// A number that no 64-bit float can hold.
        case number
        /// Lists and objects inside each other beyond `JSONParser.maximumDepth`.
        case depth
    }

    /// What is wrong.
    package var kind: Kind
    /// The byte where it shows, from 0.
    package var offset: Int

    /// What is wrong and what to do, without file and line.
    package var problem: String {
        let place = "at byte \(offset + 1)"
        return switch kind {
        case .syntax: "not JSON \(place); mend the quotes, commas or brackets there"
        case .ended: "the JSON ends in the middle of a value; write the rest of it"
        case .notUTF8: "the text is not UTF-8; save the file as UTF-8 and try again"
        case .control: "a bare control character \(place); write it as an escape such as \\n or \\u0000"
        case .surrogate:
            "half of a surrogate pair \(place); write both halves, or the character itself as UTF-8"
        case .number: "a number \(place) is out of range; write it as text, in quotes"
        case .depth: "nested more than \(JSONParser.maximumDepth) deep \(place); flatten it"
        }
    }

    /// The line of the fault, from 1; a line feed, a carriage return or both end a line.
    package func line(in bytes: [UInt8]) -> Int {
        var (line, previous) = (1, UInt8(0))
        for byte in bytes.prefix(offset) {
            if byte == 0x0D || byte == 0x0A && previous != 0x0D { line += 1 }
            previous = byte
        }
        return line
    }
}

/// Reads one JSON value (RFC 8259), strictly, with the place of the first fault.
///
/// Ours rather than Foundation's: it reports where and why, keeps the digits of long ids, does not guess at UTF-16, and
/// is several times faster into `JSONValue`. A fuzzer holds it to Foundation's answers.
struct JSONParser {
    /// Lists and objects inside each other; deeper ones are refused before they can use up the stack.
    static let maximumDepth = 128

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    /// Members of the objects that are open.
    private var pending: [(name: String, value: JSONValue)] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value, when nothing but space is around it.
    mutating func parse() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw fault(.syntax) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard index < bytes.count else { throw fault(.ended) }
        switch bytes[index] {
        case 0x22: return .string(try string())
        case 0x7B: return try object()
        case 0x5B: return try array()
        case 0x74: return try word("true", .bool(true))
        case 0x66: return try word("false", .bool(false))
        case 0x6E: return try word("null", .null)
        case 0x2D, 0x30...0x39: return try number()
        default: throw fault(.syntax)
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        if take(0x7D) { return leave(.object([:])) }
        let first = pending.count
        while true {
            skipSpace()
            guard index < bytes.count else { throw fault(.ended) }
            guard bytes[index] == 0x22 else { throw fault(.syntax) }
            let name = try string()
            guard take(0x3A) else { throw fault(index < bytes.count ? .syntax : .ended) }
            pending.append((name, try value()))
            if take(0x7D) { return leave(.object(members(from: first))) }
            guard take(0x2C) else { throw fault(index < bytes.count ? .syntax : .ended) }
        }
    }

    /// Takes the pending members from a place on; their number is known, so that the table never grows.
    private mutating func members(from first: Int) -> [String: JSONValue] {
        var members = [String: JSONValue](minimumCapacity: pending.count - first)
        for place in first..<pending.count { members[pending[place].name] = pending[place].value }
        pending.removeSubrange(first...)
        return members
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if take(0x5D) { return leave(.array(elements)) }
        while true {
            elements.append(try value())
            if take(0x5D) { return leave(.array(elements)) }
            guard take(0x2C) else { throw fault(index < bytes.count ? .syntax : .ended) }
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= JSONParser.maximumDepth else { throw fault(.depth) }
        index += 1
    }

    private mutating func leave(_ value: JSONValue) -> JSONValue {
        depth -= 1
        return value
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw fault(.ended) }
        let matches = word.withUTF8Buffer { bytes[index..<end].elementsEqual($0) }
        guard matches else { throw fault(.syntax) }
        index = end
        return value
    }

    // MARK: - Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        if bytes[index] == 0x2D { index += 1 }
        if index < bytes.count, bytes[index] == 0x30 { index += 1 } else { try digits() }
        var isWhole = true
        if index < bytes.count, bytes[index] == 0x2E {
            isWhole = false
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, text != "-0" { return Int64(text).map { .integer($0) } ?? .string(text) }
        guard Double(text)?.isFinite == true else { throw JSONError(kind: .number, offset: start) }
        return .number(text)
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
        guard index > start else { throw fault(index < bytes.count ? .syntax : .ended) }
    }

    // MARK: - Text

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        let (end, isASCII) = plainEnd()
        if end < bytes.count, bytes[end] == 0x22 {
            index = end + 1
            return try text(bytes[start..<end], isASCII: isASCII, at: start)
        }
        var characters = Array(bytes[start..<end])
        index = end
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                index += 1
                return try text(characters[...], isASCII: false, at: start)
            case 0x5C: try escape(into: &characters)
            case 0..<0x20: throw fault(.control)
            default:
                let (end, _) = plainEnd()
                characters.append(contentsOf: bytes[index..<end])
                index = end
            }
        }
        throw fault(.ended)
    }

    /// The first byte from `index` on that is a quote, a backslash or a control character.
    private func plainEnd() -> (end: Int, isASCII: Bool) {
        bytes.withUnsafeBufferPointer { JSONBytes.endOfPlainText($0, from: index) }
    }

    /// A text; of ASCII, it needs no test.
    private func text(
        _ characters: ArraySlice<UInt8>, isASCII: Bool, at start: Int
    ) throws(JSONError) -> String {
        if isASCII { return String(decoding: characters, as: UTF8.self) }
        guard let text = String(validating: characters, as: UTF8.self) else {
            throw JSONError(kind: .notUTF8, offset: start)
        }
        return text
    }

    private mutating func escape(into characters: inout [UInt8]) throws(JSONError) {
        guard index + 1 < bytes.count else { throw JSONError(kind: .ended, offset: bytes.count) }
        let plain: UInt8
        switch bytes[index + 1] {
        case 0x22: plain = 0x22
        case 0x5C: plain = 0x5C
        case 0x2F: plain = 0x2F
        case 0x62: plain = 0x08
        case 0x66: plain = 0x0C
        case 0x6E: plain = 0x0A
        case 0x72: plain = 0x0D
        case 0x74: plain = 0x09
        case 0x75: return try unicodeEscape(into: &characters)
        default: throw fault(.syntax)
        }
        characters.append(plain)
        index += 2
    }

    private mutating func unicodeEscape(into characters: inout [UInt8]) throws(JSONError) {
        let start = index
        var value = try hexadecimal()
        if value & 0xFC00 == 0xD800 {
            guard index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75 else {
                throw JSONError(kind: .surrogate, offset: start)
            }
            let low = try hexadecimal()
            guard low & 0xFC00 == 0xDC00 else { throw JSONError(kind: .surrogate, offset: start) }
            value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(value) else { throw JSONError(kind: .surrogate, offset: start) }
        characters.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// Reads `\uXXXX`.
    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard index + 6 <= bytes.count else { throw JSONError(kind: .ended, offset: bytes.count) }
        var value: UInt32 = 0
        for byte in bytes[index + 2..<index + 6] {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw fault(.syntax)
            }
            value = value << 4 | UInt32(digit)
        }
        index += 6
        return value
    }

    // MARK: - Places

    /// Skips space, then `byte` if it follows.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private func fault(_ kind: JSONError.Kind) -> JSONError { JSONError(kind: kind, offset: index) }
}
