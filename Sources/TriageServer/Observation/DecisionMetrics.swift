internal import CoreMetrics
internal import Synchronization
internal import TriageEngine
internal import TriageTelemetry

/// Counts decisions by field, label and level, known issues, and durations.
final class DecisionMetrics: Sendable {
    private let registry: PrometheusRegistry
    private let durations: any TimerHandler
    private let writes: any TimerHandler
    private let known: any CounterHandler
    private let new: any CounterHandler
    private let fields = Mutex<[Key: any CounterHandler]>([:])

    private struct Key: Hashable {
        let field: String
        let label: String
        let level: Decision.Level
    }

    init(registry: PrometheusRegistry) {
        self.registry = registry
        durations = registry.makeTimer(label: "triage_decision_duration_seconds", dimensions: [])
        writes = registry.makeTimer(label: "triage_store_write_duration_seconds", dimensions: [])
        known = registry.makeCounter(label: "triage_known_issues_total", dimensions: [("known", "true")])
        new = registry.makeCounter(label: "triage_known_issues_total", dimensions: [("known", "false")])
    }

    /// Runs `decide` and measures its time.
    func time<Result>(_ decide: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try decide()
        durations.recordNanoseconds(Int64(start.duration(to: .now) / .nanoseconds(1)))
        return result
    }

    func count(_ decision: Decision) {
        (decision.isKnownIssue ? known : new).increment(by: 1)
        for prediction in decision.predictions { counter(prediction).increment(by: 1) }
    }

    /// Runs `write`, which returns once it is durable, and measures its time.
    func measureWrite<Value: Sendable>(_ write: () async throws -> Value) async rethrows -> Value {
        let start = ContinuousClock.now
        defer { writes.recordNanoseconds(Int64(start.duration(to: .now) / .nanoseconds(1))) }
        return try await write()
    }

    private func counter(_ prediction: Decision.Prediction) -> any CounterHandler {
        let key = Key(field: prediction.field, label: prediction.label, level: prediction.level)
        return fields.withLock { fields in
            if let known = fields[key] { return known }
            let made = registry.makeCounter(
                label: "triage_decisions_total",
                dimensions: [("field", key.field), ("label", key.label), ("level", key.level.rawValue)])
            // Labels change with bundles; the registry keeps what was counted.
            if fields.count >= 4096 { fields.removeAll() }
            fields[key] = made
            return made
        }
    }
}
