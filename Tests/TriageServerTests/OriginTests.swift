import Testing
import TriageSettings

@testable import TriageServer

/// What a page of somebody else's can do through a browser that reaches the service.
struct OriginTests {
    private static let ticket = #"{"body":"My account is locked."}"#

    /// The answer to one request as a browser or a proxy sends it.
    private func reply(
        _ headers: [String: String], method: String = "POST", path: String = "/v1/triage",
        _ rules: @Sendable (inout PageRules) -> Void = { _ in }
    ) async throws -> String {
        var options = ServerOptions()
        rules(&options.pages)
        return try await LiveServer.run(options) { server in
            let connection = try RawConnection(port: server.port)
            let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            let body = method == "POST" ? Self.ticket : ""
            connection.send(
                "\(method) \(path) HTTP/1.1\r\n\(fields)Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return connection.readToEnd()
        }
    }

    private func status(
        _ headers: [String: String], method: String = "POST", path: String = "/v1/triage",
        _ rules: @Sendable (inout PageRules) -> Void = { _ in }
    ) async throws -> Int {
        statuses(try await reply(headers, method: method, path: path, rules)).first ?? 0
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
        ("DESK.example:80", 200), ("desk.example.", 200), ("localhost.:8080", 200),
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("desk.example.evil", 421), ("10.0.0.1", 421),
    ])
    func `where no key is asked for, only its own names are answered`(host: String, expected: Int)
        async throws
    {
        for (method, path) in [("POST", "/v1/triage"), ("GET", "/health")] {
            let status = try await status(["Host": host], method: method, path: path) {
                $0.names = ["desk.example"]
                $0.isNameRequired = true
            }
            #expect(status == expected, "\(method) \(host)")
        }
    }

    // MARK: - A proxy in front

    /// As nginx passes it on with its default Host.
    private static let proxied = ["Host": "127.0.0.1:8080", "Origin": "http://desk.example"]

    @Test(arguments: ["/triage", "/v1/triage", "/ui"])
    func `the refusal names the settings and the values to add`(path: String) async throws {
        let reply = try await reply(Self.proxied, path: path)
        #expect(statuses(reply).first == 403)
        for words in [
            "add desk.example to the setting names (TRIAGE_NAMES)",
            "add http://desk.example to the setting cors.origins (TRIAGE_CORS_ORIGINS)",
        ] {
            #expect(reply.contains(words), "\(reply)")
        }
        let misnamed = try await self.reply(["Host": "desk.example:81"]) { $0.isNameRequired = true }
        #expect(misnamed.contains("add desk.example to the setting names (TRIAGE_NAMES)"))
    }

    @Test(arguments: ["http://[fe80::1]:81", "https://xn--bcher-kva.example"])
    func `the value to add is one that the setting takes`(origin: String) async throws {
        let refusal = try await reply(["Host": "127.0.0.1:8080", "Origin": origin])
        let words = refusal.split(separator: " ")
        let place = try #require(words.firstIndex(of: "add"))
        let name = try #require(ServiceAddress.hostName(String(words[place + 1])))
        let headers = ["Host": "127.0.0.1:8080", "Origin": origin]
        #expect(try await status(headers) { $0.names = [name] } == 200, "\(refusal)")
    }

    @Test(arguments: [
        ("http://desk.example", 200), ("https://DESK.example:8443", 200), ("http://desk.example.evil", 403),
        ("http://evil.example/desk.example", 403), ("http://evil@desk.example", 403), ("null", 403),
        ("desk.example", 403), ("file://desk.example", 403),
    ])
    func `pages of a listed name are the service's own`(origin: String, expected: Int) async throws {
        let headers = ["Host": "127.0.0.1:8080", "Origin": origin]
        for isNameRequired in [true, false] {
            let status = try await status(headers) {
                ($0.names, $0.isNameRequired) = (["desk.example"], isNameRequired)
            }
            #expect(status == expected, "\(origin)")
        }
    }

    @Test func `a browser's word that a page is of another site counts more than its name`() async throws {
        let headers = Self.proxied.merging(["Sec-Fetch-Site": "cross-site"]) { $1 }
        #expect(try await status(headers) { $0.names = ["desk.example"] } == 403)
    }

    @Test func `a header that is no origin is not repeated`() async throws {
        let reply = try await reply(["Host": "a", "Origin": "http://xyzzy<script>"])
        #expect(statuses(reply).first == 403)
        #expect(!reply.contains("xyzzy") && reply.contains("cors.origins"))
    }

    // MARK: - CORS

    private static let preflight = [
        "Host": "127.0.0.1:8080", "Origin": "https://desk.example", "Sec-Fetch-Site": "cross-site",
        "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type",
    ]

    @Test func `a listed origin may ask, send and read`() async throws {
        let origins: @Sendable (inout PageRules) -> Void = { $0.origins = ["https://desk.example"] }
        let asked = try await reply(Self.preflight, method: "OPTIONS", origins).lowercased()
        #expect(asked.hasPrefix("http/1.1 204"))
        for field in [
            "access-control-allow-origin: https://desk.example\r\n", "access-control-allow-methods: post\r\n",
            "access-control-allow-headers: authorization, content-type", "vary: origin\r\n",
        ] {
            #expect(asked.contains(field), "\(asked)")
        }
        #expect(!asked.contains("credentials"))
        let page = [
            "Host": "127.0.0.1:8080", "Origin": "https://desk.example", "Sec-Fetch-Site": "cross-site",
        ]
        for (path, expected) in [("/v1/triage", 200), ("/triage", 422), ("/v1/nothing", 404)] {
            let reply = try await reply(page, path: path, origins)
            #expect(statuses(reply).first == expected)
            #expect(reply.contains("Access-Control-Allow-Origin: https://desk.example\r\n"))
            #expect(reply.contains("Vary: Origin\r\n"))
        }
    }

    @Test(arguments: [
        "http://desk.example", "https://desk.example:444", "https://desk.example.evil",
        "https://evil.example",
        "null", "https://desk.example/",
    ])
    func `any other origin may not`(origin: String) async throws {
        let origins: @Sendable (inout PageRules) -> Void = { $0.origins = ["https://desk.example"] }
        for (method, path) in [("OPTIONS", "/triage"), ("POST", "/v1/triage"), ("GET", "/health")] {
            let headers = Self.preflight.merging(["Origin": origin]) { $1 }
            let reply = try await reply(headers, method: method, path: path, origins)
            #expect(statuses(reply).first == (method == "GET" ? 200 : 403), "\(method) \(origin)")
            #expect(!reply.contains("Access-Control"))
            #expect(reply.contains("Vary: Origin"))
        }
    }

    @Test func `without the setting nothing answers a preflight, and no answer carries a header of it`()
        async throws
    {
        let asked = try await reply(Self.preflight, method: "OPTIONS")
        #expect(statuses(asked).first == 403 && asked.contains("cors.origins"))
        let plain = try await reply(
            ["Host": "a", "Origin": "https://desk.example"], method: "GET", path: "/health")
        #expect(statuses(plain).first == 200)
        #expect(!plain.contains("Access-Control") && !plain.contains("Vary"))
    }

    @Test func `a preflight by a foreign name is refused like any request`() async throws {
        let headers = Self.preflight.merging(["Host": "evil.example"]) { $1 }
        let status = try await status(headers, method: "OPTIONS") {
            ($0.origins, $0.isNameRequired) = (["https://desk.example"], true)
        }
        #expect(status == 421)
    }
}
