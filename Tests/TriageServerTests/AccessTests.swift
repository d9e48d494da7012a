import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageStore

@testable import TriageServer

/// Keys and limits over the wire.
struct AccessTests {
    private static let ticket = #"{"body":"My account is locked."}"#

    private struct Guarded: Sendable {
        let scratch: Scratch
        let triage: String
        let metrics: String

        init() throws {
            scratch = try Scratch()
            triage = try KeyFile.create(
                in: scratch.file("keys"), name: "desk", scopes: [.triage], lifetime: nil, note: nil)
            metrics = try KeyFile.create(
                in: scratch.file("keys"), name: "prometheus", scopes: [.metrics], lifetime: nil, note: nil)
        }

        func access(_ limiter: RequestLimiter? = nil, proxies: [AddressBlock] = []) throws -> AccessControl {
            AccessControl(
                keys: try KeyHolder(path: scratch.file("keys"), logger: Logger(label: "test")),
                limiter: limiter,
                proxies: proxies)
        }
    }

    @Test func `a browser gets the page to sign in, and a key as a password still works`() async throws {
        let guarded = try Guarded()
        let access = try guarded.access()
        try await LiveServer.run(change: { $0.access = access }) { server in
            let form = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"]
            #expect(try await server.ask("GET", "/ui").status == 200)
            let refused = try await server.ask("POST", "/ui", Array("description=slow".utf8), headers: form)
            #expect(refused.status == 401 && refused.headers["www-authenticate"] == "Bearer")
            #expect(refused.text.contains("action=\"/ui/sign-in\""))
            let pair = Data("me:\(guarded.triage)".utf8).base64EncodedString()
            let answer = try await server.ask(
                "POST", "/ui", Array("description=slow+since+today%21".utf8),
                headers: form.merging(["Authorization": "Basic \(pair)"]) { $1 })
            #expect(answer.status == 200 && answer.text.contains("slow since today!"))
        }
    }

