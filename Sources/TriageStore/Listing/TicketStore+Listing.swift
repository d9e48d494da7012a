internal import GRDB
internal import Synchronization
internal import TriageEngine
package import TriageTickets

/// Lists of what a store has.
///
/// Decisions are filtered by a table in memory, which follows the ledger: each list first reads the rows that were added
/// since the last one. Rows of the page alone are then read from the database.
extension TicketStore {
    /// Rows of the ledger read at a time, so that a request waits for some hundredths of a second at most.
    static let rowsAtATime = 4_000
    /// The same where texts are read with the rows, which takes longer.
    private static let textsAtATime = 500
    /// Rows of the ledger that a list waits for; behind more of them it is refused at once.
    private static let patientRows: Int64 = 20_000

    // MARK: - The tables

    /// How long a list waits for rows of the ledger to be read.
    private static let patience = Duration.milliseconds(250)

    /// Whether a list had to be refused since the tables were last up to date.
    package var isListWaiting: Bool { listing.isWaited.load(ordering: .relaxed) }

    /// Reads the next rows of the ledger into the tables; true when none is left.
    ///
    /// The service calls it after its start until it is true, with pauses.
    package func followLedger() throws(StoreError) -> Bool {
        try listing.lock.withLock { tables -> Result<Bool, StoreError> in
            Result { () throws(StoreError) in try follow(&tables) == 0 }
        }.get()
    }

