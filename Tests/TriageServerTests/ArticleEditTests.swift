import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageEngine
import TriageSearch
import TriageStore

@testable import TriageServer

/// Editing an article: its effect first, then the file, the ledger and the version check.
struct ArticleEditTests {
    private static let form = [
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html,*/*",
    ]
    private static let path = "/ui/knowledge/KB-101/edit"

    private struct Desk: Sendable {
        let server: LiveServer
        let store: TicketStore
        let folder: String
        let keys: [String: String]

        var file: ArticleFile {
            get throws { try #require(try ArticleFile.find("KB-101", inKB: folder)) }
        }

        func signIn(_ role: Role) async throws -> (cookie: String, token: String) {
            let answer = try await server.ask(
                "POST", "/ui/sign-in", Array("key=\(keys[role.rawValue] ?? "")&to=/ui".utf8),
                headers: ArticleEditTests.form)
            let cookie = String(try #require(answer.headers["set-cookie"]).prefix { $0 != ";" })
            let page = try await page("/ui", cookie).text
            let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
            return (cookie, String(token))
        }

        func page(_ path: String, _ cookie: String) async throws -> Answer {
            try await server.ask("GET", path, headers: ["Accept": "text/html", "Cookie": cookie])
        }

        /// A form with the article's own texts, but for what is given.
        func send(_ fields: [String: String], _ visit: (cookie: String, token: String)) async throws -> Answer
        {
            let file = try file
            let texts = ArticleTexts(of: file.article)
            let own = [
                "form": visit.token, "version": file.version, "reply": texts.reply ?? "",
                "action": texts.recommendedAction ?? "", "symptoms": texts.symptoms.joined(separator: "\r\n"),
                "step": "look",
            ]
            let body = own.merging(fields) { $1 }.map { "\($0)=\(ConsoleAddress.escaped($1))" }
                .joined(separator: "&")
            return try await server.ask(
                "POST", ArticleEditTests.path, Array(body.utf8),
                headers: ArticleEditTests.form.merging(["Cookie": visit.cookie]) { $1 })
        }
    }

    private func withDesk(
        signedBy: [String] = [], _ body: @Sendable @escaping (Desk) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        try FileManager.default.copyItem(atPath: "\(projectRoot)/kb", toPath: scratch.file("kb"))
        var keys: [String: String] = [:]
        for role in Role.allCases {
            keys[role.rawValue] = try KeyFile.create(
                in: scratch.file("keys"), name: role.rawValue, scopes: role.scopes, lifetime: nil, note: nil)
        }
        let holder = try KeyHolder(path: scratch.file("keys"), logger: Logger(label: "test"))
        let articles = ArticleDesk(DecisionFiles(kb: scratch.file("kb"), signedBy: signedBy))
        try await LiveServer.run(change: {
            $0.store = store
            $0.access.keys = holder
            $0.articles = articles
        }) { [keys] server in
            try await body(Desk(server: server, store: store, folder: scratch.file("kb"), keys: keys))
        }
    }

    private func seen(_ answer: Answer) throws -> String {
        String(try #require(answer.text.firstMatch(of: /name="seen" value="([0-9a-f]{64})"/)?.output.1))
    }

    @Test func `a reply is saved after its effect was seen, and the ledger has both versions`() async throws {
        try await withDesk { desk in
            let visit = try await desk.signIn(.lead)
            #expect(try await desk.page("/ui/knowledge/KB-101", visit.cookie).text.contains(Self.path))
            #expect(try await desk.page(Self.path, visit.cookie).status == 200)
            let before = try desk.file
            let reply = "Choose a new password.\r\n\r\nCall us <b>first</b>."
            let unseen = try await desk.send(["reply": reply, "step": "save"], visit)
            #expect(unseen.status == 200 && unseen.text.contains("Look again"))
            #expect(try desk.file == before)
            let look = try await desk.send(["reply": reply], visit)
            #expect(look.text.contains("<ins>") && look.text.contains("<del>"))
            #expect(look.text.contains("&lt;b&gt;first") && !look.text.contains("<b>first"))
            let mark = try seen(look)
            let other = try await desk.send(["reply": "Other.", "seen": mark, "step": "save"], visit)
            #expect(other.text.contains("Look again"))
            #expect(try desk.file == before)
            let saved = try await desk.send(["reply": reply, "seen": mark, "step": "save"], visit)
            #expect(saved.status == 303 && saved.headers["location"] == "/ui/knowledge/KB-101?message=saved")
            let after = try desk.file
            #expect(after.article.reply == "Choose a new password.\n\nCall us <b>first</b>.")
            #expect(
                after.article.symptoms == before.article.symptoms && after.article.body == before.article.body
            )
            let event = try #require(try desk.store.auditLog(limit: 1).first?.event)
            #expect(event.name == "article")
            #expect(event.details.map(\.value) == [after.version, before.version, "KB-101"])
        }
    }

    @Test func `tickets that would get another next step or article are listed before the change`()
        async throws
    {
        try await withDesk { desk in
            let text =
                "I forgot my password and the self-service reset page does not help, how do I reset my password"
            let made = try await desk.server.ask(
                "POST", "/v1/triage", json: #"{"id": "T-1", "subject": "Forgot it", "body": "\#(text)"}"#,
                headers: ["X-API-Key": desk.keys["agent"] ?? ""])
            #expect(made.text.contains("KB-101") && made.text.contains("\"known_issue\""))
            let visit = try await desk.signIn(.admin)
            let same = try await desk.send(["reply": "Other."], visit)
            #expect(same.text.contains("Of the newest 1 tickets with a kept text, 0 would"))
            let action = try await desk.send(["action": "Call the user back."], visit)
            #expect(action.text.contains("kept text, 1 would") && action.text.contains("Forgot it"))
            #expect(action.text.contains(">Call the user back.</td>"))
            #expect(try await desk.send([:], visit).text.contains("Nothing is changed."))
        }
    }

    @Test func `an article that somebody else changed, or that must be signed, is not saved`() async throws {
        try await withDesk { desk in
            let visit = try await desk.signIn(.lead)
            let old = try desk.file.version
            let first = try await desk.send(["reply": "First."], visit)
            let saved = try await desk.send(
                ["reply": "First.", "seen": try seen(first), "step": "save"], visit)
            #expect(saved.status == 303)
            let second = try await desk.send(
                ["reply": "Second.", "version": old, "seen": try seen(first), "step": "save"], visit)
            #expect(second.status == 200 && second.text.contains("Somebody else changed this article"))
            #expect(try desk.file.article.reply == "First.")
        }
        try await withDesk(signedBy: ["key"]) { desk in
            let visit = try await desk.signIn(.lead)
            let look = try await desk.send(["reply": "X."], visit)
            let refused = try await desk.send(["reply": "X.", "seen": try seen(look), "step": "save"], visit)
            #expect(refused.status == 409 && refused.text.contains("triage sign"))
        }
    }

    @Test func `agents and auditors read, and change nothing`() async throws {
        try await withDesk { desk in
            for role in [Role.agent, .auditor] {
                let visit = try await desk.signIn(role)
                #expect(try await desk.page(Self.path, visit.cookie).status == 403)
                #expect(try await desk.send(["reply": "X."], visit).status == 403)
                #expect(try await !desk.page("/ui/knowledge/KB-101", visit.cookie).text.contains(Self.path))
            }
            let visit = try await desk.signIn(.lead)
            #expect(try await desk.send(["form": "wrong"], visit).status == 403)
            #expect(try await desk.page("/ui/knowledge/none/edit", visit.cookie).status == 404)
            let long = String(repeating: "x", count: 20_001)
            #expect(try await desk.send(["reply": long], visit).status == 422)
        }
    }
}
