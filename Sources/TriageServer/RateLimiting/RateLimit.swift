internal import HTTPTypes
internal import TriageData

/// The size and rate of a token bucket.
package struct RateLimit: Sendable, Equatable {
    package var quota: Int
    /// The time in which an empty bucket fills.
    package var window: Duration

    package init(quota: Int, window: Duration) {
        precondition(quota > 0 && window > .zero, "a limit needs tokens and time, not \(quota) in \(window)")
        self.quota = quota
        self.window = window
    }

    var windowMicroseconds: Int64 { max(1, window.microseconds) }
    var tokenMicroseconds: Int64 { max(1, windowMicroseconds / Int64(quota)) }
    /// The time in which so many tokens arrive, at most a full bucket's.
    func microseconds(of tokens: Int) -> Int64 { Int64(min(tokens, quota)) * tokenMicroseconds }
}

/// The result of taking tokens.
struct RateDecision: Sendable, Equatable {
    var limit: RateLimit
    /// The tokens asked for.
    var cost = 1
    var isAllowed: Bool
    /// Microseconds until the bucket is full.
    var untilFull: Int64

    /// Tokens left.
    var remaining: Int {
        Int(max(0, limit.windowMicroseconds - untilFull) / limit.tokenMicroseconds)
    }

    /// Microseconds until there are enough tokens; 0 when there are.
    var untilNext: Int64 {
        max(0, untilFull + limit.microseconds(of: cost) - limit.windowMicroseconds)
    }
}

/// A token bucket by the generic cell rate algorithm: its state is the time at which it will be full.
///
/// A full bucket needs no state, so an unknown caller and a forgotten one are the same.
enum TokenBucket {
    /// Takes `cost` tokens, at most a full bucket's, if there are enough.
    ///
    /// `fullAt` is the state; it and `now` are microseconds of one clock.
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

/// Answers with the header fields of draft-ietf-httpapi-ratelimit-headers-10.
extension RateDecision {
    /// `RateLimit` and `RateLimit-Policy`, in seconds, rounded up.
    func fields(for caller: LimitedCaller) -> HTTPFields {
        let policy = if case .key = caller { "key" } else { "address" }
        return [
            .rateLimitPolicy: "\"\(policy)\";q=\(limit.quota);w=\(Self.seconds(limit.windowMicroseconds))",
            .rateLimit: "\"\(policy)\";r=\(remaining);t=\(Self.seconds(isAllowed ? untilFull : untilNext))",
        ]
    }

    /// The answer to a request above the rate.
    func problem(for caller: LimitedCaller) -> Problem {
        let wait = Self.seconds(untilNext)
        var fields = fields(for: caller)
        fields[.retryAfter] = String(wait)
        return Problem(
            .tooManyRequests, "rate_limited",
            "More than \(limit.quota.counted("request")) in \(Self.seconds(limit.windowMicroseconds)) s; try again in \(wait) s.",
            headers: fields)
    }

    /// The answer to a body above the byte rate.
    var bytesProblem: Problem {
        guard cost <= limit.quota else {
            return Problem(
                .contentTooLarge, "bytes_over_burst",
                "The body has \(cost) KB; the byte rate of this service lets through at most \(limit.quota) KB at once. "
                    + "Send less at a time. The operator can raise limits.bytes-per-key, limits.bytes-per-address or "
                    + "limits.burst.")
        }
        let wait = Self.seconds(untilNext)
        return Problem(
            .tooManyRequests, "bytes_limited",
            "More than \(limit.quota) KB of bodies in \(Self.seconds(limit.windowMicroseconds)) s; try again in \(wait) s.",
            headers: [.retryAfter: String(wait)])
    }

    private static func seconds(_ microseconds: Int64) -> Int64 {
        max(1, (microseconds + 999_999) / 1_000_000)
    }
}

extension HTTPField.Name {
    static let rateLimit = HTTPField.Name(known: "RateLimit")
    static let rateLimitPolicy = HTTPField.Name(known: "RateLimit-Policy")
    static let forwardedFor = HTTPField.Name(known: "X-Forwarded-For")
    static let apiKey = HTTPField.Name(known: "X-API-Key")
}
