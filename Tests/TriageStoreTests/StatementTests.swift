import Foundation
import GRDB
import GRDBSQLite
import Synchronization
import Testing
import TriageData
import TriageEngine

@testable import TriageStore
import TriageTickets

/// The statements of the store, as SQLite carries them out.
struct StatementTests {
    @Test func `the end of the ledger is looked up with one compiled statement, however many transactions`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for _ in 0..<5 { _ = try await store.record(Sample.decision("crash")) }
        let runs = try await store.pool.writeWithoutTransaction { database in
            sqlite3_stmt_status(
                try database.cachedStatement(sql: WriteTransaction.lastRow).sqliteStatement,
                SQLITE_STMTSTATUS_RUN, 0)
        }
        #expect(runs == 6)
    }

    // MARK: - No statement reads a table that grows

    /// Tables with a few rows at most; every other table grows.
    private static let small: Set<String> = [
        "queue_counts", "requests", "grdb_migrations", "memory", "memory_start",
    ]

    /// Statements that must read all of a table, and why.
    private static let reasoned: [(part: String, reason: String)] = [
        ("record, hash FROM ledger ORDER BY seq", "verify checks each row"),
        ("FROM texts ORDER BY seq", "verify checks each text"),
        ("record FROM ledger WHERE kind IN ('expiry', 'erasure')", "verify needs all that was deleted"),
        ("total(kind = 'decision')", "store status counts the ledger; a person runs it"),
        ("SELECT count(*) FROM texts", "store status counts the texts; a person runs it"),
    ]

    /// What is wrong with a statement's plan; nil for nothing.
    private func fault(_ statement: String, _ database: Database) throws -> String? {
        let explained = try database.makeStatement(sql: "EXPLAIN QUERY PLAN \(statement)")
        explained.setUncheckedArguments(StatementArguments())
        let plan = try Row.fetchAll(explained).map { $0["detail"] as String }
        let scanned = plan.filter { step in
            guard step.hasPrefix("SCAN "), !step.contains("CONSTANT ROW") else { return false }
            let name = step.split(separator: " ")[1]
            // In parentheses: a subquery, whose own plan is listed too.
            return !name.hasPrefix("(") && !StatementTests.small.contains(String(name))
        }
        let isSmall = StatementTests.small.contains { statement.contains("FROM \($0)") }
        let sorted = isSmall ? [] : plan.filter { $0.contains("USE TEMP B-TREE") }
        let faults = scanned + sorted
        return faults.isEmpty ? nil : "\(statement): \(faults.joined(separator: "; "))"
    }

    @Test func `no statement scans or sorts a table that grows, without statistics`() async throws {
        let statements = try await StatementTests.collected()
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        let faults = try await store.pool.write { database in
            #expect(try !database.tableExists("sqlite_stat1"))
            return try statements.sorted().compactMap { statement in
                StatementTests.reasoned.contains { statement.contains($0.part) }
                    ? nil : try fault(statement, database)
            }
        }
        #expect(faults == [])
        // The gate itself notices: what a list with a reason scans is found.
        for (part, _) in StatementTests.reasoned {
            let listed = try #require(statements.first { $0.contains(part) }, "\(part) is run by nobody")
            #expect(try await store.pool.write { try fault(listed, $0) } != nil, "\(part) needs no reason")
        }
    }

    @Test func `the statements that were collected are all that the sources have`() async throws {
        let statements = try await StatementTests.collected()
        let written = try StatementTests.writtenStatements()
        #expect(written.count > 40)
        for parts in written {
            #expect(
                statements.contains { statement in
                    var rest = statement[...]
                    return parts.allSatisfy { part in
                        guard let range = rest.range(of: part) else { return false }
                        rest = rest[range.upperBound...]
                        return true
                    }
                }, "no test below runs: \(parts.joined(separator: "…"))")
        }
    }

    private static func isStatement(_ text: String) -> Bool {
        ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains { text.hasPrefix("\($0) ") }
    }

    /// A statement with single spaces.
    private static func normalized(_ statement: String) -> String {
        statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The literals of the sources that hold a statement, each as its parts between interpolations.
    private static func writtenStatements() throws -> [[String]] {
        let sources =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/Sources/TriageStore"
        let files = try #require(FileManager.default.subpaths(atPath: sources)).filter {
            // Tables are made and changed once, in the order of their versions.
            $0.hasSuffix(".swift") && !$0.hasSuffix("Migrations.swift")
        }
        let literal = #/"""(?<block>[\s\S]*?)"""|"(?<line>(?:[^"\\\n]|\\\([^)]*\)|\\.)*)"/#
        return try files.flatMap { file -> [[String]] in
            let source = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
            return source.matches(of: literal).compactMap { match in
                let text = normalized(String(match.output.block ?? match.output.line ?? ""))
                guard isStatement(text), !text.contains("sqlite_master") else { return nil }
                return text.split(separator: #/\\\((?:[^()]|\([^()]*\))*\)/#).map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
            }
        }
    }

    /// Everything that the store's operations run, its triggers' statements left out.
    private static func collected() async throws -> Set<String> {
        let seen = Mutex(Set<String>())
        try await TicketStore.$onStatement.withValue({ statement in
            let statement = normalized(statement)
            guard isStatement(statement) else { return }
            seen.withLock { _ = $0.insert(statement) }
        }) { try await runEverything() }
        // GRDB's own look-ups of tables and migrations, and what a migration reads once.
        let others = ["sqlite_master", "sqlite_temp_master", "grdb_migrations", "queue_texts_1"]
        return seen.withLock { $0 }.filter { statement in !others.contains { statement.contains($0) } }
    }

    private static func runEverything() async throws {
        let (folder, time) = (try Folder(), TestClock())
        var options = StoreOptions()
        options.queue.attempts = 1
        let clock = StoreClock(now: time.clock.now, ticks: StoreClock.system.ticks)
        let store = try TicketStore(folder.store, .write, options, clock: clock)
        let ids = try await store.record((0..<4).map { Sample.decision("crash \($0)", id: "T-\($0)") }).map(
            \.id)
        try await runFeedback(store, ids)
        try await runMemory(store)
        try await runRequester(store)
        let taken = try await (0..<6).asyncMap { number in
            try await store.enqueue(
                NewTicket(Ticket(id: "Q-\(number)", body: "crash"), idempotencyKey: "k\(number)")
            ).id
        }
        try await runQueue(store, taken)
        try runLists(store, ids)
        _ = try store.statistics()
        _ = try store.inventory()
        _ = try store.head()
        try await store.checkReady()
        _ = try store.replay(ids[2], with: Sample.snapshot, Sample.versions)
        _ = try await store.erase(.ticket("Q-5"))
        _ = try await store.erase(.ticket("T-0"))
        _ = try await store.erase(.decision(ids[1]))
        async let answered = StoreRequest.erase(.ticket("T-2"), by: nil).send(to: folder.store)
        for _ in 0..<20 {
            try await store.serveRequests()
            try await Task.sleep(for: .milliseconds(20))
        }
        _ = try await answered
        try await store.finishCleaning()
        time.advance(seconds: 40 * 86_400)
        _ = try await store.record(Sample.decision("young"))
        _ = try await store.expire()
        _ = try store.verify(heads: [])
        try store.backup(to: folder.file("copy"))
        try await store.compact()
        try store.close()
        try TicketStore(folder.store).close()
    }

    private static func runFeedback(_ store: TicketStore, _ ids: [String]) async throws {
        for subject in [NewFeedback.Subject.decision(ids[0]), .ticket("T-1")] {
            let added = try await store.addFeedback(
                NewFeedback(subject, field: "category", label: "Login", note: "a note"))
            if subject == .ticket("T-1") { _ = try await store.undoFeedback(added.id) }
        }
        _ = try store.feedback(onDecision: ids[0])
        _ = try store.feedback(limit: 10)
        _ = try store.exportFeedback()
        _ = try store.exportFeedback(newest: 1)
        _ = try store.ticketIDs(ofRows: [1])
        _ = try store.decision(ids[0])
        _ = try store.decision(ofTicket: "T-1")
        _ = try store.decisions(limit: 2)
    }

    private static func runMemory(_ store: TicketStore) async throws {
        _ = try await store.addFeedback(NewFeedback(.ticket("T-3"), field: "category", label: "Login"))
        for limit in [10, 0, 10] {
            _ = try await store.remember(limit: limit, with: Sample.snapshot.model)
        }
        _ = try await store.eraseMemory()
    }

    private static func runRequester(_ store: TicketStore) async throws {
        let ticket = Ticket(id: "R-1", body: "crash", requester: "ann")
        let text = Sample.snapshot.prepare(ticket)
        _ = try await store.record(
            NewDecision(Sample.snapshot.decide(text), of: text, with: Sample.versions))
        _ = try await store.enqueue(NewTicket(ticket))
        _ = try await store.erase(try #require(store.requesterSubject("ann")))
        _ = try store.hasErasures(after: 0)
    }

    private static func runLists(_ store: TicketStore, _ ids: [String]) throws {
        for order in DecisionOrder.allCases { _ = try store.decisions(DecisionFilter(), by: order, limit: 2) }
        _ = try store.feedback(FeedbackFilter(), limit: 2)
        _ = try store.similar(to: Sample.snapshot.prepare(Ticket(body: "crash")), limit: 2)
        _ = try store.counts(from: 0, to: .max)
        _ = try store.changes(after: 0, limit: 100)
        _ = try store.lastRow()
        for state in [TicketState.waiting, nil] {
            _ = try store.tickets(state: state, from: 0, to: .max, limit: 2)
            _ = try store.tickets(state: state, limit: 2)
        }
    }

    private static func runQueue(_ store: TicketStore, _ taken: [String]) async throws {
        let leased = try await store.lease(3, patience: 1)
        try await store.extend(leased[0])
        _ = try await store.complete(leased[0], with: Sample.decision("crash", id: "Q-0"))
        for one in leased.dropFirst() { _ = try await store.fail(one, code: "boom") }
        _ = try await store.requeue([taken[1]], by: "key")
        _ = try await store.requeue(nil, by: "key")
        _ = try await store.lease(9, patience: 0.01)
        _ = try await store.lease(1, patience: 0.05)
        for state in TicketState.allCases { _ = try store.tickets(state, limit: 3) }
        _ = try store.tickets(nil, limit: 3)
        _ = try store.deadLetters(limit: 3)
        _ = try store.ticket(taken[0])
        _ = try store.decision(ofTicket: taken[0])
    }
}

extension Sequence {
    /// One after the other.
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
