internal import ServiceLifecycle
internal import UnixSignals

/// Reloads on SIGHUP.
struct ReloadSignal: Service {
    let reloader: SnapshotReloader

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // A refusal is logged and counted where it happens.
            _ = try? await reloader.reload()
        }
    }
}
