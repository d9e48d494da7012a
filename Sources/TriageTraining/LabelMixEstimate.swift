#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The label mix of tickets without labels, from a bundle's own probabilities.
///
/// Expectation maximisation (Saerens, Latinne and Decaestecker, 2002): each ticket's probabilities under the present
/// mix, then the mix as their mean, until it stands still. It finds the mix of largest likelihood if tickets of one label
/// read as they did in training and only their number has changed; the probabilities must be calibrated.
public struct LabelMixEstimate: Sendable {
    /// The shares found, in label order.
    public let shares: [Double]
    /// Tickets they come from.
    public let rows: Int
    /// Twice the logarithm of how much likelier the tickets are under this mix than under training's.
    public let evidence: Double
    /// Whether chance alone would hardly give so much: the likelihood-ratio test at 5 %.
    public var isEvident: Bool { evidence > LabelMixEstimate.chance(degrees: shares.count - 1) }

    private static let mostRounds = 1000
    private static let tolerance = 1e-6

    /// An estimate from rows × labels probabilities under the training mix; nil without rows.
    public init?(probabilities: [Float], trainingShares: [Float]) {
        let labels = trainingShares.count
        let rows = labels > 0 ? probabilities.count / labels : 0
        guard rows > 0 else { return nil }
        let training = trainingShares.map { Double($0) }
        var shares = training
        for _ in 0..<LabelMixEstimate.mostRounds {
            let next = LabelMixEstimate.round(probabilities, shares, training).shares
            let change = zip(shares, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
            shares = next
            if change < LabelMixEstimate.tolerance { break }
        }
        evidence = max(0, 2 * LabelMixEstimate.round(probabilities, shares, training).logRatio)
        (self.shares, self.rows) = (shares, rows)
    }

    /// The mean of the rows' probabilities under `shares`, and log of how much likelier the rows are.
    private static func round(
        _ probabilities: [Float], _ shares: [Double], _ training: [Double]
    ) -> (shares: [Double], logRatio: Double) {
        let labels = shares.count
        let ratios = zip(shares, training).map { $0 / $1 }
        var sums = [Double](repeating: 0, count: labels)
        var terms = sums
        var logRatio = 0.0
        let rows = probabilities.count / labels
        for row in 0..<rows {
            var whole = 0.0
            for label in 0..<labels {
                terms[label] = Double(probabilities[row * labels + label]) * ratios[label]
                whole += terms[label]
            }
            guard whole > 0 else { continue }
            logRatio += log(whole)
            for label in 0..<labels { sums[label] += terms[label] / whole }
        }
        let whole = max(sums.reduce(0, +), .leastNormalMagnitude)
        return (sums.map { $0 / whole }, logRatio)
    }

    /// The 95 % quantile of χ², by Wilson and Hilferty (1931).
    private static func chance(degrees: Int) -> Double {
        guard degrees > 0 else { return .infinity }
        let variance = 2 / (9 * Double(degrees))
        return Double(degrees) * pow(1 - variance + 1.6448536269514722 * variance.squareRoot(), 3)
    }
}
