internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageModel
internal import TriageStore
internal import TriageTelemetry
internal import TriageTickets

/// A decision, its id in the store, and its JSON.
struct DecisionResult: Sendable {
    let decision: Decision
    /// Nil without a store.
    var id: String?
    /// The JSON that the store keeps; nil without a store.
    var written: JSONWriter?

    var json: JSONWriter {
        if let written { return written }
        var json = JSONWriter()
        decision.write(to: &json)
        return json
    }
}

/// Decides with the current snapshot and stores each decision, where there is a store.
struct TriageService: Sendable {
    let snapshots: SnapshotHolder
    let store: TicketStore?
    let shadow: Shadow
    let metrics: DecisionMetrics
    /// The language model that chooses labels; nil for the engine's own decisions.
    let model: LLMDecider?
    let scratch = ScratchPool()

    init(_ dependencies: ServerDependencies) {
        snapshots = dependencies.snapshots
        store = dependencies.store
        shadow = dependencies.shadow
        metrics = DecisionMetrics(registry: dependencies.telemetry.metrics)
        model = dependencies.modelDecider
    }

    /// One decision of the current snapshot; with a store it is durable when this returns.
    ///
    /// - Throws: `StoreError` when it could not be stored.
    func decide(
        _ ticket: Ticket, by caller: Caller?, explaining: Bool = false
    ) async throws -> DecisionResult {
        try await decide(ticket, with: snapshots.served, by: caller, explaining: explaining)
    }

    /// One decision of a given snapshot, stored in the same way.
    func decide(
        _ ticket: Ticket, with served: ServedSnapshot, by caller: Caller?, explaining: Bool = false
    ) async throws -> DecisionResult {
        if let model {
            return try await decide(ticket, with: served, by: caller, explaining: explaining, asking: model)
        }
        var explained = DecisionScratch(explaining: true)
        var (result, new) =
            explaining
            ? decide(ticket, served, caller, &explained)
            : scratch.with { decide(ticket, served, caller, &$0) }
        if let store, let new {
            result.id = try await metrics.measureWrite { try await store.record(new).id }
        }
        shadow.offer(ticket, result.decision, id: result.id)
        return result
    }

    /// Decisions of one snapshot on many tickets, in order; all of them are durable when this returns, or none.
    func decide(_ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?) async throws
        -> [DecisionResult]
    {
        if let model { return try await decide(tickets, with: served, by: caller, asking: model) }
        let made = scratch.with { scratch in tickets.map { decide($0, served, caller, &scratch) } }
        var results = made.map(\.result)
        if let store, !tickets.isEmpty {
            let receipts = try await metrics.measureWrite { try await store.record(made.compactMap(\.new)) }
            for (index, receipt) in receipts.enumerated() { results[index].id = receipt.id }
        }
        for (index, ticket) in tickets.enumerated() {
            shadow.offer(ticket, results[index].decision, id: results[index].id)
        }
        return results
    }

    /// Decides, and prepares what a store keeps of the decision.
    private func decide(
        _ ticket: Ticket, _ served: ServedSnapshot, _ caller: Caller?, _ scratch: inout DecisionScratch
    ) -> (result: DecisionResult, new: NewDecision?) {
        var text: TicketText?
        let decision = metrics.measure {
            let input = served.snapshot.prepare(ticket)
            text = input
            return served.snapshot.decide(input, &scratch)
        }
        guard store != nil, let text else { return (DecisionResult(decision: decision), nil) }
        var json = JSONWriter()
        decision.write(to: &json)
        let new = NewDecision(
            decision, of: text, with: served.versions, by: caller?.keyID, answer: json.bytes)
        return (DecisionResult(decision: decision, written: json), new)
    }
}
