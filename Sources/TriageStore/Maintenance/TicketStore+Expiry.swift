internal import GRDB
internal import TriageData

/// What an expiry or an erasure deleted.
package struct DeletionReport: Sendable, Equatable {
    /// Texts of decisions and notes of corrections.
    package var texts = 0
    /// Of an expiry, finished and dead tickets of the queue; of an erasure, tickets that were not decided yet.
    package var tickets = 0
    /// Decisions that were erased; 0 of an expiry.
    package var decisions = 0
    /// Of the erasure of one requester, the callers' own ids of the tickets.
    package var ids: [String] = []
    /// Whether no copy of the deleted bytes is left in the log either; false while a reader has an older state open, and then
    /// `finishCleaning` removes it.
    package var isClean = true

    package init(
        texts: Int = 0, tickets: Int = 0, decisions: Int = 0, ids: [String] = [], isClean: Bool = true
    ) {
        (self.texts, self.tickets, self.decisions) = (texts, tickets, decisions)
        (self.ids, self.isClean) = (ids, isClean)
    }
}

extension TicketStore {
    /// Deletes the text that is older than the retention, and tickets that were finished as long ago (a day at least, so
    /// that their idempotency keys hold for that long).
    ///
    /// Deleted bytes are overwritten in the database, the log that might hold copies of them is emptied, and the file gives
    /// its unused pages back to the disk. The ledger's rows and hashes stay, and one more accounts for what was deleted. Run
    /// it once an hour. It does not search for copies that SQLite left in unused space when it moved rows, as an erasure
    /// does: to rebuild the file every hour would stop writers for a second per 200 MB. `compact` removes them. It does not
    /// reach what the disk itself, its snapshots and backups keep either. `days` is another age than the retention's, nil
    /// for that.
    package func expire(olderThanDays days: Int? = nil) async throws(StoreError) -> DeletionReport {
        let expiry = Expiry(days: days ?? options.retentionDays, now: clock.now())
        var report = DeletionReport()
        while let batch = try await commits.write(weight: Expiry.batch, { try expiry.run($0) }) {
            report.texts += batch.texts
            report.tickets += batch.tickets
        }
        while try await alone({ try TicketStore.giveBack($0) }) {}
        report.isClean = try await clean()
        return report
    }

    /// Runs work on the writer's connection outside the ledger's transactions.
    func alone<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let path = path
        let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { database in
                let outcome = Result { try body(database) }
                continuation.resume(returning: outcome.mapError { StoreError($0, path: path) })
            }
        }
        return try outcome.get()
    }

    /// Empties the log; false when a reader of an older state is in the way.
    static func emptyLog(_ database: Database, _ options: StoreOptions) throws -> Bool {
        // Writers wait meanwhile, so that a reader is not waited for.
        try database.execute(sql: "PRAGMA busy_timeout = 0")
        defer {
            let milliseconds = Int(options.busyTimeout * 1000)
            try? database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
        }
        do {
            return try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return false
        }
    }
}

extension TicketStore {
    /// Pages that are given back at a time, so that writers wait for some milliseconds at most.
    private static let pagesAtATime = 2_000
    /// `PRAGMA auto_vacuum` of a file whose unused pages can be given back.
    private static let incremental = 2

    /// Rebuilds the file without unused space.
    ///
    /// The file of an older version can shrink from then on. Writers wait for about a second per 200 MB, and the disk needs twice the file's size meanwhile.
    package func compact() async throws(StoreError) {
        try await alone { try TicketStore.rebuild($0) }
        _ = try await clean()
    }

    static func rebuild(_ database: Database) throws {
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        try database.execute(sql: "VACUUM")
    }

    /// Whether unused pages can be given back to the disk.
    static func shrinks(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") == incremental
    }

    /// Gives some unused pages back to the disk; false when none is left, or the file cannot shrink.
    static func giveBack(_ database: Database) throws -> Bool {
        guard try shrinks(database) else { return false }
        _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum(\(pagesAtATime))")
        return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 > 0
    }
}

/// Deletes what is older than a moment, some thousand rows a transaction.
private struct Expiry: Sendable {
    static let batch = 2_000

    /// Milliseconds since 1970; nil when nothing ever expires.
    private let textsBefore: Int64?
    private let ticketsBefore: Int64?

    init(days: Int?, now: Int64) {
        textsBefore = days.map { now - Int64($0) * Expiry.day }
        ticketsBefore = days.map { now - Int64(max($0, 1)) * Expiry.day }
    }

    private static let day: Int64 = 86_400_000

    /// What one transaction deleted; nil when nothing is left to delete.
    func run(_ transaction: WriteTransaction) throws -> DeletionReport? {
        guard let textsBefore, let ticketsBefore else { return nil }
        var report = DeletionReport()
        report.texts = try deleteTexts(before: textsBefore, transaction)
        try transaction.execute("DELETE FROM requesters WHERE at < ?", [textsBefore])
        report.tickets = try deleteTickets(before: ticketsBefore, transaction)
        return report.texts + report.tickets > 0 ? report : nil
    }

    private func deleteTexts(before: Int64, _ transaction: WriteTransaction) throws -> Int {
        let rows = try Int64.fetchAll(
            transaction.database, sql: "SELECT seq FROM texts WHERE at < ? ORDER BY at, seq LIMIT ?",
            arguments: [before, Expiry.batch]
        ).sorted()
        guard !rows.isEmpty else { return 0 }
        for row in rows { try transaction.execute("DELETE FROM texts WHERE seq = ?", [row]) }
        let ranges = try ranges(of: rows, transaction.database)
        let record = JSONWriter.object { json in
            json.integer("before", Int(before))
            json.integer("texts", rows.count)
            json.array("rows", ranges) { json, range in
                json.array([range.lowerBound, range.upperBound]) { $0.integer(Int($1)) }
            }
        }
        try transaction.append(
            LedgerDraft(kind: .expiry, id: RecordID.make(at: transaction.time), record: record))
        return rows.count
    }

    /// The rows as few ranges, between whose rows no text is left.
    private func ranges(of rows: [Int64], _ database: Database) throws -> [ClosedRange<Int64>] {
        var ranges: [ClosedRange<Int64>] = []
        for row in rows {
            if let last = ranges.last,
                try row == last.upperBound + 1 || isBare(last.upperBound, row, database)
            {
                ranges[ranges.count - 1] = last.lowerBound...row
            } else {
                ranges.append(row...row)
            }
        }
        return ranges
    }

    private func isBare(_ first: Int64, _ last: Int64, _ database: Database) throws -> Bool {
        try
            !(Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT EXISTS (SELECT 1 FROM texts WHERE seq > ? AND seq < ?)"),
                arguments: [first, last]) ?? false)
    }

    private func deleteTickets(before: Int64, _ transaction: WriteTransaction) throws -> Int {
        let numbers = try Int64.fetchAll(
            transaction.database,
            sql: "SELECT number FROM queue WHERE state IN ('done', 'dead') AND updated_at < ? LIMIT ?",
            arguments: [before, Expiry.batch])
        for number in numbers {
            try transaction.execute("DELETE FROM queue_texts WHERE number = ?", [number])
            try transaction.execute("DELETE FROM queue WHERE number = ?", [number])
        }
        return numbers.count
    }
}