    @Test func `a key opens what its scopes say, and what everybody may see is open`() async throws {
        let guarded = try Guarded()
        let access = try guarded.access()
        try await LiveServer.run(change: { $0.access = access }) { server in
            for headers in [
                ["Authorization": "Bearer \(guarded.triage)"], ["authorization": "bearer  \(guarded.triage)"],
                ["X-API-Key": guarded.triage],
            ] {
                #expect(
                    try await server.ask("POST", "/v1/triage", json: Self.ticket, headers: headers).status
                        == 200)
            }
            #expect(try await server.ask("GET", "/health").status == 200)
            let forbidden = try await server.ask(
                "POST", "/v1/triage", json: Self.ticket, headers: ["X-API-Key": guarded.metrics])
            #expect(forbidden.status == 403 && forbidden.text.contains("scope triage"))
            #expect(forbidden.headers["www-authenticate"]?.contains("insufficient_scope") == true)
        }
    }

    @Test(arguments: [
        (nil, "key_missing"), ("Bearer nonsense", "key_malformed"), ("Basic dXNlcjpwYXNz", "key_malformed"),
        ("Bearer tt_000000000000_" + String(repeating: "a", count: 43), "key_unknown"),
        ("Bearer", "key_malformed"),
    ])
    func `without a good key there is 401, a challenge, and nothing is done`(field: String?, code: String)
        async throws
    {
        let access = try Guarded().access()
        try await LiveServer.run(change: { $0.access = access }) { server in
            for path in ["/v1/triage", "/v1/triage/batch", "/v1/explain"] {
                let answer = try await server.ask(
                    "POST", path, json: Self.ticket, headers: field.map { ["Authorization": $0] } ?? [:])
                #expect(answer.status == 401 && answer.object["code"] as? String == code)
                #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
        }
    }

    @Test
    func `every operation with a scope refuses a request without a key, and HEAD does not get around it`()
        async throws
    {
        let access = try Guarded().access()
        try await LiveServer.run(change: { $0.access = access }) { server in
            let document = try await server.ask("GET", "/openapi.json").object
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            var guarded = 0
            for (path, operations) in paths {
                for (method, operation) in operations where !(operation["security"] as? [Any] ?? []).isEmpty {
                    let concrete = path.replacing(/\{\w+\}/, with: "x")
                    #expect(
                        try await server.ask(method.uppercased(), concrete).status == 401, "\(method) \(path)"
                    )
                    if method == "get" { #expect(try await server.ask("HEAD", concrete).status == 401) }
                    guarded += 1
                }
            }
            #expect(guarded > 5)
        }
    }

    @Test func `the document names every refusal that an operation may give`() async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        try await LiveServer.run(change: { $0.store = store }) { server in
            let document = try await server.ask("GET", "/openapi.json").object
            #expect((document["servers"] as? [[String: Any]])?.first?["url"] as? String == "/")
            let tags = Set((document["tags"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String })
            let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
            for (path, operations) in paths {
                for (method, operation) in operations {
                    let answers = try #require(operation["responses"] as? [String: Any])
                    let isGuarded = !(operation["security"] as? [Any] ?? []).isEmpty
                    let name = "\(method) \(path)"
                    // Signing in requires no key, and refuses one that is not valid.
                    let isRefusing = isGuarded || name == "post /ui/sign-in"
                    #expect((answers["401"] != nil) == isRefusing, "\(name)")
                    #expect((answers["403"] != nil) == (isGuarded || method != "get"), "\(name)")
                    #expect((answers["429"] != nil) == !["/health", "/ready"].contains(path), "\(name)")
                    #expect(answers["503"] != nil && answers["421"] != nil, "\(name)")
                    #expect(tags.isSuperset(of: operation["tags"] as? [String] ?? ["none"]), "\(name)")
                }
            }
            let docs = (paths["/docs"]?["get"]?["responses"] as? [String: [String: Any]])?["200"]
            let html = (docs?["content"] as? [String: [String: Any]])?["text/html"]
            #expect((html?["schema"] as? [String: Any])?["type"] as? String == "string")
        }
    }

    @Test func `a key revoked while the service runs is refused within seconds`() async throws {
        let guarded = try Guarded()
        let access = try guarded.access()
        try await LiveServer.run(change: { $0.access = access }) { server in
            func status() async throws -> Int {
                try await server.ask(
                    "POST", "/v1/triage", json: Self.ticket, headers: ["X-API-Key": guarded.triage]
                ).status
            }
            #expect(try await status() == 200)
            let id = try #require(APIKey.id(in: guarded.triage))
            try KeyFile.revoke(id: id, in: guarded.scratch.file("keys"))
            #expect(try await eventually { try await status() == 401 })
        }
    }

    @Test func `a key has its bucket, an address has its own, and probes have none`() async throws {
        let guarded = try Guarded()
        let limiter = RequestLimiter(
            keyLimit: RateLimit(quota: 3, window: .seconds(600)),
            addressLimit: RateLimit(quota: 2, window: .seconds(600)))
        let access = try guarded.access(limiter, proxies: [try #require(AddressBlock("127.0.0.1"))])
        try await LiveServer.run(change: { $0.access = access }) { server in
            func ask(_ headers: [String: String]) async throws -> Answer {
                try await server.ask("POST", "/v1/triage", json: Self.ticket, headers: headers)
            }
            let key = ["X-API-Key": guarded.triage]
            let first = try await ask(key)
            #expect(first.status == 200 && first.headers["ratelimit"]?.hasPrefix(#""key";r=2"#) == true)
            #expect(first.headers["ratelimit-policy"] == #""key";q=3;w=600"#)
            #expect(try await ask([:]).status == 401)
            let wrong = try await ask(["X-API-Key": "wrong"])
            #expect(wrong.status == 401 && wrong.headers["ratelimit"]?.hasPrefix(#""address";r=0"#) == true)
            let tooMany = try await ask([:])
            #expect(tooMany.status == 429 && tooMany.object["code"] as? String == "rate_limited")
            #expect(Int(tooMany.headers["retry-after"] ?? "").map { (299...300).contains($0) } == true)
            #expect(try await server.ask("GET", "/nothing/here").status == 429)
            #expect(
                try await ask(["X-Forwarded-For": "203.0.113.9"]).status == 401,
                "another address behind the proxy")
            #expect(try await ask(key).status == 200)
            #expect(try await ask(key).status == 200)
            #expect(try await ask(key).status == 429)
            for _ in 0..<5 { #expect(try await server.ask("GET", "/health").status == 200) }
        }
    }
}
