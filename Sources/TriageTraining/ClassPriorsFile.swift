internal import TriageData
package import TriageModel

/// Shares or counts of labels by field, from a file.
package struct ClassPriorsFile: Sendable {
    private let path: String
    private var weights: [String: [String: Double]] = [:]

    /// Reads {"FIELD": {"LABEL": share or count}} or, from a name ending in .csv or .tsv, columns field, label and share.
    ///
    /// - Throws: `TrainingError.badMix`, or `DataError` when it cannot be read.
    package init(path: String) throws {
        self.path = path
        if path.hasSuffix(".csv") || path.hasSuffix(".tsv") {
            try readTable()
        } else {
            try readJSON(FileInput.bytes(of: path))
        }
        guard !weights.isEmpty else { throw bad("it names no field") }
    }

    package var fields: [String] { weights.keys.sorted() }

    /// The mix of a field's labels; nil when the file does not name the field.
    ///
    /// - Throws: `TrainingError.badMix` when a label is missing or unknown, or no label has a share.
    package func mix(of field: String, labels: [String]) throws(TrainingError) -> ModelManifest.ClassPriors? {
        guard let weights = weights[field] else { return nil }
        let set = LabelSet(labels)
        var stated: [String: Double] = [:]
        for (label, weight) in weights.sorted(by: { $0.key < $1.key }) {
            let label = set.spelling(of: label)
            guard stated.updateValue(weight, forKey: label) == nil else {
                throw bad("\(field) \(label) is there twice")
            }
        }
        if let stray = stated.keys.sorted().first(where: { !labels.contains($0) }) {
            throw bad("\(field) has no label \"\(stray)\"; its labels are \(labels.joined(separator: ", "))")
        }
        let missing = labels.filter { stated[$0] == nil }
        guard missing.isEmpty else {
            throw bad(
                "it has no share of \(field) \(missing.joined(separator: ", ")); give each label a share, 0 too"
            )
        }
        guard let mix = ModelManifest.ClassPriors(weights: labels.map { stated[$0] ?? 0 }) else {
            throw bad("no label of \(field) has a share above 0")
        }
        return mix
    }

    private func bad(_ problem: String) -> TrainingError { .badMix(path: path, problem: problem) }

    private mutating func readJSON(_ bytes: [UInt8]) throws(TrainingError) {
        guard let fields = JSONValue(parsing: bytes)?.members else {
            throw bad("it is not a JSON object like {\"category\": {\"Login\": 120, \"Billing\": 30}}")
        }
        for (field, labels) in fields {
            guard let members = labels.members else {
                throw bad("\(field) needs an object of its labels' shares or counts")
            }
            for (label, value) in members { try add(field, label, value.double) }
        }
    }

    private mutating func readTable() throws {
        let rows = try RowReader(path: path)
        while let row = try rows.next() {
            guard let row = try? row.get() else { throw bad("record \(rows.count) cannot be read") }
            guard let field = row.text("field"), let label = row.text("label") else {
                throw bad("line \(row.line) needs columns field, label and share")
            }
            try add(field, label, row.text("share").flatMap { Double($0) })
        }
    }

    private mutating func add(_ field: String, _ label: String, _ share: Double?) throws(TrainingError) {
        guard let share, share >= 0, share.isFinite else {
            throw bad("the share of \(field) \(label) must be a number from 0")
        }
        guard weights[field]?[label] == nil else { throw bad("\(field) \(label) is there twice") }
        weights[field, default: [:]][label] = share
    }
}
