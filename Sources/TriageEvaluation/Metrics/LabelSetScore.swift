/// How often label sets hold the gold label, and how large they are.
package struct LabelSetScore: Sendable {
    /// A row's set: its size, and whether the gold label is in it.
    package struct Sighting: Sendable, Equatable {
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
        let sightings = field.labelSets
        guard !sightings.isEmpty else { return nil }
        let rows = sightings.count
        coverage = LabelSetScore.coverage(sightings)
        single = Proportion(part: sightings.count { $0.size == 1 }, whole: rows).estimate
        meanSize = LabelSetScore.meanSize(sightings)
        var byLabel: [Int: [Sighting]] = [:]
        for (label, sighting) in zip(field.gold, sightings) { byLabel[label, default: []].append(sighting) }
        labels = field.labels.indices.compactMap { label in
            guard let own = byLabel[label], own.count >= LabelSetScore.minimumRows else { return nil }
            return LabelScore(
                label: field.labels[label], rows: own.count, coverage: LabelSetScore.coverage(own),
                meanSize: LabelSetScore.meanSize(own))
        }
    }

    private static func coverage(_ sightings: [Sighting]) -> Estimate {
        Proportion(part: sightings.count { $0.covers }, whole: sightings.count).estimate
    }

    private static func meanSize(_ sightings: [Sighting]) -> Double {
        Double(sightings.reduce(0) { $0 + $1.size }) / Double(sightings.count)
    }
}
