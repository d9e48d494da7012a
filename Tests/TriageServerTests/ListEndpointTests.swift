import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageStore

@testable import TriageServer

/// Lists, counts and events over HTTP.
struct ListEndpointTests {
    private func withStore<Value: Sendable>(
        change: @escaping @Sendable (inout ServerDependencies) -> Void = { _ in },
        _ body: @Sendable @escaping (LiveServer, TicketStore) async throws -> Value
    ) async throws -> Value {
        let folder = NSTemporaryDirectory() + "triage-lists-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        defer { try? store.close() }
        return try await LiveServer.run(change: {
            $0.store = store
            change(&$0)
        }) { try await body($0, store) }
    }

    private func decide(_ server: LiveServer, _ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            let answer = try await server.ask(
                "POST", "/v1/triage", json: #"{"id":"T-\#(number)","body":"my account is locked \#(number)"}"#
            )
            ids.append(try #require(answer.headers["triage-decision-id"]))
        }
        return ids
    }

    private func ids(_ answer: Answer) -> [String] {
        (answer.object["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    }

    @Test func `a run of similar tickets is listed, and shown above the queue and the counts`() async throws {
        try await withStore { server, _ in
            for number in 0..<150 {
                _ = try await server.ask(
                    "POST", "/v1/triage",
                    json: #"{"body":"invoice of customer\#(number) in branch\#(number)"}"#)
            }
            #expect(ids(try await server.ask("GET", "/v1/outages")).isEmpty)
            let quiet = try await server.ask("GET", "/ui/queue", headers: ["Accept": "text/html"])
            #expect(!quiet.text.contains("Many similar tickets"))
            for number in 0..<6 {
                _ = try await server.ask(
                    "POST", "/v1/triage",
                    json: #"{"subject":"Case \#(number)","body":"the vpn gateway drops <b>everybody</b>"}"#)
            }
            let list = try await server.ask("GET", "/v1/outages?current=true")
            let item = try #require((list.object["items"] as? [[String: Any]])?.first)
            #expect(list.object["count"] as? Int == 1 && item["tickets"] as? Int == 6)
            #expect((item["words"] as? [String] ?? []).contains("vpn"))
            let over = try await server.ask("GET", "/v1/outages?current=false")
            #expect(ids(over).isEmpty)
            for (path, language) in [("/ui/queue", "en"), ("/ui/operations", "de")] {
                let page = try await server.ask(
                    "GET", path, headers: ["Accept": "text/html", "Accept-Language": language])
                #expect(
                    page.text.contains(language == "en" ? "Many similar tickets" : "Viele ähnliche Tickets"))
                #expect(page.text.contains("vpn") && page.text.contains(">Case 0</a>"))
            }
        }
    }

    @Test func `decisions are listed in parts, filtered, and unchanged lists are not sent again`()
        async throws
    {
        try await withStore { server, _ in
            let made = try await decide(server, 5)
            let first = try await server.ask("GET", "/v1/decisions?limit=2")
            #expect(ids(first) == [made[4], made[3]] && first.object["count"] as? Int == 5)
            let next = try #require(first.object["next"] as? String)
            let second = try await server.ask("GET", "/v1/decisions?limit=9&after=\(next)")
            #expect(ids(second) == [made[2], made[1], made[0]] && second.object["next"] is NSNull)
            let tag = try #require(first.headers["etag"])
            let same = try await server.ask(
                "GET", "/v1/decisions?limit=2", headers: ["If-None-Match": "\"x\", W/\(tag)"])
            #expect(same.status == 304 && same.bytes.isEmpty && same.headers["etag"] == tag)
            _ = try await decide(server, 1)
            let changed = try await server.ask(
                "GET", "/v1/decisions?limit=2", headers: ["If-None-Match": tag])
            #expect(changed.status == 200)

            let body = #"{"decision_id":"\#(made[1])","field":"category","label":"Security"}"#
            #expect(try await server.ask("POST", "/v1/feedback", json: body).status == 201)
            let found = try await server.ask("GET", "/v1/decisions?field=category&label=Security")
            #expect(ids(found) == [made[1]])
            let item = try #require((found.object["items"] as? [[String: Any]])?.first)
            let field = (item["fields"] as? [String: [String: Any]])?["category"]
            #expect(field?["correction"] as? String == "Security" && item["version"] as? Int == 2)
            #expect(item["summary"] as? String == "my account is locked 1")
            #expect(ids(try await server.ask("GET", "/v1/decisions?language=xx")) == [])
            let feedback = try await server.ask("GET", "/v1/feedback?field=category&undone=false")
            #expect(feedback.object["count"] as? Int == 1)
        }
    }

    @Test(arguments: [
        "/v1/decisions?state=opne", "/v1/decisions?order=worst", "/v1/decisions?level=high",
        "/v1/decisions?reason=NONE", "/v1/decisions?limit=0", "/v1/decisions?limit=201",
        "/v1/decisions?after=x", "/v1/decisions?from=yesterday", "/v1/decisions?known=maybe",
        "/v1/decisions?label=", "/v1/decisions?sort=new", "/v1/tickets?state=gone", "/v1/tickets?after=x",
        "/v1/feedback?undone=1", "/v1/articles?answered=2", "/v1/stats?from=2030-01-02&to=2030-01-01",
        "/v1/stats?from=2000-01-01&to=2030-01-01", "/v1/similar", "/v1/similar?text=a&decision=b",
        "/v1/events?after=-1",
    ])
    func `a query that does not fit is 422 that names what to send`(path: String) async throws {
        try await withStore { server, _ in
            let answer = try await server.ask("GET", path)
            #expect(answer.status == 422 && answer.object["code"] as? String == "invalid", "\(answer.text)")
        }
    }

    @Test func `tickets, articles and counts have the same envelope`() async throws {
        try await withStore { server, store in
            _ = try await decide(server, 2)
            _ = try await server.ask("POST", "/v1/tickets", json: #"{"body":"slow"}"#)
            let tickets = try await server.ask("GET", "/v1/tickets?from=2020-01-01")
            #expect(ids(tickets).count == 1 && tickets.object["count"] is NSNull)
            for _ in 0..<500 where try store.statistics().queue[.done] != 1 {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await server.ask("GET", "/v1/tickets?state=done").object["count"] as? Int == 1)
            let articles = try await server.ask("GET", "/v1/articles?limit=1&answered=false")
            #expect(articles.status == 404 || ids(articles).count == 1)
            let stats = try await server.ask("GET", "/v1/stats")
            #expect(stats.object["decisions"] as? Int == 3 && stats.object["override_rate"] is NSNull)
            let hours = try #require(stats.object["hours"] as? [[String: Any]])
            #expect(hours.compactMap { $0["decisions"] as? Int }.reduce(0, +) == 3)
        }
    }

    @Test func `similar tickets are found by a decision or a text`() async throws {
        try await withStore { server, _ in
            let made = try await decide(server, 3)
            _ = try await server.ask("POST", "/v1/triage", json: #"{"body":"refund the charge please"}"#)
            let found = try await server.ask("GET", "/v1/similar?decision=T-0")
            let items = try #require(found.object["items"] as? [[String: Any]])
            let ids = items.compactMap { ($0["decision"] as? [String: Any])?["id"] as? String }
            #expect(Set(ids) == Set(made.dropFirst()))
            let text = try await server.ask("GET", "/v1/similar?text=the+charge%3F&limit=1")
            #expect(text.text.contains("refund the charge please"))
            #expect(try await server.ask("GET", "/v1/similar?decision=none").status == 404)
        }
    }

    @Test func `an auditor's key reads lists and changes nothing`() async throws {
        let scratch = try Scratch()
        let path = scratch.file("keys")
        func key(_ scopes: Set<Scope>) throws -> [String: String] {
            let name = scopes.map(\.rawValue).sorted().joined()
            return [
                "X-API-Key": try KeyFile.create(
                    in: path, name: name, scopes: scopes, lifetime: nil, note: nil)
            ]
        }
        let (auditor, agent, metrics) = (
            try key([.audit]), try key([.triage, .feedback]), try key([.metrics])
        )
        let keys = try KeyHolder(path: path, logger: Logger(label: "test"))
        try await withStore(change: { $0.access.keys = keys }) { server, _ in
            for list in ["/v1/decisions", "/v1/tickets", "/v1/feedback"] {
                #expect(try await server.ask("GET", list, headers: auditor).status == 200)
                #expect(try await server.ask("GET", list, headers: agent).status == 200)
                let refused = try await server.ask("GET", list, headers: metrics)
                #expect(refused.status == 403 && refused.text.contains("or audit"))
            }
            #expect(try await server.ask("GET", "/v1/stats", headers: auditor).status == 200)
            #expect(try await server.ask("GET", "/v1/stats", headers: agent).status == 403)
            let change = try await server.ask(
                "POST", "/v1/triage", json: #"{"body":"x"}"#, headers: auditor)
            #expect(change.status == 403)
        }
    }

    @Test func `events go on behind the last one that arrived`() async throws {
        try await withStore { server, store in
            let made = try await decide(server, 2)
            let first = try #require(try store.decision(made[0])).sequence
            let stream = try RawConnection(port: server.port)
            stream.send(
                "GET /v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: \(first)\r\n\r\n")
            let missed = stream.read(until: "Z\"}\n\n")
            #expect(missed.contains("id: \(first + 1)\nevent: decision"))
            #expect(
                missed.contains("content-type: text/event-stream") || missed.contains("text/event-stream"))
            _ = try await store.addFeedback(
                NewFeedback(.decision(made[0]), field: "category", label: "Security"))
            let new = stream.read(until: "Z\"}\n\n")
            #expect(new.contains("id: \(first + 2)\nevent: feedback"))
            #expect(new.contains("\"decision_id\":\"\(made[0])\""))
        }
    }
}
