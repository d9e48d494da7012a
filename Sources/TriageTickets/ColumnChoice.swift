package import TriageData

/// The columns that are read of a file: names just as its rows have them.
package struct ColumnChoice: Sendable, Equatable {
    /// The subject is the first of these that has content.
    package var subject: [String] = []
    /// The body's columns, a line each.
    package var body: [String] = []
    /// Where those are empty, the first of these that has content is the body.
    package var alternatives: [String] = []
    package var id: String?
    /// The column of who wrote the ticket.
    package var requester: String?
    /// Whether the id's column may hold text instead, as one called "Issue": long values are no ids then.
    package var idMayBeText = false
    /// Text columns that were named and are not there.
    package var missing: [String] = []
    /// Whether an id's column was named that is not there.
    package var missingID = false
    /// Columns of the training that are not there.
    package var forgotten: [String] = []

    package init(subject: [String] = [], body: [String] = [], alternatives: [String] = []) {
        (self.subject, self.body, self.alternatives) = (subject, body, alternatives)
    }

    /// The columns of text.
    package var text: [String] { subject + body + alternatives }

    /// The names that a ticket has in JSON, as far as a row has them.
    package static func contract(in row: InputRow) -> ColumnChoice {
        var choice = ColumnChoice()
        choice.subject = [row.key(of: KnownColumns.contract[0])].compactMap(\.self)
        choice.alternatives = KnownColumns.contract.dropFirst().compactMap { row.key(of: $0) }
        choice.id = row.key(of: "id")
        choice.requester = row.key(of: "requester")
        return choice
    }

    /// The ticket in a row; parts without content are empty.
    ///
    /// `needsID` is false where no answer refers to the id.
    ///
    /// - Throws: `BadRow` when no column of text is there, or one, or a needed id, holds a list or an object.
    package func ticket(in row: InputRow, needsID: Bool = true) throws(BadRow) -> Ticket {
        let id = try identifier(in: row, needsID: needsID)
        guard !text.isEmpty else {
            let message =
                row.fields.isEmpty
                ? "it has no text and no label; take it out"
                : "no column is known as a ticket's text; its columns: "
                    + "\(ColumnNames.shown(row.fields.keys.sorted())); rename the text's, or name it"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
        let subject = try first(of: subject, in: row, id) ?? ""
        let requester = try author(in: row, id)
        guard body.count > 1 else {
            return Ticket(
                id: id, subject: subject, body: try first(of: body + alternatives, in: row, id) ?? "",
                requester: requester)
        }
        var lines: [String] = []
        for name in body { if let line = try content(name, in: row, id) { lines.append(line) } }
        if lines.isEmpty, let other = try first(of: alternatives, in: row, id) { lines = [other] }
        return Ticket(
            id: id, subject: subject, body: lines.joined(separator: "\n"), requester: requester)
    }

    private func author(in row: InputRow, _ id: String?) throws(BadRow) -> String? {
        guard let requester, let value = row.fields[requester], value != .null else { return nil }
        guard let text = value.text else {
            let message = "\"\(requester)\" is a list or an object; give the requester as text or a number"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
        return ColumnChoice.isContent(text) ? text : nil
    }

    /// Refuses a text column with a list or an object, one that is not read too: a request has what its description allows.
    fileprivate func checkText(in row: InputRow) throws(BadRow) {
        let id = try identifier(in: row, needsID: true)
        for name in text { _ = try content(name, in: row, id) }
    }

    private func identifier(in row: InputRow, needsID: Bool) throws(BadRow) -> String? {
        guard let id, let value = row.fields[id], value != .null else { return nil }
        if idMayBeText, let text = value.text, text.split(separator: " ").count > 3 { return nil }
        guard value.text == nil, needsID else { return value.text }
        let message = "\"\(id)\" is a list or an object; give text or a number"
        throw BadRow(line: row.line, code: .invalidField, message: message)
    }

    private func first(of names: [String], in row: InputRow, _ id: String?) throws(BadRow) -> String? {
        for name in names { if let text = try content(name, in: row, id) { return text } }
        return nil
    }

    /// A column's text; nil where it has none.
    ///
    /// Columns that only stand in for others may hold anything, such as the number of comments; these are passed over.
    private func content(_ name: String, in row: InputRow, _ id: String?) throws(BadRow) -> String? {
        guard let value = row.fields[name], value != .null else { return nil }
        if alternatives.contains(name), !KnownColumns.contract.contains(name) {
            guard case .string = value else { return nil }
        }
        guard let text = value.text else {
            let message = "\"\(name)\" is a list or an object; give text"
            throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
        }
        return ColumnChoice.isContent(text) ? text : nil
    }

    /// Whether a value holds more than white space or a word for a missing value.
    package static func isContent(_ text: String) -> Bool {
        (hasVisibleStart(text) || text.contains { !$0.isWhitespace }) && !MissingValue.isWord(text)
    }

    private static func hasVisibleStart(_ text: String) -> Bool {
        text.utf8.first.map { (0x21...0x7E).contains($0) } ?? false
    }
}

extension InputRow {
    /// The ticket of a request: JSON of the product's own names or, where there are none, of the names that the bundle
    /// remembers.
    ///
    /// - Throws: `BadRow` as `ColumnChoice.ticket` does.
    package func ticket(remembering input: InputColumns? = nil) throws(BadRow) -> Ticket {
        let contract = ColumnChoice.contract(in: self)
        if contract.text.isEmpty, let input {
            var choice = TicketColumns(remembered: input).choice(among: fields.keys.sorted())
            choice.requester = contract.requester ?? input.requester.flatMap { key(of: $0) }
            if choice.text.contains(where: input.text.contains) { return try choice.ticket(in: self) }
        }
        try contract.checkText(in: self)
        return try contract.ticket(in: self)
    }
}
