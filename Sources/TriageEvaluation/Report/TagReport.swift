/// One field of tags with its figures.
package struct TagReport: Sendable {
    /// One tag.
    package struct Tag: Sendable {
        package var name: String
        /// nil for a tag that no ticket is given, or that the model does not know.
        package var threshold: Float?
        package var support: Int
        package var given: Int
        package var right: Int

        package var precision: Double? { .ratio(right, given) }
        package var recall: Double? { .ratio(right, support) }
        package var f1: Double? { .ratio(2 * right, support + given) }
    }

    package let name: String
    package let rows: Int
    package let modelTags: Int
    /// Rows that have no tag, and rows that are given none.
    package let without: (gold: Int, given: Int)
    package let estimates: [TagMetric: Estimate]
    /// The figures of a second model on the same rows; nil without one, or where it lacks the field.
    package internal(set) var against: [TagMetric: Estimate]?
    /// The tags that a row has or is given, the most frequent first.
    package let tags: [Tag]
    /// Tags of rows that the model does not know; they count as missed.
    package let unknownTags: Int

    init(_ field: ScoredTags) {
        name = field.name
        rows = field.rows.count
        modelTags = field.modelTags
        without = (field.rows.count { $0.gold.isEmpty }, field.rows.count { $0.given.isEmpty })
        estimates = TagReport.estimates(field)
        let all = Counts(field, [Int32](repeating: 1, count: field.rows.count))
        let present = field.names.indices.filter { all.support[$0] + all.given[$0] > 0 }
        unknownTags = present.count { $0 >= field.modelTags }
        tags = present.map { tag in
            Tag(
                name: field.names[tag],
                threshold: field.thresholds.indices.contains(tag) ? field.thresholds[tag] : nil,
                support: all.support[tag], given: all.given[tag], right: all.right[tag])
        }.sorted { $0.support == $1.support ? $0.name < $1.name : $0.support > $1.support }
    }

    /// How often each tag is in weighted rows.
    private struct Counts {
        var support: [Int]
        var given: [Int]
        var right: [Int]
        var exact = 0
        var rows = 0

        init(_ field: ScoredTags, _ weights: [Int32]) {
            support = [Int](repeating: 0, count: field.names.count)
            (given, right) = (support, support)
            for (row, weight) in zip(field.rows, weights) where weight > 0 {
                let weight = Int(weight)
                rows += weight
                if row.gold == row.given { exact += weight }
                for tag in row.gold { support[tag] += weight }
                for tag in row.given {
                    given[tag] += weight
                    if row.gold.contains(tag) { right[tag] += weight }
                }
            }
        }

        var figures: [TagMetric: Double] {
            let (hits, all, own) = (right.reduce(0, +), given.reduce(0, +), support.reduce(0, +))
            let scores = support.indices.compactMap { Double.ratio(2 * right[$0], support[$0] + given[$0]) }
            var figures: [TagMetric: Double] = [:]
            figures[.microF1] = .ratio(2 * hits, all + own)
            figures[.macroF1] = scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
            figures[.precision] = .ratio(hits, all)
            figures[.recall] = .ratio(hits, own)
            figures[.exact] = .ratio(exact, rows)
            return figures
        }
    }

    static func estimates(_ field: ScoredTags) -> [TagMetric: Estimate] {
        let rows = field.rows.count
        let figures = Counts(field, [Int32](repeating: 1, count: rows)).figures
        var samples: [TagMetric: [Double]] = [:]
        Bootstrap.forEach(rows: rows > 1 ? rows : 0) { weights in
            for (metric, value) in Counts(field, weights).figures {
                samples[metric, default: []].append(value)
            }
        }
        var estimates: [TagMetric: Estimate] = [:]
        for (metric, value) in figures {
            let interval = samples[metric]?.interval
            estimates[metric] = Estimate(value: value, low: interval?.low, high: interval?.high)
        }
        return estimates
    }
}

/// The metrics of a field of tags; the raw value is the name in JSON.
package enum TagMetric: String, CaseIterable, Sendable {
    /// 2 · right ÷ (given + gold) over all tags together.
    case microF1 = "micro_f1"
    /// The mean F1 of the tags that a row has or is given.
    case macroF1 = "macro_f1"
    case precision = "micro_precision"
    case recall = "micro_recall"
    /// The share of rows whose tags are all right and complete.
    case exact = "exact_match"

    var title: String {
        switch self {
        case .microF1: "Micro-F1"
        case .macroF1: "Macro-F1"
        case .precision: "Precision, all tags together"
        case .recall: "Recall, all tags together"
        case .exact: "Rows with exactly their tags"
        }
    }
}
