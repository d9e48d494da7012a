package import Logging
internal import TriageEngine
internal import TriageModel
package import TriageStore

/// Keeps the memory of corrected tickets in the snapshot that decides, so that a correction counts at the next decision.
package actor MemoryKeeper {
    private let store: TicketStore
    private let snapshots: SnapshotHolder
    private let logger: Logger
    /// Tickets remembered at most; 0 for none.
    private let limit: Int
    private var known: (model: String, version: Int)?
    private var hasFailed = false

    /// A keeper that remembers `limit` corrected tickets at most; 0 switches the memory off.
    package init(_ store: TicketStore, _ snapshots: SnapshotHolder, limit: Int, logger: Logger) {
        (self.store, self.snapshots) = (store, snapshots)
        (self.limit, self.logger) = (limit, logger)
    }

    /// Reads the memory again if corrections or the model have changed; to be called after each correction, and every
    /// second or so.
    ///
    /// A failure is logged once and leaves the memory as it is: a correction is durable before it is remembered.
    func refresh() async {
        guard limit > 0 else { return }
        do {
            let model = snapshots.current.model
            let version = store.memoryVersion
            guard known?.model != model.sha256 || known?.version != version else { return }
            let entries = try await store.remember(limit: limit, with: model)
            // Another refresh may have read newer corrections meanwhile.
            if let known, known.model == model.sha256, known.version > version { return }
            snapshots.remember(CorrectionMemory(entries, for: model), for: model)
            (known, hasFailed) = ((model.sha256, version), false)
        } catch {
            if !hasFailed {
                logger.error(
                    "the memory of corrections could not be read",
                    metadata: ["error": "\(error.safeDescription)"])
            }
            hasFailed = true
        }
    }
}
