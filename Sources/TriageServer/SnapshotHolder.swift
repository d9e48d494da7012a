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
    private let idle = Mutex<[DecisionScratch]>([])

    /// Runs `body` with memory of the pool.
    func with<Result>(_ body: (inout DecisionScratch) throws -> Result) rethrows -> Result {
        var scratch = idle.withLock { $0.popLast() } ?? DecisionScratch()
        defer { idle.withLock { $0.append(scratch) } }
        return try body(&scratch)
    }
}
