internal import GRDB
internal import Synchronization

/// What is still to be done after text was deleted.
struct PendingCleaning: Sendable {
    /// Whether the log may hold copies of it.
    var hasUncleanLog = false
    /// What was erased since the file was last searched for it.
    var traces = DeletedBytes()
}

/// Counts in the database's header (`PRAGMA user_version`) the erasures after which the file was not searched yet.
///
/// The bytes to search for are known to the process that erased them alone. The count outlives it, so that the next
/// writer knows that it must search.
enum PendingSearch {
    static func count(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    static func add(_ database: Database) throws { try set(count(database) + 1, database) }

    /// Ends those counted in `count`, unless there were more erasures since.
    static func end(_ count: Int, _ database: Database) throws {
        if try self.count(database) == count { try set(0, database) }
    }

    private static func set(_ count: Int, _ database: Database) throws {
        try database.execute(sql: "PRAGMA user_version = \(count)")
    }
}

extension TicketStore {
    /// Milliseconds for which an erasure waits for readers that keep the log from being emptied.
    private static let patience = 2_000

    /// Deletes the text of a ticket or a decision: the masked ticket, the answer, the notes of corrections, and what waits
    /// in the queue.
    ///
    /// The ledger keeps its rows with their labels and hashes, the caller's own id of a decided ticket too, and one row
    /// more accounts for what was deleted. A ticket that is being decided at the moment loses its lease, so that nothing
    /// of it is stored afterwards. Its bytes are overwritten in the database, and the log is emptied. Then the file is
    /// searched for copies that SQLite left in unused space, and rebuilt when there is one; when the writer ends before
    /// that, the next writer does it. Erasing again changes nothing.
    /// It does not reach what the disk itself, its snapshots and older backups keep.
    ///
    /// `by` is the id of the API key that requests it.
    ///
    /// - Returns: What was deleted; `isClean` is false while a reader has an older state open, and then `finishCleaning` ends
    ///   the work; or when the disk lacks room to rebuild the file, and then the next expiry does.
    /// - Throws: `StoreError.notFound` when there is no such ticket or decision.
    package func erase(
        _ subject: ErasureSubject, by: String? = nil
    ) async throws(StoreError) -> DeletionReport {
        let erasure = Erasure(subject: subject, by: by)
        let outcome = try await commits.write { transaction in
            let outcome = try erasure.write(in: transaction)
            guard !outcome.traces.isEmpty else { return outcome }
            try PendingSearch.add(transaction.database)
            self.pending.withLock { $0.traces.formUnion(outcome.traces) }
            return outcome
        }
        noteCorrection()
        var report = outcome.report
        guard !outcome.traces.isEmpty else { return report }
        report.isClean = try await clean()
        let end = ContinuousClock.now + .milliseconds(TicketStore.patience)
        while !report.isClean, pending.withLock({ $0.hasUncleanLog }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(50))
            report.isClean = try await clean()
        }
        return report
    }

    /// Ends the work that an expiry or an erasure could not end because a reader had an older state open, or because the
    /// writer ended; to be run every second or so.
    package func finishCleaning() async throws(StoreError) {
        if pending.withLock({ $0.hasUncleanLog }) { _ = try await clean() }
    }

    /// Empties the log, and rebuilds the file when its unused space holds something that was erased; false when a reader
    /// of an older state is in the way.
    func clean() async throws(StoreError) -> Bool {
        guard try await emptyLog() else { return false }
        // On the writer's connection, so that each counted erasure has left its traces.
        let (traces, count) = try await alone { database in
            let count = try PendingSearch.count(database)
            return self.pending.withLock { pending in
                defer { pending.traces = DeletedBytes() }
                return (pending.traces, count)
            }
        }
        guard let file, !traces.isEmpty else { return true }
        do {
            let isFound = try traces.remain(in: file)
            if isFound { try await alone { try TicketStore.rebuild($0) } }
            try await alone { try PendingSearch.end(count, $0) }
        } catch {
            // Without room for that, the next erasure or expiry tries again.
            pending.withLock { $0.traces.formUnion(traces) }
            return false
        }
        return try await emptyLog()
    }

    private func emptyLog() async throws(StoreError) -> Bool {
        let options = options
        let isEmpty = try await alone { try TicketStore.emptyLog($0, options) }
        pending.withLock { $0.hasUncleanLog = !isEmpty }
        return isEmpty
    }
}
