import GRDB
import Testing
import TriageData
import TriageEngine

@testable import TriageStore
import TriageTickets

/// Lists of decisions, corrections and queued tickets.
struct ListingTests {
    private static let texts = ["password login locked", "invoice refund charged", "crash error broken"]

    /// A store with some decisions, the oldest first, an hour between them.
    private static func filled(_ count: Int) async throws -> (Folder, TicketStore, [String], TestClock) {
        let (folder, time) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: time.clock)
        var ids: [String] = []
        for number in 0..<count {
            ids.append(
                try await store.record(
                    Sample.decision("\(texts[number % 3]) please \(number)", id: "T-\(number)")
                ).id)
            time.advance(seconds: 3_600)
        }
        return (folder, store, ids, time)
    }

    private static func filter(_ change: (inout DecisionFilter) -> Void) -> DecisionFilter {
        var filter = DecisionFilter()
        change(&filter)
        return filter
    }

    /// All pages of a list.
    private static func all(
        _ store: TicketStore, _ filter: DecisionFilter, _ order: DecisionOrder, limit: Int
    ) throws -> [ListedDecision] {
        var (items, cursor) = ([ListedDecision](), DecisionCursor?.none)
        repeat {
            let page = try store.decisions(filter, by: order, after: cursor, limit: limit)
            #expect(page.items.count <= limit)
            items += page.items
            cursor = page.next.flatMap(DecisionCursor.init)
        } while cursor != nil
        return items
    }

    @Test(arguments: DecisionOrder.allCases)
    func `pages of any size have every decision once, in order`(order: DecisionOrder) async throws {
        let (folder, store, ids, _) = try await Self.filled(23)
        defer { _ = folder }
        let whole = try Self.all(store, DecisionFilter(), order, limit: 100)
        #expect(Set(whole.map(\.decision.id)) == Set(ids) && whole.count == 23)
        switch order {
        case .newest: #expect(whole.map(\.decision.id) == ids.reversed())
        case .oldest: #expect(whole.map(\.decision.id) == ids)
        case .leastSure:
            let lowest = whole.map { $0.decision.record.fields.map(\.probability).min() ?? 0 }
            #expect(zip(lowest, lowest.dropFirst()).allSatisfy { $0 <= $1 + 1e-4 })
            #expect(Set(lowest).count > 1)
        }
        for limit in [1, 2, 7, 23] {
            let paged = try Self.all(store, DecisionFilter(), order, limit: limit)
            #expect(paged.map(\.decision.id) == whole.map(\.decision.id), "\(limit)")
        }
        #expect(try store.decisions(DecisionFilter(), by: order, limit: 2).count == 23)
    }

    @Test func `decisions that are stored meanwhile do not shift the pages after a cursor`() async throws {
        let (folder, store, ids, _) = try await Self.filled(9)
        defer { _ = folder }
        let first = try store.decisions(DecisionFilter(), by: .newest, limit: 4)
        _ = try await store.record(Sample.decision("crash again", id: "late"))
        let second = try store.decisions(
            DecisionFilter(), by: .newest, after: first.next.flatMap(DecisionCursor.init), limit: 9)
        #expect(
            (first.items + second.items).map(\.decision.id) == ids.reversed() && second.next == nil)
    }

    @Test func `filters accept what a scan of all decisions accepts`() async throws {
        let (folder, store, ids, _) = try await Self.filled(18)
        defer { _ = folder }
        let all = Array(try store.decisions(limit: 100).reversed())
        for (filter, accepts) in [
            (Self.filter { $0.label = "Login" }, { d in d.record.fields.contains { $0.label == "Login" } }),
            (
                Self.filter {
                    $0.field = "severity"; $0.label = "Low"
                },
                { d in d.record.fields.contains { $0.name == "severity" && $0.label == "Low" } }
            ),
            (
                Self.filter {
                    $0.field = "severity"; $0.label = "Login"
                }, { _ in false }
            ),
            (Self.filter { $0.label = "no such label" }, { _ in false }),
            (
                Self.filter { $0.level = .review },
                { d in d.record.fields.contains { $0.level == "review" } }
            ),
            (
                Self.filter { $0.reason = .uncalibrated },
                { d in d.record.fields.contains { $0.reasons.contains("UNCALIBRATED") } }
            ),
            (Self.filter { $0.isKnownIssue = true }, { $0.record.isKnownIssue }),
            (Self.filter { $0.article = "KB-1" }, { $0.record.matches.first == "KB-1" }),
            (
                Self.filter {
                    $0.from = all[4].time; $0.to = all[9].time
                },
                { $0.time >= all[4].time && $0.time < all[9].time }
            ),
        ] as [(DecisionFilter, (StoredDecision) -> Bool)] {
            let found = try Self.all(store, filter, .oldest, limit: 5).map(\.decision.id)
            #expect(found == all.filter(accepts).map(\.id), "\(filter)")
        }
        #expect(all.map(\.id) == ids)
    }

    @Test func `a decision is open until a person has looked at every field, and again after the undo`()
        async throws
    {
        let (folder, store, ids, _) = try await Self.filled(2)
        defer { _ = folder }
        func state() throws -> DecisionState? {
            try store.decisions(DecisionFilter(), by: .oldest, limit: 1).items.first?.state
        }
        #expect(try state() == .open)
        let first = try await store.addFeedback(
            NewFeedback(.decision(ids[0]), field: "category", label: "Billing"))
        #expect(try state() == .open)
        let second = try await store.addFeedback(
            NewFeedback(.decision(ids[0]), field: "severity", label: "High"))
        #expect(try state() == .reviewed)
        let open = Self.filter { $0.state = .open }
        #expect(try store.decisions(open, by: .newest, limit: 9).items.map(\.decision.id) == [ids[1]])
        // The label in force is the correction's.
        let billing = Self.filter {
            $0.field = "category"; $0.label = "Billing"; $0.to = .max
        }
        #expect(try store.decisions(billing, by: .oldest, limit: 1).items.first?.decision.id == ids[0])
        _ = try await store.undoFeedback(second.id)
        #expect(try state() == .open)
        _ = try await store.undoFeedback(first.id)
        #expect(try store.decisions(open, by: .newest, limit: 9).count == 2)
        _ = try await store.erase(.decision(ids[0]))
        #expect(try state() == .erased)
    }

    @Test func `the table is the same when the ledger is read again after the store was opened`()
        async throws
    {
        let (folder, store, ids, time) = try await Self.filled(5)
        _ = try await store.addFeedback(NewFeedback(.decision(ids[1]), field: "category", label: "Login"))
        _ = try await store.erase(.decision(ids[2]))
        time.advance(seconds: 31 * 86_400)
        _ = try await store.expire()
        _ = try await store.record(Sample.decision("young"))
        let before = try store.counts(from: 0, to: .max)
        #expect(before.states[.expired] == 4 && before.states[.erased] == 1 && before.states[.open] == 1)
        try store.close()
        let again = try TicketStore(folder.store, clock: time.clock)
        #expect(try again.followLedger())
        #expect(try again.counts(from: 0, to: .max) == before)
    }

    @Test func `only the newest decisions are listed beyond the capacity`() async throws {
        let (folder, store, ids, _) = try await Self.filled(12)
        defer { _ = folder }
        var table = DecisionTable(capacity: 8)
        let rows = try store.read { database in
            try LedgerEntry.fetchAll(database, sql: "SELECT \(LedgerEntry.columns) FROM ledger ORDER BY seq")
        }
        for row in rows { table.add(row) }
        #expect(table.entries.count <= 9 && table.entries.count >= 8)
        var cache = ListingCache()
        let found = cache.search(DecisionFilter(), .newest, after: nil, limit: 3, in: table)
        #expect(found.sequences == rows.suffix(3).map(\.sequence).reversed() && !ids.isEmpty)
        let counts = table.counts(from: 0, to: .max)
        #expect(counts.fields.allSatisfy { $0.labels.map(\.count).reduce(0, +) == table.entries.count })
    }

    @Test func `counts are by label in force, level and hour, with the share that people changed`()
        async throws
    {
        let (folder, store, ids, time) = try await Self.filled(6)
        defer { _ = folder }
        let decided = try #require(try store.decision(ids[0])).record.category
        for (id, label) in [(ids[0], decided), (ids[1], "Bug"), (ids[2], "Login")] {
            _ = try await store.addFeedback(NewFeedback(.decision(id), field: "category", label: label))
        }
        let counts = try store.counts(from: 0, to: .max)
        #expect(counts.decisions == 6 && counts.looked == 3 && counts.overridden == 2)
        #expect(counts.overrideRate == 2.0 / 3)
        #expect(counts.hours.count == 6 && counts.hours.allSatisfy { $0.time % 3_600_000 == 0 })
        let category = try #require(counts.fields.first { $0.name == "category" })
        #expect(category.labels.map(\.count).reduce(0, +) == 6)
        #expect(category.confirmed == 1 && category.overridden == 2)
        let start = time.clock.now()
        #expect(try store.counts(from: start - 2 * 3_600_000, to: start).decisions == 2)
    }

    @Test func `corrections are listed newest first, with filters and pages`() async throws {
        let (folder, store, ids, _) = try await Self.filled(4)
        defer { _ = folder }
        var added: [String] = []
        for (number, id) in ids.reversed().enumerated() {
            let label = number % 2 == 0 ? "Login" : "Bug"
            added.append(
                try await store.addFeedback(
                    NewFeedback(.decision(id), field: "category", label: label, note: "note \(number)")
                ).id)
        }
        _ = try await store.undoFeedback(added[1])
        let first = try store.feedback(FeedbackFilter(), limit: 3)
        #expect(first.items.map(\.id) == Array(added.reversed().prefix(3)) && first.count == 4)
        #expect(first.items.first?.note == "note 3")
        let rest = try store.feedback(FeedbackFilter(), before: first.next.flatMap { Int64($0) }, limit: 3)
        #expect(rest.items.map(\.id) == [added[0]] && rest.next == nil)
        var filter = FeedbackFilter()
        filter.label = "Bug"
        #expect(try store.feedback(filter, limit: 9).items.map(\.id) == [added[3], added[1]])
        filter.isUndone = true
        #expect(try store.feedback(filter, limit: 9).items.map(\.id) == [added[1]])
    }

    @Test func `queued tickets are listed newest first, by state and time`() async throws {
        let (folder, time) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: time.clock)
        var (ids, times) = ([String](), [Int64]())
        for number in 0..<7 {
            times.append(time.clock.now())
            ids.append(try await store.enqueue(NewTicket(Ticket(id: "T-\(number)", body: "crash"))).id)
            time.advance(seconds: 60)
        }
        let leased = try await store.lease(2)
        let newest = Array(ids.reversed())
        let first = try store.tickets(limit: 3)
        #expect(first.items.map(\.id) == Array(newest.prefix(3)) && first.count == 7)
        let second = try store.tickets(before: first.next.flatMap { Int64($0) }, limit: 9)
        #expect(second.items.map(\.id) == Array(newest.dropFirst(3)) && second.next == nil)
        let working = try store.tickets(state: .leased, limit: 9)
        #expect(Set(working.items.map(\.id)) == Set(leased.map(\.id)) && working.count == 2)
        let some = try store.tickets(from: times[2], to: times[5], limit: 9)
        #expect(some.items.map(\.id) == [ids[4], ids[3], ids[2]])
        #expect(try store.tickets(from: time.clock.now() + 1, limit: 9).items.isEmpty)
    }

    @Test func `the tickets with the most and rarest words in common are the most similar`() async throws {
        let (folder, time) = (try Folder(), TestClock())
        let store = try TicketStore(folder.store, clock: time.clock)
        let texts = [
            "the printer on floor three is jammed", "the printer on floor three is jammed again",
            "the scanner on floor two is slow", "refund the invoice please", "refund the invoice please",
        ]
        var ids: [String] = []
        for text in texts { ids.append(try await store.record(Sample.decision(text)).id) }
        func similar(_ text: String, _ own: String? = nil) throws -> [(id: String, similarity: Double)] {
            let except = try own.flatMap { try store.decision($0) }
            let ticket = Sample.snapshot.prepare(Ticket(body: text))
            return try store.similar(to: ticket, except: except, limit: 3).map {
                ($0.listed.decision.id, $0.similarity)
            }
        }
        let printers = try similar(texts[0], ids[0])
        #expect(printers.map(\.id).prefix(2) == [ids[1], ids[2]])
        #expect(printers[0].similarity > 0.8 && printers[1].similarity < 0.5)
        let invoices = try similar(texts[3], ids[3])
        #expect(invoices[0].id == ids[4] && abs(invoices[0].similarity - 1) < 1e-9)
        #expect(try similar("nothing alike whatsoever").isEmpty && similar("").isEmpty)
        _ = try await store.erase(.decision(ids[4]))
        #expect(try !similar(texts[3], ids[3]).contains { $0.id == ids[4] })
        time.advance(seconds: 31 * 86_400)
        _ = try await store.expire()
        #expect(try similar(texts[0]).isEmpty)
    }

    @Test func `the oldest tickets leave the comparison beyond its capacity`() {
        var similar = SimilarTickets(capacity: 10)
        func text(_ body: String) -> TicketText {
            TicketText(stored: .init(subject: [], body: Array(body.utf8)))
        }
        for row in 1...35 { similar.add(text("word\(row) shared"), row: Int64(row)) }
        #expect(similar.count == 10)
        #expect(similar.search(text("word25"), limit: 5).isEmpty)
        #expect(similar.search(text("word26"), limit: 5).map(\.row) == [26])
        similar.remove(rows: 20...30)
        #expect(similar.count == 5 && similar.search(text("word30"), limit: 5).isEmpty)
    }

    @Test func `a list, counts and articles that were read before have what came since`() async throws {
        let (folder, store, ids, time) = try await Self.filled(3)
        defer { _ = folder }
        let (filter, end) = (Self.filter { $0.state = .open }, time.clock.now() + 86_400_000)
        func read() throws -> (open: Int?, decisions: Int, looked: Int, answered: Int) {
            let counts = try store.counts(from: 0, to: end)
            let answered = try store.articleCounts().values.reduce(0, +)
            let open = try store.decisions(filter, by: .leastSure, limit: 2).count
            return (open, counts.decisions, counts.looked, answered)
        }
        let before = try read()
        #expect(try read() == before)
        _ = try await store.record(Sample.decision("password login locked once more"))
        let more = try read()
        let all = try store.decisions(DecisionFilter(), by: .newest, limit: 9).items
        #expect(more.decisions == before.decisions + 1 && more.decisions == all.count)
        #expect(more.answered == all.count { !$0.decision.record.matches.isEmpty })
        for (field, label) in [("category", "Login"), ("severity", "Low")] {
            _ = try await store.addFeedback(NewFeedback(.decision(ids[0]), field: field, label: label))
        }
        let changed = try read()
        #expect(changed.looked == more.looked + 1 && changed.open == more.open.map { $0 - 1 })
    }

    @Test func `changes are the ledger's rows behind one, with the decision that changed`() async throws {
        let (folder, store, ids, _) = try await Self.filled(2)
        defer { _ = folder }
        let start = try store.lastRow()
        let generation = store.writeGeneration
        let added = try await store.addFeedback(
            NewFeedback(.decision(ids[0]), field: "category", label: "Login"))
        await store.waitForChange(after: generation, milliseconds: 60_000)
        _ = try await store.undoFeedback(added.id)
        _ = try await store.record(AuditEvent("reload"))
        let found = try store.changes(after: start, limit: 10)
        #expect(found.changes.map(\.kind) == [.feedback, .undo])
        #expect(found.changes.map(\.decision) == [ids[0], ids[0]])
        #expect(found.last == start + 3)
        #expect(try store.changes(after: start, limit: 1).last == start + 1)
        #expect(try store.changes(after: 0, limit: 9).changes.first?.decision == ids[0])
    }

    @Test(arguments: [
        "", "-", "1", "1-", "-1-2", "700000-1", "1-0", "1-01", "+1-1", "1-٣", "1-2-3", "a-b",
        "1-99999999999999999999",
    ])
    func `text that is not a cursor is not read as one`(text: String) {
        #expect(DecisionCursor(text) == nil)
    }
}
