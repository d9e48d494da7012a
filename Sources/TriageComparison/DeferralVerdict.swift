package import TriageEvaluation
internal import TriageNumerics

/// Whether it pays to send the least sure tickets to the language model, and which share of them.
///
/// The best share of a curve looks better than it is: it was picked for looking good. So the threshold is chosen on one
/// half of the rows, drawn at random with a fixed seed, and judged on the other half, which had no part in the choice.
package struct DeferralVerdict: Sendable {
    /// The result on the judging half.
    package enum Outcome: String, Sendable {
        /// Accuracy rises, by more than chance gives.
        case pays
        /// No share is better than none on the choosing half, or on the other half the interval of the gain ends below a
        /// point.
        case doesNotHelp = "does_not_help"
        /// The gain may be nothing, a point or more: these rows cannot tell.
        case unclear
        /// Too few rows for two halves.
        case tooFewRows = "too_few_rows"
    }

    /// The threshold that the choosing half likes best, and what it is worth there and on the other half.
    package struct Choice: Sendable, Equatable {
        /// Tickets go to the model when the engine's probability is below this; nil for every ticket.
        package var threshold: Float?
        /// The share of all rows that this is.
        package var share: Double
        /// The gain in accuracy on the half that chose.
        package var chosenGain: Double
        /// The gain on the other half.
        package var gain: Estimate
        /// Rows of the other half that only LLM mode has right, among those sent.
        package var onlyModel: Int
        /// Rows of the other half that only the engine has right, among those sent.
        package var onlyEngine: Int
        /// McNemar's mid-p on the other half.
        package var midP: Double
    }

    /// The answer.
    package let outcome: Outcome
    /// What was chosen; nil when the choosing half likes no share better than none.
    package let choice: Choice?
    /// Rows that chose.
    package let choosingRows: Int
    /// Rows that judged.
    package let judgingRows: Int

    /// The fewest rows that are halved.
    package static let minimumRows = 40
    private static let significance = 0.05
    private static let negligibleGain = 0.01
    private static let seed: UInt64 = 0x6861_6C76_6573

    init(_ field: PairedField) {
        let (choosing, judging) = DeferralVerdict.halves(field.answers)
        (choosingRows, judgingRows) = (choosing.count, judging.count)
        guard field.answers.count >= DeferralVerdict.minimumRows else {
            (outcome, choice) = (.tooFewRows, nil)
            return
        }
        guard let (threshold, chosenGain) = DeferralVerdict.choose(choosing) else {
            (outcome, choice) = (.doesNotHelp, nil)
            return
        }
        let isSent = { (answer: PairedField.Answer) in threshold.map { answer.confidence < $0 } ?? true }
        let steps = judging.map { isSent($0) ? $0.step : 0 }
        let (better, worse) = (steps.count { $0 > 0 }, steps.count { $0 < 0 })
        let midP = PairedComparison.mcNemar(better, worse).midP
        let choice = Choice(
            threshold: threshold,
            share: Double(field.answers.count(where: isSent)) / Double(field.answers.count),
            chosenGain: chosenGain, gain: DeferralVerdict.mean(steps), onlyModel: better, onlyEngine: worse,
            midP: midP)
        self.choice = choice
        let isGain = choice.gain.low ?? 0 > 0 && midP < DeferralVerdict.significance
        let isSmall = choice.gain.high ?? 0 < DeferralVerdict.negligibleGain
        outcome = isGain ? .pays : isSmall ? .doesNotHelp : .unclear
    }

    /// Two halves at random, the same each time.
    private static func halves(_ answers: [PairedField.Answer]) -> (
        [PairedField.Answer], [PairedField.Answer]
    ) {
        var generator = SplitMix64(seed: seed)
        let shuffled = answers.sorted { $0.row < $1.row }.shuffled(using: &generator)
        let half = shuffled.count / 2
        return (Array(shuffled[..<half]), Array(shuffled[half...]))
    }

    /// The threshold with the largest gain, of equal ones that which sends fewest; nil when none has a gain.
    private static func choose(_ answers: [PairedField.Answer]) -> (threshold: Float?, gain: Double)? {
        let sorted = DeferralCurve.leastSureFirst(answers)
        var (sum, best) = (0, 0)
        var threshold: Float??
        for (place, answer) in sorted.enumerated() {
            sum += answer.step
            let next = place + 1 < sorted.count ? sorted[place + 1].confidence : nil
            // Rows that are equally sure go together.
            guard next != answer.confidence, sum > best else { continue }
            (best, threshold) = (sum, .some(next))
        }
        return threshold.map { ($0, Double(best) / Double(sorted.count)) }
    }

    private static func mean(_ steps: [Int]) -> Estimate {
        var samples: [Double] = []
        Bootstrap.forEach(rows: steps.count) { weights in
            var sum = 0
            for row in steps.indices { sum += Int(weights[row]) * steps[row] }
            samples.append(Double(sum) / Double(steps.count))
        }
        let interval = samples.interval
        let value = Double(steps.reduce(0, +)) / Double(max(steps.count, 1))
        return Estimate(value: value, low: interval?.low, high: interval?.high)
    }
}
