import Foundation
import GRDB
import Testing
import TriageData
import TriageEngine
import TriageModel
import TriageTickets

@testable import TriageStore

/// Corrections that count before the next training.
struct MemoryTests {
    private func record(_ body: String, id: String, _ store: TicketStore) async throws -> Decision {
        let text = Sample.snapshot.prepare(Ticket(id: id, body: body))
        let decision = Sample.snapshot.decide(text)
        _ = try await store.record(NewDecision(decision, of: text, with: Sample.versions))
        return decision
    }

    /// The sample's snapshot with what the store remembers.
    private func snapshot(_ store: TicketStore, limit: Int = 100) async throws -> Snapshot {
        let entries = try await store.remember(limit: limit, with: Sample.snapshot.model)
        return Sample.snapshot.remembering(CorrectionMemory(entries, for: Sample.snapshot.model))
    }

    private let question = "the invoice for my second flurbword account was charged twice in May"

    @Test func `a near-duplicate of a corrected ticket gets the corrected label, and a remark names it`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let before = try await record(question, id: "T-1", store)
        #expect(before.category == "Billing")
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Bug"))
        let remembering = try await snapshot(store)
        for text in [
            question, question.uppercased() + "!!", "Hello, " + question + ". Thank you!",
            "Dear support team, please help. " + question + " Kind regards, Ann",
            question.replacing("second", with: "secnod"),
        ] {
            let decision = remembering.decide(Ticket(body: text))
            let prediction = try #require(decision.prediction(role: "category"))
            #expect(prediction.label == "Bug", "\(text)")
            #expect(prediction.reasons.contains(.corrected) && prediction.level != .auto)
            #expect(
                decision.notes?.contains(
                    "category Bug instead of Billing, because you corrected ticket T-1: it is nearly the same."
                )
                    == true, "\(decision.notes ?? "")")
        }
        for text in ["password login locked", "crash error broken", "where is my refund", ""] {
            let ticket = Ticket(body: text)
            #expect(remembering.decide(ticket) == Sample.snapshot.decide(ticket))
        }
    }

    @Test func `what was undone, erased, cleared or trained on is remembered no longer`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        func answer() async throws -> String {
            try await snapshot(store).decide(Ticket(body: question)).category
        }
        _ = try await record(question, id: "T-1", store)
        let first = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Bug"))
        #expect(try await answer() == "Bug")
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Login"))
        #expect(try await answer() == "Login")
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Billing"))
        #expect(try await answer() == "Billing")
        for feedback in try #require(try store.feedback(onDecision: first.decision)).reversed() {
            _ = try await store.undoFeedback(feedback.id)
        }
        #expect(try await store.remember(limit: 100, with: Sample.snapshot.model).isEmpty)
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Bug"))
        #expect(try await answer() == "Bug")
        #expect(try await store.eraseMemory(by: "lead").texts == 1)
        #expect(try await answer() == "Billing")
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Bug"))
        #expect(try await answer() == "Bug")
        let vector = try #require(
            try await store.pool.read { try Data.fetchOne($0, sql: "SELECT vector FROM memory") })
        _ = try await store.erase(.ticket("T-1"))
        #expect(try await answer() == "Billing")
        #expect(Data(try folder.rawBytes()).range(of: vector.suffix(64)) == nil)
        _ = try store.verify()

        let known = "password login locked number 3 please"
        _ = try await record(known, id: "T-2", store)
        _ = try await store.addFeedback(NewFeedback(.ticket("T-2"), field: "category", label: "Bug"))
        #expect(try await snapshot(store).decide(Ticket(body: known)).category == "Login")
    }

    @Test func `a sketch outlives its text, is bounded in number, and holds no text`() async throws {
        let (folder, clock) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: clock.clock)
        for number in 0..<5 {
            _ = try await record("\(question) number \(number * 111)", id: "T-\(number)", store)
            _ = try await store.addFeedback(
                NewFeedback(.ticket("T-\(number)"), field: "category", label: "Bug"))
        }
        #expect(
            try await store.remember(limit: 3, with: Sample.snapshot.model).map(\.id) == [
                "T-4", "T-3", "T-2",
            ])
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM memory") } == 3)
        clock.advance(seconds: 40 * 86_400)
        _ = try await store.expire()
        #expect(try folder.count("flurbword") == 0)
        #expect(
            try await snapshot(store, limit: 3).decide(Ticket(body: question + " number 444")).category
                == "Bug")
    }

    @Test func `a decision that a correction moved is replayed from its record`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await record(question, id: "T-1", store)
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Bug"))
        let remembering = try await snapshot(store)
        let text = remembering.prepare(Ticket(id: "T-2", body: question))
        let receipt = try await store.record(
            NewDecision(remembering.decide(text), of: text, with: SnapshotVersions(remembering)))
        #expect(try store.decision(receipt.id)?.record.category == "Bug")
        #expect(try store.replay(receipt.id, with: Sample.snapshot, Sample.versions).differing == [])
        // The model's own label is what a later correction of the same ticket starts from.
        _ = try await store.addFeedback(NewFeedback(.ticket("T-2"), field: "category", label: "Bug"))
        let entries = try await store.remember(limit: 9, with: Sample.snapshot.model)
        #expect(entries.map { $0.answers.map(\.decided) } == [["Billing"], ["Billing"]])
    }

    @Test func `a label that the model lacks is never decided`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await record(question, id: "T-1", store)
        _ = try await store.addFeedback(NewFeedback(.ticket("T-1"), field: "category", label: "Refunds"))
        #expect(try await snapshot(store).decide(Ticket(body: question)).category == "Billing")
    }

    @Test func `sketches survive their bytes, and damaged bytes are none`() throws {
        var features = Features()
        let model = Sample.snapshot.model
        model.featurizer.fill(&features, subject: [], body: Array(question.utf8))
        let sketch = model.sketch(features)
        #expect(TicketSketch(sketch.bytes) == sketch)
        for count in [0, 19, 20, sketch.bytes.count - 1] {
            #expect(TicketSketch(Array(sketch.bytes.prefix(count))) == nil)
        }
        #expect(TicketSketch([UInt8](repeating: 255, count: 4_000)) == nil)
        model.featurizer.fill(&features, subject: [], body: [])
        let empty = model.sketch(features)
        #expect(empty.words.isEmpty && empty.spelling(sketch) == 0 && sketch.overlap(empty) == (0, 0))
    }

    @Test func `many corrections are stored in order, and the bad ones are named`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await record(question, id: "T-1", store)
        let batch = [
            NewFeedback(.ticket("T-1"), field: "category", label: "Login"),
            NewFeedback(.ticket("T-9"), field: "category", label: "Bug"),
            NewFeedback(.ticket("T-1"), field: "colour", label: "Bug"),
            NewFeedback(.ticket("T-1"), field: "category", label: "Bug"),
        ]
        async let sent = StoreRequest.correct(batch).sendFeedback(to: store.path, waiting: 60)
        while try await store.pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM requests") }) == 0 {
            try await Task.sleep(for: .milliseconds(5))
        }
        try await store.serveRequests()
        let report = try await sent
        #expect(report.stored == 2 && report.failures.map(\.place) == [1, 2])
        #expect(report.failures[0].problem.contains("no decision on ticket T-9"))
        #expect(try store.decision(ofTicket: "T-1")?.corrections.map(\.label) == ["Bug"])
    }
}