    /// Reads the next rows of the ledger into the tables; returns how many are left at most.
    private func follow(_ tables: inout ListingTables) throws(StoreError) -> Int64 {
        let (start, capacity) = (tables.decisions.sequence, tables.decisions.capacity)
        let (rows, texts, first, last) = try read { database in
            let last = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM ledger") ?? 0
            // A decision is one row, and feedback on it is rarely more than one.
            let first = start == 0 ? max(0, last - 2 * Int64(capacity)) : start
            let recent = last - 2 * Int64(tables.similar.capacity)
            let count =
                first + Int64(TicketStore.rowsAtATime) > recent
                ? TicketStore.textsAtATime : TicketStore.rowsAtATime
            let rows = try LedgerEntry.fetchAll(
                database.cachedStatement(
                    sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?"),
                arguments: [first, count])
            // A text that was damaged is not compared; reading it by its id reports that.
            let texts = rows.filter { $0.sequence > recent && $0.kind == LedgerKind.decision.rawValue }
                .compactMap { row in
                    (try? TicketStore.text(of: row.sequence, database)).map { (row.sequence, $0) }
                }
            return (rows, texts, first, last)
        }
        tables.decisions.sequence = max(start, first)
        let kept = Dictionary(uniqueKeysWithValues: texts)
        for row in rows {
            if let kept = kept[row.sequence] { tables.add(kept.text, row) }
            tables.add(row)
        }
        return rows.isEmpty ? 0 : max(0, last - tables.decisions.sequence)
    }

    /// The tables, as far as the ledger goes.
    ///
    /// - Throws: `StoreError.listing` while rows of a large ledger are still being read.
    func tables<Value: Sendable>(
        _ body: (inout ListingTables) -> Value
    ) throws(StoreError) -> Value {
        try listing.lock.withLock { tables -> Result<Value, StoreError> in
            Result { () throws(StoreError) in
                let end = ContinuousClock.now + TicketStore.patience
                while case let left = try follow(&tables), left > 0 {
                    guard left <= TicketStore.patientRows, .now < end else {
                        listing.isWaited.store(true, ordering: .relaxed)
                        throw .listing(retryAfter: 1)
                    }
                }
                listing.isWaited.store(false, ordering: .relaxed)
                return body(&tables)
            }
        }.get()
    }

    func table<Value: Sendable>(_ body: (DecisionTable) -> Value) throws(StoreError) -> Value {
        try tables { body($0.decisions) }
    }

    // MARK: - Decisions

    /// A part of the list of decisions that a filter accepts.
    ///
    /// - Throws: `StoreError.listing` shortly after the start of a large store.
    package func decisions(
        _ filter: DecisionFilter, by order: DecisionOrder, after cursor: DecisionCursor? = nil, limit: Int
    ) throws(StoreError) -> ListPage<ListedDecision> {
        let (found, states) = try tables { tables in
            let found = tables.cache.search(filter, order, after: cursor, limit: limit, in: tables.decisions)
            return (found, found.sequences.map { tables.decisions.listedState(of: $0) })
        }
        return ListPage(
            items: try listed(found.sequences, states), next: found.next?.text, count: found.count)
    }

    /// The stored tickets that are most like a text, of the newest whose text is kept; without the decision's own.
    package func similar(
        to text: TicketText, except decision: StoredDecision? = nil, limit: Int
    ) throws(StoreError) -> [SimilarDecision] {
        let (found, states) = try tables { tables in
            let found = tables.similar.search(text, except: decision?.sequence, limit: limit)
            return (found, found.map { tables.decisions.listedState(of: $0.row) })
        }
        let similarities = Dictionary(uniqueKeysWithValues: found.map { ($0.row, $0.similarity) })
        return try listed(found.map(\.row), states).map { listed in
            SimilarDecision(listed: listed, similarity: similarities[listed.decision.sequence] ?? 0)
        }
    }

    /// The state of a decision by its row of the ledger; nil when it is too old to be listed.
    package func state(ofDecision sequence: Int64) throws(StoreError) -> DecisionState? {
        try table { table in table.place(of: sequence).map { table.entries[$0].state } }
    }

    /// Counts of the decisions from a moment to another, in milliseconds since 1970.
    package func counts(from: Int64, to: Int64) throws(StoreError) -> DecisionCounts {
        try tables { tables in
            from < to ? tables.decisions.counts(from: from, to: to) : DecisionCounts()
        }
    }

    /// How many decisions each article answers best, by its id.
    package func articleCounts() throws(StoreError) -> [String: Int] {
        try table { $0.articleCounts() }
    }

    func listed(
        _ sequences: [Int64], _ states: [DecisionState]
    ) throws(StoreError) -> [ListedDecision] {
        try read { database in
            try zip(sequences, states).compactMap { sequence, state in
                let row = try LedgerEntry.fetchOne(
                    database.cachedStatement(sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq = ?"),
                    arguments: [sequence])
                return try row.map {
                    ListedDecision(decision: try TicketStore.stored($0, database, self.path), state: state)
                }
            }
        }
    }

    /// The masked text of a decision, from which it can be made again; nil when there is none.
    package func text(ofDecision decision: StoredDecision) throws(StoreError) -> TicketText? {
        try read { try TicketStore.text(of: decision.sequence, $0) }.map { kept in
            TicketText(stored: kept.text.masked, id: decision.ticket, wasCut: kept.text.wasCut)
        }
    }

    // MARK: - Feedback

    /// A part of the list of all feedback, newest first, before a row of the ledger.
    package func feedback(
        _ filter: FeedbackFilter, before row: Int64? = nil, limit: Int
    ) throws(StoreError) -> ListPage<Feedback> {
        let found = try table { $0.feedback(filter, before: row ?? .max, limit: limit) }
        let items = try read { database in
            try found.items.compactMap { correction in
                try TicketStore.feedback(onRow: correction.about, database).last { $0.id == correction.id }
            }
        }
        return ListPage(items: items, next: found.next, count: found.count)
    }

    private static func feedback(onRow row: Int64, _ database: Database) throws -> [Feedback] {
        let entry = try LedgerEntry.fetchOne(
            database.cachedStatement(sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq = ?"),
            arguments: [row])
        guard let entry, let record = DecisionRecord(entry.record) else { return [] }
        return try Corrections(of: entry, record, database).all
    }
}

/// What lists and searches of past tickets are made from, in memory.
struct ListingTables {
    var decisions = DecisionTable(capacity: 1_000_000)
    var similar = SimilarTickets(capacity: 20_000)
    var radar = OutageRadar()
    var cache = ListingCache()
    /// The rows of the newest events.
    private(set) var events: [Int64] = []
    private static let maximumEvents = 10_000

    mutating func add(_ text: TicketText, _ row: LedgerEntry) {
        similar.add(text, row: row.sequence, time: row.time)
        radar.look(at: row.sequence, of: similar)
    }

    mutating func add(_ row: LedgerEntry) {
        decisions.add(row)
        switch LedgerKind(rawValue: row.kind) {
        case .erasure: if let about = row.about { similar.remove(row: about) }
        case .event:
            events.append(row.sequence)
            if events.count > 2 * Self.maximumEvents { events.removeFirst(Self.maximumEvents) }
        case .expiry: for range in DecisionTable.expiredRows(row.record) { similar.remove(rows: range) }
        default: break
        }
    }
}

/// The tables of a store behind their lock.
final class DecisionListing: Sendable {
    let lock = Mutex(ListingTables())
    /// Whether a list was refused because the tables were behind the ledger.
    let isWaited = Atomic(false)
}

/// A past ticket that is like another.
package struct SimilarDecision: Sendable {
    package var listed: ListedDecision
    /// 0 for nothing in common, 1 for the same words.
    package var similarity: Double
}

/// A decision of a list.
package struct ListedDecision: Sendable {
    package var decision: StoredDecision
    package var state: DecisionState

    package init(decision: StoredDecision, state: DecisionState) {
        (self.decision, self.state) = (decision, state)
    }
}

extension DecisionTable {
    /// The state of a decision in the table.
    func listedState(of sequence: Int64) -> DecisionState {
        place(of: sequence).map { entries[$0].state } ?? .expired
    }
}
