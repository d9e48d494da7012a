internal import TriageData
internal import TriageTickets

/// Labels that people corrected after an export, by the tickets' ids; they win over the labels of the export.
package struct LabelCorrections: Sendable {
    /// One correction, and its row for the text.
    struct Entry: Sendable {
        var id: String
        var labels: [String: String]
        /// The ticket where the row has a text.
        var ticket: Ticket?
        var row: InputRow
        var file: String
        var isUsed = false
    }

    private var entries: [Entry] = []
    private var places: [String: Int] = [:]
    private var repeated: Set<String> = []
    /// Labels of rows that a correction replaced.
    private var changed = 0
    /// Labels of rows that a correction repeated.
    private var confirmed = 0
    private(set) var added = 0
    /// The ids that are in no row and have no text.
    private(set) var unknown: [String] = []
    /// The rows that could not be read.
    let faults: [TrainingSet.RowError]

    /// Reads files with an id and label columns; a text is needed only for tickets that no other file has.
    ///
    /// An empty label corrects nothing. Of two rows with one id the last counts.
    ///
    /// - Throws: `DataError` when a file cannot be read; `TrainingError.noCorrections` when none has an id and a label.
    package init(files: [String], columns: TrainingSet.Columns) throws {
        var all: [Entry] = []
        var bad: [TrainingSet.RowError] = []
        for file in files {
            let reader = try RowReader(path: file)
            let choice = reader.columns.isEmpty ? nil : columns.tickets.choice(among: reader.columns)
            let faults = try reader.forEach { row throws(BadRow) in
                let choice = choice ?? columns.tickets.choice(among: row.fields.keys.sorted())
                let entry = try LabelCorrections.entry(row, choice, columns.labels, file: reader.name)
                if let entry { all.append(entry) }
            }
            bad += faults.map { TrainingSet.RowError(file: reader.name, row: $0) }
        }
        guard !all.isEmpty else { throw TrainingError.noCorrections(files: files, fields: columns.labels) }
        faults = bad
        for entry in all { add(entry) }
    }

    /// The correction in a row; nil for a row without a label.
    ///
    /// - Throws: `BadRow` when a label is a list or an object, or the row has no id.
    private static func entry(
        _ row: InputRow, _ choice: ColumnChoice, _ fields: [String], file: String
    ) throws(BadRow) -> Entry? {
        var labels: [String: String] = [:]
        for field in fields {
            let label = try LabelReader.text(of: field, in: row)
            if !label.isEmpty { labels[field] = label }
        }
        guard !labels.isEmpty else { return nil }
        guard let id = id(choice.id.flatMap { row.text($0) }) else {
            let message =
                "the row has a label and no id; give the ticket's id in column \"\(choice.id ?? "id")\""
            throw BadRow(line: row.line, code: .invalidField, message: message)
        }
        let ticket = try? choice.ticket(in: row, needsID: false)
        let hasText = ticket.map { !$0.subject.isEmpty || !$0.body.isEmpty } ?? false
        return Entry(id: id, labels: labels, ticket: hasText ? ticket : nil, row: row, file: file)
    }

    private mutating func add(_ entry: Entry) {
        guard let place = places[entry.id] else {
            places[entry.id] = entries.count
            entries.append(entry)
            return
        }
        repeated.insert(entry.id)
        let earlier = entries[place].labels
        entries[place] = entry
        entries[place].labels = earlier.merging(entry.labels) { _, later in later }
    }

    private static func id(_ text: String?) -> String? {
        text.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The corrected labels of a row by field; counts what they change.
    mutating func labels(for row: InputRow, id: String?) -> [String: String] {
        guard let id = LabelCorrections.id(id), let place = places[id] else { return [:] }
        entries[place].isUsed = true
        for (field, label) in entries[place].labels {
            if (try? LabelReader.text(of: field, in: row)) == label {
                confirmed += 1
            } else {
                changed += 1
            }
        }
        return entries[place].labels
    }

    /// The tickets that no row had, to be read as rows; those without text are unknown.
    mutating func takeUnused() -> [(ticket: Ticket, labels: [String: String], row: InputRow, file: String)] {
        let unused = entries.filter { !$0.isUsed }
        unknown = unused.filter { $0.ticket == nil }.map(\.id)
        let rows = unused.compactMap { entry in
            entry.ticket.map { (ticket: $0, labels: entry.labels, row: entry.row, file: entry.file) }
        }
        added = rows.count
        return rows
    }
}

extension LabelCorrections {
    /// What the corrections did, and what is wrong with them.
    var lines: [String] {
        var lines = [
            "corrections: \(changed.counted("label")) changed, \(confirmed) confirmed, \(added.counted("row")) added"
        ]
        if !unknown.isEmpty {
            lines.append(
                "corrections: \(unknown.count.counted("id")) in no row and without a text: "
                    + "\(LabelNotes.listing(unknown) { $0 }); check the ids, or add the text")
        }
        if !repeated.isEmpty {
            let ids = LabelNotes.listing(repeated.sorted()) { $0 }
            lines.append(
                "corrections: \(repeated.count.counted("id")) with several rows: \(ids); the last row counts")
        }
        return lines
    }

    /// Writes the keys `changed`, `confirmed`, `added`, `repeated_ids` and `unknown_ids`.
    func write(to json: inout JSONWriter) {
        json.integer("changed", changed)
        json.integer("confirmed", confirmed)
        json.integer("added", added)
        json.object("repeated_ids") { LabelNotes.write(ids: repeated.sorted(), to: &$0) }
        json.object("unknown_ids") { LabelNotes.write(ids: unknown, to: &$0) }
    }
}
