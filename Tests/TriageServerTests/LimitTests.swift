import HTTPTypes
import NIOCore
import NIOPosix
import ServerTestSupport
import Testing
import TriageRedis
import TriageSettings

@testable import TriageServer

struct LimitTests {
    private let limit = RateLimit(quota: 4, window: .seconds(2))

    @Test func `a bucket gives its tokens at once, and one more in each part of the window`() {
        var fullAt: Int64 = .min
        let start: Int64 = 1_000_000
        let first = (0..<6).map { _ in TokenBucket.take(&fullAt, now: start, limit) }
        #expect(first.map(\.isAllowed) == [true, true, true, true, false, false])
        #expect(first.map(\.remaining) == [3, 2, 1, 0, 0, 0])
        #expect(first[4].untilNext == 500_000 && first[4].untilFull == 2_000_000)
        #expect(!TokenBucket.take(&fullAt, now: start + 499_999, limit).isAllowed)
        #expect(TokenBucket.take(&fullAt, now: start + 500_000, limit).isAllowed)
        #expect(!TokenBucket.take(&fullAt, now: start + 500_001, limit).isAllowed)
        #expect(TokenBucket.take(&fullAt, now: start + 60_000_000, limit).remaining == 3)
    }

    @Test func `over any time no caller gets more than its bucket and its rate`() {
        let table = BucketTable(capacity: 64)
        var allowed = 0
        for step in 0..<10_000 where table.take(.key("a"), limit, now: Int64(step) * 1000).isAllowed {
            allowed += 1
        }
        #expect(allowed == 4 + 10_000 * 1000 / 500_000 - 1)
    }

    @Test func `a flood of others does not refill the bucket that was just emptied`() {
        let table = BucketTable(capacity: 512)
        for _ in 0..<4 { _ = table.take(.key("victim"), limit, now: 0) }
        for other in 0..<100_000 { _ = table.take(.key("\(other)"), limit, now: 1) }
        #expect(!table.take(.key("victim"), limit, now: 2).isAllowed)
    }

    @Test func `a rate and a burst make a bucket`() {
        #expect(RateLimit(perSecond: 100, burst: .seconds(2)) == RateLimit(quota: 200, window: .seconds(2)))
        #expect(RateLimit(perSecond: 0.1, burst: .seconds(1)) == RateLimit(quota: 1, window: .seconds(10)))
        #expect(RateLimit(perSecond: 0, burst: .seconds(2)) == nil)
    }

    @Test func `many tokens at once are taken only where there are as many, and at most a full bucket`() {
        var fullAt: Int64 = .min
        #expect(TokenBucket.take(&fullAt, now: 0, limit, cost: 3).remaining == 1)
        let refused = TokenBucket.take(&fullAt, now: 0, limit, cost: 3)
        #expect(!refused.isAllowed && refused.remaining == 1 && refused.untilNext == 1_000_000)
        #expect(TokenBucket.take(&fullAt, now: 1_000_000, limit, cost: 3).isAllowed)
        #expect(!TokenBucket.take(&fullAt, now: 2_500_000, limit, cost: 4).isAllowed)
        #expect(TokenBucket.take(&fullAt, now: 3_000_000, limit, cost: 4).remaining == 0)
        #expect(!TokenBucket.take(&fullAt, now: 4_500_000, limit, cost: 100).isAllowed)
        #expect(TokenBucket.take(&fullAt, now: 5_000_000, limit, cost: 100).remaining == 0)
    }

    @Test func `bytes have a bucket of their own, counted in kilobytes`() async throws {
        let limiter = RequestLimiter(
            keyLimit: limit, addressLimit: nil,
            keyBytes: RateLimit(bytesPerSecond: ByteCount(1 << 20), burst: .seconds(1)))
        #expect(await limiter.takeBytes(.local, kilobytes: 9999) == nil)
        #expect(await limiter.takeBytes(.key("k"), kilobytes: 1000)?.isAllowed == true)
        #expect(await limiter.takeBytes(.key("k"), kilobytes: 1000)?.isAllowed == false)
        #expect(await limiter.takeBytes(.key("other"), kilobytes: 1000)?.isAllowed == true)
        #expect(await limiter.take(.key("k"))?.remaining == 3)
    }

