import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageModel
import TriageSettings
import TriageStore

@testable import TriageServer

/// Signing in at an identity provider.
struct OpenIDTests {
    /// A service, a provider that follows a script, and a browser's part between them.
    private struct Desk: Sendable {
        let server: LiveServer
        let store: TicketStore
        let provider: ScriptedServer
        let script: ProviderScript
        let key: String

        /// A sign-in that a browser has begun.
        struct Begun {
            var cookie: String
            var query: [String: String]
        }

        func get(_ path: String, cookie: String? = nil) async throws -> Answer {
            var headers = ["Accept": "text/html"]
            headers["Cookie"] = cookie
            return try await server.ask("GET", path, headers: headers)
        }

        func begin(to target: String = "/ui/queue") async throws -> Begun {
            let answer = try await get("/ui/sign-in/provider?to=\(target)")
            #expect(answer.status == 303)
            let address = try #require(answer.headers["location"].flatMap { URLComponents(string: $0) })
            #expect(address.path == "/authorize" && address.port == provider.port)
            let cookie = try #require(answer.headers["set-cookie"])
            #expect(cookie.contains("Path=/ui/sign-in;") && cookie.contains("HttpOnly; SameSite=Lax"))
            let items = (address.queryItems ?? []).map { ($0.name, $0.value ?? "") }
            return Begun(
                cookie: String(cookie.prefix { $0 != ";" }), query: Dictionary(items) { first, _ in first })
        }

        func finish(_ begun: Begun, code: String? = nil, state: String? = nil, cookie: String? = nil)
            async throws -> Answer
        {
            let code = code ?? begun.query["nonce"] ?? ""
            return try await get(
                "/ui/sign-in/return?state=\(state ?? begun.query["state"] ?? "")&code=\(code)",
                cookie: cookie ?? begun.cookie)
        }

        /// The answer to a whole sign-in.
        func signIn() async throws -> Answer { try await finish(try await begin()) }
    }

    private func withDesk(
        _ key: ProviderKey? = nil, keysPause: Duration = .seconds(30),
        change: @Sendable (inout OpenIDOptions) -> Void = { _ in },
        _ body: @Sendable @escaping (Desk) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        let agent = try KeyFile.create(
            in: scratch.file("keys"), name: "key owner", scopes: Role.agent.scopes, lifetime: nil, note: nil)
        let holder = try KeyHolder(path: scratch.file("keys"), logger: Logger(label: "test"))
        let script = ProviderScript(try key ?? ProviderKey())
        try await ScriptedServer.run({ script.answer($0) }) { provider in
            var options = OpenIDOptions(issuer: "http://127.0.0.1:\(provider.port)", clientID: "desk")
            options.clientSecret = Secret("sesame & more")
            change(&options)
            let identity = try IdentityProvider(options, keysPause: keysPause)
            try await LiveServer.run(change: {
                $0.store = store
                ($0.access.keys, $0.access.provider) = (holder, identity)
            }) { server in
                try await body(
                    Desk(server: server, store: store, provider: provider, script: script, key: agent))
            }
        }
    }

    // MARK: - The way in and out

