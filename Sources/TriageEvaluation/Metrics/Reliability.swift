internal import TriageNumerics

/// How probabilities compare with outcomes, and how far a perfectly calibrated model would be off by chance.
///
/// Fifteen bins of equal mass by the best label's probability; rows of equal probability stay in one bin. The band is
/// that of Bröcker and Smith (2007): outcomes are drawn as if every probability were true, a thousand times.
package struct Reliability: Sendable {
    package struct Bin: Sendable, Equatable {
        package var rows = 0
        /// Σ p over its rows.
        var confidence = 0.0
        /// Rows whose best label is right.
        package var correct = 0
        /// The middle 95 % of `observed` under perfect calibration.
        package var low = 0.0
        /// Its upper end.
        package var high = 0.0

        /// Rows right, less those that the probabilities promise.
        var gap: Double { Double(correct) - confidence }
        package var meanConfidence: Double { confidence / Double(max(rows, 1)) }
        /// The share that is right.
        package var observed: Double { Double(correct) / Double(max(rows, 1)) }
    }

    /// The bins that have rows, least sure first.
    package let bins: [Bin]
    /// The mean ECE of a perfectly calibrated model on these rows, and the middle 95 % of it.
    package let expected: Estimate

    static let binCount = 15
    static let draws = 1000

    init(_ measurer: FieldMeasurer, seed: UInt64) {
        let ones = FieldMeasurer.Weights(repeating: 1, count: measurer.order.count)
        let rows = measurer.order.count
        let places = Reliability.places(measurer.confidence, ones, rows: rows)
        var bins = Reliability.bins(measurer.confidence, measurer.isCorrect, ones, rows: rows)
        var generator = SplitMix64(seed: seed)
        var errors: [Double] = []
        var shares = [[Double]](repeating: [], count: bins.count)
        for _ in 0..<Reliability.draws {
            var correct = [Int](repeating: 0, count: bins.count)
            for position in 0..<rows where generator.unitFloat() < measurer.confidence[position] {
                correct[places[position]] += 1
            }
            var error = 0.0
            for bin in bins.indices where bins[bin].rows > 0 {
                error += abs(Double(correct[bin]) - bins[bin].confidence)
                shares[bin].append(Double(correct[bin]) / Double(bins[bin].rows))
            }
            errors.append(error / Double(max(rows, 1)))
        }
        for bin in bins.indices {
            guard let band = shares[bin].interval else { continue }
            (bins[bin].low, bins[bin].high) = (band.low, band.high)
        }
        self.bins = bins.filter { $0.rows > 0 }.reversed()
        let band = errors.interval
        expected = Estimate(
            value: errors.reduce(0, +) / Double(Reliability.draws), low: band?.low, high: band?.high)
    }

    /// The runs of equal values in falling ones.
    static func ties(_ values: [Float]) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        var start = 0
        for position in values.indices
        where position + 1 == values.count || values[position + 1] != values[start] {
            ties.append(start..<position + 1)
            start = position + 1
        }
        return ties
    }

    /// The bin of each row: ⌊15 · rank of the first of its equals / rows⌋.
    private static func places(_ confidence: [Float], _ weights: [Int32], rows: Int) -> [Int] {
        var places = [Int](repeating: 0, count: confidence.count)
        var (rank, bin) = (0, 0)
        for position in confidence.indices {
            if position == 0 || confidence[position] != confidence[position - 1] {
                bin = min(binCount - 1, rank * binCount / max(rows, 1))
            }
            places[position] = bin
            rank += Int(weights[position])
        }
        return places
    }

    /// Bins of weighted rows that are sorted by falling confidence; some may stay empty.
    static func bins(_ confidence: [Float], _ isCorrect: [Bool], _ weights: [Int32], rows: Int) -> [Bin] {
        let places = places(confidence, weights, rows: rows)
        var bins = [Bin](repeating: Bin(), count: binCount)
        for position in confidence.indices where weights[position] > 0 {
            let weight = Int(weights[position])
            bins[places[position]].rows += weight
            bins[places[position]].confidence += Double(weight) * Double(confidence[position])
            if isCorrect[position] { bins[places[position]].correct += weight }
        }
        return bins
    }
}
