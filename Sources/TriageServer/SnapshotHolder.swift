internal import Synchronization
package import TriageEngine
internal import TriageModel
package import TriageStore

/// A snapshot with the versions that stored decisions record.
package struct ServedSnapshot: Sendable {
    package let snapshot: Snapshot
    package let versions: SnapshotVersions

    /// - Complexity: O(bytes of the KB).
    package init(_ snapshot: Snapshot) {
        self.init(snapshot, SnapshotVersions(snapshot))
    }

    private init(_ snapshot: Snapshot, _ versions: SnapshotVersions) {
        (self.snapshot, self.versions) = (snapshot, versions)
    }

    /// The same with another memory of corrected tickets, which no version names: decisions record what it did.
    func remembering(_ memory: CorrectionMemory?) -> ServedSnapshot {
        ServedSnapshot(snapshot.remembering(memory), versions)
    }
}

/// The current snapshot: a request reads it once, a reload replaces it whole.
package final class SnapshotHolder: Sendable {
    private let state: Mutex<ServedSnapshot>

    package init(_ snapshot: Snapshot) { state = Mutex(ServedSnapshot(snapshot)) }

    package var current: Snapshot { served.snapshot }

    package var served: ServedSnapshot { state.withLock { $0 } }

    /// Gives the current snapshot a memory, unless another model took the place of the one it is for.
    func remember(_ memory: CorrectionMemory, for model: ModelBundle) {
        state.withLock { if $0.snapshot.model.sha256 == model.sha256 { $0 = $0.remembering(memory) } }
    }

    /// Replaces the snapshot; requests under way finish with theirs.
    ///
    /// The memory of corrected tickets stays where the model does; for another model it is read again.
    package func swap(_ snapshot: ServedSnapshot) {
        state.withLock { current in
            let isSameModel = current.snapshot.model.sha256 == snapshot.snapshot.model.sha256
            current = snapshot.remembering(isSameModel ? current.snapshot.memory : nil)
        }
    }
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
