internal import RealModule

/// Evidence that an event has become more frequent than a limit, in a sequence that is looked at as often as one likes.
///
/// An e-detector (Shin, Ramdas and Rinaldo, 2022): for each alternative rate q the Shiryaev–Roberts sum
/// M ← (M + 1) · L, where L is the likelihood ratio q ÷ limit of a trial with the event and (1 − q) ÷ (1 − limit) of one
/// without; `evidence` is the mean of these sums. While the rate is at most the limit, its mean after n trials is at most n,
/// so that an alarm at `evidence` ≥ c comes not more often than once in c trials on average, however often one looks, and a
/// change long after the start is found as soon as one at the start.
package struct RateDetector: Sendable {
    /// The rate that is still good.
    package let limit: Double
    private let alternatives: [Double]
    private var sums: [Double]
    /// Trials so far.
    package private(set) var trials = 0

    /// A sum that has overflowed tells no more.
    private static let maximum = 1e300

    /// Detects rates from `limit` on, best those that are a multiple of it.
    package init(limit: Double, multiples: [Double] = [1.5, 2, 4, 10]) {
        let limit = min(max(limit, 1e-9), 0.999)
        self.limit = limit
        // Multiples beyond what a probability can be become a rate half way to 1.
        alternatives = multiples.map { $0 * limit < (1 + limit) / 2 ? $0 * limit : (1 + limit) / 2 }
        sums = multiples.map { _ in 0 }
    }

    /// Takes in one trial.
    package mutating func observe(_ happened: Bool) {
        if happened { observeEvent(afterTrials: trials + 1) } else { skip(to: trials + 1) }
    }

    /// Takes in an event in trial number `trial`, from 1, and none in those since the last one.
    package mutating func observeEvent(afterTrials trial: Int) {
        skip(to: trial - 1)
        for place in sums.indices {
            sums[place] = min((sums[place] + 1) * alternatives[place] / limit, RateDetector.maximum)
        }
        trials = trial
    }

    /// Takes in trials without the event up to a number.
    ///
    /// With r = (1 − q) ÷ (1 − limit) < 1, n of them make of M: rⁿ · M + r · (1 − rⁿ) ÷ (1 − r).
    package mutating func skip(to trial: Int) {
        guard trial > trials else { return }
        for place in sums.indices {
            let ratio = (1 - alternatives[place]) / (1 - limit)
            let power = Double.pow(ratio, Double(trial - trials))
            sums[place] = power * sums[place] + ratio * (1 - power) / (1 - ratio)
        }
        trials = trial
    }

    /// The evidence after the trials so far.
    package var evidence: Double { sums.reduce(0) { $0 + $1 / Double(sums.count) } }
}
