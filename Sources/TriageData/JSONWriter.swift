/// Writes JSON with keys in the order they are given, which a decision's readers rely on.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() { bytes.reserveCapacity(3072) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes of one object with the members that `body` writes.
    package static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }

    /// The text of one object with the members that `body` writes.
    package static func line(_ body: (inout JSONWriter) -> Void) -> String {
        String(decoding: object(body), as: UTF8.self)
    }

    /// One line of JSON Lines with the value that `body` writes, and its line feed.
    package static func lineBytes(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        body(&writer)
        writer.newline()
        return writer.bytes
    }

    /// Writes `{ … }` around what `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) { enclosed(0x7B, 0x7D, body) }

    /// Writes `[ … ]` around what `body` writes.
    package mutating func array(_ body: (inout JSONWriter) -> Void) { enclosed(0x5B, 0x5D, body) }

    /// Writes a list, one value for each element.
    @inlinable package mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        array { writer in
            for element in elements { body(&writer, element) }
        }
    }

    /// Writes a list, one value for each element.
    package mutating func array<Element>(
        _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
    ) {
        array { writer in
            // An iterator of an unknown type makes an optional of it for each element.
            for index in 0..<elements.count { body(&writer, elements[index]) }
        }
    }

    /// Writes an object with one member for each entry, in the order of their names.
    @inlinable package mutating func object<Value>(
        _ entries: [String: Value], _ body: (inout JSONWriter, Value) -> Void
    ) {
        object { writer in
            for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
                writer.key(named: name)
                body(&writer, value)
            }
        }
    }

    /// Writes a name that is a literal of plain ASCII; its value follows.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(0x22)
        name.withUTF8Buffer { utf8 in
            assert(!utf8.contains { JSONWriter.needsEscape($0) || $0 >= 0x80 })
            bytes.append(contentsOf: utf8)
        }
        endKey()
    }

    /// Writes any name; its value follows.
    package mutating func key(named name: String) {
        string(name)
        bytes.removeLast()
        endKey()
    }

    private mutating func endKey() {
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    /// Writes text, or null.
    package mutating func string(_ text: String?) {
        guard var text else { return raw("null") }
        separate()
        bytes.append(0x22)
        text.withUTF8 { utf8 in
            // Without a way out of the loop, so that it takes many bytes at once.
            var escapes = false
            for byte in utf8 { escapes = JSONWriter.needsEscape(byte) || escapes }
            if escapes {
                append(escaping: utf8)
            } else {
                bytes.append(contentsOf: utf8)
            }
        }
        bytes.append(0x22)
    }

    package mutating func integer(_ number: Int) { raw(String(number)) }

    /// Writes a number in the shortest form that reads back the same; null when it is not finite.
    package mutating func number(_ number: Float) {
        raw(number.isFinite ? String(describing: number) : "null")
    }

    /// Writes a number in the shortest form that reads back the same; null when it is not finite.
    package mutating func number(_ number: Double) {
        raw(number.isFinite ? String(describing: number) : "null")
    }

    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// Writes a value that is JSON already.
    package mutating func json(_ text: String) { raw(text) }

    /// Writes a number rounded to six decimals, without trailing zeros: how probabilities are written.
    package mutating func sixDecimals(_ number: Float) {
        guard number.isFinite else { return raw("null") }
        let millionths = Int((Double(number) * 1_000_000).rounded())
        let whole = abs(millionths) / 1_000_000
        var (rest, place) = (abs(millionths) % 1_000_000, 100_000)
        separate()
        if millionths < 0 { bytes.append(0x2D) }
        // Nearly all are 0 … 1: one digit needs no text of its own.
        if whole < 10 {
            bytes.append(0x30 + UInt8(whole))
        } else {
            bytes.append(contentsOf: String(whole).utf8)
        }
        bytes.append(0x2E)
        repeat {
            bytes.append(0x30 + UInt8(rest / place))
            (rest, place) = (rest % place, place / 10)
        } while rest > 0
    }

    /// Writes any value, an object's names in alphabetical order.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let value): bool(value)
        case .integer(let number): raw(String(number))
        case .number(let text): raw(text)
        case .string(let text): string(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object:
            object { json in
                for (name, value) in value.members ?? [] {
                    json.key(named: name)
                    json.value(value)
                }
            }
        }
    }

    /// Writes `"name": null` or the name with what `body` writes for the value.
    @inlinable package mutating func optional<Value>(
        _ name: StaticString, _ value: Value?, _ body: (inout JSONWriter, Value) -> Void
    ) {
        key(name)
        if let value { body(&self, value) } else { string(nil) }
    }

    package mutating func newline() {
        bytes.append(0x0A)
        needsComma = false
    }

    /// Forgets what was written and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    private mutating func enclosed(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func raw(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
    }

    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for place in 0..<text.count where JSONWriter.needsEscape(text[place]) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
            append(escaping: text[place])
            start = place + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private mutating func append(escaping byte: UInt8) {
        switch byte {
        case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
        case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
        case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
        case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
        case 0..<0x20, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        default: bytes.append(byte)
        }
    }
}

// MARK: - Members: a literal name with its value

extension JSONWriter {
    package mutating func string(_ name: StaticString, _ text: String?) {
        key(name)
        string(text)
    }

    package mutating func integer(_ name: StaticString, _ number: Int) {
        key(name)
        integer(number)
    }

    package mutating func number(_ name: StaticString, _ number: Float) {
        key(name)
        self.number(number)
    }

    package mutating func number(_ name: StaticString, _ number: Double) {
        key(name)
        self.number(number)
    }

    package mutating func sixDecimals(_ name: StaticString, _ number: Float) {
        key(name)
        sixDecimals(number)
    }

    package mutating func bool(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func value(_ name: StaticString, _ value: JSONValue) {
        key(name)
        self.value(value)
    }

    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    @inlinable package mutating func array<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        key(name)
        array(elements, body)
    }

    @inlinable package mutating func object<Value>(
        _ name: StaticString, _ entries: [String: Value], _ body: (inout JSONWriter, Value) -> Void
    ) {
        key(name)
        object(entries, body)
    }
}
