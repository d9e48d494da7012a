import Foundation
import Testing
import TriageData
import TriageEngine
import TriageNumerics
import TriageTickets

@testable import TriageStore

/// How often automatic answers are right, from people's labels.
struct LivePrecisionTests {
    private func judgement(
        _ isRight: Bool, isBlind: Bool = true, label: String = "Bug", time: Int64 = 0
    ) -> AnswerJudgement {
        AnswerJudgement(field: "category", label: label, isRight: isRight, isBlind: isBlind, time: time)
    }

    private func field(_ precision: LivePrecision) throws -> LivePrecision.Count {
        try #require(precision.counts.first { $0.place.label == nil })
    }

    @Test func `the interval of a blind sample contains the truth, though some people agree unseen`()
        async throws
    {
        let folder = try Folder()
        // A key of its own makes the sample the same in each run.
        try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: true)
        try StoreKey.write(Array(1...32) + [2], to: StoreFolder(path: folder.store).newKey)
        let store = try TicketStore(folder.store)
        defer { try? store.close() }
        var random = SplitMix64(seed: 7)
        var (contained, containedBySight) = (0, 0)
        for run in 0..<100 {
            let tickets = 8_000
            let isRight = (0..<tickets).map { _ in random.below(1_000) < 930 }
            let truth = Double(isRight.count { $0 }) / Double(tickets)
            let judgements = isRight.enumerated().map { place, isRight in
                let isBlind = store.isInBlindSample(id: "run \(run), ticket \(place)", share: 0.03)
                // One in twenty labels agrees with the model whatever is right; of those who see its label, one in two.
                let agrees = random.below(100) < (isBlind ? 5 : 50)
                return judgement(isRight || agrees, isBlind: isBlind)
            }
            let count = try field(LivePrecision(judgements, targets: [:]))
            #expect((150...350).contains(count.judged))
            contained += count.interval.contains(truth) ? 1 : 0
            let seen = Double(count.confirmed) / Double(count.seen)
            containedBySight += abs(seen - truth) < 0.02 ? 1 : 0
        }
        #expect(contained >= 93)
        #expect(containedBySight == 0)
    }

    @Test func `a field whose answers miss the target is demoted, and one that keeps it is not`() throws {
        var random = SplitMix64(seed: 8)
        func precision(_ perMille: Int, _ count: Int) -> LivePrecision {
            LivePrecision(
                (0..<count).map { judgement(random.below(1_000) < perMille, time: Int64($0)) },
                targets: ["category": 0.95])
        }
        for _ in 0..<20 {
            #expect(precision(950, 1_000).broken.isEmpty)
            let broken = try #require(precision(750, 300).broken.first)
            #expect(broken.place == .init(field: "category") && broken.brokenSince ?? .max < 150)
        }
        // Labels that people saw are no evidence.
        let seen = (0..<300).map { _ in judgement(false, isBlind: false) }
        #expect(LivePrecision(seen, targets: ["category": 0.95]).broken.isEmpty)
        #expect(LivePrecision((0..<300).map { _ in judgement(false) }, targets: [:]).broken.isEmpty)
    }

    @Test func `one label may be demoted, and a person may restore it`() throws {
        let good = (0..<600).map { judgement(true, time: Int64($0)) }
        let bad = (0..<40).map { judgement($0 % 2 == 0, label: "Login", time: Int64(15 * $0)) }
        let both = (good + bad).sorted { $0.time < $1.time }
        let precision = LivePrecision(both, targets: ["category": 0.9])
        #expect(precision.broken.map(\.place.text) == ["category=Login"])
        let demotions = Demotions(precision, model: "m")
        #expect(demotions.covers(field: "category", label: "Login"))
        #expect(!demotions.covers(field: "category", label: "Bug"))
        let folder = try Folder()
        let state = MonitorState(folder.path)
        #expect(try state.demotions() == nil && state.restored().isEmpty)
        try state.write(demotions)
        #expect(try state.demotions() == demotions)
        try state.restore(.init(text: "category=Login"), at: 450)
        try state.restore(.init(field: "severity"), at: 5)
        let restored = try state.restored()
        #expect(restored == [.init(field: "category", label: "Login"): 450, .init(field: "severity"): 5])
        let again = LivePrecision(both, targets: ["category": 0.9], restored: restored)
        #expect(again.broken.isEmpty)
        #expect(again.counts.first { $0.place.label == "Login" }?.judged == 10)
        try AtomicOutput.write(Array("{".utf8), to: folder.file(MonitorState.demotedName))
        #expect(throws: StoreError.self) { try state.demotions() }
    }

    @Test func `a restored field keeps its row, and its labels count anew too`() throws {
        let bad = (0..<100).map { judgement($0 % 2 == 0, time: Int64($0)) }
        let good = (0..<3).map { judgement(true, label: "Login", time: 200 + Int64($0)) }
        let judgements = bad + good
        let restored: [LivePrecision.Place: Int64] = [.init(field: "category"): 150]
        let precision = LivePrecision(judgements, targets: ["category": 0.95], restored: restored)
        #expect(precision.counts.map(\.place.text) == ["category", "category=Bug", "category=Login"])
        #expect(precision.counts.map(\.judged) == [3, 0, 3] && precision.broken.isEmpty)
        #expect(precision.counts.allSatisfy { $0.restored == 150 })
        let demotions = Demotions(
            LivePrecision(judgements, targets: ["category": 0.95]), model: "m")
        #expect(demotions.isDemoted(.init(field: "category")))
        #expect(!demotions.isDemoted(.init(field: "severity")))
        #expect(demotions.entries.allSatisfy { !$0.sentence.contains("triage monitor") })
    }

    /// A decision as the service stores one with a category that is `auto`, or in the blind sample.
    private func decision(_ id: String, isBlind: Bool) throws -> NewDecision {
        let text = Sample.snapshot.prepare(Ticket(id: id, body: "password login locked number 3 please"))
        var decision = Sample.snapshot.decide(text)
        let place = try #require(decision.predictions.firstIndex { $0.field == "category" })
        (decision.predictions[place].level, decision.predictions[place].reasons) = (.auto, [])
        return NewDecision(
            isBlind ? decision.sampledBlind() : decision, of: text, with: Sample.versions)
    }

    @Test func `of each answer the first label that was not undone counts`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        defer { try? store.close() }
        for (id, isBlind) in [("T-1", true), ("T-2", true), ("T-3", false), ("T-4", true)] {
            _ = try await store.record(try decision(id, isBlind: isBlind))
        }
        func label(_ id: String, _ label: String) async throws -> Feedback {
            try await store.addFeedback(NewFeedback(.ticket(id), field: "category", label: label))
        }
        #expect(
            try store.decision(ofTicket: "T-1")?.record.fields.first { $0.name == "category" }?.label == "")
        _ = try await label("T-1", "Bug")
        _ = try await label("T-1", "Login")
        let mistake = try await label("T-2", "Bug")
        _ = try await store.undoFeedback(mistake.id)
        _ = try await label("T-2", "Login")
        _ = try await label("T-3", "Billing")
        let model = Sample.snapshot.model.sha256
        let found = try store.judgements(ofModel: model)
        #expect(found.map(\.isRight) == [false, true, false] && found.map(\.isBlind) == [true, true, false])
        #expect(found.allSatisfy { $0.field == "category" && $0.label == "Login" })
        #expect(try store.judgements(ofModel: "another").isEmpty)
    }
}
