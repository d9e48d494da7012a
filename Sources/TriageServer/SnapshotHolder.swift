internal import Synchronization
package import TriageEngine
package import TriageStore

/// A snapshot with the versions that stored decisions record.
package struct ServedSnapshot: Sendable {
    package let snapshot: Snapshot
    package let versions: SnapshotVersions

    /// - Complexity: O(bytes of the KB).
    package init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        versions = SnapshotVersions(snapshot)
    }
}

/// The current snapshot: a request reads it once, a reload replaces it whole.
package final class SnapshotHolder: Sendable {
    private let state: Mutex<ServedSnapshot>

    package init(_ snapshot: Snapshot) { state = Mutex(ServedSnapshot(snapshot)) }

    package var current: Snapshot { served.snapshot }

    package var served: ServedSnapshot { state.withLock { $0 } }

    /// Replaces the snapshot; requests under way finish with theirs.
    package func swap(_ snapshot: ServedSnapshot) { state.withLock { $0 = snapshot } }
}

/// Reuses the engine's scratch memory between requests, so that a decision allocates little.
final class ScratchPool: Sendable {
    /// A class, because copying its arrays would take time; one request at a time has it.
    private final class PooledScratch: @unchecked Sendable {
        var scratch = DecisionScratch()
    }

    private let idle = Mutex<[PooledScratch]>([])

    func with<Result>(_ body: (inout DecisionScratch) throws -> Result) rethrows -> Result {
        let pooled = idle.withLock { $0.popLast() } ?? PooledScratch()
        defer { idle.withLock { $0.append(pooled) } }
        return try body(&pooled.scratch)
    }
}
