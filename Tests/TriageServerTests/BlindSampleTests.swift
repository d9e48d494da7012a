import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageData
import TriageDrafts
import TriageEngine
import TriageLLM
import TriageStore
import TriageTickets

@testable import TriageServer

/// Tickets that a person labels without seeing the model's answer.
struct BlindSampleTests {
    private static let body = "I forgot my password and cannot log in to my account, please reset it."

    /// A model that answers without a person, and a service that keeps its answers.
    private func run<Value: Sendable>(
        share: Double, in folder: String? = nil, llm: LLMClient = .disabled,
        _ body: @Sendable @escaping (LiveServer, TicketStore, Snapshot) async throws -> Value
    ) async throws -> Value {
        let place = folder ?? Self.newFolder()
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let store = try TicketStore(place)
        defer { try? store.close() }
        let bundle = try BundleCopy()
        try bundle.changeManifest("\"isCalibrated\" : false", to: "\"isCalibrated\" : true")
        let snapshot = try bundle.load()
        var options = ServerOptions()
        options.blindSample = share
        // A corrected ticket would move the ones after it, which are the same.
        options.rememberedCorrections = 0
        return try await LiveServer.run(
            options,
            change: {
                $0.snapshots = SnapshotHolder(snapshot)
                $0.store = store
                $0.monitorFolder = place
                $0.llm = llm
            }
        ) { try await body($0, store, snapshot) }
    }

    private static func newFolder() -> String {
        NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
    }

