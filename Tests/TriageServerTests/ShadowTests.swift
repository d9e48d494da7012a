import Foundation
import Testing
import TriageData
import TriageEngine

@testable import TriageServer
import TriageTickets

struct ShadowTests {
    private static let body = #"{"id":"T-9","subject":"Locked out","body":"My account is locked, xyzzy."}"#

    @Test func `a shadow's disagreements are counted and listed by ids and labels, never text`() async throws
    {
        let bundle = try BundleCopy()
        try bundle.changeManifest("\"Login\"", to: "\"Logon\"")
        let other = try bundle.load()
        let shadow = Shadow(other)
        try await LiveServer.run(change: { $0.shadow = shadow }) { server in
            for _ in 0..<3 {
                let answer = try await server.ask("POST", "/v1/triage", json: Self.body)
                #expect(answer.object["category"] as? String == "Login")
            }
            _ = try await server.ask("POST", "/v1/triage/batch", Array("\(Self.body)\n\(Self.body)\n".utf8))
            _ = try await server.ask("POST", "/v1/explain", json: Self.body)
            _ = try await server.ask(
                "POST", "/triage", json: #"{"description":"My account is locked, xyzzy."}"#)
            for _ in 0..<500 where shadow.report(count: 0).decided < 7 {
                try await Task.sleep(for: .milliseconds(10))
            }
            let report = try await server.ask("GET", "/v1/admin/shadow?count=5")
            #expect(report.object["decided"] as? Int == 7)
            #expect(report.object["dropped"] as? Int == 0)
            #expect(report.object["disagreements"] as? [String: Int] == ["category": 7])
            #expect((report.object["shadow"] as? [String: Any])?["sha256"] as? String == other.model.sha256)
            let recent = try #require(report.object["recent"] as? [[String: Any]])
            #expect(recent.count == 5)
            #expect(recent[0]["field"] as? String == "category")
            let time = try #require(recent[0]["time"] as? String)
            #expect(Timestamp(time)?.text == time)
            #expect(recent[0]["ticket_id"] as? String == "T-9")
            #expect((recent[0]["deciding"] as? [String: Any])?["label"] as? String == "Login")
            #expect((recent[0]["shadow"] as? [String: Any])?["label"] as? String == "Logon")
            #expect(!report.text.contains("xyzzy"))
            #expect(try await server.ask("GET", "/v1/models").text.contains("\"role\":\"shadow\""))
            #expect(try await server.ask("GET", "/v1/admin/shadow?count=1001").status == 422)
        }
    }

    @Test func `without a shadow nothing waits`() async throws {
        let snapshot = try starter.get()
        let shadow = Shadow()
        let ticket = Ticket(body: "locked")
        shadow.offer(ticket, snapshot.decide(ticket), id: "d")
        #expect(shadow.report(count: 0).dropped == 0)
        try await LiveServer.run { server in
            let report = try await server.ask("GET", "/v1/admin/shadow")
            #expect(report.object["shadow"] is NSNull)
            #expect(report.object["decided"] as? Int == 0)
        }
    }

    @Test func `tickets that a busy shadow cannot take are dropped, by number and by size`() throws {
        let snapshot = try starter.get()
        let small = Ticket(body: "locked")
        let decision = snapshot.decide(small)
        let busy = Shadow(snapshot)
        for _ in 0..<Shadow.maximumQueue.tickets + 44 { busy.offer(small, decision, id: "d") }
        #expect(busy.report(count: 0).dropped == 44)
        let full = Shadow(snapshot)
        let large = Ticket(body: String(repeating: "x", count: 1 << 20))
        for _ in 0..<6 { full.offer(large, decision, id: "d") }
        #expect(full.report(count: 0).dropped == 2)
    }

    @Test func `another shadow begins a report of its own`() async throws {
        let snapshot = try starter.get()
        let bundle = try BundleCopy()
        try bundle.changeManifest("\"Login\"", to: "\"Logon\"")
        let shadow = Shadow(try bundle.load())
        let running = Task { try await shadow.run() }
        let ticket = Ticket(body: "My account is locked.")
        shadow.offer(ticket, snapshot.decide(ticket), id: "d")
        for _ in 0..<500 where shadow.report(count: 0).decided < 1 {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(shadow.report(count: 9).recent.count == 1)
        shadow.swap(try bundle.load())
        #expect(shadow.report(count: 9).recent.count == 1)
        shadow.swap(snapshot)
        #expect(shadow.report(count: 9).recent.isEmpty)
        #expect(shadow.report(count: 9).decided == 0)
        running.cancel()
        try? await running.value
    }
}
