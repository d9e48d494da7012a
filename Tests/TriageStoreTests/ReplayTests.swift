import Testing
import TriageData
import TriageEngine
import TriageNumerics
import TriageStore
import TriageTickets

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

    @Test func `of a cut ticket the floors behind the limit are missed, and that is said`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let body = "crash error " + String(repeating: "x", count: Ticket.largestField) + " smoke"
        let receipt = try await store.record(Sample.decision(body))
        let replay = try store.replay(receipt.id, with: Sample.snapshot, Sample.versions)
        #expect(replay.wasCut)
        #expect(
            replay.differing
                == ["next_action", "notes", "predictions", "severity"].filter {
                    replay.differing.contains($0)
                })
        #expect(replay.differing.contains("severity"))
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
    private static let ticket = Ticket(id: "T", body: "crash error broken, smoke comes out of the printer")

    /// Stores a decision with what a model did, and makes it again.
    private func replay(
        _ remarks: ModelRemarks, _ change: (inout Decision) -> Void = { _ in }
    ) async throws -> Replay {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let text = Sample.snapshot.prepare(Self.ticket)
        let engine = Sample.snapshot.decide(text)
        var decision =
            remarks.labels.isEmpty
            ? engine : Sample.snapshot.adopting(remarks.labels, in: engine, of: text)
        decision.notes = remarks.added(to: decision.notes, engine: engine)
        change(&decision)
        let receipt = try await store.record(
            NewDecision(decision, of: text, with: Sample.versions))
        return try store.replay(receipt.id, with: Sample.snapshot, Sample.versions)
    }

    @Test(arguments: [
        ModelRemarks(labels: ["category": "Login"]), ModelRemarks(labels: ["category": "Bug"]),
        ModelRemarks(labels: ["category": "Login", "severity": "Low"]),
        ModelRemarks(labels: ["category": "Billing"], unanswered: ["severity"]),
        ModelRemarks(unanswered: ["severity", "category"]), ModelRemarks(failure: "breaker_open"),
        ModelRemarks(labels: ["severity": "Low"], failure: "http_503"),
        ModelRemarks(failure: "over_daily_budget"),
    ])
    func `comes out the same, without a model`(remarks: ModelRemarks) async throws {
        let replay = try await replay(remarks)
        #expect(replay.differing.isEmpty)
        #expect(replay.stored == replay.replayed)
        #expect(replay.stored.contains("language model"))
    }

    @Test func `what neither engine nor model would have said differs`() async throws {
        let chosen = ModelRemarks(labels: ["category": "Login"])
        #expect(try await replay(chosen) { $0.notes? += " Call the boss." }.differing == ["notes"])
        #expect(try await replay(chosen) { $0.severity = "Low" }.differing == ["severity"])
        let failed = ModelRemarks(failure: "timeout")
        #expect(try await replay(failed) { $0.notes = "Well. " + ($0.notes ?? "") }.differing == ["notes"])
        let shouted = ModelRemarks(failure: "Free text!")
        #expect(try await replay(shouted).differing == ["notes"])
    }
}
