package import Logging
internal import Metrics
internal import NIOPosix
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
package import TriageLLM
internal import TriageRedis
package import TriageSettings

/// One Redis connection for limits and for a language model's replies, shared between processes.
///
/// Its address may be in a file. When that changes, the service connects to the new address before it closes
/// the old connection. An address that cannot be used is logged and tried again.
package final class SharedRedis: Service, Sendable {
    let client: RedisClient
    private let secret: Secret
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var current: String
        var refused: (url: String, until: ContinuousClock.Instant)?
    }

    /// The pause before an unusable address is tried again.
    private static let pause = Duration.seconds(5)

    /// The Redis of the settings; nil without an address or without anything to share.
    ///
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

    /// Logs connection changes and sets `triage_redis_up`.
    init(_ secret: Secret, _ options: RedisOptions, logger: Logger) throws(RedisError) {
        let url = secret.current
        let address = try RedisAddress(url)
        let gauge = Gauge(label: "triage_redis_up")
        gauge.record(0)
        client = try RedisClient(address, options: options, group: MultiThreadedEventLoopGroup.singleton) {
            error in
            gauge.record(error == nil ? 1 : 0)
            if let error {
                logger.warning(
                    "Redis is not connected; limits count in this process alone",
                    metadata: ["error": "\(error.safeDescription)"])
            } else {
                logger.info("Redis is connected; limits are shared")
            }
        }
        (self.secret, self.logger) = (secret, logger)
        state = Mutex(State(current: url))
        client.start()
    }

    package var replies: any ReplyCache { RedisReplyCache(redis: client) }

    package func run() async throws {
        await untilShutdown(every: .seconds(1)) { await self.refresh() }
        await client.close()
    }

    /// Moves to the current address if it changed.
    func refresh() async {
        let url = secret.current
        let isDue = state.withLock { state in
            if url == state.current { state.refused = nil }
            if let refused = state.refused, refused.url == url { return refused.until <= .now }
            return url != state.current
        }
        guard isDue else { return }
        do throws(RedisError) {
            let address = try RedisAddress(url)
            try await client.move(to: address)
            state.withLock { $0 = State(current: url) }
            logger.notice("Redis moved to its new address", metadata: ["redis": "\(address)"])
        } catch {
            let isFirstFailure = state.withLock { state in
                defer { state.refused = (url, .now + Self.pause) }
                return state.refused?.url != url
            }
            guard isFirstFailure else { return }
            logger.error(
                "the new Redis address cannot be used; the old one stays in use",
                metadata: ["error": "\(error.safeDescription)"])
        }
    }
}

/// A language model's replies in Redis, shared between processes and kept over restarts.
///
/// Any failure of Redis is a cache miss. Values hold masked text, unencrypted.
struct RedisReplyCache: ReplyCache {
    /// The largest value stored or read, in bytes.
    static let maximumSize = 64 << 10

    let redis: RedisClient

    func value(of key: String) async -> [UInt8]? {
        guard case .bytes(let value)? = try? await redis.command(["GET", Self.name(key)]),
            value.count <= Self.maximumSize
        else { return nil }
        return value
    }

    func keep(_ value: [UInt8], as key: String, for lifetime: Duration) async {
        let milliseconds = Int(lifetime / .milliseconds(1))
        guard value.count <= Self.maximumSize, milliseconds > 0 else { return }
        let words = ["SET", Self.name(key)].map { Array($0.utf8) }
        let end = ["PX", String(milliseconds)].map { Array($0.utf8) }
        _ = try? await redis.command(words + [value] + end)
    }

    private static func name(_ key: String) -> String { "triage:reply:\(key)" }
}
