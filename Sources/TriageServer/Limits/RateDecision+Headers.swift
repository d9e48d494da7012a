internal import HTTPTypes

/// How a limit is told to its caller: the fields of draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After`.
extension RateDecision {
    /// `RateLimit` and `RateLimit-Policy`; times in seconds, rounded up.
    func fields(for caller: LimitedCaller) -> HTTPFields {
        let policy = if case .key = caller { "key" } else { "address" }
        return [
            .rateLimitPolicy: "\"\(policy)\";q=\(limit.quota);w=\(Self.seconds(limit.windowMicroseconds))",
            .rateLimit: "\"\(policy)\";r=\(remaining);t=\(Self.seconds(isAllowed ? untilFull : untilNext))",
        ]
    }

    /// The answer to a request that is one too many.
    func problem(for caller: LimitedCaller) -> Problem {
        let wait = Self.seconds(untilNext)
        var fields = fields(for: caller)
        fields[.retryAfter] = String(wait)
        return Problem(
            .tooManyRequests, "rate_limited",
            "Over \(limit.quota) requests in \(Self.seconds(limit.windowMicroseconds)) s; try again in \(wait) s.",
            headers: fields)
    }

    /// The answer to a request whose body is over the bytes that its caller may send.
    var bytesProblem: Problem {
        let wait = Self.seconds(untilNext)
        return Problem(
            .tooManyRequests, "bytes_limited",
            "Over \(limit.quota) KB of bodies in \(Self.seconds(limit.windowMicroseconds)) s; try again in \(wait) s.",
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
