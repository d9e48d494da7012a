internal import TriageData

/// Rows of a training set that have an id in common.
struct DuplicateRows {
    /// Rows that repeat an earlier one: its id, its text and its labels.
    private(set) var repeated = 0
    /// The ids whose rows have different labels in a field, in the order of their first rows.
    private(set) var contradicting: [String] = []

    private struct Content: Hashable {
        var subject: [UInt8]
        var body: [UInt8]
        var labels: [Int?]
        var outside: [Int]
        var tags: [[Int]?]

        init(_ example: TrainingExample) {
            (subject, body) = (example.subject, example.body)
            (labels, outside, tags) = (example.labels, example.outside, example.tags)
        }
    }

    init(_ set: TrainingSet) {
        var first: [String: Int] = [:]
        var groups: [Int: [Int]] = [:]
        for (row, example) in set.examples.enumerated() {
            guard let id = example.id, !id.isEmpty else { continue }
            if let earlier = first[id] {
                groups[earlier, default: [earlier]].append(row)
            } else {
                first[id] = row
            }
        }
        for (row, members) in groups.sorted(by: { $0.key < $1.key }) {
            let rows = members.map { set.examples[$0] }
            repeated += rows.count - Set(rows.map(Content.init)).count
            let isContradicting = set.fields.indices.contains { field in
                Set(rows.compactMap { DuplicateRows.label($0, field) }).count > 1
                    || Set(rows.compactMap { $0.tags(in: field) }).count > 1
            }
            if isContradicting { contradicting.append(set.examples[row].id ?? "") }
        }
    }

    /// A row's label by its place, with a place of its own for the out-of-scope label.
    private static func label(_ example: TrainingExample, _ field: Int) -> Int? {
        example.outside.contains(field) ? -1 : example.labels[field]
    }

    var lines: [String] {
        var lines: [String] = []
        if repeated > 0 {
            lines.append(
                "\(repeated.counted("row")) with the id, text and labels of an earlier row; remove them from the data"
            )
        }
        if !contradicting.isEmpty {
            let ids = LabelNotes.listing(contradicting) { $0 }
            lines.append(
                "\(contradicting.count.counted("id")) whose rows have different labels: \(ids); "
                    + "give the right ones with --corrections")
        }
        return lines
    }

    /// Writes the keys `repeated_rows` and `contradicting_ids`.
    func write(to json: inout JSONWriter) {
        json.integer("repeated_rows", repeated)
        json.object("contradicting_ids") { LabelNotes.write(ids: contradicting, to: &$0) }
    }
}
