/// How often label sets hold the gold label, and how large they are.
package struct LabelSetScore: Sendable {
    /// A row's set: its size, and whether the gold label is in it.
    package struct Outcome: Sendable, Equatable {
        package var size: Int
        /// Whether the gold one is among them.
        package var covers: Bool

        package init(size: Int, covers: Bool) {
            self.size = size
            self.covers = covers
        }
    }

    /// How the sets of one label's rows did.
    package struct LabelScore: Sendable {
        package let label: String
        package let rows: Int
        /// The share of them whose set holds it.
        package let coverage: Estimate
        /// Labels in a set of theirs, on average.
        package let meanSize: Double
    }

    /// The share of rows whose set holds the gold label.
    package let coverage: Estimate
    /// Labels in a set, on average.
    package let meanSize: Double
    /// The share of rows whose set is one label.
    package let single: Estimate
    /// Labels of the model with rows enough, in its order.
    package let labels: [LabelScore]

    /// With fewer rows of a label a single one decides whether 95 % are reached.
    package static let minimumRows = 20

    /// Nil without label sets.
    init?(_ field: ScoredField) {
        let outcomes = field.labelSets
        guard !outcomes.isEmpty else { return nil }
        let rows = outcomes.count
        coverage = LabelSetScore.coverage(outcomes)
        single = Proportion(part: outcomes.count { $0.size == 1 }, whole: rows).estimate
        meanSize = LabelSetScore.meanSize(outcomes)
        var byLabel: [Int: [Outcome]] = [:]
        for (label, outcome) in zip(field.gold, outcomes) { byLabel[label, default: []].append(outcome) }
        labels = field.labels.indices.compactMap { label in
            guard let own = byLabel[label], own.count >= LabelSetScore.minimumRows else { return nil }
            return LabelScore(
                label: field.labels[label], rows: own.count, coverage: LabelSetScore.coverage(own),
                meanSize: LabelSetScore.meanSize(own))
        }
    }

    private static func coverage(_ outcomes: [Outcome]) -> Estimate {
        Proportion(part: outcomes.count { $0.covers }, whole: outcomes.count).estimate
    }

    private static func meanSize(_ outcomes: [Outcome]) -> Double {
        Double(outcomes.reduce(0) { $0 + $1.size }) / Double(outcomes.count)
    }
}
