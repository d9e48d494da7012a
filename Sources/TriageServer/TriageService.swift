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
    /// Nil where there is no store.
    var id: String?
    /// What was written of it for the store; nil where there is none.
    var written: JSONWriter?

    /// The decision as one JSON object.
    var json: JSONWriter {
        if let written { return written }
        var json = JSONWriter()
        decision.write(to: &json)
        return json
    }
}

/// Decides with the snapshot of the moment, and keeps what it decided where there is a store.
struct TriageService: Sendable {
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

    /// One decision of the current snapshot; where there is a store it is on the disk when this returns.
    ///
    /// - Throws: `StoreError` when it could not be kept.
    func decide(
        _ ticket: Ticket, by caller: Caller?, explaining: Bool = false
    ) async throws -> DecisionResult {
        try await decide(ticket, with: snapshots.served, by: caller, explaining: explaining)
    }

    /// One decision of a snapshot, kept as the one of the current snapshot is.
    func decide(
        _ ticket: Ticket, with served: ServedSnapshot, by caller: Caller?, explaining: Bool = false
    ) async throws -> DecisionResult {
        if let model {
            return try await decide(ticket, with: served, by: caller, explaining: explaining, asking: model)
        }
        var explained = DecisionScratch(explaining: true)
        var (decided, new) =
            explaining
            ? decide(ticket, served, caller, &explained)
            : scratch.with { decide(ticket, served, caller, &$0) }
        if let store, let new {
            decided.id = try await metrics.measureWrite { try await store.record(new).id }
        }
        shadow.offer(ticket, decided.decision, id: decided.id)
        return decided
    }

    /// Decisions of one snapshot on many tickets, in order; all of them are on the disk when this returns, or none.
    func decide(_ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?) async throws
        -> [DecisionResult]
    {
        if let model { return try await decide(tickets, with: served, by: caller, asking: model) }
        let made = scratch.with { scratch in tickets.map { decide($0, served, caller, &scratch) } }
        var decided = made.map(\.decided)
        if let store, !tickets.isEmpty {
            let receipts = try await metrics.measureWrite { try await store.record(made.compactMap(\.new)) }
            for (index, receipt) in receipts.enumerated() { decided[index].id = receipt.id }
        }
        for (index, ticket) in tickets.enumerated() {
            shadow.offer(ticket, decided[index].decision, id: decided[index].id)
        }
        return decided
    }

    /// Decides, and makes ready what is stored, where there is a store.
    private func decide(
        _ ticket: Ticket, _ served: ServedSnapshot, _ caller: Caller?, _ scratch: inout DecisionScratch
    ) -> (decided: DecisionResult, new: NewDecision?) {
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
