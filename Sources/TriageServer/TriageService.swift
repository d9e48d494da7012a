internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageModel
internal import TriageStore
internal import TriageTelemetry
internal import TriageTickets

/// A decision as the caller may see it, its id in the store, and its JSON.
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
    /// The share of tickets with an automatic answer that people label unseen.
    let blindSample: Double
    let demotions: DemotionHolder

    init(_ dependencies: ServerDependencies, blindSample: Double = 0) {
        snapshots = dependencies.snapshots
        store = dependencies.store
        shadow = dependencies.shadow
        metrics = DecisionMetrics(registry: dependencies.telemetry.metrics)
        model = dependencies.modelDecider
        self.blindSample = blindSample
        demotions = dependencies.demotions
    }

    /// One decision of the current snapshot; with a store it is durable when this returns.
    ///
    /// - Throws: `StoreError` when it could not be stored.
    func decide(
        _ ticket: Ticket, by caller: Caller?, explaining: Bool = false
    ) async throws -> DecisionResult {
        try await decide([ticket], with: snapshots.served, by: caller, explaining: explaining)[0]
    }

    /// One decision of a given snapshot, stored in the same way.
    func decide(
        _ ticket: Ticket, with served: ServedSnapshot, by caller: Caller?
    ) async throws -> DecisionResult {
        try await decide([ticket], with: served, by: caller)[0]
    }

    /// Decisions of one snapshot on many tickets, in order; all of them are durable when this returns, or none.
    ///
    /// The shadow gets the engine's own decisions: it compares bundles, not the language model.
    func decide(
        _ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?, explaining: Bool = false
    ) async throws -> [DecisionResult] {
        let made = await reconsidered(await engine(tickets, served, explaining), served)
        var results = made.map { DecisionResult(decision: $0.decision.withholdingSample) }
        if let store, !tickets.isEmpty {
            for index in results.indices { results[index].written = results[index].json }
            let new = zip(made, results).map { made, result in
                NewDecision(
                    made.decision, of: made.text, with: served.versions, by: caller?.keyID,
                    answer: result.written?.bytes)
            }
            let receipts = try await metrics.measureWrite { try await store.record(new) }
            for (index, receipt) in receipts.enumerated() { results[index].id = receipt.id }
        }
        // The shadow's report lists labels, which the blind sample withholds.
        for (index, ticket) in tickets.enumerated() where !made[index].decision.isSampledBlind {
            shadow.offer(ticket, made[index].engine, id: results[index].id)
        }
        return results
    }

    /// A queued ticket's decision, and the engine's own for the shadow.
    func judge(
        _ text: TicketText, with served: ServedSnapshot
    ) async -> (decision: Decision, engine: Decision) {
        let snapshot = await served.snapshot.fetching(text)
        let engine = scratch.with { scratch in metrics.time { snapshot.decide(text, &scratch) } }
        let made = await reconsidered([(text, engine)], served)[0]
        return (made.decision, made.engine)
    }

    /// The engine's decision on a ticket as its caller may see it, which is not stored.
    func preview(_ text: TicketText, with snapshot: Snapshot) async -> Decision {
        released(await snapshot.fetching(text).decide(text), of: text, with: snapshot).withholdingSample
    }

    /// The rows of a batch in portions: all at once, or as many as the language model takes concurrently.
    func portions<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
        guard let model, model.client.refusal() == nil, rows.count > model.options.concurrency else {
            return [rows[...]]
        }
        let size = model.options.concurrency
        return stride(from: 0, to: rows.count, by: size).map { rows[$0..<min($0 + size, rows.count)] }
    }

    /// The engine's own decisions.
    private func engine(
        _ tickets: [Ticket], _ served: ServedSnapshot, _ explaining: Bool
    ) async -> [(text: TicketText, decision: Decision)] {
        guard !served.snapshot.isRemote else { return await remote(tickets, served, explaining) }
        func decide(_ scratch: inout DecisionScratch) -> [(text: TicketText, decision: Decision)] {
            tickets.map { ticket in
                metrics.time {
                    let text = served.snapshot.prepare(ticket)
                    return (text, served.snapshot.decide(text, &scratch))
                }
            }
        }
        var explained = DecisionScratch(explaining: true)
        return explaining ? decide(&explained) : scratch.with(decide)
    }

    /// The engine's own decisions with articles that lie behind a network, which come first.
    private func remote(
        _ tickets: [Ticket], _ served: ServedSnapshot, _ explaining: Bool
    ) async -> [(text: TicketText, decision: Decision)] {
        let texts = tickets.map { served.snapshot.prepare($0) }
        let snapshots = await served.snapshot.fetching(texts)
        func decide(_ scratch: inout DecisionScratch) -> [(text: TicketText, decision: Decision)] {
            zip(texts, snapshots).map { text, snapshot in
                metrics.time { (text, snapshot.decide(text, &scratch)) }
            }
        }
        var explained = DecisionScratch(explaining: true)
        return explaining ? decide(&explained) : scratch.with(decide)
    }

    /// Decisions with the labels of the language model, where there is one and it answers in time.
    private func reconsidered(
        _ engine: [(text: TicketText, decision: Decision)], _ served: ServedSnapshot
    ) async -> [(text: TicketText, decision: Decision, engine: Decision)] {
        let judged = await model?.reconsider(engine, with: served.snapshot).map(\.decision)
        return engine.indices.map { index in
            let decision = released(
                judged?[index] ?? engine[index].decision, of: engine[index].text, with: served.snapshot)
            metrics.count(decision.withholdingSample)
            return (engine[index].text, decision, engine[index].decision)
        }
    }

    /// The decision as the store keeps it: a part of those with automatic answers goes to the blind sample, and answers that
    /// monitoring demoted are suggestions.
    private func released(
        _ decision: Decision, of text: TicketText, with snapshot: Snapshot
    ) -> Decision {
        guard decision.hasAutomaticAnswer else { return decision }
        let isSampled = store?.isInBlindSample(text, share: blindSample) ?? false
        return isSampled && !snapshot.isMostUrgent(decision)
            ? decision.sampledBlind() : demotions.applied(to: decision)
    }
}
