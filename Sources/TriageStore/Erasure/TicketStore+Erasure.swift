internal import Foundation
internal import GRDB
internal import Synchronization

/// What is still to be done after text was deleted.
struct PendingCleaning: Sendable {
    /// Whether the log may hold copies of it.
    var hasUncleanLog = false
    /// What was erased since the file was last searched for it.
    var traces = DeletedBytes()
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
    /// searched for copies that SQLite left in unused space, and rebuilt when there is one. Erasing again changes nothing.
    /// What the disk itself, its snapshots and older backups keep is beyond it.
    ///
    /// `by` is who wants it, the id of an API key.
    ///
    /// - Returns: What was deleted; `isClean` is false while somebody reads an older state, and then `finishCleaning` ends
    ///   the work, or when the disk lacks room to rebuild the file, and then the next expiry does.
    /// - Throws: `StoreError.notFound` when there is no such ticket or decision.
    package func erase(
        _ subject: ErasureSubject, by: String? = nil
    ) async throws(StoreError) -> DeletionReport {
        let erasure = Erasure(subject: subject, by: by)
        let outcome = try await commits.write { try erasure.write(in: $0) }
        pending.withLock { $0.traces.formUnion(outcome.traces) }
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

    /// Does what an expiry or an erasure had to leave because somebody read an older state; to be run
    /// every second or so.
    package func finishCleaning() async throws(StoreError) {
        if pending.withLock({ $0.hasUncleanLog }) { _ = try await clean() }
    }

    /// Empties the log, and rebuilds the file when its unused space holds something that was erased; false when a reader
    /// of an older state is in the way.
    func clean() async throws(StoreError) -> Bool {
        guard try await emptyLog() else { return false }
        let traces = pending.withLock { pending in
            defer { pending.traces = DeletedBytes() }
            return pending.traces
        }
        guard let file, try traces.remain(in: file) else { return true }
        do { try await alone { try TicketStore.rebuild($0) } } catch {
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