    /// A service in which each address may send 64 KB of bodies at once, and again in every window.
    private func withLimitedBytes<Value: Sendable>(
        window: Duration, _ body: @Sendable @escaping (LiveServer) async throws -> Value
    ) async throws -> Value {
        let bytes = RateLimit(quota: 64, window: window)
        return try await LiveServer.run(
            change: {
                $0.access.limiter = RequestLimiter(keyLimit: nil, addressLimit: nil, addressBytes: bytes)
            }, body)
    }

    @Test func `a body over its sender's bytes gets 429 and when to come again`() async throws {
        try await withLimitedBytes(window: .seconds(60)) { server in
            let body = #"{"body":"\#(String(repeating: "locked ", count: 5000))"}"#
            #expect(try await server.ask("POST", "/v1/triage", json: body).status == 200)
            let refused = try await server.ask("POST", "/v1/triage", json: body)
            #expect(refused.status == 429 && refused.object["code"] as? String == "bytes_limited")
            #expect(Int(refused.headers["retry-after"] ?? "") ?? 0 > 0)
            #expect(try await server.ask("GET", "/v1/models").status == 200, "no body, no limit")
        }
    }

    @Test func `a body larger than a full bucket gets 413, at once and for good`() async throws {
        try await withLimitedBytes(window: .seconds(60)) { server in
            let body = #"{"body":"\#(String(repeating: "locked ", count: 10_000))"}"#
            let refused = try await server.ask("POST", "/v1/triage", json: body)
            #expect(refused.status == 413 && refused.object["code"] as? String == "bytes_over_burst")
            #expect(refused.headers["retry-after"] == nil)
            let detail = try #require(refused.object["detail"] as? String)
            #expect(detail.contains("69 KB") && detail.contains("64 KB") && detail.contains("limits.burst"))
            let fitting = #"{"body":"\#(String(repeating: "locked ", count: 5000))"}"#
            #expect(try await server.ask("POST", "/v1/triage", json: fitting).status == 200)
        }
    }

    @Test func `a body over the service's own limit gets 413, whatever the byte rate`() async throws {
        let bytes = RateLimit(quota: 64, window: .seconds(60))
        var options = ServerOptions()
        options.maximumBody = 40_000
        try await LiveServer.run(
            options,
            change: {
                $0.access.limiter = RequestLimiter(keyLimit: nil, addressLimit: nil, addressBytes: bytes)
            }
        ) { server in
            let body = #"{"body":"\#(String(repeating: "locked ", count: 10_000))"}"#
            for _ in 0..<3 {
                let refused = try await server.ask("POST", "/v1/triage", json: body)
                #expect(refused.status == 413 && refused.object["code"] as? String == "too_large")
                #expect((refused.object["detail"] as? String)?.contains("limits.body") == true)
            }
        }
    }

