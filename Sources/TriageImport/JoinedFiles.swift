package import TriageData
package import TriageTickets

/// Files of tickets that are read one after the other: a table without a column of text takes the texts of an export, by
/// id, and lists of messages, groups and people beside the tickets are no tickets.
package final class JoinedFiles {
    /// The files whose rows are tickets.
    package var files: [String] { join.files }
    /// What people should know, a line each; once all rows are read, how many of them found a text too.
    package var notes: [String] { join.notes + [join.warning].compactMap(\.self) + leftOut }
    /// The rows of files of texts that could not be read.
    package var faults: [(file: String, row: BadRow)] {
        join.rejected.filter { $0.row.code != .leftOut }.map { ($0.file, $0.row) }
    }

    private var join: TicketJoin
    private let columns: TicketColumns

    package init(_ files: [String], _ columns: TicketColumns) throws {
        self.columns = columns
        join = try TicketJoin(files, columns, DateReader())
    }

    /// The rows of files of texts that are left out, by their reason.
    private var leftOut: [String] {
        var counts: [String: Int] = [:]
        for row in join.rejected where row.row.code == .leftOut {
            counts["\(row.file.shown): left out: \(row.row.message)", default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.counted("row")))" }
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

    init(_ rows: RowReader, id: String, file: String, _ files: JoinedFiles) {
        (self.rows, self.id, self.file, self.files) = (rows, id, file, files)
        columns = rows.columns + ["subject", "body"].filter { !rows.columns.contains($0) }
    }

    var shownColumns: [String] {
        rows.shownColumns + ["subject", "body"].filter { !rows.columns.contains($0) }
    }
    var notes: [String] { rows.notes }
    var encoding: String? { rows.encoding }
    var separator: String? { rows.separator }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        try rows.next().map { $0.map(joined) }
    }

    private func joined(_ row: InputRow) -> InputRow {
        var row = row
        guard let id = row.fields[id]?.text?.trimmed, let text = files.text(of: id, in: file) else {
            return row
        }
        row.fields["body"] = .string(text.ticket.body)
        if row.fields["subject"]?.text?.isEmpty ?? true {
            row.fields["subject"] = .string(text.ticket.subject)
        }
        return row
    }
}
