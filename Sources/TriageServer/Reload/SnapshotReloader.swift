internal import CoreMetrics
package import Logging
internal import NIOPosix
internal import ServiceLifecycle
internal import TriageData
package import TriageEngine
internal import TriageLLM
internal import TriageStore
internal import TriageTelemetry
internal import UnixSignals

/// Reloads the snapshots from disk without blocking requests, and replaces them whole.
///
/// When one cannot be read or verified, the old ones stay in use. Calls during a reload share the next one, which begins
/// after them, so that each call sees the files as they were when it was made.
package actor SnapshotReloader {
    private let holder: SnapshotHolder
    private let shadow: Shadow
    private let store: TicketStore?
    private let logger: Logger
    private let metrics: PrometheusRegistry
    private let modelDecider: LLMDecider?
    private let load: @Sendable () throws -> LoadedSnapshots
    private let database: KnowledgeDatabase?
    private var running: Task<Result<LoadedSnapshots, any Error>, Never>?
    private var waiting: Task<Result<LoadedSnapshots, any Error>, Never>?

    /// - Parameters:
    ///   - dependencies: The holders of the snapshots, the log, the metrics, and the store whose ledger records a reload.
    ///   - load: Reads and verifies everything; runs on a thread that may block.
    package init(
        _ dependencies: ServerDependencies, load: @escaping @Sendable () throws -> LoadedSnapshots
    ) {
        (holder, shadow) = (dependencies.snapshots, dependencies.shadow)
        (store, logger) = (dependencies.store, dependencies.logger)
        (metrics, modelDecider) = (dependencies.telemetry.metrics, dependencies.modelDecider)
        self.load = load
        database = dependencies.database
    }

    /// Reloads everything.
    ///
    /// - Parameter caller: The id of the caller's key; nil for a signal.
    /// - Returns: The new snapshots.
    /// - Throws: The error of the file that cannot be used; nothing was changed then.
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
        defer {
            metrics.makeCounter(label: "triage_reloads_total", dimensions: [("outcome", outcome)])
                .increment(by: Int64(1))
        }
        do {
            var loaded = try await NIOThreadPool.singleton.runIfActive { [load] in try load() }
            if let database { loaded.deciding = await database.attach(to: loaded.deciding) }
            let served = try await NIOThreadPool.singleton.runIfActive { [loaded] in
                ServedSnapshot(loaded.deciding)
            }
            // Without this check a bundle that lacks the language model's fields would silently be used without the model.
            try modelDecider?.check(loaded.deciding)
            // The ledger comes first: a reload that cannot be recorded must not happen.
            let event = AuditEvent("reload", [("model", loaded.deciding.model.sha256)], by: caller)
            try await store?.record(event)
            holder.swap(served)
            shadow.swap(loaded.shadow)
            logger.notice(
                "reloaded",
                metadata: [
                    "model": "\(loaded.deciding.model.manifest.name)",
                    "sha256": "\(loaded.deciding.model.sha256)",
                    "articles": .stringConvertible(loaded.deciding.index?.count ?? 0),
                    "shadow_sha256": "\(loaded.shadow?.model.sha256 ?? "none")",
                    "duration_ms": .stringConvertible(start.duration(to: .now).milliseconds),
                ])
            return .success(loaded)
        } catch {
            outcome = "error"
            logger.error(
                "reload failed; the old snapshot stays in use",
                metadata: ["reason": "\(error.safeDescription)"])
            return .failure(error)
        }
    }
}

/// The snapshots that a reload reads from disk.
package struct LoadedSnapshots: Sendable {
    package var deciding: Snapshot
    /// A snapshot for comparison; nil for none.
    package var shadow: Snapshot?

    package init(deciding: Snapshot, shadow: Snapshot? = nil) {
        self.deciding = deciding
        self.shadow = shadow
    }
}

/// Reloads on SIGHUP.
struct ReloadSignal: Service {
    let reloader: SnapshotReloader

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // The reloader logs and counts failures.
            _ = try? await reloader.reload()
        }
    }
}
