internal import TriageData
internal import TriageTickets

/// A ticket as a help desk's record has it: the customer's first message, and what is known beside it.
struct ImportedTicket {
    var id: String?
    var subject = ""
    var body = ""
    var requester: String?
    /// When it came in, as the record has it.
    var time: JSONValue?
    /// The project that counts the ids, where a product has several; nil elsewhere.
    var project: String?
    /// What the record should have and has not, as the end of a sentence; nil where nothing is missing.
    var lack: String?
    /// Labels and signals by name, as `plain` returns them.
    private(set) var values = [String: JSONValue](minimumCapacity: 24)

    /// Keeps a value under a name; one that holds nothing, or a name that is taken, changes nothing.
    mutating func keep(_ name: String, _ value: JSONValue?) {
        if let value = value.flatMap({ ImportedTicket.plain($0) }) { keep(name, plain: value) }
    }

    /// Keeps what `plain` returned.
    mutating func keep(_ name: String, plain value: JSONValue) {
        guard !ImportedTicket.parts.contains(name) else { return }
        if values[name] == nil { values[name] = value }
    }

    /// The ticket as a row with the product's own names; a part without content is null, so that all rows of a file
    /// have the same names.
    ///
    /// The row takes the values over, so that they are not copied.
    mutating func takeRow(line: Int, dates: DateReader) -> InputRow {
        var fields: [String: JSONValue] = [:]
        swap(&fields, &values)
        func text(_ text: String?) -> JSONValue {
            guard let text, !text.isEmpty else { return .null }
            return .string(text)
        }
        fields["id"] = text(id)
        fields["subject"] = text(subject)
        fields["body"] = text(body)
        fields["requester"] = text(requester)
        fields["time"] = text(time.flatMap { dates.iso($0) })
        return InputRow(line: line, fields: fields)
    }

    static let parts: Set<String> = ["id", "subject", "body", "requester", "time"]

    // MARK: - Values

    /// Names under which an object keeps what a person reads of it, the best first.
    private static let shownNames = [
        "display_value", "completename", "name", "title", "label", "displayName", "value", "text", "key",
        "full_path",
    ]

    /// A value as a label: text, or several texts; nil for nothing.
    ///
    /// An object is its name. A list of objects is the list of their names, and an empty list stays one.
    static func plain(_ value: JSONValue, depth: Int = 0) -> JSONValue? {
        switch value {
        case .null: return nil
        case .bool, .integer, .number: return value
        case .string(let text):
            let label = LabelText.read(text)
            return label.isEmpty || LabelText.isNullWord(label) ? nil : .string(label)
        case .object(let fields):
            guard depth < 3 else { return nil }
            return shownNames.lazy.compactMap { fields[$0].flatMap { plain($0, depth: depth + 1) } }.first
        case .array(let elements):
            // A ticket without tags is not one whose tags are unknown.
            guard !elements.isEmpty else { return value }
            guard depth < 2 else { return nil }
            let labels = elements.compactMap { plain($0, depth: depth + 1) }.filter { $0.text != nil }
            return labels.isEmpty ? nil : .array(labels.map { .string($0.text ?? "") })
        }
    }
}

/// The error of a record that is left out, since it is something else than a customer's ticket.
extension BadRow {
    /// The same with the number of its record, since a document may have all of them in one line.
    func numbered(_ record: Int) -> BadRow {
        var bad = self
        bad.message = "record \(record): \(message)"
        return bad
    }

    static func leftOut(_ line: Int, _ id: String?, _ reason: String) -> BadRow {
        BadRow(line: line, id: id, code: .leftOut, message: reason)
    }
}