    @Test func `a person signs in with the roles of the token, and the ledger names the person`() async throws
    {
        try await withDesk { desk in
            let page = try await desk.get("/ui/sign-in?to=/ui/queue").text
            #expect(page.contains("/ui/sign-in/provider?to=%2Fui%2Fqueue") && page.contains("name=\"key\""))
            let begun = try await desk.begin()
            #expect(begun.query["response_type"] == "code" && begun.query["client_id"] == "desk")
            #expect(
                begun.query["scope"] == "openid profile" && begun.query["code_challenge_method"] == "S256")
            #expect(begun.query["kept"] == "1")
            let answer = try await desk.finish(begun)
            #expect(answer.status == 303 && answer.headers["location"] == "/ui/queue")
            let field = try #require(answer.headers["set-cookie"])
            #expect(field.hasPrefix("triage_session=") && field.contains("Path=/ui;"))
            let sent = try #require(desk.provider.captured.first { $0.head.contains("/token") })
            let form = FormFields(sent.body)
            let verifier = try #require(form["code_verifier"])
            #expect(Base64URL.text(SHA256.digest(Array(verifier.utf8))) == begun.query["code_challenge"])
            #expect(form["redirect_uri"] == begun.query["redirect_uri"] && form["client_secret"] == nil)
            let basic = Data("desk:sesame%20%26%20more".utf8).base64EncodedString()
            #expect(sent.header("authorization") == "Basic \(basic)")

            let cookie = String(field.prefix { $0 != ";" })
            let queue = try await desk.get("/ui/queue", cookie: cookie)
            #expect(queue.status == 200 && queue.text.contains("ann") && queue.text.contains("Sign out"))
            #expect(try await desk.get("/ui/access", cookie: cookie).status == 200)
            let event = try #require(try desk.store.auditLog(limit: 5).first)
            #expect(event.event.name == "signed_in" && event.event.details.map(\.value) == ["ann", "lead"])
            #expect(event.event.by?.hasPrefix("oidc-") == true)
            // The cookie is for pages alone, as with a key.
            #expect(
                try await desk.server.ask("GET", "/v1/decisions", headers: ["Cookie": cookie]).status == 401)
        }
    }

    @Test func `a correction is in the history under the person's name, after a restart too`() async throws {
        try await withDesk { desk in
            let made = try await desk.server.ask(
                "POST", "/v1/triage", json: #"{"body": "my account is locked"}"#,
                headers: ["X-API-Key": desk.key])
            let id = try #require(made.headers["triage-decision-id"])
            let field = try #require(try await desk.signIn().headers["set-cookie"])
            let cookie = String(field.prefix { $0 != ";" })
            let page = try await desk.get("/ui/tickets/\(id)", cookie: cookie).text
            let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
            let body = "form=\(token)&field=category&label=Billing&note="
            let changed = try await desk.server.ask(
                "POST", "/ui/tickets/\(id)", Array(body.utf8),
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie])
            #expect(changed.status == 200 || changed.status == 303)
            #expect(try await desk.get("/ui/tickets/\(id)", cookie: cookie).text.contains("by ann"))
            // As the next start of the service reads them.
            #expect(Array(SignedInPeople().names(in: desk.store).values) == ["ann"])
        }
    }

    @Test func `signing out ends the session and offers to sign out of the account`() async throws {
        try await withDesk { desk in
            let field = try #require(try await desk.signIn().headers["set-cookie"])
            let cookie = String(field.prefix { $0 != ";" })
            let page = try await desk.get("/ui", cookie: cookie).text
            let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
            let out = try await desk.server.ask(
                "POST", "/ui/sign-out", Array("form=\(token)".utf8),
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie])
            #expect(out.status == 303)
            let after = try await desk.get(try #require(out.headers["location"])).text
            #expect(after.contains("/end?client_id=desk&amp;post_logout_redirect_uri=http%3A%2F%2F127.0.0.1"))
            #expect(try await desk.get("/ui/queue", cookie: cookie).status == 401)
        }
    }

    @Test func `a token signed by ES256 is read too`() async throws {
        try await withDesk(try ProviderKey("ES256")) { desk in
            let answer = try await desk.signIn()
            #expect(answer.status == 303)
        }
    }

    // MARK: - What is refused

    private struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var status = 401
        var change: @Sendable (ProviderScript) -> Void
        var testDescription: String { name }

        init(_ name: String, status: Int = 401, claims change: @escaping ProviderScript.Change) {
            (self.name, self.status, self.change) = (name, status, { $0.changeClaims(change) })
        }

        private static func header(_ name: String, _ change: @escaping ProviderScript.Change) -> Refusal {
            var refusal = Refusal(name) { _ in }
            refusal.change = { $0.changeHeader(change) }
            return refusal
        }

        static let all: [Refusal] = [
            Refusal("expired") { $0["exp"] = Int(Date().timeIntervalSince1970) - 61 },
            Refusal("without an end") { $0["exp"] = nil },
            Refusal("from the future") { $0["iat"] = Int(Date().timeIntervalSince1970) + 120 },
            Refusal("other audience") { $0["aud"] = "another" },
            Refusal("two audiences without azp") { $0["aud"] = ["desk", "another"] },
            Refusal("another's azp") { $0["azp"] = "another" },
            Refusal("other issuer") { $0["iss"] = "http://127.0.0.1" },
            Refusal("other nonce") { $0["nonce"] = "x" },
            Refusal("nobody") { $0["sub"] = "" },
            header("no algorithm") { $0["alg"] = "none" },
            header("a shared secret") { $0["alg"] = "HS256" },
            header("unknown key") { $0["kid"] = "second" },
            header("critical parameter") { $0["crit"] = ["b64"] },
            Refusal("no role", status: 403) { $0["roles"] = ["guest"] },
            Refusal("no claim of roles", status: 403) { $0["roles"] = nil },
        ]
    }

    @Test(arguments: Refusal.all)
    private func `a token that is not right begins no session`(refusal: Refusal) async throws {
        try await withDesk { desk in
            refusal.change(desk.script)
            let answer = try await desk.signIn()
            #expect(answer.status == refusal.status, "\(refusal.name)")
            #expect(answer.headers["set-cookie"] == nil && answer.text.contains("id=\"key\""))
            #expect(try desk.store.auditLog(limit: 1).isEmpty)
        }
    }

    @Test func `claims that were not signed are refused`() async throws {
        try await withDesk { desk in
            desk.script.spoilTokens()
            let answer = try await desk.signIn()
            #expect(answer.status == 401)
        }
    }

    @Test func `a wrong state, another browser and a second use are refused`() async throws {
        try await withDesk { desk in
            let begun = try await desk.begin()
            #expect(try await desk.finish(begun, state: "other").status == 400)
            #expect(try await desk.finish(begun, cookie: "triage_sign_in=other").status == 400)
            #expect(try await desk.get("/ui/sign-in/return").status == 400)
            #expect(!desk.provider.captured.contains { $0.head.contains("/token") })
            #expect(try await desk.finish(begun).status == 303)
            let again = try await desk.finish(begun)
            #expect(again.status == 400 && again.text.contains("took too long"))
            #expect(try await desk.finish(try await desk.begin(), code: "used").status == 401)
            let denied = try await desk.begin()
            let path = "/ui/sign-in/return?state=\(denied.query["state"] ?? "")&error=access_denied"
            #expect(try await desk.get(path, cookie: denied.cookie).status == 401)
            let mixed = try await desk.begin()
            let other = "state=\(mixed.query["state"] ?? "")&code=x&iss=https://evil.example"
            #expect(try await desk.get("/ui/sign-in/return?\(other)", cookie: mixed.cookie).status == 401)
        }
    }

    @Test(arguments: ["https://evil.example/", "//evil.example", "/v1/models"])
    func `a sign-in leads to the console alone`(target: String) async throws {
        try await withDesk { desk in
            let answer = try await desk.finish(try await desk.begin(to: target))
            #expect(answer.status == 303 && answer.headers["location"] == "/ui")
        }
    }

    // MARK: - The provider

    @Test func `a new key of the provider is read when a token names it`() async throws {
        try await withDesk(keysPause: .zero) { desk in
            #expect(try await desk.signIn().status == 303)
            desk.script.use(try ProviderKey(id: "second"))
            #expect(try await desk.signIn().status == 303)
            #expect(try await desk.signIn().status == 303)
            #expect(desk.provider.captured.count { $0.head.contains("/keys") } == 2)
        }
    }

    @Test func `a provider that is away leaves the key's form, and no secret is in the page`() async throws {
        let port = try await ScriptedServer.deadPort()
        try await withDesk(change: { $0.issuer = "http://127.0.0.1:\(port)" }) { desk in
            let answer = try await desk.get("/ui/sign-in/provider?to=/ui/queue")
            #expect(answer.status == 503 && answer.text.contains("id=\"key\""))
            #expect(
                answer.text.contains("cannot be checked at the moment") && !answer.text.contains("sesame"))
        }
    }

    @Test func `hosts that no setting names are not called`() async throws {
        try await withDesk { desk in
            desk.script.changeDescription { $0["token_endpoint"] = "http://localhost:1/token" }
            let answer = try await desk.signIn()
            #expect(answer.status == 503)
        }
        try await withDesk { desk in
            desk.script.changeDescription { $0["issuer"] = "http://127.0.0.1" }
            let answer = try await desk.get("/ui/sign-in/provider")
            #expect(answer.status == 503)
        }
        try await withDesk { desk in
            desk.script.changeDescription { $0["authorization_endpoint"] = "javascript:alert(1)" }
            let answer = try await desk.get("/ui/sign-in/provider")
            #expect(answer.status == 503)
        }
    }

    @Test func `nothing is called before somebody signs in`() async throws {
        try await withDesk { desk in
            _ = try await desk.get("/ui/sign-in")
            _ = try await desk.get("/ui/queue")
            #expect(desk.provider.connectionCount == 0)
        }
    }
}
