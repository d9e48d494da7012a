internal import RealModule
package import TriageModel
internal import TriageNumerics

/// The label mix of tickets without labels, from how often each label is the likeliest among them.
///
/// Expectation maximisation (Saerens, Latinne and Decaestecker, 2002) over q(j) = Σₖ c(j | k) π(k), where c(j | k) is how
/// often held-out rows of label k were taken for j. It finds the mix π of largest likelihood if tickets of one label read
/// as they did in training and only their number has changed. As many tickets as there are labels are added with
/// training's mix, so that a label hardly ever seen does not swallow others.
///
/// The usual form takes each ticket's probabilities for true: on held-out rows of five public sets, drawn for other
/// mixes, it made log-loss worse on four, up to eighteenfold, since one temperature does not make every label's
/// probabilities true; this form made it better on all five.
package struct PriorShiftEstimate: Sendable {
    /// The shares found, in label order.
    package let shares: [Double]
    /// Tickets they come from.
    package let rows: Int
    /// Twice the logarithm of how much likelier the answers are under this mix than under training's.
    package let evidence: Double
    /// Whether chance alone would hardly give so much: the likelihood-ratio test at 5 %.
    package var isEvident: Bool { evidence > PriorShiftEstimate.chance(degrees: shares.count - 1) }

    private static let maximumRounds = 2000
    private static let tolerance = 1e-6

    /// An estimate from how many tickets each label is the likeliest of; nil without tickets.
    package init?(predicted counts: [Int], heldOut: HeldOutScores, trainingShares: [Float]) {
        let rows = counts.reduce(0, +)
        guard rows > 0 else { return nil }
        let training = trainingShares.map { Double($0) }
        let rates = PriorShiftEstimate.rates(heldOut, labels: counts.count)
        var shares = training
        for _ in 0..<PriorShiftEstimate.maximumRounds {
            let next = PriorShiftEstimate.round(counts, rates, shares, training)
            let change = zip(shares, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
            shares = next
            if change < PriorShiftEstimate.tolerance { break }
        }
        let before = PriorShiftEstimate.expected(rates, training)
        let after = PriorShiftEstimate.expected(rates, shares)
        evidence = counts.indices.reduce(0.0) { sum, label in
            sum
                + (counts[label] > 0
                    ? 2 * Double(counts[label]) * Double.log(after[label] / before[label]) : 0)
        }
        (self.shares, self.rows) = (shares, rows)
    }

    /// c(j | k), a row for each k; one more row of each label, taken for labels as all rows are, keeps all above zero.
    private static func rates(_ heldOut: HeldOutScores, labels: Int) -> [[Double]] {
        var counts = [[Double]](repeating: [Double](repeating: 0, count: labels), count: labels)
        var usual = [Double](repeating: 1 / Double(labels), count: labels)
        for row in 0..<heldOut.count {
            counts[Int(heldOut.gold[row])][Int(heldOut.predicted[row])] += 1
            usual[Int(heldOut.predicted[row])] += 1
        }
        let whole = usual.reduce(0, +)
        return counts.map { own in
            let rows = own.reduce(1, +)
            return zip(own, usual).map { ($0 + $1 / whole) / rows }
        }
    }

    /// How often each label is the likeliest under a mix.
    private static func expected(_ rates: [[Double]], _ shares: [Double]) -> [Double] {
        shares.indices.map { predicted in
            zip(rates, shares).reduce(0) { $0 + $1.0[predicted] * $1.1 }
        }
    }

    private static func round(
        _ counts: [Int], _ rates: [[Double]], _ shares: [Double], _ training: [Double]
    ) -> [Double] {
        let expected = expected(rates, shares)
        let added = Double(shares.count)
        let whole = Double(counts.reduce(0, +)) + added
        return shares.indices.map { label in
            var sum = added * training[label]
            for (predicted, count) in counts.enumerated() where count > 0 {
                sum += Double(count) * rates[label][predicted] * shares[label] / expected[predicted]
            }
            return sum / whole
        }
    }

    /// The 95 % quantile of χ², by Wilson and Hilferty (1931).
    private static func chance(degrees: Int) -> Double {
        guard degrees > 0 else { return .infinity }
        let variance = 2 / (9 * Double(degrees))
        return Double(degrees) * Double.pow(1 - variance + 1.6448536269514722 * variance.squareRoot(), 3)
    }
}
