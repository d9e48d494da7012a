import Foundation
import ServerTestSupport
import Testing
import TriageData
import TriageStore

@testable import TriageServer

/// Corrections that count at the next decision, and requesters that the store forgets.
struct CorrectionTests {
    private func withStore<Value: Sendable>(
        _ options: ServerOptions = ServerOptions(),
        _ body: @Sendable @escaping (LiveServer, TicketStore, String) async throws -> Value
    ) async throws -> Value {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder)
        defer { try? store.close() }
        return try await LiveServer.run(options, change: { $0.store = store }) {
            try await body($0, store, folder)
        }
    }

    private static let text = "my flurbword account is locked since the password change of Tuesday"

    private func ticket(_ id: String, _ text: String = text) -> String {
        #"{"id":"\#(id)","body":"\#(text)","requester":"ann@example.org"}"#
    }

    @Test func `a correction counts at the next decision, and an undo takes it back`() async throws {
        try await withStore { server, store, _ in
            #expect(
                try await server.ask("POST", "/v1/triage", json: ticket("T-1")).text.contains(
                    #""category":"Login""#))
            let feedback = try await server.ask(
                "POST", "/v1/feedback", json: #"{"ticket_id":"T-1","field":"category","label":"Performance"}"#
            )
            #expect(feedback.status == 201)
            let again = try await server.ask(
                "POST", "/v1/triage", json: ticket("T-2", "Hello! " + Self.text.uppercased()))
            #expect(again.text.contains(#""category":"Performance""#), "\(again.text)")
            #expect(again.text.contains("because you corrected ticket T-1: it is nearly the same."))
            #expect(again.text.contains(#""CORRECTED""#) && !again.text.contains(#""level":"auto""#))
            let queued = try await server.ask("POST", "/v1/tickets", json: ticket("T-3"))
            let place = try #require(queued.headers["location"])
            var state = queued
            for _ in 0..<500 where state.object["state"] as? String != "done" {
                try await Task.sleep(for: .milliseconds(10))
                state = try await server.ask("GET", place)
            }
            #expect(state.text.contains(#""category":"Performance""#))
            _ = try await server.ask("DELETE", "/v1/feedback/\(feedback.object["id"] as? String ?? "")")
            #expect(
                try await server.ask("POST", "/v1/triage", json: ticket("T-4")).text.contains(
                    #""category":"Login""#))
            _ = try store.verify()
        }
    }

    @Test func `a service that remembers nothing decides by its model alone`() async throws {
        var options = ServerOptions()
        options.rememberedCorrections = 0
        try await withStore(options) { server, _, _ in
            _ = try await server.ask("POST", "/v1/triage", json: ticket("T-1"))
            _ = try await server.ask(
                "POST", "/v1/feedback", json: #"{"ticket_id":"T-1","field":"category","label":"Performance"}"#
            )
            #expect(
                try await server.ask("POST", "/v1/triage", json: ticket("T-2")).text.contains(
                    #""category":"Login""#))
        }
    }

    @Test func `a requester is kept as a keyed hash alone, and erased by it`() async throws {
        try await withStore { server, store, folder in
            for path in ["/v1/triage", "/v1/explain", "/v1/triage/batch", "/v1/tickets"] {
                let answer = try await server.ask("POST", path, json: ticket("T" + path))
                #expect(answer.status < 300 && !answer.text.contains("ann@example.org"), "\(answer.text)")
            }
            let wrong = try await server.ask(
                "POST", "/v1/triage", json: #"{"body":"x","requester":["a","b"]}"#)
            #expect(wrong.status == 422 && wrong.text.contains("requester"))
            for _ in 0..<500 where try store.statistics().queue[.done] != 1 {
                try await Task.sleep(for: .milliseconds(10))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            for name in names {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
                #expect(bytes.range(of: Data("ann@example.org".utf8)) == nil, "\(name)")
            }
            let erased = try await server.ask("DELETE", "/v1/requesters/ANN%40example.org")
            #expect(erased.object["decisions"] as? Int == 4 && erased.object["texts"] as? Int == 4)
            #expect(try await server.ask("DELETE", "/v1/requesters/ANN%40example.org").status == 404)
            #expect(try await server.ask("DELETE", "/v1/requesters/%20").status == 404)
            #expect(try await server.ask("GET", "/v1/decisions/T%2Fv1%2Ftickets").status == 410)
        }
    }
}
