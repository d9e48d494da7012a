internal import Synchronization
public import TriageEngine
public import TriageStore

/// A snapshot as it is served, with what decisions record of it.
public struct ServedSnapshot: Sendable {
    /// What decides.
    public let snapshot: Snapshot
    /// Its hashes and thresholds.
    public let versions: SnapshotVersions

    /// A snapshot and its hashes.
    ///
    /// - Complexity: O(bytes of the KB).
    public init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        versions = SnapshotVersions(snapshot)
    }
}

/// The snapshot that decides now.
///
/// A request takes it once; a reload swaps it whole.
public final class SnapshotHolder: Sendable {
    private let held: Mutex<ServedSnapshot>

    /// Holds a snapshot.
    public init(_ snapshot: Snapshot) { held = Mutex(ServedSnapshot(snapshot)) }

    /// The snapshot of this moment.
    public var current: Snapshot { served.snapshot }

    /// The same with what decisions record of it.
    public var served: ServedSnapshot { held.withLock { $0 } }

    /// Lets another snapshot decide from now on; requests under way end with theirs.
    public func swap(_ snapshot: ServedSnapshot) { held.withLock { $0 = snapshot } }
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
