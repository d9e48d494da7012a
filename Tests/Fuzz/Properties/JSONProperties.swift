import Foundation
import TriageData

/// The reader says what Foundation says, and reads back what the writer writes.
enum JSONProperties {
    static func check(_ bytes: [UInt8], _ check: inout Check) {
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(reading: bytes) } catch {
            check.that(error.offset >= 0 && error.offset <= bytes.count, "the fault lies outside")
            _ = error.line(in: bytes)
            if error.kind != .depth, error.kind != .number, !isTrailingComma(error, bytes),
                let other = foundation(bytes)
            {
                check.that(false, "only Foundation reads this, as \(type(of: other)); ours: \(error)")
            }
            return
        }
        let text = written(value)
        let again = JSONValue(parsing: text)
        check.that(again == value, "what was written reads as something else")
        check.that(JSONValue(parsing: written(again ?? .null)) == value, "writing twice differs")
        guard isPlain(bytes) else { return }
        guard let other = foundation(bytes) else {
            return check.that(isStricter(bytes), "only our reader reads this")
        }
        check.that(agrees(value, other), "Foundation reads something else")
        check.that(
            foundation(text).map { agrees(value, $0) } ?? false, "Foundation cannot read what was written")
    }

    private static func written(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        write(value, to: &writer)
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.string(nil)
        case .bool(let value): writer.bool(value)
        case .integer(let number): writer.integer(Int(number))
        case .number(let text): writer.json(text)
        case .string(let text): writer.string(text)
        case .array(let elements): writer.array(elements) { write($1, to: &$0) }
        case .object(let members):
            writer.object { writer in
                for (name, member) in members {
                    writer.key(named: name)
                    write(member, to: &writer)
                }
            }
        }
    }

    // MARK: - Foundation

    /// Whether Foundation will not take the bytes for UTF-16 or UTF-32, which it guesses at by zeros and marks.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        !bytes.prefix(4).contains(0) && bytes.first ?? 0 < 0xEF
    }

    /// Foundation refuses numbers that no float holds, and nests less deep.
    private static func isStricter(_ bytes: [UInt8]) -> Bool {
        bytes.contains(0x65) || bytes.contains(0x45) || bytes.count > 300
    }

    /// Foundation takes "[1,]".
    private static func isTrailingComma(_ fault: JSONError, _ bytes: [UInt8]) -> Bool {
        guard fault.offset < bytes.count, [0x5D, 0x7D].contains(bytes[fault.offset]) else { return false }
        return bytes[..<fault.offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == 0x2C
    }

    private static func foundation(_ bytes: [UInt8]) -> Any? {
        guard isPlain(bytes), String(validating: bytes, as: UTF8.self) != nil else { return nil }
        return try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    /// Numbers are compared only as being numbers: Foundation keeps fewer digits.
    private static func agrees(_ value: JSONValue, _ other: Any) -> Bool {
        switch value {
        case .null: other is NSNull
        case .bool(let value): (other as? Bool) == value
        case .integer, .number: other is NSNumber
        case .string(let text): (other as? String).map { $0 == text } ?? (other is NSNumber)
        case .array(let elements):
            (other as? [Any]).map { others in
                others.count == elements.count && zip(elements, others).allSatisfy { agrees($0, $1) }
            } ?? false
        case .object(let members):
            (other as? [String: Any]).map { others in
                others.count == members.count
                    && members.allSatisfy { name, member in others[name].map { agrees(member, $0) } ?? false }
            } ?? false
        }
    }
}
