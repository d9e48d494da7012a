internal import RealModule
internal import TriageNumerics

/// Two models' answers to the same rows.
///
/// McNemar (1947) tests whether the rows that only one of them has right are shared out evenly: exactly, and with
/// half the weight of the outcome itself (mid-p; Fagerland, Lydersen and Laake, 2013).
package struct PairedComparison: Sendable {
    /// Rows that both scored.
    package let rows: Int
    /// Rows that only the model measured has right.
    package let onlyFirst: Int
    /// Rows that only the other one has right.
    package let onlySecond: Int
    /// Accuracy of the model measured, less that of the other.
    package let difference: Estimate
    /// The exact two-sided p-value.
    package let exact: Double
    package let midP: Double
    /// The accuracy of the model measured on these rows.
    package let accuracy: Double
    package let otherAccuracy: Double
    /// The shares of these rows that the two answer at level auto; nil for models without levels.
    package let automatic: (own: Double, other: Double)?

    /// Pairs rows by their place in the data; nil when no row is in both.
    package init?(_ field: ScoredField, _ other: ScoredField) {
        let places = Dictionary(other.rows.enumerated().map { ($1, $0) }) { first, _ in first }
        let levels = field.rows.indices.compactMap { index in
            places[field.rows[index]].map { (field.levels[index], other.levels[$0]) }
        }
        let pairs = field.rows.indices.compactMap { index in
            places[field.rows[index]].map { (field.isCorrect(index), other.isCorrect($0)) }
        }
        guard !pairs.isEmpty else { return nil }
        rows = pairs.count
        let (own, others) = (levels.compactMap(\.0), levels.compactMap(\.1))
        automatic =
            own.count == pairs.count && others.count == pairs.count
            ? (
                Double(own.count { $0 == "auto" }) / Double(pairs.count),
                Double(others.count { $0 == "auto" }) / Double(pairs.count)
            ) : nil
        onlyFirst = pairs.count { $0.0 && !$0.1 }
        onlySecond = pairs.count { !$0.0 && $0.1 }
        accuracy = Double(pairs.count { $0.0 }) / Double(rows)
        otherAccuracy = Double(pairs.count { $0.1 }) / Double(rows)
        (exact, midP) = PairedComparison.mcNemar(onlyFirst, onlySecond)
        let steps = pairs.map { Int32($0.0 ? 1 : 0) - Int32($0.1 ? 1 : 0) }
        var samples: [Double] = []
        Bootstrap.forEach(rows: rows) { weights in
            var sum: Int32 = 0
            for row in steps.indices { sum += weights[row] * steps[row] }
            samples.append(Double(sum) / Double(steps.count))
        }
        let interval = samples.interval
        difference = Estimate(
            value: Double(onlyFirst - onlySecond) / Double(rows), low: interval?.low, high: interval?.high)
    }

    /// Twice the binomial tail of the smaller of two counts, at one half; and the same less P(X = smaller).
    package static func mcNemar(_ a: Int, _ b: Int) -> (exact: Double, midP: Double) {
        let n = a + b
        guard n > 0 else { return (1, 1) }
        func mass(_ k: Int) -> Double {
            .exp(
                .logGamma(Double(n + 1)) - .logGamma(Double(k + 1)) - .logGamma(Double(n - k + 1))
                    - Double(n) * .log(2))
        }
        let smaller = min(a, b)
        let tail = (0...smaller).reduce(0) { $0 + mass($1) }
        return (min(1, 2 * tail), a == b ? 1 - mass(a) / 2 : min(1, 2 * tail - mass(smaller)))
    }
}
