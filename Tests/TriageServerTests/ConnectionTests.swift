import Foundation
import Testing

@testable import TriageServer

/// Hostile and broken clients, over bare sockets.
struct ConnectionTests {
    private static let body = #"{"body":"My account is locked."}"#

    private static func options(_ change: (inout ConnectionLimits) -> Void = { _ in }) -> ServerOptions {
        var options = ServerOptions()
        options.port = 0
        options.maximumBody = 4096
        change(&options.connection)
        return options
    }

    /// What the service says to bytes, until it closes or has nothing more to say.
    private func say(_ text: String, _ options: ServerOptions = options()) async throws -> String {
        try await LiveServer.run(options) { server in
            let connection = try RawConnection(port: server.port)
            connection.send(text)
            connection.finish()
            let said = connection.readToEnd()
            #expect(try await server.ask("GET", "/health").status == 200)
            return said
        }
    }

    private static func post(_ body: String, _ more: String = "", path: String = "/v1/triage") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}hello", "nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /health HTTP/1.1\r\nHo st: a\r\n\r\n", "GET /health HTTP/1.1\r\n: a\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", "G@T /health HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: minus\r\n\r\n",
        "POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /v1/triage HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    ])
    func `what is no HTTP is answered 400, once`(bytes: String) async throws {
        let said = try await say(bytes)
        #expect(statuses(said) == [400], "\(said.prefix(200))")
    }

    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: xchunked\r\n",
    ])
    func `a body of two lengths is refused, and no second request comes out of it`(fields: String)
        async throws
    {
        let smuggled = "0\r\n\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        let said = try await say("POST /v1/triage HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(smuggled)")
        #expect(
            statuses(said).count == 1 && statuses(said).allSatisfy { (400..<500).contains($0) },
            "\(said.prefix(300))")
    }

    @Test func `a head that is too large is 431, by one field, by all, by their number`() async throws {
        let one = "X-A: " + String(repeating: "x", count: 20_000) + "\r\n"
        let all = (0..<90).map { "X-\($0): " + String(repeating: "y", count: 300) + "\r\n" }.joined()
        let many = (0..<300).map { "X-\($0): 1\r\n" }.joined()
        for fields in [one, all, many] {
            let said = try await say("GET /health HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(
                statuses(said) == [431] && said.contains("application/problem+json"), "\(said.prefix(300))")
            #expect(said.contains("X-Request-Id: ") && !said.contains("Retry-After"))
        }
    }

    @Test func `who asks whether to send a body is told to, or told that it is too large`() async throws {
        try await LiveServer.run(Self.options()) { server in
            let asking = "POST /v1/triage HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
            let welcome = try RawConnection(port: server.port)
            for _ in 0..<2 {
                welcome.send("\(asking)\(Self.body.utf8.count)\r\n\r\n")
                #expect(welcome.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                welcome.send(Self.body)
                #expect(statuses(welcome.read(until: "}")) == [200])
            }
            let refused = try RawConnection(port: server.port)
            refused.send("\(asking)5000\r\n\r\n")
            #expect(statuses(refused.read(until: "}")) == [413])
        }
    }

    @Test func `a body over the limit is 413 before it is all sent, and the connection ends`() async throws {
        let said = try await LiveServer.run(Self.options { $0.patience = .seconds(1) }) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
            connection.send(String(repeating: "x", count: 20_000))
            return connection.readToEnd()
        }
        #expect(
            statuses(said) == [413] && said.lowercased().contains("connection: close"), "\(said.prefix(300))")
    }

    @Test func `a sender that dribbles its head, its body, or nothing is cut off`() async throws {
        let options = Self.options {
            ($0.headerTime, $0.patience, $0.minimumRate) = (.milliseconds(400), .milliseconds(400), 1000)
        }
        try await LiveServer.run(options) { server in
            for start in [
                "", "GET /hea", "POST /v1/triage HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{",
            ] {
                let connection = try RawConnection(port: server.port)
                connection.send(start)
                let begin = ContinuousClock.now
                let said = connection.readToEnd()
                #expect(statuses(said) == [408], "after \(start): \(said)")
                #expect(ContinuousClock.now - begin < .seconds(10))
            }
        }
    }

    @Test func `a connection that rests is closed, and one that works is not`() async throws {
        let options = Self.options { ($0.idleTime, $0.headerTime) = (.milliseconds(500), .seconds(5)) }
        try await LiveServer.run(options) { server in
            let connection = try RawConnection(port: server.port)
            for _ in 0..<4 {
                connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(statuses(connection.read(until: "healthy")) == [200])
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(connection.readToEnd() == "")
        }
    }

    @Test func `a batch may take longer than a request, as long as it flows`() async throws {
        let options = Self.options {
            ($0.requestTime, $0.patience, $0.minimumRate) = (.milliseconds(500), .seconds(2), 10)
        }
        try await LiveServer.run(options) { server in
            let connection = try RawConnection(port: server.port)
            connection.send("POST /v1/triage/batch HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<5 {
                let line = Self.body + "\n"
                connection.send(String(line.utf8.count, radix: 16) + "\r\n\(line)\r\n")
                try await Task.sleep(for: .milliseconds(300))
            }
            connection.send("0\r\n\r\n")
            let said = connection.read(until: "\r\n0\r\n")
            #expect(
                statuses(said) == [200] && said.matches(of: /"category":/).count >= 5, "\(said.prefix(300))")
        }
    }

    @Test func `pipelined requests are all answered, in order`() async throws {
        let said = try await say(
            Self.post(Self.body) + "GET /health HTTP/1.1\r\nHost: a\r\n\r\n" + Self.post("{")
                + Self.post(Self.body))
        #expect(statuses(said) == [200, 200, 400, 200], "\(said.prefix(400))")
    }

    @Test func `connections beyond their number are told 503, and taken again when others leave`()
        async throws
    {
        try await LiveServer.run(Self.options { $0.connections = 2 }) { server in
            var held = [try RawConnection(port: server.port), try RawConnection(port: server.port)]
            for connection in held {
                connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(statuses(connection.read(until: "healthy")) == [200])
            }
            let third = try RawConnection(port: server.port)
            let said = third.readToEnd()
            #expect(statuses(said) == [503] && said.contains("Retry-After: "), "\(said)")
            held.removeAll()
            var status: [Int] = []
            for _ in 0..<100 where status != [200] {
                let connection = try RawConnection(port: server.port)
                connection.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                status = statuses(connection.readToEnd())
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(status == [200])
        }
    }

    @Test(arguments: [
        "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/v1/../v1/triage",
        "/v1/models/%00",
        "/\u{FF}", "/%", "/%zz", "/v1/decisions/..%2f..%2fx", "/" + String(repeating: "a/", count: 3000),
    ])
    func `odd paths lead nowhere`(path: String) async throws {
        let said = try await say("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(
            statuses(said).count == 1 && statuses(said).allSatisfy { (400..<500).contains($0) },
            "\(said.prefix(200))")
        #expect(!said.contains("root:"))
    }
}
