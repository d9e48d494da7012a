import Foundation
import Logging
import NIOPosix
import ServerTestSupport
import Synchronization
import Testing
import TriageLLM
import TriageRedis
import TriageSettings
import TriageTelemetry

@testable import TriageServer

/// The one Redis of a service, real: its address changes while it is used, and it is left when the service ends.
struct SharedRedisTests {
    private static let options = RedisOptions(
        commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
        maximumPause: .milliseconds(100))

    private func admin(_ server: RedisServer) throws -> RedisClient {
        try RedisClient(
            RedisAddress(server.adminURL), options: Self.options, group: MultiThreadedEventLoopGroup.singleton
        )
    }

    /// How many connections the service's user has.
    private func connections(_ admin: RedisClient) async throws -> Int {
        guard case .bytes(let list) = try await admin.command(["CLIENT", "LIST"]) else { return -1 }
        return String(decoding: list, as: UTF8.self).split(separator: "\n")
            .count { $0.contains(" user=\(RedisServer.user) ") }
    }

    @Test
    func `a new password in the file is used without a restart, and a bad one is logged and waited out`()
        async throws
    {
        let server = try RedisServer()
        let admin = try admin(server)
        let scratch = try Scratch()
        let file = scratch.file("url")
        func write(_ text: String) throws {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        try write(server.url)
        let log = LogLines()
        let redis = try SharedRedis(
            Secret(file: SecretFile(path: file)), Self.options,
            logger: Logger(label: "test") { _ in log.handler })
        let limiter = RequestLimiter(
            keyLimit: RateLimit(quota: 1000, window: .seconds(600_000)), addressLimit: nil,
            shared: SharedBuckets(redis.client))
        func remaining() async -> Int? { await limiter.take(.key("k"))?.remaining }
        #expect(await remaining() == 999)

        // First the file, then the server: until both agree, the old connection serves.
        try write(server.url(password: "hunter2"))
        await redis.refresh()
        #expect(await remaining() == 998)
        try write("not an address, hunter3")
        await redis.refresh()
        await redis.refresh()
        #expect(await remaining() == 997)
        #expect(log.count("stays in use") == 2, "once for each bad address")
        #expect(!log.text.contains("hunter"))

        _ = try await admin.command(["ACL", "SETUSER", RedisServer.user, "resetpass", ">hunter4"])
        try write(server.url(password: "hunter4"))
        await redis.refresh()
        #expect(redis.client.address.password == "hunter4")
        #expect(log.count("new address") == 1 && !log.text.contains("hunter"))
        #expect(try await eventually { try await connections(admin) == 1 })
        #expect(await remaining() == 996, "the shared bucket, not one of this process")
        await redis.client.close()
        await admin.close()
    }

    @Test func `the service looks for a new address by itself, and closes the connection when it ends`()
        async throws
    {
        let server = try RedisServer()
        let admin = try admin(server)
        let scratch = try Scratch()
        let file = scratch.file("url")
        try server.url.write(toFile: file, atomically: true, encoding: .utf8)
        let redis = try SharedRedis(
            Secret(file: SecretFile(path: file)), Self.options,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let rotated = server.url(password: "other")
        try await LiveServer.run(change: { $0.redis = redis }) { service in
            #expect(try await eventually { try await connections(admin) == 1 })
            _ = try await admin.command(["ACL", "SETUSER", RedisServer.user, ">other"])
            try rotated.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(await eventually { redis.client.address.password == "other" })
            #expect(try await service.ask("GET", "/health").status == 200)
        }
        #expect(try await eventually { try await connections(admin) == 0 })
        await #expect(throws: RedisError.closed) { try await redis.client.command(["PING"]) }
        await admin.close()
    }

    @Test(arguments: [
        (100.0, nil, 300, true), (0, nil, 300, false), (0, "http://127.0.0.1:9/v1", 300, true),
        (0, "http://127.0.0.1:9/v1", 0, false),
    ])
    func `settings make one where something is shared`(rate: Double, llm: String?, cache: Int, isMade: Bool)
        async throws
    {
        var settings = ServiceSettings()
        settings.limits.redis = Secret("redis://127.0.0.1:9/0")
        (settings.limits.ratePerKey, settings.limits.ratePerAddress) = (rate, 0)
        (settings.limits.bytesPerKey, settings.limits.bytesPerAddress) = (ByteCount(0), ByteCount(0))
        (settings.llm.url, settings.llm.cache) = (llm, .seconds(cache))
        let redis = try SharedRedis(
            settings, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        #expect((redis != nil) == isMade)
        await redis?.client.close()
    }
}

/// A language model's replies in a real Redis.
struct RedisReplyCacheTests {
    private func client(_ url: String) throws -> RedisClient {
        try RedisClient(
            RedisAddress(url),
            options: RedisOptions(
                commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
                maximumPause: .milliseconds(100)), group: MultiThreadedEventLoopGroup.singleton)
    }

    @Test func `a reply is shared, any byte of it, and goes after its time`() async throws {
        let server = try RedisServer()
        let clients = [try client(server.url), try client(server.url)]
        let (one, other) = (RedisReplyCache(redis: clients[0]), RedisReplyCache(redis: clients[1]))
        let value = Array("{\"text\":\"\r\n\0ü\"}".utf8)
        #expect(await one.value(of: "ab") == nil)
        await one.keep(value, as: "ab", for: .seconds(60))
        #expect(await other.value(of: "ab") == value)
        guard case .integer(let left) = try await clients[0].command(["PTTL", "triage:reply:ab"]) else {
            Issue.record("no time to live")
            return
        }
        #expect((1...60_000).contains(left))
        await one.keep(value, as: "short", for: .milliseconds(50))
        #expect(await eventually { await other.value(of: "short") == nil })
        await one.keep(value, as: "never", for: .zero)
        #expect(await one.value(of: "never") == nil)
        for client in clients { await client.close() }
    }

    @Test func `what is too large is neither kept nor taken`() async throws {
        let server = try RedisServer()
        let client = try client(server.url)
        let cache = RedisReplyCache(redis: client)
        let large = [UInt8](repeating: 0x61, count: RedisReplyCache.maximumSize + 1)
        await cache.keep(large, as: "large", for: .seconds(60))
        #expect(try await client.command(["EXISTS", "triage:reply:large"]) == .integer(0))
        await cache.keep(Array(large.dropLast()), as: "fits", for: .seconds(60))
        #expect(await cache.value(of: "fits")?.count == RedisReplyCache.maximumSize)
        _ = try await client.command([Array("SET".utf8), Array("triage:reply:planted".utf8), large])
        #expect(await cache.value(of: "planted") == nil)
        await client.close()
    }

    @Test func `a Redis that is killed is a miss and nothing more, and serves again when it is back`()
        async throws
    {
        let server = try RedisServer()
        let client = try client(server.url)
        let reply = #"{"category":"Support"}"#
        try await ScriptedServer.run({ _ in [.chat(reply)] }) { model in
            var options = LLMOptions(url: model.url, model: "m")
            options.cache = RedisReplyCache(redis: client)
            let llm = try LLMClient.http(options)
            let request = ChatRequest([.init(.user, "which category?")])
            #expect(try await llm.complete(request).isCached == false)
            #expect(try await llm.complete(request).isCached)
            server.end()
            #expect(await eventually { !client.isConnected })
            let start = ContinuousClock.now
            #expect(try await llm.complete(request).text == reply)
            #expect(ContinuousClock.now - start < .seconds(2))
            #expect(model.captured.count == 2)
            try server.startAgain()
            #expect(await eventually { client.isConnected })
            #expect(try await llm.complete(request).isCached == false, "it came back empty")
            #expect(try await llm.complete(request).isCached)
            await llm.shutdown()
        }
        await client.close()
    }
}

/// What a logger wrote.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func count(_ words: String) -> Int { lines.withLock { $0.count { $0.contains(words) } } }

    var handler: Handler { Handler(lines: self) }

    struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
