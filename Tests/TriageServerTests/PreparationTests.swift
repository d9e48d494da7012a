import Foundation
import Synchronization
import Testing
import TriageData
import TriageDrafts
import TriageEngine
import TriageEvaluation
import TriageLLM
import TriageStore
import TriageTickets

@testable import TriageServer

/// A ticket is cleaned and masked once, whoever reads its text afterwards.
struct PreparationTests {
    private final class Count: Sendable {
        private let value = Mutex(0)
        func add() { value.withLock { $0 += 1 } }
        /// What was counted since the last call.
        func take() -> Int {
            value.withLock { value in
                defer { value = 0 }
                return value
            }
        }
    }

    private static let ticket = Ticket(
        id: "7", subject: "Charged twice", body: "I was charged twice, 588.00 EUR each, for order 4711.")
    private static let json =
        #"{"id":"7","subject":"Charged twice","body":"I was charged twice, 588.00 EUR each, for order 4711."}"#

    private let count = Count()
    private let snapshot: Snapshot
    private let model = LLMClient(
        model: "scripted",
        complete: { (request) throws(LLMError) in
            ChatReply(
                text: request.schema == nil
                    ? "Hello, we look at order 4711." : #"{"category":"Bug","severity":"Low"}"#,
                usage: TokenUsage(input: 7, output: 3))
        }, stream: { (_, _) async throws(LLMError) in ChatReply(text: "") })

    init() throws {
        let shipped = try starter.get()
        let bundle = try ModelBundle(
            directory: "\(projectRoot)/models/starter", homes: [projectRoot],
            onPrepare: { [count] in count.add() })
        let index = try SearchIndex(
            path: "\(projectRoot)/kb", embedding: bundle.featurizer.embedding, preparation: bundle.preparation
        )
        snapshot = Snapshot(model: bundle, index: index, policy: shipped.policy, language: shipped.language)
    }

    @Test func `classify, with and without a language model`() async throws {
        _ = snapshot.decide(Self.ticket, explaining: true)
        #expect(count.take() == 1)
        let decided = try await LLMDecider(model, for: snapshot).decide(Self.ticket, with: snapshot)
        #expect(decided.outcome == "chose" && count.take() == 1)
    }

    @Test func `drafts, by the template and by a language model`() async throws {
        for (client, source) in [(LLMClient.disabled, "template"), (model, "model")] {
            let text = snapshot.prepare(Self.ticket)
            let draft = await Drafter(client).draft(text, snapshot.decide(text), with: snapshot)
            #expect(draft.source.rawValue == source && count.take() == 1)
        }
    }

    @Test func `evaluation`() throws {
        var evaluation = Evaluation(snapshot, columns: TicketColumns(), only: [])
        try evaluation.add(
            InputRow(
                line: 1, fields: ["text": .string("I was charged twice"), "category": .string("Billing")]))
        #expect(evaluation.rows == 1 && count.take() == 1)
    }

    @Test(arguments: [false, true])
    func `the service with a store, and with a language model beside`(asksModel: Bool) async throws {
        let folder = NSTemporaryDirectory() + "triage-store-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try TicketStore(folder, .write, StoreOptions())
        defer { try? store.close() }
        let decider = try LLMDecider(model, for: snapshot)
        try await LiveServer.run(change: {
            $0.snapshots = SnapshotHolder(snapshot)
            $0.store = store
            $0.llm = model
            $0.modelDecider = asksModel ? decider : nil
        }) { server in
            for path in ["/v1/triage", "/v1/triage?explain=true", "/v1/draft", "/v1/triage/batch"] {
                #expect(try await server.ask("POST", path, json: Self.json).status == 200, "\(path)")
                #expect(count.take() == 1, "\(path)")
            }
            let receipt = try await server.ask("POST", "/v1/tickets", json: Self.json)
            #expect(receipt.status == 202)
            let id = try #require(receipt.object["id"] as? String)
            for _ in 0..<200 where try store.ticket(id)?.state != .done {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try store.ticket(id)?.state == .done && count.take() == 1)
        }
    }
}
