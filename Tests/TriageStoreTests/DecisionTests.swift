import Foundation
import Testing
import TriageData
import TriageEngine
import TriageModel
import TriageStore
import TriageText
import TriageTickets

struct DecisionTests {
    @Test func `a decision comes back as it was made, after the store was closed and opened`() async throws {
        let folder = try Folder()
        let new = Sample.decision(
            "my login is locked, mail me at ann@example.org", id: "T-1", subject: "Help")
        let store = try TicketStore(folder.store)
        let receipt = try await store.record(new)
        try store.close()

        let reopened = try TicketStore(folder.store)
        let stored = try #require(try reopened.decision(receipt.id))
        #expect(stored.id == new.id)
        #expect(stored.ticket == "T-1")
        #expect(stored.sequence == 2)
        #expect(stored.version == 1)
        #expect(stored.corrections.isEmpty)
        #expect(stored.text?.subject == "Help")
        #expect(stored.text?.body == "my login is locked, mail me at [EMAIL]")
        #expect(stored.text?.answer == new.decision.json)
        #expect(stored.record.category == new.decision.category)
        #expect(stored.record.severity == new.decision.severity)
        #expect(stored.record.by == "key-1")
        #expect(stored.record.snapshot == SnapshotFingerprint(Sample.snapshot))
        #expect(stored.record.matches == new.decision.matches.map(\.id))
        #expect(stored.record.fields.map(\.name) == ["category", "severity"])
        for (field, prediction) in zip(stored.record.fields, new.decision.predictions) {
            #expect(field.label == prediction.label)
            #expect(abs(field.probability - prediction.probability) < 1e-6)
            #expect(field.level == prediction.level.rawValue)
            #expect(field.reasons == prediction.reasons.map(\.rawValue))
            #expect(field.suggestFrom == 0.5)
        }
        #expect(try reopened.decision(ofTicket: "T-1") == stored)
        #expect(try reopened.decision("nobody") == nil)
        #expect(try reopened.verify().decisions == 1)
    }

    @Test(arguments: [false, true])
    func `what the caller has made already is stored as if the store had made it`(explaining: Bool)
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ticket = Ticket(
            id: "T-1", subject: "Help &amp;lt;", body: "<p>login locked, call +44 20 7946 0958</p>")
        var scratch = DecisionScratch(explaining: explaining)
        let text = Sample.snapshot.prepare(ticket)
        let decision = Sample.snapshot.decide(text, &scratch)
        #expect(decision == Sample.snapshot.decide(ticket, explaining: explaining))
        let plain = NewDecision(decision, of: text, with: Sample.versions)
        let ready = NewDecision(
            decision, of: text, with: Sample.versions, answer: Array(decision.json.utf8))
        let ids = try await store.record([plain, ready]).map(\.id)
        let stored = try ids.map { try #require(try store.decision($0)) }
        #expect(stored[0].text != nil && stored[0].text == stored[1].text)
        #expect(stored[0].record == stored[1].record)
        // It is the caller's own, and not made anew.
        let other = NewDecision(
            decision, of: TicketText(stored: .init(subject: [], body: Array("other".utf8))),
            with: Sample.versions, answer: Array("{}".utf8))
        let id = try await store.record(other).id
        let kept = try #require(try store.decision(id)?.text)
        #expect(kept.body == "other")
        #expect(kept.answer == (explaining ? stored[0].text?.answer : "{}"))
    }

    @Test func `equal texts have equal hashes in one store and others in another`() async throws {
        let (first, second) = (try Folder(), try Folder())
        let (one, two) = (try TicketStore(first.store), try TicketStore(second.store))
        var hashes: [String] = []
        for store in [one, one, two] {
            let receipt = try await store.record(Sample.decision("the invoice is wrong"))
            hashes.append(try #require(try store.decision(receipt.id)).record.bodyHash)
        }
        #expect(hashes[0] == hashes[1])
        #expect(hashes[0] != hashes[2])
    }

    @Test func `all decisions of a batch are stored in order, and newest come first when listed`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let batch = (0..<50).map { Sample.decision("crash number \($0)", id: "T-\($0)") }
        let receipts = try await store.record(batch)
        #expect(receipts.map(\.id) == batch.map(\.id))
        #expect(receipts.map(\.sequence) == Array(2...51))
        let newest = try store.decisions(limit: 10)
        #expect(newest.compactMap(\.ticket) == (40..<50).reversed().map { "T-\($0)" })
        let older = try store.decisions(before: newest[9].sequence, limit: 2)
        #expect(older.compactMap(\.ticket) == ["T-39", "T-38"])
    }

    @Test func `with a retention of 0 no text is stored`() async throws {
        let folder = try Folder()
        var options = StoreOptions()
        options.retentionDays = 0
        let store = try TicketStore(folder.store, .write, options)
        let receipt = try await store.record(Sample.decision("the plughword crashed"))
        #expect(try #require(try store.decision(receipt.id)).text == nil)
        #expect(try store.verify().texts == 0)
        #expect(!String(decoding: try folder.bytes(), as: UTF8.self).contains("plughword"))
    }

    @Test func `an id of over 256 bytes is refused and says so`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        await #expect(
            throws: StoreError.invalid(problem: "a ticket's id has over 256 bytes; give a shorter one")
        ) {
            try await store.record(Sample.decision("crash", id: String(repeating: "x", count: 257)))
        }
    }

    @Test func `zero bytes are kept in text and refused in ids`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        _ = try await store.record(Sample.decision("crash\0error"))
        _ = try await store.enqueue(NewTicket(Ticket(subject: "a\0b", body: "c\0d"), options: "e\0f"))
        let leased = try #require(try await store.lease(1).first)
        let prepared = Sample.snapshot.prepare(Ticket(subject: "a\0b", body: "c\0d"))
        #expect(leased.text.masked == prepared.masked && leased.options == "e\0f")
        await #expect(throws: StoreError.invalid(problem: "a ticket's id has a zero byte; leave it out")) {
            try await store.record(Sample.decision("crash", id: "a\0b"))
        }
        _ = try store.verify()
    }

    @Test func `many callers share transactions, and each is acknowledged`() async throws {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<400 {
                group.addTask { try await store.record(Sample.decision("crash", id: "T-\(number)")).id }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 400)
        #expect(try store.verify().decisions == 400)
        let counts = try store.statistics().commits
        #expect(counts.writes == 401)
        #expect(counts.groups < 200)
        #expect(counts.waiting == 0)
    }

    @Test func `more waiting writes than allowed are refused with a time to try again`() async throws {
        let folder = try Folder()
        var options = StoreOptions()
        options.commits.waiting = 4
        options.commits.linger = 200
        let store = try TicketStore(folder.store, .write, options)
        let outcomes = await withTaskGroup(of: StoreError?.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await store.record(Sample.decision("crash"))
                        return nil
                    } catch { return error as? StoreError }
                }
            }
            return await group.reduce(into: [StoreError?]()) { $0.append($1) }
        }
        let refused = outcomes.compactMap { $0 }
        #expect(refused.count == 8)
        #expect(refused.allSatisfy { $0 == .busy(retryAfter: 1) && $0.isUnavailable })
        #expect(try store.verify().decisions == 4)
    }
}
