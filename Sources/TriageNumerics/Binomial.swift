internal import RealModule

/// Counts of independent events of equal probability.
package enum Binomial {
    /// P(X ≤ `events`) for X of `trials` with the given probability, by summing the mass function.
    ///
    /// - Complexity: O(events).
    package static func cumulative(_ events: Int, of trials: Int, probability: Double) -> Double {
        precondition(trials >= 0 && (0...1).contains(probability), "\(trials) trials at \(probability)")
        guard events >= 0 else { return 0 }
        guard events < trials, probability > 0 else { return 1 }
        guard probability < 1 else { return 0 }
        let (yes, no) = (Double.log(probability), Double.log(onePlus: -probability))
        var mass = Double(trials) * no
        var sum = Double.exp(mass)
        for event in 0..<events {
            mass += Double.log(Double(trials - event)) - Double.log(Double(event + 1)) + yes - no
            sum += Double.exp(mass)
        }
        return min(sum, 1)
    }

    /// The largest probability of success that `successes` of `trials` refute at the given error, one-sided.
    ///
    /// Clopper and Pearson (1934): the p at which P(X ≥ successes) equals the error; 0 without a success.
    package static func lowerBound(_ successes: Int, of trials: Int, error: Double) -> Double {
        guard successes > 0 else { return 0 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            // P(X ≥ successes | p) = P(failures ≤ trials − successes | 1 − p).
            if cumulative(trials - successes, of: trials, probability: 1 - middle) <= error {
                low = middle
            } else {
                high = middle
            }
        }
        return low
    }

    /// The smallest probability of success that `successes` of `trials` refute from above; 1 without a failure.
    package static func upperBound(_ successes: Int, of trials: Int, error: Double) -> Double {
        1 - lowerBound(trials - successes, of: trials, error: error)
    }
}
