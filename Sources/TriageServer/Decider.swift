internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageStore
internal import TriageTelemetry

/// Decides with the snapshot of the moment, and keeps what it decided where there is a store.
struct Decider: Sendable {
    let snapshots: SnapshotHolder
    let store: TicketStore?
    let shadow: Shadow
    let metrics: DecisionMetrics
    /// The language model that chooses labels; nil where decisions are the engine's alone.
    let model: LLMDecider?
    let scratch = ScratchPool()

    init(_ dependencies: ServerDependencies) {
        snapshots = dependencies.snapshots
        store = dependencies.store
        shadow = dependencies.shadow
        metrics = DecisionMetrics(registry: dependencies.telemetry.metrics)
        model = dependencies.modelDecider
    }

    /// One decision; where there is a store it is on the disk when this returns.
    ///
    /// - Returns: The decision, and its id in the store.
    /// - Throws: `StoreError` when it could not be kept.
    func decide(
        _ ticket: Ticket, by caller: Caller?, explaining: Bool = false
    ) async throws -> (decision: Decision, id: String?) {
        if let model { return try await decide(ticket, by: caller, explaining: explaining, asking: model) }
        let served = snapshots.served
        let decision = metrics.measure {
            explaining
                ? served.snapshot.decide(ticket, explaining: true)
                : scratch.with { served.snapshot.decide(ticket, &$0) }
        }
        var id: String?
        if let store {
            let new = NewDecision(decision, of: ticket, with: served.versions, by: caller?.keyID)
            id = try await metrics.measureWrite { try await store.record(new).id }
        }
        shadow.offer(ticket, decision, id: id)
        return (decision, id)
    }

    /// Decisions of one snapshot on many tickets, in order; all of them are on the disk when this returns, or none.
    func decide(_ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?) async throws
        -> [Decision]
    {
        if let model { return try await decide(tickets, with: served, by: caller, asking: model) }
        let decisions = scratch.with { scratch in
            tickets.map { ticket in metrics.measure { served.snapshot.decide(ticket, &scratch) } }
        }
        var ids: [String?] = Array(repeating: nil, count: tickets.count)
        if let store, !tickets.isEmpty {
            let new = zip(decisions, tickets).map {
                NewDecision($0, of: $1, with: served.versions, by: caller?.keyID)
            }
            ids = try await metrics.measureWrite { try await store.record(new) }.map(\.id)
        }
        for (index, ticket) in tickets.enumerated() {
            shadow.offer(ticket, decisions[index], id: ids[index])
        }
        return decisions
    }
}
