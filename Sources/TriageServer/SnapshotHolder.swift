internal import Synchronization
package import TriageEngine
package import TriageStore

/// A snapshot as it is served, with what decisions record of it.
package struct ServedSnapshot: Sendable {
    /// What decides.
    package let snapshot: Snapshot
    /// Its hashes and thresholds.
    package let versions: SnapshotVersions

    /// A snapshot and its hashes.
    ///
    /// - Complexity: O(bytes of the KB).
    package init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        versions = SnapshotVersions(snapshot)
    }
}

/// The snapshot that decides now.
///
/// A request takes it once; a reload swaps it whole.
package final class SnapshotHolder: Sendable {
    private let held: Mutex<ServedSnapshot>

    /// Holds a snapshot.
    package init(_ snapshot: Snapshot) { held = Mutex(ServedSnapshot(snapshot)) }

    /// The snapshot of this moment.
    package var current: Snapshot { served.snapshot }

    /// The same with what decisions record of it.
    package var served: ServedSnapshot { held.withLock { $0 } }

    /// Lets another snapshot decide from now on; requests under way end with theirs.
    package func swap(_ snapshot: ServedSnapshot) { held.withLock { $0 = snapshot } }
}

/// Scratch memory that requests hand to one another, so that a decision allocates little.
final class ScratchPool: Sendable {
    /// A class, since a copy of so many arrays takes its time; only one request has it at a time.
    private final class PooledScratch: @unchecked Sendable {
        var scratch = DecisionScratch()
    }

    private let idle = Mutex<[PooledScratch]>([])

    /// Runs `body` with memory of the pool.
    func with<Result>(_ body: (inout DecisionScratch) throws -> Result) rethrows -> Result {
        let lent = idle.withLock { $0.popLast() } ?? PooledScratch()
        defer { idle.withLock { $0.append(lent) } }
        return try body(&lent.scratch)
    }
}
