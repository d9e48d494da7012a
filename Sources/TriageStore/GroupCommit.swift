internal import Dispatch
internal import GRDB
internal import Synchronization

/// Puts the writes of many callers into few transactions, and resumes each caller when its own is on the disk.
///
/// While the disk is busy with one group, the next one gathers. A write that is refused (a conflict, a full queue) has
/// changed nothing and fails alone; when the disk fails, all of its group fail and nothing of them is there.
final class GroupCommit: Sendable {
    /// One caller's write.
    struct Job: Sendable {
        /// Its rows.
        var weight: Int
        /// Does it; returns what resumes the caller, to be called after the commit.
        var run: @Sendable (WriteTransaction) throws -> @Sendable () -> Void
        /// Resumes the caller with an error.
        var fail: @Sendable (StoreError) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var weight = 0
        var isDraining = false
        var isClosed = false
        var counts = CommitCounts()
        /// The error of the last write; nil when it succeeded.
        var failure: StoreError?
        /// When a write was last tried again, by the clock that never jumps.
        var lastTry: Int64?
        /// The ledger's end as the last transaction left it; nil before the first, and after one that failed.
        var tail: WriteTransaction.Tail?
    }

    private let pool: DatabasePool
    private let key: StoreKey
    private let files: OpenFileGuard
    private let path: String
    private let options: CommitOptions
    private let clock: StoreClock
    private let arrivals: QueueWakeup
    /// Fired after each transaction that changed something.
    let written = QueueWakeup()
    private let state = Mutex(State())

    init(
        _ pool: DatabasePool, _ key: StoreKey, _ files: OpenFileGuard, path: String, _ options: CommitOptions,
        _ clock: StoreClock, _ arrivals: QueueWakeup
    ) {
        (self.pool, self.key, self.files, self.path, self.options) = (pool, key, files, path, options)
        (self.clock, self.arrivals) = (clock, arrivals)
    }

    /// What was committed so far.
    var counts: CommitCounts {
        state.withLock {
            var counts = $0.counts
            counts.waiting = $0.weight
            return counts
        }
    }

    /// The error of the last write; nil when it succeeded.
    var failure: StoreError? { state.withLock { $0.failure } }

    /// The ledger's end as this writer left it; nil before its first write.
    var tail: WriteTransaction.Tail? { state.withLock { $0.tail } }

    /// Whether a second has passed since this last returned true.
    func mayTryAgain() -> Bool {
        let now = clock.ticks()
        return state.withLock { state in
            guard state.lastTry.map({ now - $0 >= 1_000 }) ?? true else { return false }
            state.lastTry = now
            return true
        }
    }

    /// - Throws: `StoreError.displaced`.
    func checkFiles() throws(StoreError) { try files.check() }

