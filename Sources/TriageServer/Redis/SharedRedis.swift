package import Logging
internal import Metrics
internal import NIOPosix
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
package import TriageLLM
internal import TriageRedis
package import TriageSettings

/// The Redis that several processes share: one connection for their limits and for a language model's replies.
///
/// Its address may lie in a file. When that changes, the service goes over to the new one without losing the old before
/// it stands; one that cannot be used changes nothing but the log, and is tried again.
package final class SharedRedis: Service, Sendable {
    /// The client.
    let client: RedisClient
    private let secret: Secret
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var inForce: String
        var refused: (url: String, until: ContinuousClock.Instant)?
    }

    /// How long an address that could not be used is left alone, unless it changes.
    private static let pause = Duration.seconds(5)

    /// The Redis that settings name; nil where they name none, or nothing is shared.
    ///
    /// - Parameters:
    ///   - settings: The service's settings.
    ///   - logger: Where losing, finding and changing the server is logged.
    /// - Throws: `AccessError` when the address or the trusted certificates cannot be used.
    package convenience init?(_ settings: ServiceSettings, logger: Logger) throws(AccessError) {
        let limits = settings.limits
        let isLimited =
            limits.ratePerKey > 0 || limits.ratePerAddress > 0 || limits.bytesPerKey > ByteCount(0)
            || limits.bytesPerAddress > ByteCount(0)
        let hasReplies = settings.llm.url != nil && settings.llm.cache > .zero
        guard let redis = limits.redis, isLimited || hasReplies else { return nil }
        do throws(RedisError) {
            try self.init(redis, RedisOptions(trustFile: limits.redisCA), logger: logger)
        } catch {
            throw .redis(error)
        }
    }

    /// What becomes of the connection is logged and shown as `triage_redis_up`.
    init(_ secret: Secret, _ options: RedisOptions, logger: Logger) throws(RedisError) {
        let url = secret.current
        let address = try RedisAddress(url)
        let up = Gauge(label: "triage_redis_up")
        up.record(0)
        client = try RedisClient(address, options: options, group: MultiThreadedEventLoopGroup.singleton) {
            error in
            up.record(error == nil ? 1 : 0)
            if let error {
                logger.warning(
                    "limits are this process's own until Redis is back",
                    metadata: ["error": "\(error.safeDescription)"])
            } else {
                logger.info("limits are shared through Redis")
            }
        }
        (self.secret, self.logger) = (secret, logger)
        state = Mutex(State(inForce: url))
        client.start()
    }

    /// A cache of a language model's replies.
    package var replies: any ReplyCache { RedisReplyCache(redis: client) }

    /// Looks once a second whether the address changed, until the service ends; then closes the connection.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                await self.refresh()
            }
        }
        await client.close()
    }

    /// Goes over to the address of this moment, if it is another one.
    func refresh() async {
        let url = secret.current
        let isDue = state.withLock { state in
            if url == state.inForce { state.refused = nil }
            if let refused = state.refused, refused.url == url { return refused.until <= .now }
            return url != state.inForce
        }
        guard isDue else { return }
        do throws(RedisError) {
            let address = try RedisAddress(url)
            try await client.move(to: address)
            state.withLock { $0 = State(inForce: url) }
            logger.notice("Redis is asked at its new address", metadata: ["redis": "\(address)"])
        } catch {
            let isNews = state.withLock { state in
                defer { state.refused = (url, .now + Self.pause) }
                return state.refused?.url != url
            }
            guard isNews else { return }
            logger.error(
                "the Redis address of before stays in use", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
