/// The counts of a histogram at one moment.
package struct HistogramReading: Sendable, Equatable {
    /// Ascending upper bounds of the buckets, in the metric's unit.
    package var bounds: [Double]
    /// Values of each bucket, and of those above the last bound.
    package var counts: [Int]

    package init(bounds: [Double], counts: [Int]) { (self.bounds, self.counts) = (bounds, counts) }

    /// All values.
    package var count: Int { counts.reduce(0, +) }

    func adding(_ other: HistogramReading) -> HistogramReading {
        HistogramReading(bounds: bounds, counts: zip(counts, other.counts).map { $0 + $1 })
    }

    /// The value that `share` of all values do not exceed; nil without values.
    ///
    /// Values are taken to be spread evenly in their bucket, as by Prometheus's `histogram_quantile`; those above the last
    /// bound count as that bound.
    package func quantile(_ share: Double) -> Double? {
        let rank = share * Double(count)
        guard count > 0, let last = bounds.last else { return nil }
        var before = 0
        for (place, bound) in bounds.enumerated() {
            let here = counts[place]
            if here > 0, Double(before + here) >= rank {
                let low = place == 0 ? 0 : bounds[place - 1]
                return low + (bound - low) * max(0, rank - Double(before)) / Double(here)
            }
            before += here
        }
        return last
    }
}
