package import TriageData
package import TriageTickets

/// Files of tickets that are read one after the other: a table without a column of text takes the texts of an export, by
/// id, and lists of messages, groups and people beside the tickets are no tickets.
package final class JoinedFiles {
    /// The files whose rows are tickets.
    package var files: [String] { join.files }
    /// What people should know, a line each.
    package var notes: [String] { join.notes }

    private var join: TicketJoin
    private let columns: TicketColumns

    package init(_ files: [String], _ columns: TicketColumns) throws {
        self.columns = columns
        join = try TicketJoin(files, columns, DateReader())
    }

    /// The rows of one of the files.
    package func rows(_ file: String) throws(DataError) -> RowReader {
        let rows = try TicketFile(file).rows(dates: DateReader(), tables: join.tables)
        guard join.fills(file), let id = columns.choice(among: rows.columns).id else { return rows }
        return try RowReader(JoinedRows(rows, id: id, file: file, self), name: rows.name)
    }

    /// The tickets of the export that no table's row took, once all files are read; nil without any.
    package func rest() throws(DataError) -> RowReader? { try join.unused() }

    fileprivate func text(of id: String, in file: String) -> TicketJoin.Text? { join.text(of: id, in: file) }
}

/// A table's rows with the texts that another file has for their ids.
private final class JoinedRows: RowSource {
    let columns: [String]
    private let rows: RowReader
    private let id: String
    private let file: String
    private let files: JoinedFiles
    private var missing = 0
    private var isAtEnd = false

    init(_ rows: RowReader, id: String, file: String, _ files: JoinedFiles) {
        (self.rows, self.id, self.file, self.files) = (rows, id, file, files)
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
        guard let id = row.fields[id]?.text?.trimmed, let text = files.text(of: id, in: file) else {
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
