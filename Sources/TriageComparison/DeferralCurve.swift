package import TriageEvaluation

/// What accuracy would be if the tickets that the engine is least sure of went to the language model.
package struct DeferralCurve: Sendable {
    /// One share of tickets.
    package struct Point: Sendable, Equatable {
        /// The share that goes to the model, 0 … 1.
        package var share: Double
        /// How many rows that is.
        package var rows: Int
        /// The least probability among rows that stay; nil when none does.
        package var threshold: Float?
        /// Accuracy of all rows, the engine's and the model's answers together.
        package var accuracy: Double
        /// Accuracy less that of the engine alone; the interval is of rows resampled and ordered anew.
        package var gain: Estimate
    }

    /// Every twentieth of the rows, from none to all.
    package let points: [Point]

    private static let steps = 20

    init(_ field: PairedField) {
        let answers = DeferralCurve.leastSureFirst(field.answers)
        let rows = answers.count
        let correct = answers.count { $0.engine == $0.gold }
        let steps = answers.map { $0.step }
        let shares = (0...DeferralCurve.steps).map { Double($0) / Double(DeferralCurve.steps) }
        let ones = [Int32](repeating: 1, count: rows)
        let gains = DeferralCurve.gains(steps, ones, shares)
        var samples = [[Double]](repeating: [], count: shares.count)
        Bootstrap.forEach(rows: rows > 1 ? rows : 0) { weights in
            for (place, gain) in DeferralCurve.gains(steps, weights, shares).enumerated() {
                samples[place].append(gain)
            }
        }
        points = shares.indices.map { place in
            let interval = samples[place].interval
            let deferred = place * rows / DeferralCurve.steps
            return Point(
                share: shares[place], rows: deferred,
                threshold: deferred < rows ? answers[deferred].confidence : nil,
                accuracy: Double(correct) / Double(max(rows, 1)) + gains[place],
                gain: Estimate(value: gains[place], low: interval?.low, high: interval?.high))
        }
    }

    /// Rows by rising confidence, equal ones in the data's order.
    static func leastSureFirst(_ answers: [PairedField.Answer]) -> [PairedField.Answer] {
        answers.sorted { ($0.confidence, $0.row) < ($1.confidence, $1.row) }
    }

    /// The gain at each of rising shares of weighted rows; a row that a share cuts counts in part.
    private static func gains(_ steps: [Int], _ weights: [Int32], _ shares: [Double]) -> [Double] {
        let rows = Double(steps.count)
        guard rows > 0 else { return shares.map { _ in 0 } }
        var (row, covered, sum) = (0, 0.0, 0.0)
        return shares.map { share in
            let wanted = share * rows
            while row < steps.count, covered + Double(weights[row]) <= wanted {
                covered += Double(weights[row])
                sum += Double(Int(weights[row]) * steps[row])
                row += 1
            }
            let rest = row < steps.count ? (wanted - covered) * Double(steps[row]) : 0
            return (sum + rest) / rows
        }
    }
}
