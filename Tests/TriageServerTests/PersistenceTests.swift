import Foundation
import HTTPTypes
import ServerTestSupport
import Testing

@testable import TriageServer

/// When a connection is kept, when it ends, and what tells of it, over bare sockets.
struct PersistenceTests {
    private static let body = #"{"body":"My account is locked."}"#

    private static func post(_ version: String, _ fields: String = "", path: String = "/v1/triage") -> String
    {
        "POST \(path) HTTP/\(version)\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
    }

    /// What the service answers to bytes before it closes; the client itself closes nothing.
    private func answer(_ text: String) async throws -> String {
        try await LiveServer.run { server in
            let connection = try RawConnection(port: server.port)
            connection.send(text)
            return connection.readToEnd()
        }
    }

    private static func count(_ text: String, _ answer: String) -> Int {
        answer.lowercased().components(separatedBy: text).count - 1
    }

    @Test(arguments: [
        "GET /health HTTP/1.0\r\n\r\n", "GET /health HTTP/1.0\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n", post("1.0"),
    ])
    func `a connection that shall not be kept ends with its answer, which tells so`(request: String)
        async throws
    {
        let begin = ContinuousClock.now
        let said = try await answer(request)
        #expect(statuses(said) == [200] && Self.count("connection: close\r\n", said) == 1, "\(said)")
        #expect(ContinuousClock.now - begin < .seconds(15))
    }

    @Test func `HTTP/1.0 gets no answer before its answer`() async throws {
        #expect(statuses(try await answer(Self.post("1.0", "Expect: 100-continue\r\n"))) == [200])
        let new = try await answer(
            Self.post("1.1", "Host: a\r\nConnection: close\r\nExpect: 100-continue\r\n"))
        #expect(statuses(new) == [100, 200])
    }

    @Test func `HTTP/1.0 keeps its connection where it asks for that`() async throws {
        let keeping = "GET /health HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
        let said = try await answer(keeping + keeping + "GET /health HTTP/1.0\r\n\r\n")
        #expect(statuses(said) == [200, 200, 200], "\(said)")
        #expect(Self.count("connection: keep-alive\r\n", said) == 2, "\(said)")
        #expect(Self.count("connection: close\r\n", said) == 1 && said.hasPrefix("HTTP/1.0 200"), "\(said)")
    }

    @Test(arguments: ["", "Connection: keep-alive\r\n"])
    func `an answer without a length to HTTP/1.0 has no chunks and ends with its connection`(fields: String)
        async throws
    {
        let said = try await answer(Self.post("1.0", fields, path: "/v1/triage/batch"))
        #expect(statuses(said) == [200] && Self.count("transfer-encoding", said) == 0, "\(said)")
        #expect(Self.count("connection: close\r\n", said) == 1 && said.hasSuffix("}\n"), "\(said)")
    }

    @Test(arguments: [
        ("1.1", "", 400), ("1.1", "Host: a\r\nHost: a\r\n", 400), ("1.1", "Host: a\r\nhost: b\r\n", 400),
        ("1.0", "Host: a\r\nHost: b\r\n", 400), ("1.0", "Host: a\r\n", 200), ("1.0", "", 200),
    ])
    func `a request names its host once`(version: String, fields: String, status: Int) async throws {
        let said = try await answer(Self.post(version, fields))
        #expect(statuses(said) == [status], "\(said)")
        if status == 400 {
            #expect(said.contains("Host field") && Self.count("connection: close\r\n", said) == 1, "\(said)")
        }
    }

    @Test func `a request without a host behind a good one ends the connection after the good one's answer`()
        async throws
    {
        let said = try await answer(
            "GET /health HTTP/1.1\r\nHost: a\r\n\r\n" + Self.post("1.1") + Self.post("1.1", "Host: a\r\n"))
        #expect(
            statuses(said).first == 200 && statuses(said).allSatisfy { $0 == 200 || $0 == 400 }, "\(said)")
        #expect(statuses(said).count <= 2, "\(said)")
    }

    @Test func `bodies with a byte order mark are read, compressed ones are refused, alone and in a batch`()
        async throws
    {
        try await LiveServer.run { server in
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            for (path, body) in [
                ("/v1/triage", Self.body), ("/v1/triage/batch", Self.body), ("/v1/explain", Self.body),
                ("/triage", #"{"description":"My account is locked."}"#),
            ] {
                let marked = try await server.ask("POST", path, mark + Array(body.utf8))
                #expect(marked.status == 200 && marked.text.contains(#""category":"Login""#), "\(path)")
                let packed = try await server.ask(
                    "POST", path, Array(body.utf8), headers: ["Content-Encoding": "gzip"])
                #expect(packed.status == 415 && packed.headers["accept-encoding"] == "identity", "\(path)")
                let asking = try await server.ask(
                    "POST", path, Array(body.utf8), headers: ["Accept-Encoding": "gzip"])
                #expect(asking.status == 200 && asking.headers["content-encoding"] == nil, "\(path)")
            }
        }
    }
}
