internal import TriageModel

/// When a ticket that failed is tried again: later each time, and not all at once.
struct Backoff: Sendable {
    /// Milliseconds before the first retry.
    var first: Double
    /// Milliseconds at most.
    var maximum: Double
    var seed: UInt64

    init(_ options: QueueOptions, seed: UInt64) {
        (first, maximum, self.seed) = (options.backoff * 1000, options.maximumBackoff * 1000, seed)
    }

    /// Milliseconds to wait after the `attempt`th delivery failed: half of first · 2^(attempt − 1), and up to as much
    /// again, which seed, ticket and attempt alone decide.
    func delay(_ ticket: Int64, attempt: Int) -> Int64 {
        let whole = min(maximum, first * Double(sign: .plus, exponent: min(attempt - 1, 40), significand: 1))
        return Int64(whole * (0.5 + 0.5 * fraction(ticket, attempt)))
    }

    private func fraction(_ ticket: Int64, _ attempt: Int) -> Double {
        let digest = SHA256.digest(Array("\(seed) \(ticket) \(attempt)".utf8))
        let bits = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53
    }
}
