internal import TriageData
internal import TriageImport
internal import TriageTickets

/// Labels that people corrected after an export, by the tickets' ids; they win over the labels of the export.
package struct LabelCorrections: Sendable {
    /// The right labels of one ticket, by field.
    struct Entry: Sendable {
        var id: String
        var labels: [String: String]
        /// The ticket as the file has it; without text where there is none.
        var ticket: Ticket
        var row: InputRow
        var file: String
        fileprivate var isUsed = false

        fileprivate init(id: String, labels: [String: String], ticket: Ticket, row: InputRow, file: String) {
            (self.id, self.labels, self.ticket, self.row, self.file) = (id, labels, ticket, row, file)
        }
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
    private let shapes: TrainingSet.LabelColumns

    /// Reads files with an id and label columns; a text is needed only for tickets that no other file has.
    ///
    /// An empty label corrects nothing. Of two rows with one id the last counts.
    ///
    /// - Throws: `DataError` when a file cannot be read; `TrainingError.noCorrections` when none has an id and a label.
    package init(files: [String], columns: TrainingSet.Columns) throws {
        var all: [Entry] = []
        var bad: [TrainingSet.RowError] = []
        for file in files {
            let reader = try TicketFile.rows(file)
            let faults = try reader.forEach { row throws(BadRow) in
                if let entry = try LabelCorrections.entry(row, columns, file: reader.name) {
                    all.append(entry)
                }
            }
            bad += faults.map { TrainingSet.RowError(file: reader.name, row: $0) }
        }
        guard !all.isEmpty else { throw TrainingError.noCorrections(files: files, fields: columns.labels) }
        (faults, shapes) = (bad, columns.shapes)
        for entry in all { add(entry) }
    }

    /// The corrections in a row; nil for one without a label.
    private static func entry(
        _ row: InputRow, _ columns: TrainingSet.Columns, file: String
    ) throws(BadRow) -> Entry? {
        let choice = columns.tickets.choice(among: row.fields.keys.sorted())
        let id = choice.id.flatMap { row.text($0) }?.trimmed
        var labels: [String: String] = [:]
        for field in columns.labels {
            let label = try columns.shapes.text(of: field, in: row, id: id)
            if !label.isEmpty { labels[field] = label }
        }
        guard !labels.isEmpty else { return nil }
        guard let id, !id.isEmpty else {
            let message = "the row has a label and no id; give the ticket's id in a column such as \"id\""
            throw BadRow(line: row.line, code: .invalidField, message: message)
        }
        let ticket = try? choice.ticket(in: row, needsID: false)
        return Entry(id: id, labels: labels, ticket: ticket ?? Ticket(id: id, body: ""), row: row, file: file)
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

    /// The corrected labels of a row by field; counts what they change.
    mutating func labels(for row: InputRow, id: String?) -> [String: String] {
        guard let id, let place = places[id.trimmed] else { return [:] }
        entries[place].isUsed = true
        for (field, label) in entries[place].labels {
            if (try? shapes.text(of: field, in: row, id: id)) == label {
                confirmed += 1
            } else {
                changed += 1
            }
        }
        return entries[place].labels
    }

    /// The tickets with text that no row had; those without text become `unknown`.
    mutating func takeUnused() -> [Entry] {
        let unused = entries.filter { !$0.isUsed }
        let hasText = unused.map { !($0.ticket.subject + $0.ticket.body).trimmed.isEmpty }
        unknown = zip(unused, hasText).filter { !$1 }.map(\.0.id)
        let rows = zip(unused, hasText).filter(\.1).map(\.0)
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
