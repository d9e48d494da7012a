import Foundation
import Testing
import TriageData
import TriageEngine
import TriageNumerics
import TriageTickets

@testable import TriageStore

struct ReplayTests {
    /// Tickets whose cleaning or masking, done twice, might change something, or whose words a floor looks for.
    static let bodies = [
        "password login locked number 3 please",
        "Write to ann@example.org or call +44 20 7946 0958, card 4111 1111 1111 1111, IBAN DE89370400440532013000",
        "&amp;lt;b&amp;gt;crash&amp;lt;/b&amp;gt; error &amp;amp;amp; broken",
        "<html><body><p>invoice <b>refund</b></p><br>charged &lt;script&gt;twice&lt;/script&gt;</body></html>",
        "crash error\n\n> quoted: On Monday Bob wrote:\n> > older\n\n-- \nAnn\nsignature",
        "On Mon, 3 Mar 2025 at 10:11, Bob <bob@example.org> wrote:\n> login locked\nlogin",
        "token ghp_0123456789abcdefghijABCDEFGHIJ012345 at http://example.org/?password=hunter2&x=1 and [EMAIL]",
        "smoke comes out of the printer",
        "", "   \n\t ", "é\u{301}ÅÆ ﬁ ＡＢＣ 日本語 🙂 \u{202E}abc", "12345 67@example.org",
    ]

    @Test func `every ticket is decided the same again from its masked text, byte for byte`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        var random = SplitMix64(seed: 11)
        let words = [
            "login", "refund", "crash", "&lt;", "&amp;", "<p>", "\n>", "a@b.io", "10.0.0.1", ".", "-- ", "…",
        ]
        let made = (0..<300).map { _ in
            (0..<random.below(30)).map { _ in words[random.below(12)] }.joined(
                separator: random.below(3) == 0 ? "" : " ")
        }
        for body in ReplayTests.bodies + made {
            let new = Sample.decision(body, id: "T", subject: "Re: \(body.prefix(20))")
            let receipt = try await store.record(new)
            let replay = try store.replay(receipt.id, with: Sample.snapshot, Sample.versions)
            #expect(replay.differing.isEmpty)
            #expect(replay.replayed == replay.stored)
            #expect(replay.stored == new.decision.json)
        }
    }

    @Test func `explanations and label sets are left out of what is stored and compared`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ticket = Ticket(id: "T", body: "password login locked")
        let plain = Sample.snapshot.decide(ticket)
        let explained = Sample.snapshot.decide(ticket, explaining: true)
        #expect(explained.json != plain.json)
        let receipt = try await store.record(
            NewDecision(explained, of: Sample.snapshot.prepare(ticket), with: Sample.versions))
        let replay = try store.replay(receipt.id, with: Sample.snapshot, Sample.versions)
        #expect(replay.stored == plain.json)
        #expect(replay.differing.isEmpty)
    }

    @Test func `floors outside the text that is read fire again; an earlier version did not keep them`()
        async throws
    {
        let bodies = [
            "crash error " + String(repeating: "x", count: Ticket.maximumFieldBytes) + " smoke",
            "crash error\n\nOn Mon, 5 Jan 2026 at 10:00, Bob <b@example.org> wrote:\n> smoke in room 4\n",
        ]
        for (body, isCut) in zip(bodies, [true, false]) {
            let ticket = Ticket(body: body)
            let decision = Sample.snapshot.decide(ticket)
            #expect(!decision.remarks.isEmpty)
            let again = try await replay(decision, of: ticket)
            #expect(again.differing.isEmpty && !again.lacksFloors)
            let earlier = try await replay(decision, of: ticket, isEarlier: true)
            #expect(earlier.lacksFloors == isCut)
            #expect(earlier.differing.contains(isCut ? "severity" : "notes"))
        }
    }

    @Test func `a floor that no word fires is not taken from the stored answer`() async throws {
        let ticket = Ticket(body: "crash error")
        var decision = Sample.snapshot.decide(ticket)
        #expect(decision.remarks.isEmpty)
        decision.remarks = [.severityRaised(from: "Low", to: "High", floor: "fire")]
        #expect(try await replay(decision, of: ticket).differing == ["notes", "remarks"])
    }

    @Test func `another snapshot, or text that is gone, is an error by name`() async throws {
        let folder = try Folder()
        let time = TestClock()
        let store = try TicketStore(folder.store, clock: time.clock)
        let id = try await store.record(Sample.decision("crash")).id
        let bare = Snapshot(model: Sample.snapshot.model, index: Sample.snapshot.index)
        let versions = SnapshotVersions(bare)
        #expect(
            throws: StoreError.otherSnapshot(
                id: id, part: "playbook", recorded: Sample.versions.fingerprint.policy,
                loaded: versions.fingerprint.policy)
        ) { try store.replay(id, with: bare, versions) }
        let without = Snapshot(model: Sample.snapshot.model, policy: Sample.snapshot.policy)
        #expect(
            throws: StoreError.otherSnapshot(
                id: id, part: "knowledge base", recorded: Sample.versions.fingerprint.kb ?? "", loaded: "none"
            )
        ) { try store.replay(id, with: without, SnapshotVersions(without)) }
        time.advance(seconds: 40 * 86_400)
        _ = try await store.expire()
        #expect(throws: StoreError.textExpired(id: id)) {
            try store.replay(id, with: Sample.snapshot, Sample.versions)
        }
        #expect(throws: StoreError.notFound(kind: "decision", id: "x")) {
            try store.replay("x", with: Sample.snapshot, Sample.versions)
        }
    }

    @Test func `an article's text and order change the fingerprint of a KB`() throws {
        let article = Article(id: "KB-1", title: "t", recommendedAction: nil)
        var other = article
        other.recommendedAction = ""
        let prints = [[article], [other], [article, article]].map {
            SearchIndex($0, embedding: nil, calibration: nil).fingerprint()
        }
        #expect(Set(prints).count == 3)
    }
}

