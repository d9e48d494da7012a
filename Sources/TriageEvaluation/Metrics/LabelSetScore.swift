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

    /// The share of rows whose set holds the gold label.
    public let coverage: Estimate
    /// Labels in a set, on average.
    public let meanSize: Double
    /// The share of rows whose set is one label.
    public let single: Estimate

    /// Nil when no sets were asked for.
    init?(_ sightings: [Sighting]) {
        guard !sightings.isEmpty else { return nil }
        let rows = sightings.count
        coverage = Proportion(part: sightings.count { $0.covers }, whole: rows).estimate
        single = Proportion(part: sightings.count { $0.size == 1 }, whole: rows).estimate
        meanSize = Double(sightings.reduce(0) { $0 + $1.size }) / Double(rows)
    }
}
