internal import TriageData
internal import TriageTickets
package import TriageNumerics

/// Signs that a training set gives its labels away, or that its measures will be too good.
///
/// A model that reads the answer scores high on held-out rows and fails on new tickets.
package struct LeakWarnings: Sendable {
    /// What a person should look at, a sentence each.
    package let lines: [String]

    private static let minimumRows = 20
    private static let minimumPrecision = 0.99
    private static let minimumRecall = 0.9
    private static let maximumPhrases = 3
    /// The share of rows with a near-duplicate, from which it is a warning.
    private static let manyDuplicates = 0.3

    package init(_ set: TrainingSet, workers: Workers = Workers.allProcessors) {
        var lines = LeakWarnings.answers(set)
        lines += LeakWarnings.duplicates(set, workers)
        for field in set.fields.indices {
            lines += LeakWarnings.phrases(set, field)
            lines += LeakWarnings.dates(set, field)
        }
        self.lines = lines
    }

    // MARK: - Columns and copies

    private static func answers(_ set: TrainingSet) -> [String] {
        (set.input?.text ?? []).filter {
            KnownColumns.isAnswer($0) && KnownColumns.body.rank($0) == nil
        }
        .map {
            "column \"\($0.shown)\" is read as text, but holds what is written after the decision; name the "
                + "customer's text with --text"
        }
    }

    private static func duplicates(_ set: TrainingSet, _ workers: Workers) -> [String] {
        guard set.examples.count >= 2 * minimumRows else { return [] }
        var sizes: [Int: Int] = [:]
        for cluster in Folds.clusters(set.examples, workers) { sizes[cluster, default: 0] += 1 }
        let rows = sizes.values.filter { $0 > 1 }.reduce(0, +)
        let share = Double(rows) / Double(set.examples.count)
        guard share >= manyDuplicates else { return [] }
        return [
            "\(percent(share)) of the rows have a near-duplicate: alerts or forms that repeat; splits keep them together, "
                + "but fewer tickets than rows are learned from"
        ]
    }

    // MARK: - Phrases

    /// Words and pairs that alone give a label: nearly all of their rows have it, and nearly all rows of the label have
    /// them.
    private static func phrases(_ set: TrainingSet, _ field: Int) -> [String] {
        let rows = set.examples.indices.filter { set.examples[$0].labels[field] != nil }
        var totals: [Int: Int] = [:]
        for row in rows { totals[set.examples[row].labels[field] ?? 0, default: 0] += 1 }
        guard totals.count > 1, rows.count >= 2 * minimumRows else { return [] }
        var counts: [String: [Int: Int]] = [:]
        let candidates = frequent(set, rows)
        for row in rows {
            let label = set.examples[row].labels[field] ?? 0
            for phrase in Phrases(set.examples[row]).distinct where candidates.contains(phrase) {
                counts[phrase, default: [:]][label, default: 0] += 1
            }
        }
        var found: [(phrase: String, label: Int, rows: Int, precision: Double)] = []
        for (phrase, labels) in counts {
            guard let best = labels.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { continue }
            let all = labels.values.reduce(0, +)
            let precision = Double(best.value) / Double(all)
            guard best.value >= minimumRows, precision >= minimumPrecision,
                Double(best.value) >= minimumRecall * Double(totals[best.key] ?? 0)
            else { continue }
            found.append((phrase, best.key, all, precision))
        }
        // A pair says more than its words.
        found.sort { ($1.rows, $1.phrase.utf8.count, $0.phrase) < ($0.rows, $0.phrase.utf8.count, $1.phrase) }
        var seen: Set<Int> = []
        let labels = found.filter { seen.insert($0.label).inserted }
        let rest = labels.dropFirst(maximumPhrases)
        let more =
            rest.isEmpty
            ? []
            : [
                "\(set.fields[field]): so do words of \(rest.count) more: \(names(rest.map(\.label), set, field))"
            ]
        return labels.prefix(maximumPhrases).map {
            "\(set.fields[field]): the words \"\($0.phrase.shown)\" alone give the label "
                + "\"\(set.labelSets[field][$0.label].shown)\" in \(percent($0.precision)) of \($0.rows) rows; if a form, a "
                + "program or an agent writes them, take them out of the text"
        } + more
    }

    private static func names(_ labels: [Int], _ set: TrainingSet, _ field: Int) -> String {
        ColumnNames.shown(labels.map { "\"\(set.labelSets[field][$0])\"" }, limit: 10)
    }

    /// The words and pairs of at least `minimumRows` rows.
    private static func frequent(_ set: TrainingSet, _ rows: [Int]) -> Set<String> {
        var counts: [String: Int] = [:]
        let sample =
            rows.count <= maximumSample
            ? rows : stride(from: 0, to: rows.count, by: rows.count / maximumSample).map { rows[$0] }
        for row in sample {
            for phrase in Phrases(set.examples[row]).distinct { counts[phrase, default: 0] += 1 }
        }
        let least = max(2, minimumRows * sample.count / max(rows.count, 1) / 2)
        return Set(counts.filter { $0.value >= least }.keys)
    }

    private static let maximumSample = 5000

    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded(.down) / 10) %" }

    // MARK: - Time

    /// Labels whose first or last row by date is far from that of all rows.
    private static func dates(_ set: TrainingSet, _ field: Int) -> [String] {
        let dated = set.examples.filter { TrainingSet.isDate($0.time) && $0.labels[field] != nil }
        return LabelSpans(dated.map { ($0.labels[field] ?? 0, $0.time ?? "") }).found.map {
            "\(set.fields[field]): label \"\(set.labelSets[field][$0.label].shown)\" \($0.words)"
        }
    }
}

/// The words and pairs of words of a row.
private struct Phrases {
    let distinct: Set<String>
    private static let maximumBytes = 2000

    init(_ example: TrainingExample) {
        let text = String(
            decoding: example.subject + [0x20] + example.body.prefix(Phrases.maximumBytes), as: UTF8.self)
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        distinct = Set(words + zip(words, words.dropFirst()).map { "\($0) \($1)" })
    }
}
