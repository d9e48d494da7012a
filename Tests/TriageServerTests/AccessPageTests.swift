import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageStore

@testable import TriageServer

/// The page of keys, sessions and the audit log.
struct AccessPageTests {
    private static let form = [
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html,*/*",
    ]

    private struct Desk: Sendable {
        let server: LiveServer
        let store: TicketStore
        let file: String
        let keys: [String: String]

        func post(_ path: String, _ fields: [(String, String)], _ cookie: String) async throws -> Answer {
            let body = fields.map { "\($0)=\(ConsoleAddress.escaped($1))" }.joined(separator: "&")
            return try await server.ask(
                "POST", path, Array(body.utf8),
                headers: AccessPageTests.form.merging(["Cookie": cookie]) { $1 })
        }

        func page(_ path: String, _ cookie: String) async throws -> Answer {
            try await server.ask("GET", path, headers: ["Accept": "text/html", "Cookie": cookie])
        }

        func signIn(_ key: String) async throws -> (cookie: String, token: String) {
            let answer = try await server.ask(
                "POST", "/ui/sign-in", Array("key=\(key)&to=/ui".utf8), headers: AccessPageTests.form)
            let cookie = String(try #require(answer.headers["set-cookie"]).prefix { $0 != ";" })
            let page = try await page("/ui", cookie).text
            let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
            return (cookie, String(token))
        }

        func signIn(role: Role) async throws -> (cookie: String, token: String) {
            try await signIn(try #require(keys[role.rawValue]))
        }
    }

    private func withDesk(_ body: @Sendable @escaping (Desk) async throws -> Void) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        var keys: [String: String] = [:]
        let file = scratch.file("keys")
        for role in Role.allCases {
            keys[role.rawValue] = try KeyFile.create(
                in: file, name: role.rawValue, scopes: role.scopes, lifetime: nil, note: nil)
        }
        let holder = try KeyHolder(path: file, logger: Logger(label: "test"))
        try await LiveServer.run(change: {
            $0.store = store
            $0.access.keys = holder
        }) { [keys] server in
            try await body(Desk(server: server, store: store, file: file, keys: keys))
        }
    }

    @Test func `an administrator makes a key that is shown once and works at once, and revokes it`()
        async throws
    {
        try await withDesk { desk in
            let (admin, token) = try await desk.signIn(role: .admin)
            let fields = [
                ("form", token), ("name", "ann <b>"), ("role", "agent"), ("expires", "90d"),
                ("note", "desk 2"),
            ]
            let made = try await desk.post("/ui/access/keys", fields, admin)
            let key = try #require(made.text.firstMatch(of: /tt_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}/)?.output)
            #expect(made.status == 200 && made.headers["cache-control"] == "no-store")
            let page = try await desk.page("/ui/access", admin).text
            #expect(page.contains("ann &lt;b&gt;") && page.contains("desk 2") && !page.contains(key))
            let record = try #require(try KeyFile(path: desk.file).keys.first { $0.note == "desk 2" })
            #expect(record.scopes == Role.agent.scopes && record.expires != nil)

            let (agent, _) = try await desk.signIn(String(key))
            #expect(try await desk.page("/ui/queue", agent).status == 200)
            #expect(try await desk.page("/ui/access", agent).status == 403)
            let revoked = try await desk.post(
                "/ui/access/revoke", [("form", token), ("id", record.id)], admin)
            #expect(revoked.headers["location"] == "/ui/access?message=revoked")
            #expect(try await desk.page("/ui/queue", agent).status == 401)
            let log = try desk.store.auditLog(limit: 9)
            #expect(log.map(\.name) == ["key_revoked", "key_made"] && log.allSatisfy { $0.event.by != nil })
            let after = try await desk.page("/ui/access?message=revoked", admin).text
            #expect(after.contains("key_made") && after.contains("The key is revoked"))
        }
    }

    @Test func `a session that an administrator ends is over, and nobody revokes the own key`() async throws {
        try await withDesk { desk in
            let (admin, token) = try await desk.signIn(role: .admin)
            let (lead, _) = try await desk.signIn(role: .lead)
            let page = try await desk.page("/ui/access", admin).text
            let ids = page.matches(of: /action="\/ui\/access\/end".*?name="id" value="([0-9a-f]{16})"/).map {
                String($0.output.1)
            }
            #expect(ids.count == 2)
            // The administrator's own session was used last, so it is the first.
            let ended = try await desk.post(
                "/ui/access/end", [("form", token), ("id", try #require(ids.last))], admin)
            #expect(ended.status == 303)
            #expect(try await desk.page("/ui/queue", lead).status == 401)
            #expect(try await desk.page("/ui/queue", admin).status == 200)
            let own = try #require(try KeyFile(path: desk.file).keys.first { $0.name == "admin" }).id
            let refused = try await desk.post("/ui/access/revoke", [("form", token), ("id", own)], admin)
            #expect(refused.status == 404 && !page.contains("name=\"id\" value=\"\(own)\""))
        }
    }

    @Test(arguments: [
        [("name", ""), ("role", "agent"), ("expires", "90d")],
        [("name", "a"), ("role", "king"), ("expires", "90d")],
        [("name", "a"), ("role", "agent"), ("expires", "never")], [("name", "a")],
    ])
    func `a form that does not fit makes no key`(fields: [(String, String)]) async throws {
        try await withDesk { desk in
            let (admin, token) = try await desk.signIn(role: .admin)
            #expect(try await desk.post("/ui/access/keys", [("form", token)] + fields, admin).status == 422)
            #expect(try await desk.post("/ui/access/keys", fields, admin).status == 403)
            #expect(try KeyFile(path: desk.file).keys.count == Role.allCases.count)
        }
    }

    @Test func `an auditor reads the page without its buttons, and the log goes on on further pages`()
        async throws
    {
        try await withDesk { desk in
            for number in 0..<60 {
                try await desk.store.record(AuditEvent("reload", [("model", "m\(number)")]))
            }
            let (auditor, token) = try await desk.signIn(role: .auditor)
            let page = try await desk.page("/ui/access", auditor).text
            #expect(
                page.contains("model m59") && !page.contains("model m9<")
                    && !page.contains("/ui/access/revoke"))
            let next = try #require(page.firstMatch(of: /\/ui\/access\?after=[0-9]+/)?.output)
            let second = try await desk.page(String(next), auditor).text
            #expect(
                second.contains("model m9<") && second.contains("model m0<") && !second.contains("Next page"))
            let refused = try await desk.post(
                "/ui/access/keys", [("form", token), ("name", "x"), ("role", "admin"), ("expires", "30d")],
                auditor)
            #expect(refused.status == 403)
            let (lead, _) = try await desk.signIn(role: .agent)
            #expect(try await !desk.page("/ui", lead).text.contains("/ui/access"))
        }
    }
}
