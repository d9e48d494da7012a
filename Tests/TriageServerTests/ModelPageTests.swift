import Foundation
import Logging
import ServerTestSupport
import Synchronization
import Testing
import TriageData
import TriageEngine
import TriageModel
import TriageStore

@testable import TriageServer

/// The page of the model: thresholds with their effect, and the registry.
struct ModelPageTests {
    private static let form = [
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html,*/*",
    ]

    /// A desk whose changes are only noted.
    private final class Notes: Sendable {
        let saved = Mutex<[ModelDesk.Wish]>([])
        let promoted = Mutex<[String]>([])
        let rolledBack = Mutex<[String]>([])
    }

    private static func desk(_ notes: Notes, _ registry: ModelRegistry?) -> ModelDesk {
        ModelDesk(
            fields: { model in
                model.heads.map { head in
                    .init(
                        name: head.manifest.field, labels: head.labels.count, isCalibrated: true,
                        target: "precision=0.95",
                        effect: .init(threshold: 0.9, rows: 200, above: 80, errors: 2, atLeast: 0.923),
                        rows: 200, right: 170,
                        curve: [
                            .init(threshold: 0.95, above: 50, errors: 0),
                            .init(threshold: 0.9, above: 80, errors: 2),
                            .init(threshold: 0.5, above: 190, errors: 22),
                        ])
                }
            },
            effect: { _, _, precision in
                .init(
                    threshold: precision > 0.99 ? nil : 0.6, rows: 200, above: precision > 0.99 ? 0 : 150,
                    errors: 10, atLeast: 0.9012)
            },
            save: { wish in
                guard wish.precision != 0.71 else { throw ModelDesk.Problem.changedMeanwhile }
                notes.saved.withLock { $0.append(wish) }
                return registry == nil ? nil : "v3"
            },
            promote: { version, author, inSpite in
                if version == "v2", !inSpite { return ["category: <b>surely</b> worse"] }
                notes.promoted.withLock { $0.append("\(version) \(author.name) \(author.reason)") }
                return []
            },
            rollback: { author in
                notes.rolledBack.withLock { $0.append(author.reason) }
                return "v1"
            }, version: { _ in try starter.get().model },
            audit: { store, _, field in
                let given = try store.feedback(limit: 100).filter { $0.field == field && !$0.isUndone }
                return .init(
                    rows: given.count, minimum: 2,
                    doubtful: given.filter { $0.label == "Bug" }.map {
                        .init(
                            id: $0.ticket ?? $0.decision, label: $0.label, suggested: "Login",
                            probability: 0.1, suggestedProbability: 0.83, words: ["<i>slow</i>"],
                            suggestedWords: ["locked"])
                    })
            }, registry: registry, card: { "# The <card>" })
    }

    private func registry(_ scratch: Scratch) throws -> ModelRegistry {
        let registry = try ModelRegistry(making: scratch.file("registry"))
        for version in ["v1", "v2"] {
            try FileManager.default.createDirectory(
                atPath: registry.folder(of: version), withIntermediateDirectories: true)
            let change = try registry.change()
            try change.record(RegistryEntry(.added, version, sha256: nil, by: "ann", reason: "trained <i>"))
            try change.promote(RegistryEntry(.promoted, version, sha256: nil, by: "ann", reason: "good"))
            change.end()
        }
        let change = try registry.change()
        try change.promote(RegistryEntry(.rolledBack, "v1", sha256: nil, by: "bob", reason: "complaints"))
        change.end()
        return registry
    }

    private func withPage(
        hasRegistry: Bool = true,
        _ body: @Sendable @escaping (LiveServer, TicketStore, Notes, [String: String]) async throws -> Void
    ) async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"), .write, StoreOptions())
        defer { try? store.close() }
        let (notes, registry) = (Notes(), hasRegistry ? try registry(scratch) : nil)
        var keys: [String: String] = [:]
        for role in [Role.lead, .agent, .auditor] {
            keys[role.rawValue] = try KeyFile.create(
                in: scratch.file("keys"), name: role.rawValue, scopes: role.scopes, lifetime: nil, note: nil)
        }
        let holder = try KeyHolder(path: scratch.file("keys"), logger: Logger(label: "test"))
        try await LiveServer.run(change: {
            $0.store = store
            $0.access.keys = holder
            $0.desk = Self.desk(notes, registry)
        }) { [keys] server in try await body(server, store, notes, keys) }
    }

    /// A session's headers and form token.
    private func signIn(_ server: LiveServer, _ key: String?) async throws -> ([String: String], String) {
        let answer = try await server.ask(
            "POST", "/ui/sign-in", Array("key=\(try #require(key))&to=/ui".utf8), headers: Self.form)
        let cookie = try #require(answer.headers["set-cookie"]).prefix { $0 != ";" }
        let headers = Self.form.merging(["Cookie": String(cookie)]) { $1 }
        let page = try await server.ask("GET", "/ui", headers: headers).text
        let token = try #require(page.firstMatch(of: /name="form" value="([0-9a-f]{64})"/)?.output.1)
        return (headers, String(token))
    }

    private func post(
        _ server: LiveServer, _ path: String, _ fields: [(String, String)], _ headers: [String: String]
    ) async throws -> Answer {
        let body = fields.map { "\($0)=\(ConsoleAddress.escaped($1))" }.joined(separator: "&")
        return try await server.ask("POST", path, Array(body.utf8), headers: headers)
    }

    @Test func `the effect of a precision is shown before it is saved, and the ledger has who saved it`()
        async throws
    {
        try await withPage { server, store, notes, keys in
            let (lead, token) = try await signIn(server, keys["lead"])
            let page = try await server.ask("GET", "/ui/model", headers: lead).text
            #expect(
                page.contains(
                    "40.0\u{A0}% of 200 held-out rows automatic; of these 97.5\u{A0}% right, at least 92.3\u{A0}%"
                )
            )
            #expect(page.contains("type=\"range\"") && page.contains("# The &lt;card&gt;"))
            #expect(!page.contains("/ui/model/thresholds"))
            let shown = try await server.ask("GET", "/ui/model?field=category&precision=90", headers: lead)
            #expect(
                shown.text.contains("75.0\u{A0}% of 200 held-out rows automatic; of these 93.3\u{A0}% right"))
            #expect(shown.text.contains("name=\"precision\" value=\"0.9\""))
            let far = try await server.ask("GET", "/ui/model?field=category&precision=99.5", headers: lead)
                .text
            #expect(far.contains("cannot show 99.5\u{A0}%") && !far.contains("/ui/model/thresholds"))
            let sha256 = try starter.get().model.sha256
            let fields = [("form", token), ("field", "category"), ("precision", "0.9"), ("model", sha256)]
            let saved = try await post(server, "/ui/model/thresholds", fields, lead)
            #expect(saved.status == 303 && saved.headers["location"] == "/ui/model?message=added")
            let wish = try #require(notes.saved.withLock { $0 }.first)
            #expect(wish.field == "category" && wish.precision == 0.9 && wish.by == "lead")
            #expect(try store.auditLog(limit: 5).map(\.name) == ["thresholds"])
            let late = try await post(
                server, "/ui/model/thresholds",
                [("form", token), ("field", "category"), ("precision", "0.71"), ("model", sha256)], lead)
            #expect(late.status == 409 && late.text.contains("changed meanwhile"))
        }
    }

    @Test
    func `a version with objections decides only in spite of them, and a roll-back goes back`()
        async throws
    {
        try await withPage { server, store, notes, keys in
            let (lead, token) = try await signIn(server, keys["lead"])
            let page = try await server.ask("GET", "/ui/model?a=v1&b=v2", headers: lead).text
            #expect(page.contains("trained &lt;i&gt;") && page.contains("v2 → v1"))
            #expect(page.contains("On the rows that each training held out") && page.contains("85.0\u{A0}%"))
            // v1 is the champion again and nothing is before it.
            #expect(!page.contains("/ui/model/rollback"))
            let fields = [("form", token), ("version", "v2"), ("reason", "new products")]
            let refused = try await post(server, "/ui/model/promote", fields, lead)
            #expect(
                refused.status == 200 && refused.text.contains("category: &lt;b&gt;surely&lt;/b&gt; worse"))
            #expect(notes.promoted.withLock { $0 }.isEmpty)
            let forced = try await post(server, "/ui/model/promote", fields + [("in_spite", "v2")], lead)
            #expect(forced.status == 303)
            #expect(notes.promoted.withLock { $0 } == ["v2 lead new products"])
            let back = try await post(
                server, "/ui/model/rollback", [("form", token), ("from", "v1"), ("reason", "late\nmails")],
                lead)
            #expect(back.status == 303 && notes.rolledBack.withLock { $0 } == ["late mails"])
            let stale = try await post(
                server, "/ui/model/rollback", [("form", token), ("from", "v2"), ("reason", "x")], lead)
            #expect(stale.status == 409)
            let log = try store.auditLog(limit: 9).map(\.name)
            #expect(log == ["rollback", "promote", "promote"])
        }
    }

    @Test(arguments: [
        [("version", "v9"), ("reason", "x")], [("version", "v2"), ("reason", " ")], [("reason", "x")],
    ])
    func `a form that does not fit changes nothing`(fields: [(String, String)]) async throws {
        try await withPage { server, store, notes, keys in
            let (lead, token) = try await signIn(server, keys["lead"])
            let answer = try await post(server, "/ui/model/promote", [("form", token)] + fields, lead)
            #expect([404, 422].contains(answer.status))
            #expect(try await post(server, "/ui/model/promote", fields, lead).status == 403)
            #expect(try notes.promoted.withLock { $0 }.isEmpty && store.auditLog(limit: 9).isEmpty)
        }
    }

    @Test func `an auditor reads the page and changes nothing; an agent has no such page`() async throws {
        try await withPage(hasRegistry: false) { server, _, notes, keys in
            let (auditor, token) = try await signIn(server, keys["auditor"])
            let page = try await server.ask("GET", "/ui/model?field=category&precision=90", headers: auditor)
                .text
            #expect(page.contains("This model is in no registry") && !page.contains("/ui/model/thresholds"))
            let fields = [("form", token), ("field", "category"), ("precision", "0.9"), ("model", "x")]
            #expect(try await post(server, "/ui/model/thresholds", fields, auditor).status == 403)
            let (agent, _) = try await signIn(server, keys["agent"])
            #expect(try await server.ask("GET", "/ui/model", headers: agent).status == 403)
            #expect(try await !server.ask("GET", "/ui", headers: agent).text.contains("/ui/model"))
            #expect(notes.saved.withLock { $0 }.isEmpty)
        }
    }

    @Test func `labels in doubt are kept or changed one after another, and an undo brings one back`()
        async throws
    {
        try await withPage { server, store, _, keys in
            let (lead, token) = try await signIn(server, keys["lead"])
            let path = "/ui/model/audit?field=category"
            let empty = try await server.ask("GET", path, headers: lead).text
            #expect(empty.contains("People labelled 0 of the kept tickets"))
            #expect(try await server.ask("GET", "/ui/model/audit?field=none", headers: lead).status == 404)
            var ids: [String] = []
            for number in 0..<3 {
                let decided = try await server.ask(
                    "POST", "/v1/triage", json: #"{"id":"T-\#(number)","body":"my account is locked"}"#,
                    headers: ["X-API-Key": keys["agent"] ?? ""])
                ids.append(try #require(decided.headers["triage-decision-id"]))
                _ = try await store.addFeedback(
                    NewFeedback(.decision(ids[number]), field: "category", label: "Bug"))
            }
            // A label that was given twice in a row is settled.
            _ = try await store.addFeedback(NewFeedback(.decision(ids[2]), field: "category", label: "Bug"))
            let fresh = "/ui/model/audit?field=severity"
            #expect(try await server.ask("GET", fresh, headers: lead).text.contains("People labelled 0"))
            try await withDoubts(server, lead, token, store, ids)
        }
    }

    /// The steps of the audit on two labels in doubt.
    private func withDoubts(
        _ server: LiveServer, _ lead: [String: String], _ token: String, _ store: TicketStore, _ ids: [String]
    ) async throws {
        // The first look was at a store without labels, and is kept for minutes.
        try await LiveServer.run(change: {
            $0.store = store
            $0.desk = Self.desk(Notes(), nil)
        }) { [self] server in
            let headers = Self.form
            let page = try await server.ask("GET", "/ui/model/audit?field=category", headers: headers).text
            #expect(page.contains("Tickets: 2") && page.contains("Keep: Bug"))
            #expect(page.contains("Login 83 %, Bug 10 %") && page.contains("&lt;i&gt;slow&lt;/i&gt;"))
            let back = "/ui/model/audit?field=category&open=\(ids[1])"
            let version = try #require(try store.decision(ids[0])?.version)
            let kept = try await post(
                server, "/ui/tickets/\(ids[0])",
                [("field", "category"), ("label", "Bug"), ("version", "\(version)"), ("back", back)], headers)
            let location = try #require(kept.headers["location"])
            #expect(kept.status == 303 && location.hasPrefix(back) && location.contains("message=saved"))
            #expect(try store.feedback(onDecision: ids[0])?.map(\.label) == ["Bug", "Bug"])
            let after = try await server.ask("GET", location, headers: headers).text
            #expect(after.contains("Tickets: 1") && after.contains("data-key=\"u\""))
            let changed = try await post(
                server, "/ui/tickets/\(ids[1])",
                [("field", "category"), ("label", "Login"), ("back", back)], headers)
            let empty = try await server.ask(
                "GET", try #require(changed.headers["location"]), headers: headers
            )
            .text
            #expect(empty.contains("none is in doubt"))
            #expect(try store.decision(ids[1])?.correction(of: "category")?.label == "Login")
            let done = try #require(try store.feedback(onDecision: ids[1])?.last?.id)
            _ = try await post(server, "/ui/undo", [("ids", done), ("back", back)], headers)
            #expect(try await server.ask("GET", back, headers: headers).text.contains("Tickets: 1"))
        }
    }
}
