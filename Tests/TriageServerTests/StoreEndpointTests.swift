import Foundation
import ServerTestSupport
import Testing
import TriageData
import TriageStore

@testable import TriageServer

struct StoreEndpointTests {
    /// Runs a service with a store of its own, which is gone afterwards.
    private func withStore<Value: Sendable>(
        _ options: StoreOptions = StoreOptions(), log: RecordedLog? = nil,
        _ body: @Sendable @escaping (LiveServer, TicketStore) async throws -> Value
    ) async throws -> Value {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, options)
        defer { try? store.close() }
        return try await LiveServer.run(change: {
            $0.store = store
            if let log { $0.logger = log.logger }
        }) { try await body($0, store) }
    }

    @Test func `a decision is on the disk when it is answered, and can be corrected and uncorrected`()
        async throws
    {
        try await withStore { server, store in
            let answer = try await server.ask(
                "POST", "/v1/triage", json: #"{"id":"T-1","body":"my account is locked"}"#)
            let id = try #require(answer.headers["triage-decision-id"])
            let stored = try await server.ask("GET", "/v1/decisions/\(id)")
            #expect(stored.object["ticket_id"] as? String == "T-1")
            #expect(stored.text.contains(#""decision":\#(answer.text)"#))
            #expect(try await server.ask("GET", "/v1/decisions/T-1").text == stored.text)

            let body =
                #"{"decision_id":"\#(id)","field":"category","label":"Security","version":1,"note":"mail a@b.example"}"#
            let feedback = try await server.ask("POST", "/v1/feedback", json: body)
            #expect(feedback.status == 201)
            #expect(
                feedback.object["version"] as? Int == 2 && feedback.object["decided"] as? String == "Login")
            #expect(!feedback.text.contains("a@b.example"))
            #expect(try await server.ask("POST", "/v1/feedback", json: body).status == 409)
            let undo = "/v1/feedback/\(feedback.object["id"] as? String ?? "")"
            #expect(try await server.ask("DELETE", undo).object["undone"] as? Bool == true)
            #expect(try await server.ask("DELETE", undo).status == 409)
            #expect(try store.verify().decisions == 1)
        }
    }

    @Test func `a ticket that was taken is decided as if it had been asked for at once`() async throws {
        try await withStore { server, store in
            let body =
                #"{"id":"T-2","subject":"a@b.example","body":"<p>my account is &amp;lt;locked</p> 4111 1111 1111 1111"}"#
            let taken = try await server.ask(
                "POST", "/v1/tickets", json: body, headers: ["Idempotency-Key": "k1"])
            #expect(taken.status == 202)
            let place = try #require(taken.headers["location"])
            var state = try await server.ask("GET", place)
            for _ in 0..<500 where state.object["state"] as? String != "done" {
                try await Task.sleep(for: .milliseconds(10))
                state = try await server.ask("GET", place)
            }
            let direct = try await server.ask("POST", "/v1/triage", json: body).text
            #expect(state.text.contains(#""decision":\#(direct)"#))
            let stored = try store.decisions(limit: 2)
            #expect(stored[0].record == stored[1].record && stored[0].text == stored[1].text)

            let again = try await server.ask(
                "POST", "/v1/tickets", json: body, headers: ["Idempotency-Key": "k1"])
            #expect(again.status == 202 && again.object["id"] as? String == taken.object["id"] as? String)
            let other = try await server.ask(
                "POST", "/v1/tickets", json: #"{"body":"slow"}"#, headers: ["Idempotency-Key": "k1"])
            #expect(other.status == 409 && other.object["code"] as? String == "idempotency_conflict")
            #expect(try store.statistics().queue[.done] == 1)
        }
    }

    @Test func `a batch is stored whole, and a store that takes nothing gives errors and no decisions`()
        async throws
    {
        try await withStore { server, store in
            let lines = (0..<50).map { #"{"id":"B-\#($0)","body":"my account is locked"}"# }.joined(
                separator: "\n")
            let answers = try await server.ask("POST", "/v1/triage/batch", Array(lines.utf8)).text
            #expect(answers.split(separator: "\n").count == 50)
            #expect(try store.verify().decisions == 50)
            try store.close()
            let refused = try await server.ask("POST", "/v1/triage", json: #"{"body":"slow"}"#)
            #expect(refused.status == 503 && refused.object["code"] as? String == "store_unavailable")
            let bad = try await server.ask(
                "POST", "/v1/triage/batch", Array(#"{"id":"x","body":"slow"}"#.utf8)
            ).text
            #expect(bad.hasPrefix(#"{"id":"x","line":1,"error":{"code":"unavailable""#))
            #expect(try await server.ask("GET", "/ready").status == 503)
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    @Test
    func `an erased decision or ticket is gone, by its own id or the queue's, and erasing again is no error`()
        async throws
    {
        try await withStore { server, store in
            let first = try await server.ask(
                "POST", "/v1/triage", json: #"{"id":"E-1","body":"my account is locked flurbword"}"#)
            let second = try await server.ask("POST", "/v1/triage", json: #"{"id":"E-2","body":"flurbword"}"#)
            let id = try #require(first.headers["triage-decision-id"])
            let taken = try await server.ask("POST", "/v1/tickets", json: #"{"id":"E-1","body":"flurbword"}"#)
            let place = try #require(taken.headers["location"])
            for _ in 0..<500 {
                if try await server.ask("GET", place).object["state"] as? String == "done" { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            let erased = try await server.ask("DELETE", "/v1/tickets/E-1")
            #expect(erased.status == 200)
            #expect(erased.text == #"{"decisions":2,"texts":2,"waiting_tickets":0,"clean":true}"#)
            for path in ["/v1/decisions/\(id)", "/v1/decisions/E-1", place] {
                let answer = try await server.ask("GET", path)
                #expect(answer.status == 410 && answer.object["code"] as? String == "erased", "\(path)")
            }
            let other = try #require(second.headers["triage-decision-id"])
            #expect(try await server.ask("DELETE", "/v1/decisions/\(other)").object["texts"] as? Int == 1)
            for path in ["/v1/tickets/E-1", "/v1/decisions/\(other)", place] {
                let again = try await server.ask("DELETE", path)
                #expect(again.status == 200 && again.object["decisions"] as? Int == 0, "\(path)")
            }
            for path in ["/v1/tickets/nobody", "/v1/decisions/E-1"] {
                #expect(try await server.ask("DELETE", path).status == 404, "\(path)")
            }
            let late = try await server.ask(
                "POST", "/v1/feedback", json: #"{"decision_id":"\#(id)","field":"category","label":"Login"}"#)
            #expect(late.status == 410)
            #expect(try store.verify().texts == 0)
        }
    }

    @Test func `a service carries out what a command left in its store`() async throws {
        try await withStore { server, store in
            _ = try await server.ask("POST", "/v1/triage", json: #"{"id":"E-1","body":"flurbword"}"#)
            let report = try await StoreRequest.erase(.ticket("E-1"), by: "ann").send(
                to: store.path, waiting: 20)
            #expect(report.texts == 1)
            #expect(try await server.ask("GET", "/v1/decisions/E-1").status == 410)
        }
    }

    @Test func `a store whose folder is gone takes nothing, and the service is not ready`() async throws {
        try await withStore { server, store in
            #expect(try await server.ask("GET", "/ready").status == 200)
            try FileManager.default.removeItem(atPath: store.path)
            for path in ["/v1/triage", "/v1/tickets"] {
                let answer = try await server.ask("POST", path, json: #"{"body":"slow"}"#)
                #expect(answer.status == 503 && answer.object["code"] as? String == "store_unavailable")
                #expect(!answer.text.contains(store.path))
                #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
            }
            let ready = try await server.ask("GET", "/ready")
            #expect(ready.status == 503 && Int(ready.headers["retry-after"] ?? "") ?? 0 > 0)
            #expect(try await server.ask("GET", "/health").status == 200)
        }
    }

    @Test func `a request that the store fails is one line of the log, with the reason`() async throws {
        let log = RecordedLog()
        try await withStore(log: log) { server, store in
            try FileManager.default.removeItem(atPath: store.path)
            let before = log.lines.count
            #expect(try await server.ask("POST", "/v1/triage", json: #"{"body":"slow"}"#).status == 503)
            let lines = log.lines.dropFirst(before).filter { $0.contains("request_id") }
            #expect(lines.count == 1, "\(lines)")
            #expect(
                lines.first?.hasPrefix("error request") == true && lines.first?.contains(store.path) == true)
        }
    }

    @Test func `a full queue says when to come again`() async throws {
        var options = StoreOptions()
        options.queue.capacity = 0
        try await withStore(options) { server, _ in
            let answer = try await server.ask("POST", "/v1/tickets", json: #"{"body":"slow"}"#)
            #expect(answer.status == 503 && answer.object["code"] as? String == "queue_full")
            #expect(Int(answer.headers["retry-after"] ?? "") ?? 0 > 0)
            let queue = try await server.ask("GET", "/v1/admin/queue")
            #expect(queue.object["capacity"] as? Int == 0)
            let all = try await server.ask("POST", "/v1/admin/queue/requeue", json: #"{"all":true}"#)
            #expect(all.object["requeued"] as? Int == 0)
            for slip in [
                "{}", #"{"ids":[]}"#, #"{"ids":null}"#, #"{"id":["x"]}"#, #"{"all":false}"#,
                #"{"ids":["x",1]}"#,
            ] {
                let answer = try await server.ask("POST", "/v1/admin/queue/requeue", json: slip)
                #expect(answer.status == 422, "\(slip)")
            }
            let named = try await server.ask("POST", "/v1/admin/queue/requeue", json: #"{"ids":["nobody"]}"#)
            #expect(named.status == 404)
        }
    }

    @Test func `an id may hold what paths write in percents`() async throws {
        try await withStore { server, _ in
            for (id, path) in [
                ("a b", "a%20b"), ("p/q", "p%2Fq"), ("ü", "%C3%BC"), ("a%b", "a%25b"), ("x@y", "x%40y"),
            ] {
                _ = try await server.ask("POST", "/v1/triage", json: #"{"id":"\#(id)","body":"locked"}"#)
                let stored = try await server.ask("GET", "/v1/decisions/\(path)")
                #expect(stored.object["ticket_id"] as? String == id, "\(path)")
            }
        }
    }

    @Test(arguments: [
        (#""versoin":1"#, "expected version instead of versoin."),
        (#""flurbword":1"#, "expected no other members than decision_id, field, label, "),
    ])
    func `a member that feedback does not have is refused, and nothing is stored`(
        member: String, sentence: String
    ) async throws {
        try await withStore { server, store in
            _ = try await server.ask("POST", "/v1/triage", json: #"{"id":"T-1","body":"locked"}"#)
            let refused = try await server.ask(
                "POST", "/v1/feedback",
                json: #"{"ticket_id":"T-1","field":"category","label":"Bug",\#(member)}"#)
            #expect(refused.status == 422)
            #expect((refused.object["detail"] as? String)?.contains(sentence) == true, "\(refused.text)")
            #expect(!refused.text.contains("flurbword"))
            #expect(try store.decision(ofTicket: "T-1")?.version == 1)
        }
    }

    @Test func `a label that the field does not have is taken only when it is meant`() async throws {
        try await withStore { server, _ in
            _ = try await server.ask("POST", "/v1/triage", json: #"{"id":"T-2","body":"locked"}"#)
            let slip = #"{"ticket_id":"T-2","field":"category","label":"Lgoin""#
            let refused = try await server.ask("POST", "/v1/feedback", json: slip + "}")
            #expect(refused.status == 409 && refused.object["code"] as? String == "unknown_label")
            #expect((refused.object["detail"] as? String)?.contains("did you mean \"Login\"?") == true)
            let spaced = try await server.ask(
                "POST", "/v1/feedback", json: #"{"ticket_id":"T-2","field":"category","label":"Bug "}"#)
            #expect(spaced.status == 201 && spaced.object["label"] as? String == "Bug", "\(spaced.text)")
            #expect(
                try await server.ask("POST", "/v1/feedback", json: slip + #","new_label":true}"#).status
                    == 201)
            let broken = try await server.ask(
                "POST", "/v1/feedback",
                json: #"{"ticket_id":"T-2","field":"category","label":"a\nb","new_label":true}"#)
            #expect(broken.status == 422 && broken.text.contains("control character"), "\(broken.text)")
        }
    }

    @Test(arguments: [
        (#"{"field":"category","label":"Bug"}"#, 422),
        (#"{"decision_id":"a","ticket_id":"b","field":"f","label":"l"}"#, 422),
        (#"{"decision_id":"nobody","field":"category","label":"Bug"}"#, 404),
        (#"{"decision_id":7,"field":"f"}"#, 422),
    ])
    func `feedback on nothing is refused`(body: String, status: Int) async throws {
        try await withStore { server, _ in
            let answer = try await server.ask("POST", "/v1/feedback", json: body)
            #expect(answer.status == status)
        }
    }
}
