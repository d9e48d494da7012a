import Foundation
import Logging
import ServerTestSupport
import Synchronization
import Testing
import TriageData
import TriageEngine
import TriagePages
import TriageStore

@testable import TriageServer
import TriageTickets

/// The console's pages: signing in, the queue, and a ticket.
struct ConsoleTests {
    private static let form = [
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html,*/*",
    ]

    /// A service with a store and a key for each role.
    private struct Desk: Sendable {
        let server: LiveServer
        let store: TicketStore
        let keys: [String: String]

        /// A form's answer.
        func send(_ path: String, _ fields: [(String, String)], cookie: String? = nil) async throws -> Answer
        {
            let body = fields.map { "\($0)=\(ConsoleAddress.escaped($1))" }.joined(separator: "&")
            return try await server.ask("POST", path, Array(body.utf8), headers: headers(cookie))
        }

        func page(_ path: String, cookie: String? = nil) async throws -> Answer {
            try await server.ask("GET", path, headers: headers(cookie))
        }

        private func headers(_ cookie: String?) -> [String: String] {
            cookie.map { ConsoleTests.form.merging(["Cookie": $0]) { $1 } } ?? ConsoleTests.form
        }

        /// A session's cookie and form token.
        func signIn(_ role: String) async throws -> (cookie: String, token: String) {
            let answer = try await send(
                "/ui/sign-in", [("key", try #require(keys[role])), ("to", "/ui/queue")])
            #expect(answer.status == 303 && answer.headers["location"] == "/ui/queue")
            let field = try #require(answer.headers["set-cookie"])
            #expect(field.contains("HttpOnly; SameSite=Lax") && field.contains("Path=/ui;"))
            let cookie = String(field.prefix { $0 != ";" })
            let page = try await page("/ui", cookie: cookie).text
            let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
            return (cookie, String(token))
        }

        /// Decisions on tickets, in order.
        func decide(_ texts: [String]) async throws -> [String] {
            let key = ["X-API-Key": keys["agent"] ?? ""]
            var ids: [String] = []
            for (number, text) in texts.enumerated() {
                let json = JSONWriter.object { json in
                    json.string("id", "T-\(number)")
                    json.string("body", text)
                }
                let answer = try await server.ask(
                    "POST", "/v1/triage", json: String(decoding: json, as: UTF8.self), headers: key)
                ids.append(try #require(answer.headers["triage-decision-id"]))
            }
            return ids
        }
    }

    private func withDesk(
        sessions: SessionTable = SessionTable(), _ body: @Sendable @escaping (Desk) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        var keys: [String: String] = [:]
        for (name, scopes) in [
            ("agent", [.triage, .feedback]), ("auditor", [.audit]), ("metrics", [.metrics]),
        ] as [(String, Set<Scope>)] {
            keys[name] = try KeyFile.create(
                in: scratch.file("keys"), name: name, scopes: scopes, lifetime: nil, note: nil)
        }
        let holder = try KeyHolder(path: scratch.file("keys"), logger: Logger(label: "test"))
        try await LiveServer.run(change: {
            $0.store = store
            ($0.access.keys, $0.access.sessions) = (holder, sessions)
        }) { [keys] server in
            try await body(Desk(server: server, store: store, keys: keys))
        }
    }

    // MARK: - Sessions

    @Test func `a page that requires a key shows the form to sign in, and then the page`() async throws {
        try await withDesk { desk in
            let refused = try await desk.page("/ui/queue?state=any")
            #expect(
                refused.status == 401 && refused.text.contains("name=\"to\" value=\"/ui/queue?state=any\""))
            let wrong = try await desk.send("/ui/sign-in", [("key", "tt_nonsense")])
            #expect(wrong.status == 401 && wrong.text.contains("This key is not valid."))
            #expect(wrong.headers["set-cookie"] == nil && !wrong.text.contains("tt_nonsense"))
            let (cookie, token) = try await desk.signIn("agent")
            let page = try await desk.page("/ui/queue", cookie: cookie)
            #expect(page.status == 200 && page.text.contains("agent") && page.text.contains("Sign out"))
            // The cookie is for pages alone.
            let program = try await desk.server.ask("GET", "/v1/decisions", headers: ["Cookie": cookie])
            #expect(program.status == 401)
            #expect(try await desk.send("/ui/sign-out", [], cookie: cookie).status == 403)
            let out = try await desk.send("/ui/sign-out", [("form", token)], cookie: cookie)
            #expect(out.status == 303)
            #expect(try await desk.page("/ui/queue", cookie: cookie).status == 401)
        }
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example", "/uix", "/ui\\evil", "/v1/models", "ui", "/ui\n",
    ])
    func `signing in leads to the console alone`(target: String) {
        #expect(ConsoleAddress.local(target) == "/ui")
    }

    @Test func `a key without the page's scope is refused, and the ticket that was pasted is kept`()
        async throws
    {
        try await withDesk { desk in
            let (cookie, token) = try await desk.signIn("metrics")
            #expect(try await desk.page("/ui/queue", cookie: cookie).status == 403)
            let (auditor, form) = try await desk.signIn("auditor")
            let ids = try await desk.decide(["my account is locked"])
            let page = try await desk.page("/ui/queue", cookie: auditor)
            #expect(page.status == 200 && !page.text.contains("data-key=\"a\""))
            let change = try await desk.send(
                "/ui/tickets/\(ids[0])", [("form", form), ("accept", "all")], cookie: auditor)
            #expect(change.status == 403 && token != form)
            let kept = try await desk.send("/ui", [("description", "my <b>")])
            #expect(kept.status == 401 && kept.text.contains(">my &lt;b&gt;</textarea>"))
            let key = try #require(desk.keys["agent"])
            let back = try await desk.send("/ui/sign-in", [("key", key), ("description", "my <b>")])
            #expect(back.status == 200 && back.text.contains(">my &lt;b&gt;</textarea>"))
        }
    }

    @Test func `a session ends when it is idle, and after its longest time however busy it is`() {
        let time = Mutex(ContinuousClock.now)
        let table = SessionTable(idleTime: .seconds(60), maximumTime: .seconds(600)) { time.withLock { $0 } }
        let idle = table.begin(keyID: "k")
        time.withLock { $0 += .seconds(59) }
        #expect(table.session(idle)?.keyID == "k")
        time.withLock { $0 += .seconds(60) }
        #expect(table.session(idle) == nil)
        let busy = table.begin(keyID: "k")
        for _ in 0..<11 {
            time.withLock { $0 += .seconds(50) }
            #expect(table.session(busy) != nil)
        }
        time.withLock { $0 += .seconds(50) }
        #expect(table.session(busy) == nil && table.session("other") == nil)
        let one = table.begin(keyID: "k")
        table.end(one)
        #expect(table.session(one) == nil)
    }

    // MARK: - The queue

    @Test func `tickets are accepted, corrected and taken back from the queue`() async throws {
        try await withDesk { desk in
            let ids = try await desk.decide(["my account is locked", "please refund the second charge"])
            let (cookie, token) = try await desk.signIn("agent")
            let page = try await desk.page("/ui/queue?order=oldest", cookie: cookie).text
            #expect(page.contains("my account is locked") && page.contains("Tickets: 2<"))
            #expect(page.contains("action=\"/ui/tickets/\(ids[0])\"") && page.contains("data-key=\"2\""))
            // Accepting goes to the next ticket; a label of one of two fields stays.
            for id in ids {
                #expect(page.contains("name=\"back\" value=\"/ui/queue?order=oldest&amp;open=\(id)\""))
            }
            let back = "/ui/queue?order=oldest"
            let accepted = try await desk.send(
                "/ui/tickets/\(ids[0])",
                [("form", token), ("version", "1"), ("back", back), ("accept", "all")], cookie: cookie)
            let next = try #require(accepted.headers["location"])
            #expect(accepted.status == 303 && next.hasPrefix("\(back)&message=saved&done="))
            let fields = try #require(try store(desk, ids[0])).record.fields
            let corrections = try #require(try store(desk, ids[0])).corrections
            #expect(Set(corrections.map(\.field)) == Set(fields.map(\.name)))
            #expect(corrections.allSatisfy { $0.label == $0.decided && $0.by != nil })
            let after = try await desk.page(next, cookie: cookie).text
            #expect(
                after.contains("Saved.") && after.contains("Tickets: 1<") && after.contains("data-key=\"u\""))

            let undone = try await desk.send(
                "/ui/undo",
                [
                    ("form", token), ("back", back),
                    ("ids", corrections.map(\.id).joined(separator: ",")),
                ], cookie: cookie)
            #expect(undone.headers["location"] == "\(back)&message=undone&open=\(ids[0])")
            #expect(try store(desk, ids[0])?.corrections.isEmpty == true)
            let corrected = try await desk.send(
                "/ui/tickets/\(ids[1])",
                [
                    ("form", token), ("field", "category"), ("label", "Security"),
                    ("note", "call a@b.example"),
                ],
                cookie: cookie)
            #expect(corrected.status == 303)
            let ticket = try await desk.page("/ui/tickets/\(ids[1])", cookie: cookie).text
            #expect(ticket.contains("<b>Security</b> by agent: call [EMAIL]"))
        }
    }

    private func store(_ desk: Desk, _ id: String) throws -> StoredDecision? { try desk.store.decision(id) }

    @Test func `a change that somebody else was faster with saves nothing and shows the ticket again`()
        async throws
    {
        try await withDesk { desk in
            let ids = try await desk.decide(["my account is locked"])
            let (cookie, token) = try await desk.signIn("agent")
            _ = try await desk.store.addFeedback(
                NewFeedback(.decision(ids[0]), field: "category", label: "Billing"))
            let late = try await desk.send(
                "/ui/tickets/\(ids[0])",
                [("form", token), ("version", "1"), ("back", "/ui/queue"), ("accept", "all")], cookie: cookie)
            let next = try #require(late.headers["location"])
            #expect(next == "/ui/queue?message=conflict&open=\(ids[0])")
            #expect(try store(desk, ids[0])?.corrections.map(\.label) == ["Billing"])
            #expect(try await desk.page(next, cookie: cookie).text.contains("Somebody else changed this"))
        }
    }

    @Test func `two people with the same ticket open see each other`() async throws {
        try await withDesk { desk in
            let ids = try await desk.decide(["my account is locked"])
            let (first, _) = try await desk.signIn("agent")
            let (second, _) = try await desk.signIn("auditor")
            #expect(
                try await !desk.page("/ui/queue?open=\(ids[0])", cookie: first).text.contains("Also looking"))
            let page = try await desk.page("/ui/queue?open=\(ids[0])", cookie: second).text
            #expect(page.contains("Also looking at this ticket: agent"))
        }
    }

    @Test(arguments: [[("accept", "all")], [("field", "category"), ("label", "Nothing")], [("note", "x")]])
    func `a form of another session, or one that does not fit, changes nothing`(
        fields: [(String, String)]
    ) async throws {
        try await withDesk { desk in
            let ids = try await desk.decide(["my account is locked"])
            let (cookie, token) = try await desk.signIn("agent")
            let (_, other) = try await desk.signIn("agent")
            for form in [[], [("form", other)], [("form", "")]] {
                let answer = try await desk.send("/ui/tickets/\(ids[0])", form + fields, cookie: cookie)
                #expect(answer.status == 403 && answer.text.contains("no longer valid"))
            }
            if fields[0].0 != "accept" {
                let answer = try await desk.send(
                    "/ui/tickets/\(ids[0])", [("form", token)] + fields, cookie: cookie)
                #expect([409, 422].contains(answer.status))
            }
            #expect(try store(desk, ids[0])?.corrections.isEmpty == true)
        }
    }

    @Test func `markup in a ticket, an id and a note is text on every page`() async throws {
        try await withDesk { desk in
            let planted = "<img src=x onerror=alert(1)>\"'</title><script>alert(2)</script>"
            let key = ["X-API-Key": desk.keys["agent"] ?? ""]
            let json = JSONWriter.object { json in
                json.string("id", planted)
                json.string("subject", planted)
                json.string("body", "my account is locked \(planted)")
            }
            let made = try await desk.server.ask(
                "POST", "/v1/triage", json: String(decoding: json, as: UTF8.self), headers: key)
            let id = try #require(made.headers["triage-decision-id"])
            _ = try await desk.store.addFeedback(
                NewFeedback(.decision(id), field: "category", label: planted, note: planted))
            let (cookie, _) = try await desk.signIn("agent")
            for path in [
                "/ui/queue?state=any&field=\(ConsoleAddress.escaped(planted))", "/ui/queue?state=any",
                "/ui/tickets/\(id)", "/ui/tickets/\(ConsoleAddress.escaped(planted))",
                "/ui/sign-in?to=\(ConsoleAddress.escaped("/ui?" + planted))",
            ] {
                let page = try await desk.page(path, cookie: cookie)
                #expect(page.status == 200 && !page.text.contains("<img"), "\(path)")
                #expect(!page.text.contains("<script>alert"), "\(path)")
                #expect(page.headers["content-security-policy"]?.contains("'unsafe") == false)
            }
        }
    }

    // MARK: - Knowledge and operations

    @Test func `articles show the tickets that they answered, and counts have charts with tables`()
        async throws
    {
        try await withDesk { desk in
            _ = try await desk.decide(["my account is locked after too many tries", "please refund me"])
            let (auditor, _) = try await desk.signIn("auditor")
            let decisions = try desk.store.decisions(DecisionFilter(), by: .newest, limit: 9).items
            let articles = try await desk.page("/ui/knowledge", cookie: auditor)
            #expect(articles.status == 200 && articles.text.contains("href=\"/ui/knowledge/KB-101\""))
            if let match = decisions.compactMap(\.decision.record.matches.first).first {
                let article = try await desk.page("/ui/knowledge/\(match)", cookie: auditor).text
                #expect(article.contains("Tickets answered: 1") && article.contains("/ui/tickets/"))
                let unused = try await desk.page("/ui/knowledge?unused=true", cookie: auditor).text
                #expect(!unused.contains("href=\"/ui/knowledge/\(match)\""))
            }
            let found = try await desk.page("/ui/knowledge?q=refund", cookie: auditor).text
            #expect(found.contains("value=\"refund\""))
            #expect(try await desk.page("/ui/knowledge/none", cookie: auditor).status == 404)
            for days in ["1", "7", "30", "365", "-5", "x"] {
                let page = try await desk.page("/ui/operations?days=\(days)", cookie: auditor)
                #expect(page.status == 200 && page.text.contains("<svg viewBox=\"0 0 600 100\""))
                #expect(page.text.contains("<p class=\"label\">2</p>"))
            }
            let (agent, _) = try await desk.signIn("agent")
            #expect(try await desk.page("/ui/operations", cookie: agent).status == 403)
            #expect(try await !desk.page("/ui", cookie: agent).text.contains("/ui/operations"))
        }
    }

    // MARK: - Languages

    @Test(arguments: [
        (nil, "en"), ("de", "de"), ("de-AT,de;q=0.9,en;q=0.1", "de"), ("fr,de;q=0.5,en;q=0.7", "en"),
        ("fr", "en"), ("en;q=0,de;q=0.1", "de"), ("*;q=x,;,", "en"),
    ])
    func `a page is in the language that the browser prefers`(field: String?, code: String) {
        #expect(ConsoleWords.preferred(field).code == code)
    }

    @Test func `the language is chosen by a link and kept`() async throws {
        try await withDesk { desk in
            let german = try await desk.page("/ui?lang=de")
            #expect(german.text.contains("<html lang=\"de\">") && german.text.contains(">Einordnen</button>"))
            #expect(german.headers["set-cookie"]?.hasPrefix("triage_language=de;") == true)
            let kept = try await desk.page("/ui", cookie: "other=1; triage_language=de")
            #expect(kept.text.contains("<html lang=\"de\">") && kept.text.contains("href=\"/ui?lang=en\""))
            #expect(try await desk.page("/ui", cookie: "triage_language=xx").text.contains("lang=\"en\""))
        }
    }

    @Test func `every reason has a sentence in every language, and no two languages share one`() {
        for reason in Decision.Reason.allCases {
            let sentences = ConsoleWords.all.compactMap { $0.reasons[reason] }
            #expect(Set(sentences).count == ConsoleWords.all.count, "\(reason)")
        }
    }
}
