internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageStore
internal import TriageTickets

/// Decisions in which a language model chooses labels.
///
/// The shadow gets the engine's own decision: it compares bundles, not the language model.
extension TriageService {
    /// One decision, with the model's labels where it was called and answered in time; stored like any other.
    ///
    /// - Throws: `StoreError` when it could not be stored.
    func decide(
        _ ticket: Ticket, with served: ServedSnapshot, by caller: Caller?, explaining: Bool,
        asking model: LLMDecider
    ) async throws -> DecisionResult {
        let (judged, text) = await judge(ticket, with: served, explaining: explaining, asking: model)
        var result = DecisionResult(decision: judged.decision)
        if let store {
            let new = NewDecision(judged.decision, of: text, with: served.versions, by: caller?.keyID)
            result.id = try await metrics.measureWrite { try await store.record(new).id }
        }
        shadow.offer(ticket, judged.engine, id: result.id)
        return result
    }

    /// Decisions on the tickets of one portion, in order; all are stored, or none.
    func decide(
        _ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?, asking model: LLMDecider
    ) async throws -> [DecisionResult] {
        let judged = await judge(tickets, with: served, asking: model)
        var results = judged.map { DecisionResult(decision: $0.result.decision) }
        if let store, !tickets.isEmpty {
            let new = judged.map {
                NewDecision($0.result.decision, of: $0.text, with: served.versions, by: caller?.keyID)
            }
            let receipts = try await metrics.measureWrite { try await store.record(new) }
            for (index, receipt) in receipts.enumerated() { results[index].id = receipt.id }
        }
        for (index, ticket) in tickets.enumerated() {
            shadow.offer(ticket, judged[index].result.engine, id: results[index].id)
        }
        return results
    }

    /// A queued ticket's decision, and the engine's own for the shadow.
    func judge(
        _ text: TicketText, with served: ServedSnapshot
    ) async -> (decision: Decision, engine: Decision) {
        var memory = DecisionScratch()
        guard let model else {
            let decision = metrics.measure { served.snapshot.decide(text, &memory) }
            return (decision, decision)
        }
        let engine = metrics.time { served.snapshot.decide(text, &memory) }
        let judged = await model.reconsider(engine, of: text, with: served.snapshot)
        metrics.count(judged.decision)
        return (judged.decision, engine)
    }

    /// The rows of a batch in portions: all at once, or as many as the language model takes concurrently.
    func portions<Row>(of rows: [Row]) -> [ArraySlice<Row>] {
        guard let model, model.client.refusal() == nil, rows.count > model.options.concurrency else {
            return [rows[...]]
        }
        let size = model.options.concurrency
        return stride(from: 0, to: rows.count, by: size).map { rows[$0..<min($0 + size, rows.count)] }
    }

    private func judge(
        _ ticket: Ticket, with served: ServedSnapshot, explaining: Bool, asking model: LLMDecider
    ) async -> (result: LLMDecision, text: TicketText) {
        let (engine, text) = metrics.time {
            let text = served.snapshot.prepare(ticket)
            let engine =
                explaining
                ? served.snapshot.decide(text, explaining: true)
                : scratch.with { served.snapshot.decide(text, &$0) }
            return (engine, text)
        }
        let judged = await model.reconsider(engine, of: text, with: served.snapshot)
        metrics.count(judged.decision)
        return (judged, text)
    }

    private func judge(
        _ tickets: [Ticket], with served: ServedSnapshot, asking model: LLMDecider
    ) async -> [(result: LLMDecision, text: TicketText)] {
        typealias Judged = (result: LLMDecision, text: TicketText)
        return await withTaskGroup(of: (Int, Judged).self) { group in
            for (place, ticket) in tickets.enumerated() {
                group.addTask {
                    (place, await judge(ticket, with: served, explaining: false, asking: model))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
