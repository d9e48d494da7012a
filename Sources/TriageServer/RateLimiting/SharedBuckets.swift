internal import TriageData
internal import TriageModel
package import TriageRedis

/// Buckets in Redis, shared between servers: one script a request, by the Redis server's clock.
package final class SharedBuckets: Sendable {
    /// Takes tokens in one step.
    ///
    /// The key is the time at which the bucket is full, and expires then. After the clock was set back, nobody
    /// waits longer than a window.
    private static let script = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local window, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
        local full = math.max(now, math.min(tonumber(redis.call('GET', KEYS[1]) or 0), now + window))
        local after = full + cost
        if after - now > window then return {0, full - now} end
        redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
        return {1, after - now}
        """

    private static let scriptName = Hexadecimal.text(Cryptography.sha1(Array(script.utf8)))

    private let redis: RedisClient

    package init(_ redis: RedisClient) { self.redis = redis }

    func take(
        _ caller: LimitedCaller, _ limit: RateLimit, cost: Int = 1
    ) async throws(RedisError) -> RateDecision {
        let arguments = [
            "1", "triage:limit:\(caller.name)", String(limit.windowMicroseconds),
            String(limit.microseconds(of: cost)),
        ]
        let reply: RedisReply
        do throws(RedisError) {
            reply = try await redis.command(["EVALSHA", Self.scriptName] + arguments)
        } catch .replied(let message) where message.hasPrefix("NOSCRIPT") {
            reply = try await redis.command(["EVAL", Self.script] + arguments)
        }
        guard let values = reply.elements, values.count == 2, let allowed = values[0].integer,
            let untilFull = values[1].integer
        else { throw .malformed(reason: "the script's reply is malformed") }
        return RateDecision(limit: limit, cost: cost, isAllowed: allowed == 1, untilFull: untilFull)
    }
}
