internal import TriageData
internal import TriageEngine
internal import TriageStore

/// Decides with the snapshot of the moment, and keeps what it decided where there is a store.
struct Decider: Sendable {
    let snapshots: SnapshotHolder
    let store: TicketStore?
    let metrics: DecisionMetrics
    private let scratch = ScratchPool()

    init(snapshots: SnapshotHolder, store: TicketStore?, metrics: DecisionMetrics) {
        self.snapshots = snapshots
        self.store = store
        self.metrics = metrics
    }

    /// One decision; where there is a store it is on the disk when this returns.
    ///
    /// - Returns: The decision, and its id in the store.
    /// - Throws: `StoreError` when it could not be kept.
    func decide(
        _ ticket: Ticket, by caller: Caller?, explaining: Bool = false
    ) async throws -> (decision: Decision, id: String?) {
        let served = snapshots.served
        let decision = metrics.measure {
            explaining
                ? served.snapshot.decide(ticket, explaining: true)
                : scratch.with { served.snapshot.decide(ticket, &$0) }
        }
        guard let store else { return (decision, nil) }
        let new = NewDecision(decision, of: ticket, with: served.versions, by: caller?.keyID)
        return (decision, try await metrics.measureWrite { try await store.record(new).id })
    }

    /// Decisions of one snapshot on many tickets, in order; all of them are on the disk when this returns, or none.
    func decide(_ tickets: [Ticket], with served: ServedSnapshot, by caller: Caller?) async throws
        -> [Decision]
    {
        let decisions = scratch.with { scratch in
            tickets.map { ticket in metrics.measure { served.snapshot.decide(ticket, &scratch) } }
        }
        if let store, !tickets.isEmpty {
            let new = zip(decisions, tickets).map {
                NewDecision($0, of: $1, with: served.versions, by: caller?.keyID)
            }
            _ = try await metrics.measureWrite { try await store.record(new) }
        }
        return decisions
    }
}
