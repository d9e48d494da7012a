import TriageData

/// Labels that a model does not have yet, with their rows: the next training learns each, misspelt ones too.
struct NewLabels {
    private struct Entry {
        var rows = 0
        /// The label of the model that it may be a misspelling of.
        var nearest: String?
    }

    private var entries: [String: [String: Entry]] = [:]

    /// Labels of one field that a line names.
    private static let listed = 20

    mutating func add(_ label: String, of field: String, rows: Int = 1, nearest: String?) {
        entries[field, default: [:]][label, default: Entry(nearest: nearest)].rows += rows
    }

    /// A line for each field, those with the fewest rows first: they are the likeliest mistakes.
    func lines(model: String) -> [String] {
        entries.sorted { $0.key < $1.key }.map { field, labels in
            let sorted = labels.sorted { ($0.value.rows, $0.key) < ($1.value.rows, $1.key) }
            let shown = sorted.prefix(Self.listed).map { label, entry in
                "\(label) (\(entry.rows.counted("row"))\(entry.nearest.map { "; did you mean \($0)?" } ?? ""))"
            }
            let others = sorted.count - shown.count
            return "\(field): \(sorted.count.counted("label")) that \(model) does not have: "
                + shown.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
        }
    }
}
