package import TriageData
package import TriageTickets

/// Files of tickets that are read one after the other: a table without a column of text takes the texts of an export, by
/// id, and lists of messages, groups and people beside the tickets are no tickets.
package struct JoinedFiles {
    /// The files whose rows are tickets.
    package var files: [String] { join.files }
    /// What people should know, a line each.
    package private(set) var notes: [String]

    private var join: TicketJoin
    private let columns: TicketColumns

    package init(_ files: [String], _ columns: TicketColumns) throws {
        self.columns = columns
        join = try TicketJoin(files, columns, DateReader())
        notes = join.notes
    }

    /// The rows of one of the files.
    package mutating func rows(_ file: String) throws(DataError) -> RowReader {
        let rows = try TicketFile(file).rows(dates: DateReader(), tables: join.tables)
        guard join.fills(file), let id = columns.choice(among: rows.columns).id else { return rows }
        return try RowReader(JoinedRows(rows, id: id, join, file), name: rows.name)
    }
}

/// A table's rows with the texts that another file has for their ids.
private final class JoinedRows: RowSource {
    let columns: [String]
    private let rows: RowReader
    private let id: String
    private let file: String
    private var join: TicketJoin
    private var missing = 0
    private var isAtEnd = false

    init(_ rows: RowReader, id: String, _ join: TicketJoin, _ file: String) {
        (self.rows, self.id, self.join, self.file) = (rows, id, join, file)
        columns = rows.columns + ["subject", "body"].filter { !rows.columns.contains($0) }
    }

    var notes: [String] {
        let lacking = "\(rows.name): \(missing.counted("row")) without a text in the other file"
        return rows.notes + (isAtEnd && missing > 0 ? [lacking] : [])
    }

    var encoding: String? { rows.encoding }
    var separator: String? { rows.separator }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let row = try rows.next() else {
            isAtEnd = true
            return nil
        }
        return row.map(joined)
    }

    private func joined(_ row: InputRow) -> InputRow {
        var row = row
        guard let id = row.fields[id]?.text?.trimmed, let text = join.text(of: id, in: file) else {
            missing += 1
            return row
        }
        row.fields["body"] = .string(text.ticket.body)
        if row.fields["subject"]?.text?.isEmpty ?? true {
            row.fields["subject"] = .string(text.ticket.subject)
        }
        return row
    }
}
