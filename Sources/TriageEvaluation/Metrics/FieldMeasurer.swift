internal import RealModule
import TriageModel

/// Computes all metrics of one field over a multiset of its rows: once for the figures, once a resample for their
/// intervals.
///
/// What a row contributes is computed once; a pass over weighted rows in order of confidence does the rest.
package struct FieldMeasurer {
    /// How often each row, in `order`, counts in a resample.
    typealias Weights = [Int32]

    /// Rows by falling confidence, equal ones in the data's order.
    let order: [Int]
    /// What follows is by position in `order`.
    let confidence: [Float]
    let isCorrect: [Bool]
    private let isInTopThree: [Bool]
    private let loss: [Double]
    private let squares: [Double]
    private let isKnown: [Bool]
    private let gold: [Int]
    private let predicted: [Int]
    private let labelCount: Int
    /// Each label's severity; nil for a field without an order.
    private let ranks: [Int?]?
    private let ties: [Range<Int>]

    /// A measurer of a field; `severities` adds the metrics of an order when at least two of the labels are in it.
    package init(_ field: ScoredField, severities: SeverityOrder? = nil) {
        let order = field.gold.indices.sorted {
            (field.confidence($1), $0) < (field.confidence($0), $1)
        }
        self.order = order
        confidence = order.map { field.confidence($0) }
        ties = Reliability.ties(confidence)
        isCorrect = order.map { field.isCorrect($0) }
        isInTopThree = order.map { index in
            field.ranking[index * field.ranked..<(index + 1) * field.ranked].contains(field.gold[index])
        }
        isKnown = order.map { field.isKnown($0) }
        loss = order.map { FieldMeasurer.loss(field, $0) }
        squares = order.map { FieldMeasurer.squares(field, $0) }
        gold = order.map { field.gold[$0] }
        predicted = order.map { field.predicted($0) }
        labelCount = field.allLabels.count
        let ranks = severities?.ranks(of: field.allLabels) ?? []
        self.ranks = Set(ranks.compactMap(\.self)).count >= 2 ? ranks : nil
    }

    /// A probability below this counts as this in the log-loss.
    static let minimumProbability: Float = 1e-6

    private static func loss(_ field: ScoredField, _ index: Int) -> Double {
        guard field.isKnown(index) else { return 0 }
        let probability = field.probabilities[index * field.labels.count + field.gold[index]]
        return -Double.log(Double(max(probability, minimumProbability)))
    }

    private static func squares(_ field: ScoredField, _ index: Int) -> Double {
        guard field.isKnown(index) else { return 0 }
        var sum = 0.0
        for label in field.labels.indices {
            let truth = label == field.gold[index] ? 1.0 : 0.0
            let error = Double(field.probabilities[index * field.labels.count + label]) - truth
            sum += error * error
        }
        return sum
    }

    /// The metrics of all rows, each once.
    func measure() -> [Metric: Double] { measure(Weights(repeating: 1, count: order.count)) }

    /// The metrics of weighted rows; those that are undefined are left out.
    func measure(_ weights: Weights) -> [Metric: Double] {
        var (rows, known, correct, topThree) = (0, 0, 0, 0)
        var (losses, brier) = (0.0, 0.0)
        for position in order.indices where weights[position] > 0 {
            let weight = Int(weights[position])
            rows += weight
            if isCorrect[position] { correct += weight }
            if isInTopThree[position] { topThree += weight }
            guard isKnown[position] else { continue }
            known += weight
            losses += Double(weight) * loss[position]
            brier += Double(weight) * squares[position]
        }
        guard rows > 0 else { return [:] }
        var result: [Metric: Double] = [
            .accuracy: Double(correct) / Double(rows), .topThree: Double(topThree) / Double(rows),
            .macroF1: macroF1(weights), .calibrationError: calibrationError(weights, rows: rows),
            .riskArea: riskArea(weights, rows: rows),
        ]
        if known > 0 {
            result[.logLoss] = losses / Double(known)
            result[.brier] = brier / Double(known)
        }
        if let ranks { result.merge(ordinal(ranks, weights)) { old, _ in old } }
        return result
    }

    private func macroF1(_ weights: Weights) -> Double {
        var sums = [Int](repeating: 0, count: labelCount)
        var hits = sums
        for position in order.indices where weights[position] > 0 {
            let weight = Int(weights[position])
            sums[gold[position]] += weight
            sums[predicted[position]] += weight
            if isCorrect[position] { hits[predicted[position]] += weight }
        }
        var (total, labels) = (0.0, 0)
        for label in sums.indices where sums[label] > 0 {
            total += 2 * Double(hits[label]) / Double(sums[label])
            labels += 1
        }
        return labels > 0 ? total / Double(labels) : 0
    }

    /// The mean over k of errors among the k surest rows ÷ k; the errors of equally sure rows are spread evenly.
    private func riskArea(_ weights: Weights, rows: Int) -> Double {
        var (area, errors, covered) = (0.0, 0.0, 0)
        for tie in ties {
            var (size, wrong) = (0, 0)
            for position in tie {
                size += Int(weights[position])
                if !isCorrect[position] { wrong += Int(weights[position]) }
            }
            guard size > 0 else { continue }
            let share = Double(wrong) / Double(size)
            for _ in 0..<size {
                errors += share
                covered += 1
                area += errors / Double(covered)
            }
        }
        return area / Double(rows)
    }

    private func calibrationError(_ weights: Weights, rows: Int) -> Double {
        Reliability.bins(confidence, isCorrect, weights, rows: rows).reduce(0) { $0 + abs($1.gap) }
            / Double(rows)
    }
}

extension FieldMeasurer {
    /// Kappa, distance, and errors in each direction over rows whose labels have a rank.
    ///
    /// κ = 1 − Σ wᵢⱼ oᵢⱼ / Σ wᵢⱼ eᵢⱼ with wᵢⱼ = (i − j)², e from the margins; undefined when e is.
    private func ordinal(_ ranks: [Int?], _ weights: Weights) -> [Metric: Double] {
        let harshest = ranks.compactMap(\.self).max() ?? 0
        let size = harshest + 1
        var counts = [Double](repeating: 0, count: size * size)
        for position in order.indices where weights[position] > 0 {
            guard let truth = ranks[gold[position]], let guess = ranks[predicted[position]] else {
                continue
            }
            counts[truth * size + guess] += Double(weights[position])
        }
        let rows = counts.reduce(0, +)
        guard rows > 0 else { return [:] }
        var truths = [Double](repeating: 0, count: size)
        var guesses = truths
        var (distance, under, over, observed, expected) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for truth in 0..<size {
            for guess in 0..<size {
                let count = counts[truth * size + guess]
                truths[truth] += count
                guesses[guess] += count
                distance += count * Double(abs(truth - guess))
                observed += count * Double((truth - guess) * (truth - guess))
                if guess < truth { under += count }
                if guess > truth { over += count }
            }
        }
        for truth in 0..<size {
            for guess in 0..<size {
                expected += truths[truth] * guesses[guess] / rows * Double((truth - guess) * (truth - guess))
            }
        }
        var result: [Metric: Double] = [
            .absoluteError: distance / rows, .underTriage: under / rows, .overTriage: over / rows,
        ]
        if truths[harshest] > 0 {
            result[.criticalUnderTriage] =
                (0..<harshest).reduce(0.0) { $0 + counts[harshest * size + $1] } / truths[harshest]
        }
        if expected > 0 { result[.kappa] = 1 - observed / expected }
        return result
    }
}