    @Test func `a piece of a batch larger than a full bucket waits for its bytes too`() async throws {
        let bytes = RateLimit(quota: 4, window: .milliseconds(400))
        let meter = try #require(
            ByteMeter(RequestLimiter(keyLimit: nil, addressLimit: nil, addressBytes: bytes), .local))
        let begin = ContinuousClock.now
        let piece = ByteBuffer(repeating: 0x20, count: 12 << 10)
        #expect(await meter.pass(piece) == piece)
        // 12 KB at 4 KB in 400 ms, of which the first 4 come at once.
        #expect(ContinuousClock.now - begin > .milliseconds(750))
    }

    @Test func `a batch over its sender's bytes is read more slowly, and answered whole`() async throws {
        try await withLimitedBytes(window: .seconds(1)) { server in
            let line = #"{"body":"\#(String(repeating: "locked ", count: 140))"}"# + "\n"
            let lines = String(repeating: line, count: 192)
            let begin = ContinuousClock.now
            let answer = try await server.ask("POST", "/v1/triage/batch", Array(lines.utf8))
            #expect(answer.status == 200 && answer.text.split(separator: "\n").count == 192)
            // 190 KB at 64 KB a second, of which the first 64 come at once.
            #expect(ContinuousClock.now - begin > .milliseconds(1500))
        }
    }

    @Test func `what a caller is told is in whole seconds`() {
        var fullAt: Int64 = .min
        let allowed = TokenBucket.take(&fullAt, now: 0, limit).fields(for: .key("k"))
        #expect(allowed[.rateLimitPolicy] == #""key";q=4;w=2"# && allowed[.rateLimit] == #""key";r=3;t=1"#)
        for _ in 0..<4 { _ = TokenBucket.take(&fullAt, now: 0, limit) }
        let refused = TokenBucket.take(&fullAt, now: 0, limit).problem(for: .local)
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "1")
        #expect(refused.headers[.rateLimit] == #""address";r=0;t=1"#)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:0:0:0:0"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2:0:0:0:0"), ("::1", "0:0:0:0:0:0:0:0"),
    ])
    func `an address counts as its subscriber's network`(text: String, network: String) {
        #expect(IPAddress(text)?.network.description == network)
    }

    @Test func `blocks hold their addresses`() throws {
        let ten = try #require(AddressBlock("10.1.0.0/15"))
        #expect(
            try [("10.0.255.255", true), ("10.1.2.3", true), ("10.2.0.0", false), ("11.0.0.1", false)]
                .allSatisfy {
                    ten.contains(try #require(IPAddress($0.0))) == $0.1
                })
        let six = try #require(AddressBlock("2001:db8::/33"))
        #expect(six.contains(try #require(IPAddress("2001:db8:7fff::1"))))
        #expect(!six.contains(try #require(IPAddress("2001:db8:8000::1"))))
        #expect(AddressBlock("0.0.0.0/0")?.contains(try #require(IPAddress("2001:db8::1"))) == false)
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "ten", "::/129", "10.0.0.0/"] {
            #expect(AddressBlock(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1, 203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.9:4711"], "203.0.113.9"),
        ("10.0.0.1", ["[2001:db8::9]:443"], "2001:db8:0:0:0:0:0:9"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", ["10.0.0.2, 10.0.0.3"], "10.0.0.2"),
    ])
    func `only proxies are believed about where a request comes from`(
        socket: String, forwarded: [String], client: String
    ) throws {
        let finder = ClientAddress(proxies: [try #require(AddressBlock("10.0.0.0/8"))])
        let address = try SocketAddress(ipAddress: socket, port: 1)
        #expect(finder.find(socket: address, forwarded: forwarded)?.description == client)
    }
}

/// Buckets in a real redis-server.
struct SharedLimitTests {
    private static let options = RedisOptions(
        commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
        maximumPause: .milliseconds(100))

    private func buckets(_ server: RedisServer) throws -> SharedBuckets {
        SharedBuckets(try client(server))
    }

    private func client(_ server: RedisServer) throws -> RedisClient {
        try RedisClient(
            RedisAddress(server.url), options: Self.options, group: MultiThreadedEventLoopGroup.singleton)
    }

    @Test func `several servers empty one bucket, and it fills again`() async throws {
        let server = try RedisServer()
        let limit = RateLimit(quota: 5, window: .seconds(1))
        let clients = [try client(server), try client(server)]
        let (one, other) = (SharedBuckets(clients[0]), SharedBuckets(clients[1]))
        var decisions: [RateDecision] = []
        for round in 0..<8 {
            decisions.append(try await (round % 2 == 0 ? one : other).take(.key("k"), limit))
        }
        #expect(decisions.prefix(5).allSatisfy(\.isAllowed) && decisions[0].remaining == 4)
        #expect(decisions.filter { !$0.isAllowed }.count >= 2)
        #expect(try await one.take(.key("other"), limit).isAllowed)
        #expect(await eventually { (try? await one.take(.key("k"), limit))?.isAllowed ?? false })
        for client in clients { await client.close() }
    }

    @Test func `what Redis keeps goes by itself`() async throws {
        let server = try RedisServer()
        let redis = try client(server)
        _ = try await SharedBuckets(redis).take(.key("k"), RateLimit(quota: 1, window: .milliseconds(200)))
        #expect(
            await eventually {
                (try? await redis.command(["EXISTS", "triage:limit:key:k"])) == .integer(0)
            })
        await redis.close()
    }

    @Test func `without Redis a process counts for itself, at once, and with Redis again when it is back`()
        async throws
    {
        let server = try RedisServer()
        let limiter = RequestLimiter(
            keyLimit: RateLimit(quota: 3, window: .seconds(600)), addressLimit: nil,
            shared: try buckets(server))
        func allowed() async -> Int {
            var count = 0
            for _ in 0..<5 where await limiter.take(.key("k"))?.isAllowed == true { count += 1 }
            return count
        }
        #expect(await limiter.take(.local) == nil)
        #expect(await allowed() == 3)
        server.end()
        let start = ContinuousClock.now
        #expect(await allowed() == 3, "its own bucket is full")
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(await allowed() == 0)
        try server.startAgain()
        // The server came back empty, so its bucket is full: that an answer is yes again says it is asked.
        #expect(await eventually { await limiter.take(.key("k"))?.isAllowed == true })
    }
}
