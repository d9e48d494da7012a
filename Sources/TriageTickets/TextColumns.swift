package import TriageData

/// Which columns of a row are a ticket's text.
package struct TextColumns: Sendable, Equatable {
    /// The names given by the user; empty for the usual ones.
    package let names: [String]

    /// The usual columns (`subject`, and `body`, `text` or `description`), or the named ones: of several, the
    /// first is the subject and the others, a line each, the body.
    package init(_ names: [String] = []) { self.names = names }

    /// The columns looked for.
    package var wanted: [String] { names.isEmpty ? RowReader.textColumns : names }

    /// Whether one of the columns is there, empty or not.
    package func isThere(in fields: [String: JSONValue]) -> Bool { wanted.contains { fields[$0] != nil } }

    /// The ticket in a row.
    ///
    /// `needsID` is false where no answer refers to the id.
    ///
    /// - Throws: `BadRow` when no column of its text is there, or one, or a needed id, holds a list or an object.
    package func ticket(in row: InputRow, needsID: Bool = true) throws(BadRow) -> Ticket {
        if needsID, let id = row["id"], id != .null, id.text == nil {
            let message = "\"id\" is a list or an object; give text or a number"
            throw BadRow(line: row.line, code: .invalidField, message: message)
        }
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
                "none of the columns \(wanted.joined(separator: ", ")) is there; rename the column of the text, or say which it is"
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
