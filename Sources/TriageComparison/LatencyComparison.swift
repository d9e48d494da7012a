package import TriageEvaluation

/// How long the engine and LLM mode take for the same tickets.
package struct LatencyComparison: Sendable {
    /// A quantile of both, in seconds, and LLM mode's over the engine's.
    package struct Quantile: Sendable {
        package let engine: Estimate
        package let mode: Estimate
        package let ratio: Estimate
    }

    package let median: Quantile
    /// What 95 of 100 tickets take at most.
    package let p95: Quantile
    /// The engine's mean, in seconds.
    package let engineMean: Double
    /// LLM mode's mean, in seconds.
    package let modeMean: Double

    /// Tickets' seconds; the engine's are in LLM mode's too.
    ///
    /// Nil without tickets.
    init?(_ calls: [ModelCall]) {
        guard !calls.isEmpty else { return nil }
        let engine = Sorted(calls.map(\.engineSeconds))
        let mode = Sorted(calls.map { $0.engineSeconds + $0.modelSeconds })
        let ones = [Int32](repeating: 1, count: calls.count)
        let shares = [0.5, 0.95]
        var samples = [[(engine: Double, mode: Double)]](repeating: [], count: shares.count)
        Bootstrap.forEach(rows: calls.count > 1 ? calls.count : 0) { weights in
            for (place, share) in shares.enumerated() {
                samples[place].append((engine.quantile(share, weights), mode.quantile(share, weights)))
            }
        }
        func estimate(_ place: Int) -> Quantile {
            let value = (engine.quantile(shares[place], ones), mode.quantile(shares[place], ones))
            return Quantile(
                engine: Estimate(value.0, samples[place].map(\.engine)),
                mode: Estimate(value.1, samples[place].map(\.mode)),
                ratio: Estimate(
                    LatencyComparison.ratio(value.1, value.0),
                    samples[place].compactMap { LatencyComparison.ratio($0.mode, $0.engine) }))
        }
        median = estimate(0)
        p95 = estimate(1)
        engineMean = calls.reduce(0) { $0 + $1.engineSeconds } / Double(calls.count)
        modeMean = calls.reduce(0) { $0 + $1.engineSeconds + $1.modelSeconds } / Double(calls.count)
    }

    private static func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }
}

/// Values by size, whose quantiles can be taken of any resample.
private struct Sorted {
    private let values: [Double]
    private let order: [Int]

    init(_ values: [Double]) {
        self.values = values
        order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    }

    /// The nearest rank among values that each count so often.
    func quantile(_ share: Double, _ weights: [Int32]) -> Double {
        let rank = min(values.count - 1, Int(share * Double(values.count)))
        var covered = 0
        for place in order {
            covered += Int(weights[place])
            if covered > rank { return values[place] }
        }
        return values[order[order.count - 1]]
    }
}

extension Estimate {
    fileprivate init(_ value: Double?, _ samples: [Double]) {
        let interval = samples.interval
        self.init(value: value, low: interval?.low, high: interval?.high)
    }
}
