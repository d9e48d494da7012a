internal import TriageNumerics

/// Percentile intervals by resampling rows with replacement (Efron, 1979), with a fixed seed.
package enum Bootstrap {
    /// Resamples; fewer for very many rows, whose intervals are narrow anyway.
    package static func resamples(rows: Int) -> Int { rows <= 50_000 ? 1000 : 200 }

    static let seed: UInt64 = 0x7472_6961_6765

    /// Calls `body` with the weights of each resample of `rows` rows.
    package static func forEach(rows: Int, _ body: ([Int32]) -> Void) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<(rows > 0 ? resamples(rows: rows) : 0) {
            var weights = [Int32](repeating: 0, count: rows)
            for _ in 0..<rows { weights[generator.below(rows)] += 1 }
            body(weights)
        }
    }

    /// All metrics of a field with their intervals; a single row has none.
    package static func estimates(_ measurer: FieldMeasurer) -> [Metric: Estimate] {
        let figures = measurer.measure()
        var samples: [Metric: [Double]] = [:]
        let rows = measurer.order.count
        forEach(rows: rows > 1 ? rows : 0) { weights in
            for (metric, value) in measurer.measure(weights) { samples[metric, default: []].append(value) }
        }
        var estimates: [Metric: Estimate] = [:]
        for (metric, value) in figures {
            let interval = samples[metric]?.interval
            estimates[metric] = Estimate(value: value, low: interval?.low, high: interval?.high)
        }
        return estimates
    }
}
