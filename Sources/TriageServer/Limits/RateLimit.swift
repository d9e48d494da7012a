/// A token bucket: so many requests at once, and as many again in every window.
public struct RateLimit: Sendable, Equatable {
    /// Tokens of a full bucket.
    public var quota: Int
    /// The time in which an empty bucket fills.
    public var window: Duration

    /// A bucket of `quota` tokens, at least one, that fills within `window`.
    public init(quota: Int, window: Duration) {
        precondition(quota > 0 && window > .zero, "a limit of \(quota) in \(window)")
        self.quota = quota
        self.window = window
    }

    var windowMicroseconds: Int64 { max(1, window.microseconds) }
    /// The time of one token.
    var tokenMicroseconds: Int64 { max(1, windowMicroseconds / Int64(quota)) }
}

/// What a bucket said to one request.
struct RateDecision: Sendable, Equatable {
    var limit: RateLimit
    var isAllowed: Bool
    /// Time until the bucket is full again, in microseconds.
    var untilFull: Int64

    /// Requests that would be allowed right now.
    var remaining: Int {
        Int(max(0, limit.windowMicroseconds - untilFull) / limit.tokenMicroseconds)
    }

    /// Time until the next token, in microseconds; 0 when there is one.
    var untilNext: Int64 {
        max(0, untilFull + limit.tokenMicroseconds - limit.windowMicroseconds)
    }
}

/// The bucket's whole state is one time: when it will be full again (the generic cell rate algorithm).
///
/// A bucket that was full long ago needs no state at all, so an unknown caller and a forgotten one are the same.
enum TokenBucket {
    /// Takes a token, when there is one.
    ///
    /// - Parameters:
    ///   - fullAt: The state, in microseconds of any clock; it moves forward when the request is allowed.
    ///   - now: The time by the same clock.
    ///   - limit: The bucket's size and speed.
    /// - Returns: Whether there was one, and how the bucket is now.
    static func take(_ fullAt: inout Int64, now: Int64, _ limit: RateLimit) -> RateDecision {
        let before = max(fullAt, now)
        let after = before + limit.tokenMicroseconds
        guard after - now <= limit.windowMicroseconds else {
            return RateDecision(limit: limit, isAllowed: false, untilFull: before - now)
        }
        fullAt = after
        return RateDecision(limit: limit, isAllowed: true, untilFull: after - now)
    }
}

extension Duration {
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
