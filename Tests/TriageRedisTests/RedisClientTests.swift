import NIOPosix
import ServerTestSupport
import Synchronization
import Testing
import TriageRedis

/// Against a real redis-server.
struct RedisClientTests {
    private static let group = MultiThreadedEventLoopGroup.singleton

    private func client(
        _ url: String,
        _ options: RedisOptions = RedisOptions(commandTime: .seconds(5), connectTime: .seconds(10)),
        onChange: @escaping @Sendable (RedisError?) -> Void = { _ in }
    ) throws -> RedisClient {
        try RedisClient(RedisAddress(url), options: options, group: Self.group, onChange: onChange)
    }

    @Test func `commands are answered, with bytes of any kind and every kind of reply`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url)
        #expect(try await redis.command(["SET", "triage:a", "eins\r\nzwei\0ü"]) == .status("OK"))
        #expect(try await redis.command(["GET", "triage:a"]) == .bytes(Array("eins\r\nzwei\0ü".utf8)))
        #expect(try await redis.command(["GET", "triage:none"]) == .null)
        #expect(try await redis.command(["EXISTS", "triage:a"]) == .integer(1))
        let script = "return {1, 'two', {3, false}}"
        let nested: RedisReply = .array([
            .integer(1), .bytes(Array("two".utf8)), .array([.integer(3), .null]),
        ])
        #expect(try await redis.command(["EVAL", script, "0"]) == nested)
        await redis.close()
        await #expect(throws: RedisError.closed) { try await redis.command(["PING"]) }
    }

    @Test func `an error reply is an error, and the connection goes on`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url)
        let error = await #expect(throws: RedisError.self) { try await redis.command(["GET", "other:a"]) }
        guard case .replied(let message) = error else { throw RedisError.closed }
        #expect(message.hasPrefix("NOPERM"))
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        await redis.close()
    }

    @Test func `a thousand commands at once share one connection and keep their order`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    _ = try await redis.command(["SET", "triage:\(number)", "\(number)"])
                    let reply = try await redis.command(["GET", "triage:\(number)"])
                    #expect(reply == .bytes(Array("\(number)".utf8)))
                }
            }
            try await group.waitForAll()
        }
        await redis.close()
    }

    @Test func `a wrong password is told with the server's words, without the password`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url(password: "wrong"))
        let error = await #expect(throws: RedisError.self) { try await redis.command(["PING"]) }
        let words = error?.description ?? ""
        #expect(words.contains("WRONGPASS") && !words.contains("wrong@") && !words.contains(":wrong"))
        await redis.close()
    }

    @Test func `a server that is killed costs its callers no time, and is used again when it is back`()
        async throws
    {
        let server = try RedisServer()
        let changes = Mutex<[Bool]>([])
        let options = RedisOptions(
            commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
            maximumPause: .milliseconds(200))
        let redis = try client(server.url, options) { error in changes.withLock { $0.append(error == nil) } }
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        server.end()
        #expect(await eventually { !redis.isConnected })
        let start = ContinuousClock.now
        for _ in 0..<1000 {
            await #expect(throws: RedisError.self) { try await redis.command(["PING"]) }
        }
        #expect(ContinuousClock.now - start < .seconds(2))
        try server.startAgain()
        #expect(await eventually { redis.isConnected })
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        #expect(changes.withLock { $0 } == [true, false, true])
        await redis.close()
    }

    @Test func `a server that stands still is given up after one command's time`() async throws {
        let server = try RedisServer()
        let options = RedisOptions(
            commandTime: .milliseconds(200), connectTime: .milliseconds(500), firstPause: .milliseconds(20),
            maximumPause: .milliseconds(200))
        let redis = try client(server.url, options)
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        server.freeze()
        await #expect(throws: RedisError.timedOut(milliseconds: 200)) { try await redis.command(["PING"]) }
        #expect(await eventually { !redis.isConnected })
        let start = ContinuousClock.now
        for _ in 0..<100 { _ = try? await redis.command(["PING"]) }
        #expect(ContinuousClock.now - start < .seconds(1))
        server.thaw()
        #expect(await eventually { redis.isConnected })
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        await redis.close()
    }

    @Test func `more commands than may wait are refused at once`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url, RedisOptions(commandTime: .seconds(1), pendingLimit: 3))
        _ = try await redis.command(["PING"])
        server.freeze()
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do { _ = try await redis.command(["PING"]) } catch RedisError.busy(pending: 3) {
                        return true
                    } catch {}
                    return false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 7)
        server.thaw()
        await redis.close()
    }

    @Test func `under TLS a server is used when its certificate is trusted, and only then`() async throws {
        let certificates = try Certificates()
        let server = try RedisServer(certificates: certificates)
        var options = RedisOptions(commandTime: .seconds(5), connectTime: .seconds(10))
        options.trustFile = certificates.authority
        let redis = try client(server.url, options)
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        await redis.close()

        let others = try Certificates()
        options.trustFile = others.authority
        let wary = try client(server.url, options)
        let error = await #expect(throws: RedisError.self) { try await wary.command(["PING"]) }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await wary.close()
        options.trustFile = "/nowhere.pem"
        let missing = #expect(throws: RedisError.self) { try client(server.url, options) }
        #expect(missing?.description.hasPrefix("/nowhere.pem") == true)
    }

    @Test func `what answers without being Redis is told as such`() async throws {
        let server = try RedisServer(certificates: try Certificates())
        let plain = server.url.replacing("rediss://", with: "redis://")
        let redis = try client(plain, RedisOptions(connectTime: .seconds(3)))
        await #expect(throws: RedisError.self) { try await redis.command(["PING"]) }
        await redis.close()
    }

    @Test func `a client goes over to another password between commands, and uses it ever after`()
        async throws
    {
        let server = try RedisServer()
        let admin = try client(server.adminURL)
        let options = RedisOptions(
            commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
            maximumPause: .milliseconds(100))
        let redis = try client(server.url, options)
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        _ = try await admin.command(["ACL", "SETUSER", RedisServer.user, ">second"])
        let asking = Task {
            var failed = 0
            for _ in 0..<2000 where (try? await redis.command(["PING"])) != .status("PONG") { failed += 1 }
            return failed
        }
        try await redis.move(to: RedisAddress(server.url(password: "second")))
        #expect(await asking.value == 0)
        #expect(redis.address.password == "second")
        // The commands' time later the old connection is closed.
        #expect(try await eventually { try await connections(admin) == 1 })
        _ = try await admin.command(["ACL", "SETUSER", RedisServer.user, "<\(RedisServer.password)"])
        _ = try await admin.command(["CLIENT", "KILL", "USER", RedisServer.user])
        #expect(await eventually { (try? await redis.command(["PING"])) == .status("PONG") })
        await redis.close()
        #expect(try await eventually { try await connections(admin) == 0 })
        await admin.close()
    }

    @Test func `an address that cannot be used changes nothing`() async throws {
        let server = try RedisServer()
        let redis = try client(server.url)
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        let error = await #expect(throws: RedisError.self) {
            try await redis.move(to: RedisAddress(server.url(password: "wrong")))
        }
        guard case .notAdmitted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await #expect(throws: RedisError.self) {
            try await redis.move(to: RedisAddress("redis://127.0.0.1:\(FreePort.next())"))
        }
        #expect(redis.address.password == RedisServer.password)
        #expect(try await redis.command(["PING"]) == .status("PONG"))
        await redis.close()
        await #expect(throws: RedisError.closed) { try await redis.move(to: RedisAddress(server.url)) }
    }

    @Test func `a client whose server is gone goes over to another one, and stays there`() async throws {
        let (old, new) = (try RedisServer(), try RedisServer())
        let options = RedisOptions(
            commandTime: .seconds(5), connectTime: .seconds(5), firstPause: .milliseconds(20),
            maximumPause: .milliseconds(100))
        let redis = try client(old.url, options)
        _ = try await redis.command(["SET", "triage:where", "old"])
        old.end()
        #expect(await eventually { !redis.isConnected })
        try await redis.move(to: RedisAddress(new.url))
        #expect(try await redis.command(["GET", "triage:where"]) == .null)
        _ = try await redis.command(["SET", "triage:where", "new"])
        // What still tried to reach the old one must not come back with it.
        try old.startAgain()
        try await Task.sleep(for: .milliseconds(500))
        #expect(try await redis.command(["GET", "triage:where"]) == .bytes(Array("new".utf8)))
        await redis.close()
    }

    /// How many connections the service's user has.
    private func connections(_ admin: RedisClient) async throws -> Int {
        guard case .bytes(let list) = try await admin.command(["CLIENT", "LIST"]) else { return -1 }
        return String(decoding: list, as: UTF8.self).split(separator: "\n")
            .count { $0.contains(" user=\(RedisServer.user) ") }
    }
}
