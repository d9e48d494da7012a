internal import CoreMetrics
internal import Synchronization
internal import TriageEngine
internal import TriageModel
internal import TriageStore
internal import TriageTelemetry

/// What is found rather than counted, set before metrics are read: the bundle in use, the queue, the store's writes.
final class StateMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let snapshots: SnapshotHolder
    private let store: TicketStore?
    private let told = Mutex(Told())

    private struct Told {
        var model: (name: String, sha256: String, meter: any MeterHandler)?
        var written = 0
        var failed = 0
    }

    init(registry: PrometheusRegistry, snapshots: SnapshotHolder, store: TicketStore?) {
        self.registry = registry
        self.snapshots = snapshots
        self.store = store
    }

    /// Sets all of them.
    func collect() {
        tellModel()
        guard let store, let statistics = try? store.statistics() else { return }
        for state in TicketState.allCases {
            gauge("triage_queue_depth", [("state", state.rawValue)]).set(Int64(statistics.queue[state] ?? 0))
        }
        gauge("triage_queue_oldest_seconds", []).set(statistics.oldestSeconds ?? 0)
        let (written, failed) = told.withLock { told in
            let grown = (statistics.commits.writes - told.written, statistics.commits.failed - told.failed)
            (told.written, told.failed) = (statistics.commits.writes, statistics.commits.failed)
            return grown
        }
        writes("ok").increment(by: Int64(written))
        writes("error").increment(by: Int64(failed))
    }

    private func gauge(_ name: String, _ labels: [(String, String)]) -> any MeterHandler {
        registry.makeMeter(label: name, dimensions: labels)
    }

    private func writes(_ outcome: String) -> any CounterHandler {
        registry.makeCounter(label: "triage_store_writes_total", dimensions: [("outcome", outcome)])
    }

    /// After a reload the former bundle's series goes.
    private func tellModel() {
        let model = snapshots.current.model
        told.withLock { told in
            if let old = told.model {
                if old.sha256 == model.sha256, old.name == model.manifest.name { return }
                registry.destroyMeter(old.meter)
            }
            let meter = gauge("triage_model_info", [("name", model.manifest.name), ("sha256", model.sha256)])
            meter.set(Int64(1))
            told.model = (model.manifest.name, model.sha256, meter)
        }
    }
}
