/// A token bucket: so many requests at once, and as many again in every window.
package struct RateLimit: Sendable, Equatable {
    /// Tokens of a full bucket.
    package var quota: Int
    /// The time in which an empty bucket fills.
    package var window: Duration

    /// A bucket of `quota` tokens, at least one, that fills within `window`.
    package init(quota: Int, window: Duration) {
        precondition(quota > 0 && window > .zero, "a limit of \(quota) in \(window)")
        self.quota = quota
        self.window = window
    }

    var windowMicroseconds: Int64 { max(1, window.microseconds) }
    /// The time of one token.
    var tokenMicroseconds: Int64 { max(1, windowMicroseconds / Int64(quota)) }
    /// The time of some tokens; that of a full bucket for more than it holds.
    func microseconds(of tokens: Int) -> Int64 { Int64(min(tokens, quota)) * tokenMicroseconds }
}

/// What a bucket said to one request.
struct RateDecision: Sendable, Equatable {
    var limit: RateLimit
    /// How many tokens were asked for.
    var cost = 1
    var isAllowed: Bool
    /// Time until the bucket is full again, in microseconds.
    var untilFull: Int64

    /// Requests that would be allowed right now.
    var remaining: Int {
        Int(max(0, limit.windowMicroseconds - untilFull) / limit.tokenMicroseconds)
    }

    /// Time until there are as many tokens as were asked for, in microseconds; 0 when there are.
    var untilNext: Int64 {
        max(0, untilFull + limit.microseconds(of: cost) - limit.windowMicroseconds)
    }
}

/// The bucket's whole state is one time: when it will be full again (the generic cell rate algorithm).
///
/// A bucket that was full long ago needs no state at all, so an unknown caller and a forgotten one are the same.
enum TokenBucket {
    /// Takes tokens, when there are as many; a full bucket is enough for any number.
    ///
    /// - Parameters:
    ///   - fullAt: The state, in microseconds of any clock; it moves forward when the request is allowed.
    ///   - now: The time by the same clock.
    ///   - limit: The bucket's size and speed.
    ///   - cost: How many tokens.
    /// - Returns: Whether there were as many, and how the bucket is now.
    static func take(_ fullAt: inout Int64, now: Int64, _ limit: RateLimit, cost: Int = 1) -> RateDecision {
        let before = max(fullAt, now)
        let after = before + limit.microseconds(of: cost)
        guard after - now <= limit.windowMicroseconds else {
            return RateDecision(limit: limit, cost: cost, isAllowed: false, untilFull: before - now)
        }
        fullAt = after
        return RateDecision(limit: limit, cost: cost, isAllowed: true, untilFull: after - now)
    }
}

extension Duration {
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
