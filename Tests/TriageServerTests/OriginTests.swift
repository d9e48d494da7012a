import Testing

@testable import TriageServer

/// What a page of somebody else's can do through a browser that reaches the service.
struct OriginTests {
    private static let ticket = #"{"body":"My account is locked."}"#

    private func status(
        _ headers: [String: String], names: Set<String>? = nil, method: String = "POST",
        path: String = "/v1/triage"
    ) async throws -> Int {
        var options = ServerOptions()
        options.names = names
        return try await LiveServer.run(options) { server in
            let connection = try RawConnection(port: server.port)
            let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            let body = method == "POST" ? Self.ticket : ""
            connection.send(
                "\(method) \(path) HTTP/1.1\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            return statuses(connection.read(until: "\r\n\r\n")).first ?? 0
        }
    }

    @Test(arguments: [
        ["Host": "127.0.0.1:8080", "Sec-Fetch-Site": "cross-site"],
        ["Host": "a", "Sec-Fetch-Site": "same-site"],
        ["Host": "127.0.0.1:8080", "Origin": "https://evil.example"],
        ["Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:9090"], ["Host": "a", "Origin": "null"],
    ])
    func `a page of another site changes nothing`(headers: [String: String]) async throws {
        #expect(try await status(headers) == 403)
        #expect(try await status(headers, method: "GET", path: "/health") == 200)
    }

    @Test(arguments: [
        ["Host": "127.0.0.1:8080"], ["Host": "127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"],
        ["Host": "a", "Sec-Fetch-Site": "none", "Origin": "null"], ["Host": "A:80", "Origin": "http://a:80"],
    ])
    func `its own pages and programs may`(headers: [String: String]) async throws {
        #expect(try await status(headers) == 200)
    }

    @Test(arguments: [
        ("127.0.0.1:8080", 200), ("localhost:1", 200), ("[::1]:8080", 200), ("desk.example", 200),
        ("DESK.example:80", 200),
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("desk.example.evil", 421), ("10.0.0.1", 421),
    ])
    func `where no key is asked for, only its own names are answered`(host: String, expected: Int)
        async throws
    {
        for (method, path) in [("POST", "/v1/triage"), ("GET", "/health")] {
            let status = try await status(["Host": host], names: ["desk.example"], method: method, path: path)
            #expect(status == expected, "\(method) \(host)")
        }
    }
}
