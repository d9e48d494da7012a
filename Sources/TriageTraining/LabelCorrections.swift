internal import TriageData
internal import TriageTickets

/// Labels that people corrected after an export, by the tickets' ids; they win over the labels of the export.
package struct LabelCorrections: Sendable {
    private struct Entry {
        var id: String
        var labels: [String: String]
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
    package init(files: [String], fields: [String]) throws {
        var all: [(id: String, labels: [String: String], row: InputRow, file: String)] = []
        var bad: [TrainingSet.RowError] = []
        for file in files {
            let reader = try RowReader(path: file)
            let faults = try reader.forEach { row throws(BadRow) in
                let labels = try LabelCorrections.labels(in: row, fields)
                guard !labels.isEmpty else { return }
                guard let id = LabelCorrections.id(of: row) else {
                    let message = "the row has a label and no id; give the ticket's id in column \"id\""
                    throw BadRow(line: row.line, code: .invalidField, message: message)
                }
                all.append((id, labels, row, reader.name))
            }
            bad += faults.map { TrainingSet.RowError(file: reader.name, row: $0) }
        }
        guard !all.isEmpty else { throw TrainingError.noCorrections(files: files, fields: fields) }
        faults = bad
        for entry in all { add(Entry(id: entry.id, labels: entry.labels, row: entry.row, file: entry.file)) }
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

    private static func labels(in row: InputRow, _ fields: [String]) throws(BadRow) -> [String: String] {
        var labels: [String: String] = [:]
        for field in fields {
            let label = try LabelReader.text(of: field, in: row)
            if !label.isEmpty { labels[field] = label }
        }
        return labels
    }

    private static func id(of row: InputRow) -> String? {
        row.id.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The corrected labels of a row by field; counts what they change.
    mutating func labels(for row: InputRow) -> [String: String] {
        guard let id = LabelCorrections.id(of: row), let place = places[id] else { return [:] }
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

    /// The tickets that no row had, with their labels: those with text to be read as rows, the others as unknown.
    mutating func takeUnused(_ text: TextColumns) -> [(row: InputRow, file: String)] {
        let unused = entries.filter { !$0.isUsed }
        var rows: [(row: InputRow, file: String)] = []
        for entry in unused {
            let ticket = try? text.ticket(in: entry.row, needsID: false)
            if let ticket, !(ticket.subject + ticket.body).trimmed.isEmpty {
                var row = entry.row
                for (field, label) in entry.labels { row.fields[field] = .string(label) }
                rows.append((row, entry.file))
            } else {
                unknown.append(entry.id)
            }
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
