/// Any JSON value, as read.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction or exponent that fits in 64 bits.
    case integer(Int64)
    /// Any other number, spelled as it was read; `double` is its value.
    case number(String)
    /// Text; also a whole number of more than 64 bits, so that a long id keeps its digits.
    case string(String)
    case array([JSONValue])
    /// Names and values; the last of two equal names counts.
    case object([String: JSONValue])

    /// The value that `bytes` spell, or nil when they are not one JSON value.
    package init?(parsing bytes: some Sequence<UInt8>) {
        do throws(JSONError) { self = try JSONValue(reading: Array(bytes)) } catch { return nil }
    }

    /// The value that `bytes` spell.
    ///
    /// - Throws: `JSONError`, with what is wrong and at which byte.
    package init(reading bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        self = try parser.parse()
    }

    /// Text as it is; numbers and booleans as they are written; nil for null, lists and objects.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .integer(let number): String(number)
        case .bool(let value): String(value)
        case .null, .array, .object: nil
        }
    }

    package var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// A number of either kind.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let text): Double(text)
        default: nil
        }
    }

    /// The names and values of an object, by name.
    package var members: [(name: String, value: JSONValue)]? {
        guard case .object(let members) = self else { return nil }
        return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The value of a name, when this is an object that has it.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }
}