/// Decisions in which a language model had a part.
struct ModelReplayTests {
    fileprivate static let ticket = Ticket(
        id: "T", body: "crash error broken, smoke comes out of the printer")
    private static let engine = Sample.snapshot.decide(ticket)

    /// What a model did, as a decider has it.
    struct Part: Sendable {
        var labels: [String: String] = [:]
        var unanswered: [String] = []
        var failure: String?

        var decision: Decision {
            var decision =
                labels.isEmpty
                ? engine
                : Sample.snapshot.adopting(
                    labels, in: engine, of: Sample.snapshot.prepare(ModelReplayTests.ticket))
            decision.remarks += Remark.ofModel(
                labels: labels, unanswered: unanswered, failure: failure, engine: engine)
            return decision
        }
    }

    private static let parts = [
        Part(labels: ["category": "Login"]), Part(labels: ["category": "Bug"]),
        Part(labels: ["category": "Login", "severity": "Low"]),
        Part(labels: ["category": "Billing"], unanswered: ["severity"]),
        Part(unanswered: ["severity", "category"]), Part(failure: "breaker_open"),
        Part(labels: ["severity": "Low"], failure: "http_503"), Part(failure: "over_daily_budget"),
    ]

    @Test(arguments: parts, [false, true])
    func `comes out the same, without a model`(part: Part, isEarlier: Bool) async throws {
        let replay = try await replay(part.decision, isEarlier: isEarlier)
        #expect(replay.differing.isEmpty)
        #expect(replay.stored == replay.replayed)
        #expect(replay.stored.contains("language model"))
    }

    @Test func `the ledger keeps what the model did, and only that`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let part = Part(labels: ["category": "Login"], unanswered: ["severity"])
        let new = NewDecision(part.decision, of: Sample.snapshot.prepare(Self.ticket), with: Sample.versions)
        _ = try await store.record(new)
        let own = Self.engine.predictions.first { $0.field == "category" }?.label
        #expect(
            try store.decision(new.id)?.record.remarks
                == [
                    .modelChose(field: "category", label: "Login", engine: own),
                    .modelSilent(field: "severity"),
                ]
        )
        _ = try await store.record(Sample.decision("crash error broken", id: "U"))
        #expect(try store.decision(ofTicket: "U")?.record.remarks == [])
    }

    @Test func `what neither engine nor model would have given differs`() async throws {
        var other = Part(labels: ["category": "Login"]).decision
        let severity = try #require(other.predictions.firstIndex { $0.role == "severity" })
        other.predictions[severity].decided = "Low"
        #expect(try await replay(other).differing == ["severity"])
        for isEarlier in [false, true] {
            var failed = Part(failure: "timeout").decision
            failed.remarks.insert(.missingRoles(["team"], model: "m"), at: 0)
            #expect(
                try await replay(failed, isEarlier: isEarlier).differing
                    == (isEarlier ? ["notes"] : ["notes", "remarks"]))
            let chosen = Part(labels: ["category": "Login"]).decision
            let notes = try #require(chosen.notes)
            let answer = chosen.json.replacing(notes, with: "\(notes) Call the boss.")
            #expect(answer != chosen.json)
            #expect(
                try await replay(chosen, answer: answer, isEarlier: isEarlier).differing == ["notes"])
        }
        // Words of a failure that no earlier version wrote.
        let shouted = Part(failure: "Free text!").decision
        #expect(try await replay(shouted, isEarlier: true).differing == ["notes"])
        #expect(try await replay(shouted).differing.isEmpty)
    }
}

/// Stores a decision and makes it again; an earlier version stored no remarks beside the notes.
private func replay(
    _ decision: Decision, of ticket: Ticket = ModelReplayTests.ticket, answer: String? = nil,
    isEarlier: Bool = false
) async throws -> Replay {
    let folder = try Folder()
    let store = try TicketStore(folder.store)
    let new = NewDecision(
        decision, of: Sample.snapshot.prepare(ticket), with: Sample.versions,
        answer: answer.map { Array($0.utf8) } ?? (isEarlier ? decision.storedJSON(isEarlier: true) : nil))
    guard isEarlier else {
        return try store.replay(try await store.record(new).id, with: Sample.snapshot, Sample.versions)
    }
    var prepared = try PreparedDecision(new, keepingText: true, key: store.key)
    let record = String(decoding: prepared.draft.record, as: UTF8.self)
    let start = try #require(record.range(of: #","remarks":["#)).lowerBound
    prepared.draft.record = Array(record[..<start].utf8) + [0x7D]
    let earlier = prepared
    _ = try await store.commits.write { try earlier.write(in: $0) }
    #expect(try store.decision(new.id)?.record.remarks == nil)
    return try store.replay(new.id, with: Sample.snapshot, Sample.versions)
}