    /// Does a write in a transaction shared with others; returns when it is on the disk.
    func write<Value: Sendable>(
        weight: Int = 1, _ body: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            submit(
                Job(
                    weight: weight,
                    run: { transaction in
                        let value = try body(transaction)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }))
        }
        return try result.get()
    }

    /// Does a write in a transaction of its own, on the caller's thread.
    func writeAlone<Value: Sendable>(
        _ body: @escaping @Sendable (WriteTransaction) throws -> Value
    ) throws(StoreError) -> Value {
        let result = Mutex<Result<Value, StoreError>>(.failure(.closed))
        let job = Job(
            weight: 1,
            run: { transaction in
                let value = try body(transaction)
                return { result.withLock { $0 = .success(value) } }
            },
            fail: { error in result.withLock { $0 = .failure(error) } })
        pool.writeWithoutTransaction { commit([job], $0) }
        return try result.withLock { $0 }.get()
    }

    /// Takes no more writes; returns when those that wait are done.
    func close() {
        state.withLock { $0.isClosed = true }
        pool.writeWithoutTransaction { drain($0) }
    }

    // MARK: - The worker

    private func submit(_ job: Job) {
        let (refusal, begins): (StoreError?, Bool) = state.withLock { state in
            if state.isClosed { return (.closed, false) }
            if state.weight > 0, state.weight + job.weight > options.maximumWaitingRows {
                return (.busy(retryAfter: 1), false)
            }
            state.waiting.append(job)
            state.weight += job.weight
            defer { state.isDraining = true }
            return (nil, !state.isDraining)
        }
        if let refusal { return job.fail(refusal) }
        guard begins else { return }
        guard options.linger > 0 else { return start() }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(options.linger)) { self.start() }
    }

    private func start() { pool.asyncWriteWithoutTransaction { self.drain($0) } }

    private func drain(_ database: Database) {
        while true {
            let group = takeGroup()
            if group.isEmpty { return }
            commit(group, database)
        }
    }

    /// The next group; empty when nothing waits, and then the worker is at rest.
    private func takeGroup() -> [Job] {
        state.withLock { state in
            var count = 0
            var weight = 0
            while count < state.waiting.count, count == 0 || weight < options.maximumRows {
                weight += state.waiting[count].weight
                count += 1
            }
            let group = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(count)
            state.weight -= weight
            if group.isEmpty { state.isDraining = false }
            return group
        }
    }

    /// Commits a group, or when one of several could not be written each alone, so that only the culprit fails.
    private func commit(_ group: [Job], _ database: Database) {
        let start = ContinuousClock.now
        do {
            try files.check()
            let outcome = try transact(group, database)
            let seconds = start.duration(to: .now) / .seconds(1)
            state.withLock { state in
                state.counts.add(writes: outcome.done.count, seconds: seconds)
                // A transaction that changed nothing did not write to the disk.
                if outcome.isWritten { state.failure = nil }
                state.tail = outcome.tail
            }
            outcome.done.forEach { $0() }
            outcome.refused.forEach { $0.job.fail($0.error) }
            if outcome.hasArrivals { arrivals.fire() }
            if outcome.isWritten { written.fire() }
        } catch {
            let failure = StoreError(error, path: path)
            if group.count > 1, GroupCommit.isOneRowsFault(error) {
                return group.forEach { commit([$0], database) }
            }
            state.withLock { state in
                state.counts.failed += group.count
                if !GroupCommit.isOneRowsFault(error) { state.failure = failure }
                // A ledger that another process changed stays rejected.
                if !(error is LedgerError) { state.tail = nil }
            }
            group.forEach { $0.fail(failure) }
        }
    }

    /// Whether a row could not be stored because of what it is, and not because of the disk.
    private static func isOneRowsFault(_ error: any Error) -> Bool {
        if error is LedgerError { return false }
        if case StoreError.displaced = error { return false }
        return switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_CONSTRAINT?, .SQLITE_TOOBIG?, .SQLITE_MISMATCH?, nil: true
        default: false
        }
    }

    private struct Outcome {
        var done: [@Sendable () -> Void] = []
        var refused: [(job: Job, error: StoreError)] = []
        var hasArrivals = false
        /// Whether anything was changed.
        var isWritten = false
        var tail: WriteTransaction.Tail?
    }

    private func transact(_ group: [Job], _ database: Database) throws -> Outcome {
        var outcome = Outcome()
        let before = database.totalChangesCount
        try database.inTransaction(.immediate) {
            let transaction = try WriteTransaction(
                database, clock, key, expecting: tail)
            for job in group {
                let changes = database.totalChangesCount
                do {
                    outcome.done.append(try job.run(transaction))
                } catch let error as StoreError where database.totalChangesCount == changes {
                    outcome.refused.append((job, error))
                }
            }
            outcome.hasArrivals = transaction.hasArrivals
            outcome.tail = transaction.tail
            outcome.isWritten = database.totalChangesCount != before
            return .commit
        }
        return outcome
    }
}

/// What a store has written since it was opened.
package struct CommitCounts: Sendable, Equatable {
    /// Writes that were acknowledged.
    package var writes = 0
    /// Writes that the disk refused.
    package var failed = 0
    package var groups = 0
    /// Seconds spent in transactions.
    package var seconds = 0.0
    /// Rows that wait at the moment.
    package var waiting = 0

    mutating func add(writes count: Int, seconds: Double) {
        writes += count
        groups += 1
        self.seconds += seconds
    }
}
