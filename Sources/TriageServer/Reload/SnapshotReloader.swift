package import Logging
internal import Metrics
internal import NIOPosix
internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageStore

/// Reads snapshots from disk again, off the requests' way, and swaps them in whole.
///
/// One that cannot be read or verified is refused: the old one stays, and goes on deciding. Calls that come while one
/// reads share the next reading, which begins after theirs, so that each of them sees the files of its own moment.
package actor SnapshotReloader {
    private let holder: SnapshotHolder
    private let shadow: Shadow
    private let store: TicketStore?
    private let logger: Logger
    private let modelDecider: LLMDecider?
    private let load: @Sendable () throws -> LoadedSnapshots
    private var running: Task<Result<LoadedSnapshots, any Error>, Never>?
    private var waiting: Task<Result<LoadedSnapshots, any Error>, Never>?

    /// - Parameters:
    ///   - dependencies: What is swapped, where it is logged, and the ledger that records it.
    ///   - load: Reads and verifies everything; called on a thread that may block.
    package init(
        _ dependencies: ServerDependencies, load: @escaping @Sendable () throws -> LoadedSnapshots
    ) {
        (holder, shadow) = (dependencies.snapshots, dependencies.shadow)
        (store, logger) = (dependencies.store, dependencies.logger)
        modelDecider = dependencies.modelDecider
        self.load = load
    }

    /// Reads everything again and lets it decide from now on.
    ///
    /// - Parameter caller: The id of the key that asked for it; nil for a signal.
    /// - Returns: What decides now.
    /// - Throws: What the parts throw, with the file's name; nothing was changed then.
    @discardableResult
    package func reload(by caller: String? = nil) async throws -> LoadedSnapshots {
        if let waiting { return try await waiting.value.get() }
        let previous = running
        let next = Task {
            _ = await previous?.value
            (running, waiting) = (waiting, nil)
            return await read(by: caller)
        }
        waiting = next
        return try await next.value.get()
    }

    private func read(by caller: String?) async -> Result<LoadedSnapshots, any Error> {
        let start = ContinuousClock.now
        var outcome = "ok"
        defer { Counter(label: "triage_reloads_total", dimensions: [("outcome", outcome)]).increment() }
        do {
            let (loaded, served) = try await NIOThreadPool.singleton.runIfActive { [load] in
                let loaded = try load()
                return (loaded, ServedSnapshot(loaded.deciding))
            }
            // A bundle without the fields that the language model chooses in would silently be decided without it.
            try modelDecider?.check(loaded.deciding)
            // The ledger comes first: what cannot be recorded does not happen.
            let event = AuditEvent("reload", [("model", loaded.deciding.model.sha256)], by: caller)
            try await store?.record(event)
            holder.swap(served)
            shadow.swap(loaded.shadow)
            logger.notice(
                "reloaded",
                metadata: [
                    "model": "\(loaded.deciding.model.manifest.name)",
                    "sha256": "\(loaded.deciding.model.sha256)",
                    "articles": "\(loaded.deciding.index?.count ?? 0)",
                    "shadow_sha256": "\(loaded.shadow?.model.sha256 ?? "none")",
                    "duration_ms": "\(Int(start.duration(to: .now) / .milliseconds(1)))",
                ])
            return .success(loaded)
        } catch {
            outcome = "refused"
            logger.error(
                "reload refused, the old snapshot stays", metadata: ["reason": "\(error.safeDescription)"])
            return .failure(error)
        }
    }
}
