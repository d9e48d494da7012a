/// A support ticket as it came in.
public struct Ticket: Sendable, Equatable {
    /// The caller's own id.
    public var id: String?
    /// The subject line; may be empty.
    public var subject: String
    /// The text; may be empty.
    public var body: String

    /// A ticket of the given parts.
    public init(id: String? = nil, subject: String = "", body: String) {
        self.id = id
        self.subject = subject
        self.body = body
    }

    /// A field longer than this many bytes is cut, in training as in deciding.
    public static let largestField = 1 << 16

    /// The ticket with each field cut to `largestField`, and whether one was.
    public func cutToSize() -> (ticket: Ticket, wasCut: Bool) {
        guard subject.utf8.count > Ticket.largestField || body.utf8.count > Ticket.largestField else {
            return (self, false)
        }
        return (Ticket(id: id, subject: Ticket.cut(subject), body: Ticket.cut(body)), true)
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > largestField else { return text }
        var bytes = Array(text.utf8.prefix(largestField))
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Which columns of a row are a ticket's text.
public struct TextColumns: Sendable, Equatable {
    /// The names given by the user; empty for the usual ones.
    public let names: [String]

    /// The columns of text that an export usually has.
    static let defaults = ["subject", "body", "text", "description"]

    /// The usual columns (`subject`, and `body`, `text` or `description`), or the named ones: of several, the
    /// first is the subject and the others, a line each, the body.
    public init(_ names: [String] = []) { self.names = names }

    /// The columns looked for.
    package var wanted: [String] { names.isEmpty ? TextColumns.defaults : names }

    /// Whether one of the columns is there, empty or not.
    package func isThere(in fields: [String: JSONValue]) -> Bool { wanted.contains { fields[$0] != nil } }

    /// The ticket in a row.
    ///
    /// - Throws: `BadRow` when no column of its text is there, or one holds a list or an object.
    public func ticket(in row: Row) throws(BadRow) -> Ticket {
        var texts: [String: String] = [:]
        for name in wanted {
            guard let value = row[name], value != .null else { continue }
            guard let text = value.text else {
                let message = "\"\(name)\" is a list or an object; give text"
                throw BadRow(line: row.line, id: row.id, code: .invalidField, message: message)
            }
            texts[name] = text
        }
        guard !texts.isEmpty || wanted.contains(where: { row[$0] != nil }) else {
            let message =
                "none of the columns \(wanted.joined(separator: ", ")) is there; name the text columns with --text"
            throw BadRow(line: row.line, id: row.id, code: .invalidField, message: message)
        }
        if names.isEmpty {
            let body = texts["body"] ?? texts["text"] ?? texts["description"] ?? ""
            return Ticket(id: row.id, subject: texts["subject"] ?? "", body: body)
        }
        guard names.count > 1 else { return Ticket(id: row.id, body: texts[names[0]] ?? "") }
        let body = names.dropFirst().compactMap { texts[$0] }.joined(separator: "\n")
        return Ticket(id: row.id, subject: texts[names[0]] ?? "", body: body)
    }
}
