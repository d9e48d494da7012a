internal import CoreMetrics
internal import Synchronization
internal import TriageEngine
internal import TriageModel
internal import TriageStore
internal import TriageTelemetry

/// Metrics set just before they are read: the bundle in use, the queue, the store's writes.
final class StateMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let snapshots: SnapshotHolder
    private let store: TicketStore?
    private let demotions: DemotionHolder
    private let reported = Mutex(Reported())

    private struct Reported {
        var model: (name: String, sha256: String, meter: any MeterHandler)?
        var written = 0
        var failed = 0
        /// Labels that were demoted, whose series become 0 when they no longer are.
        var demoted: Set<LivePrecision.Place> = []
    }

    init(
        registry: PrometheusRegistry, snapshots: SnapshotHolder, store: TicketStore?,
        demotions: DemotionHolder
    ) {
        self.registry = registry
        self.snapshots = snapshots
        self.store = store
        self.demotions = demotions
    }

    func collect() {
        reportModel()
        reportPrecision()
        guard let store, let statistics = try? store.statistics() else { return }
        for state in TicketState.allCases {
            gauge("triage_queue_depth", [("state", state.rawValue)]).set(Int64(statistics.queue[state] ?? 0))
        }
        gauge("triage_queue_oldest_seconds", []).set(statistics.oldestSeconds ?? 0)
        let (written, failed) = reported.withLock { reported in
            let grown = (
                statistics.commits.writes - reported.written, statistics.commits.failed - reported.failed
            )
            (reported.written, reported.failed) = (statistics.commits.writes, statistics.commits.failed)
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

    /// The blind sample's counts by field, and what is demoted.
    private func reportPrecision() {
        let model = snapshots.current.model
        for count in demotions.counts where count.place.label == nil {
            gauge("triage_blind_sample_judged", [("field", count.place.field)]).set(Int64(count.judged))
            gauge("triage_blind_sample_right", [("field", count.place.field)]).set(Int64(count.right))
        }
        let current = demotions.demotions
        let demoted = current.model == model.sha256 ? Set(current.entries.map(\.place)) : []
        let fields = model.heads.map { LivePrecision.Place(field: $0.manifest.field) }
        let known = reported.withLock { reported in
            reported.demoted.formUnion(demoted)
            return reported.demoted.union(fields)
        }
        for place in known {
            gauge("triage_auto_demoted", [("field", place.field), ("label", place.label ?? "")])
                .set(Int64(demoted.contains(place) ? 1 : 0))
        }
    }

    /// Replaces the previous bundle's series after a reload.
    private func reportModel() {
        let model = snapshots.current.model
        reported.withLock { reported in
            if let old = reported.model {
                if old.sha256 == model.sha256, old.name == model.manifest.name { return }
                registry.destroyMeter(old.meter)
            }
            let meter = gauge("triage_model_info", [("name", model.manifest.name), ("sha256", model.sha256)])
            meter.set(Int64(1))
            reported.model = (model.manifest.name, model.sha256, meter)
        }
    }
}
