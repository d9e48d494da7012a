/// How often label sets hold the gold label, and how large they are.
public struct LabelSetScore: Sendable {
    /// A row's set: its size, and whether the gold label is in it.
    public struct Sighting: Sendable, Equatable {
        /// Labels in the set.
        public var size: Int
        /// Whether the gold one is among them.
        public var covers: Bool

        /// A sighting of the given parts.
        public init(size: Int, covers: Bool) {
            self.size = size
            self.covers = covers
        }
    }

    /// How the sets of one label's rows did.
    public struct LabelScore: Sendable {
        /// The gold label.
        public let label: String
        /// Its rows.
        public let rows: Int
        /// The share of them whose set holds it.
        public let coverage: Estimate
        /// Labels in a set of theirs, on average.
        public let meanSize: Double
    }

    /// The share of rows whose set holds the gold label.
    public let coverage: Estimate
    /// Labels in a set, on average.
    public let meanSize: Double
    /// The share of rows whose set is one label.
    public let single: Estimate
    /// Labels of the model with rows enough, in its order.
    public let labels: [LabelScore]

    /// With fewer rows of a label a single one decides whether 95 % are reached.
    public static let fewestRows = 20

    /// Nil when no sets were asked for.
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
            guard let own = byLabel[label], own.count >= LabelSetScore.fewestRows else { return nil }
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