    private func ticket(_ id: String) -> String { #"{"id":"\#(id)","body":"\#(Self.body)"}"# }

    private func prediction(_ answer: Answer) -> [String: Any] {
        (answer.object["predictions"] as? [String: [String: Any]])?["category"] ?? [:]
    }

    @Test func `a ticket of the sample goes to a person without the model's answer`() async throws {
        try await run(share: 1) { server, store, snapshot in
            let engine = snapshot.decide(Ticket(body: Self.body))
            try #require(engine.prediction(role: "category")?.level == .auto)
            let label = "\"\(engine.category)\""
            for path in ["/v1/triage", "/v1/explain", "/v1/triage/batch"] {
                let answer = try await server.ask("POST", path, json: ticket("T" + path))
                #expect(!answer.text.contains(label), "\(path): \(answer.text)")
                #expect(answer.text.contains(#""reasons":["BLIND_SAMPLE"]"#), "\(answer.text)")
            }
            let answer = try await server.ask("POST", "/v1/triage", json: ticket("T-1"))
            #expect(prediction(answer)["level"] as? String == "review")
            #expect(prediction(answer)["label"] as? String == "")
            #expect(answer.object["category"] as? String == "Other")
            #expect((answer.object["notes"] as? String ?? "").contains("blind sample"))
            for path in ["/v1/decisions/T-1", "/v1/decisions", "/v1/decisions?reason=BLIND_SAMPLE"] {
                let shown = try await server.ask("GET", path)
                #expect(shown.status == 200 && !shown.text.contains(label), "\(path): \(shown.text)")
            }
            let found = try await server.ask("GET", "/v1/decisions?label=\(engine.category)")
            #expect(found.object["count"] as? Int == 0)
            let page = try await server.ask("GET", "/ui/tickets/T-1")
            #expect(page.text.contains("The ticket is in the blind sample"))
            #expect(!page.text.contains("class=\"suggested\""))
            // The button that accepts suggestions names those of other fields alone.
            let accept = page.text.components(separatedBy: "data-key=\"a\"").dropFirst().first ?? ""
            #expect(!(accept.components(separatedBy: "</button>").first ?? "").contains(engine.category))
            let metrics = try await server.ask("GET", "/metrics").text
            #expect(!metrics.contains(#"label=\#(label)"#), "\(metrics)")
            let replay = try store.replay(
                try #require(try store.decision(ofTicket: "T-1")).id, with: snapshot,
                SnapshotVersions(snapshot))
            #expect(replay.differing.isEmpty, "\(replay)")
        }
    }

    @Test func `the harshest severity is never withheld`() async throws {
        try await run(share: 1) { server, _, snapshot in
            // A floor that requires no more than the model's own label leaves the answer automatic.
            let body =
                "The whole site is down for all customers, nobody can pay and we lose money every minute!"
            let engine = snapshot.decide(Ticket(body: body))
            try #require(engine.severity == "Critical" && engine.hasAutomaticAnswer, "\(engine.predictions)")
            let answer = try await server.ask("POST", "/v1/triage", json: #"{"id":"T-1","body":"\#(body)"}"#)
            #expect(answer.object["severity"] as? String == "Critical")
            #expect(!answer.text.contains("BLIND_SAMPLE"))
        }
    }

    @Test func `a label ends the blindness of its field, and shows whether the model was right`() async throws
    {
        try await run(share: 1) { server, store, snapshot in
            let engine = snapshot.decide(Ticket(body: Self.body))
            let answer = try await server.ask("POST", "/v1/triage", json: ticket("T-1"))
            #expect(answer.status == 200)
            let feedback = try await server.ask(
                "POST", "/v1/feedback",
                json: #"{"ticket_id":"T-1","field":"category","label":"\#(engine.category)"}"#)
            #expect(feedback.status == 201)
            #expect(feedback.object["decided"] as? String == engine.category)
            let stored = try #require(try store.decision(ofTicket: "T-1"))
            #expect(stored.record.category == engine.category)
            #expect(stored.record.fields.first { $0.name == "category" }?.label == engine.category)
            let page = try await server.ask("GET", "/ui/tickets/T-1")
            #expect(page.text.contains(">\(engine.category) <"), "\(page.text)")
        }
    }

    @Test func `without a share every ticket is answered, and a hash of the id chooses the sample`()
        async throws
    {
        try await run(share: 0) { server, store, _ in
            let answer = try await server.ask("POST", "/v1/triage", json: ticket("T-1"))
            #expect(prediction(answer)["level"] as? String == "auto")
            let ids = (0..<20_000).map { "ticket-\($0)" }
            let chosen = ids.filter { store.isInBlindSample(id: $0, share: 0.03) }
            // Four standard deviations of a binomial count around 600.
            #expect(abs(chosen.count - 600) < 97)
            #expect(chosen == ids.filter { store.isInBlindSample(id: $0, share: 0.03) })
            #expect(chosen.allSatisfy { store.isInBlindSample(id: $0, share: 0.05) })
        }
    }

    /// Keeps what a language model was given.
    private final class Prompts: Sendable {
        let texts = Mutex<[String]>([])

        var client: LLMClient {
            LLMClient(
                model: "scripted",
                complete: { (request) throws(LLMError) in
                    self.texts.withLock { $0.append(request.messages.map(\.content).joined()) }
                    return ChatReply(text: "Hello, we look at it.")
                })
        }
    }

    @Test(arguments: [0.0, 1.0])
    func `a draft is made without what reveals the model's answer`(share: Double) async throws {
        let prompts = Prompts()
        try await run(share: share, llm: prompts.client) { server, _, snapshot in
            // An article's action would be given all the same, and this ticket has none.
            let text = "It would be great if we could have a dark mode in the reports. Please add it."
            let engine = snapshot.decide(Ticket(body: text))
            try #require(engine.hasAutomaticAnswer && engine.matches.isEmpty)
            let (action, ticket) = (engine.nextAction, #"{"id":"T-1","body":"\#(text)"}"#)
            try #require(action != Policy.personDecides)
            let draft = try await server.ask("POST", "/v1/draft", json: ticket)
            #expect(draft.object["source"] as? String == "model", "\(draft.text)")
            #expect(try await server.ask("POST", "/v1/triage", json: ticket).status == 200)
            let page = try await server.ask(
                "POST", "/ui/tickets/T-1/draft", Array("back=".utf8),
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"])
            #expect(page.text.contains("we look at it"), "\(page.status) \(page.text)")
            let texts = prompts.texts.withLock { $0 }
            #expect(texts.count == 2)
            #expect(texts.allSatisfy { $0.contains(action) == (share == 0) }, "\(texts)")
        }
    }

    /// The level of a new ticket's category, and its reasons.
    private func level(_ server: LiveServer, _ id: String) async throws -> (level: String, reasons: [String])
    {
        let found = prediction(try await server.ask("POST", "/v1/triage", json: ticket(id)))
        return (found["level"] as? String ?? "", found["reasons"] as? [String] ?? [])
    }

    @Test
    func `answers that miss their target in the sample are no longer automatic until a person restores them`()
        async throws
    {
        let folder = Self.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = MonitorState(folder)
        try await run(share: 1, in: folder) { server, store, snapshot in
            let target = snapshot.model.promisedPrecision["category"]
            try #require(target ?? 0 >= 0.8)
            for number in 0..<40 {
                _ = try await server.ask("POST", "/v1/triage", json: ticket("T-\(number)"))
                _ = try await store.addFeedback(
                    NewFeedback(.ticket("T-\(number)"), field: "category", label: "Performance"))
            }
            for _ in 0..<3_000 where try state.demotions() == nil {
                try await Task.sleep(for: .milliseconds(10))
            }
            let demoted = try #require(try state.demotions())
            #expect(demoted.entries.contains { $0.place.text == "category" && $0.right == 0 })
            // A ticket of the sample is in it all the same: only so can the answers be found to be good again.
            #expect(try await level(server, "T-40").reasons == ["BLIND_SAMPLE"])
        }
        try await run(share: 0, in: folder) { server, store, snapshot in
            #expect(try await level(server, "T-41") == ("suggest", ["DEMOTED"]))
            let metrics = try await server.ask("GET", "/metrics").text
            #expect(metrics.contains(#"triage_auto_demoted{field="category",label=""} 1"#), "\(metrics)")
            let decision = try #require(try store.decision(ofTicket: "T-41"))
            let replay = try store.replay(decision.id, with: snapshot, SnapshotVersions(snapshot))
            #expect(replay.differing.isEmpty, "\(replay)")
            let labels = try #require(try state.demotions()).entries.map(\.place)
            for place in labels { try state.restore(place, at: 4_000_000_000_000) }
            var found = try await level(server, "T-42")
            for _ in 0..<3_000 where found.level != "auto" {
                try await Task.sleep(for: .milliseconds(10))
                found = try await level(server, "T-42")
            }
            #expect(found == ("auto", []))
            #expect(try state.demotions()?.entries.isEmpty == true)
        }
    }
}
