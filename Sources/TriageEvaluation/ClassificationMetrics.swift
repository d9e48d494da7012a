/// Counts of gold and predicted labels of one field, and what follows from them.
public struct ClassificationMetrics: Sendable {
    /// Labelled rows.
    public private(set) var rows = 0
    /// Rows whose best label is the gold one.
    public private(set) var correct = 0
    /// Rows whose gold label is among the best three.
    public private(set) var inTopThree = 0
    /// Rows whose gold label the model does not know; they count as wrong.
    public private(set) var unknownLabels = 0
    /// Sum of −ln p(gold) over rows with a known label.
    private var lossSum = 0.0
    private var goldCounts: [String: Int] = [:]
    private var predictedCounts: [String: Int] = [:]
    private var hits: [String: Int] = [:]
    private var distances: [Int] = []

    /// Nothing counted yet.
    public init() {}

    /// Counts one row.
    ///
    /// `ranking` has the labels by falling probability; `probability` is the gold label's.
    public mutating func add(gold: String, ranking: [String], isKnown: Bool, probability: Float) {
        rows += 1
        if !isKnown { unknownLabels += 1 } else { lossSum -= Double(max(probability, 1e-6)).logarithm }
        goldCounts[gold, default: 0] += 1
        guard let predicted = ranking.first else { return }
        predictedCounts[predicted, default: 0] += 1
        if predicted == gold {
            correct += 1
            hits[gold, default: 0] += 1
        }
        if ranking.prefix(3).contains(gold) { inTopThree += 1 }
    }

    /// correct / rows.
    public var accuracy: Double { ratio(correct, rows) }

    /// inTopThree / rows.
    public var topThreeAccuracy: Double { ratio(inTopThree, rows) }

    /// The mean of −ln p(gold) over rows whose label the model knows; nil without such rows.
    public var logLoss: Double? { rows > unknownLabels ? lossSum / Double(rows - unknownLabels) : nil }

    /// F1 = 2 tp / (2 tp + fp + fn) by label, over the union of gold and predicted labels.
    public var f1: [String: Double] {
        var scores: [String: Double] = [:]
        for label in Set(goldCounts.keys).union(predictedCounts.keys) {
            let sum = goldCounts[label, default: 0] + predictedCounts[label, default: 0]
            scores[label] = ratio(2 * hits[label, default: 0], sum)
        }
        return scores
    }

    /// The mean of F1 over the union of gold and predicted labels.
    public var macroF1: Double {
        let scores = f1.sorted { $0.key < $1.key }.map(\.value)
        return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
}
