internal import TriageData
internal import TriageEngine

/// How every operation decides: with the snapshot of the moment, and the shadow looking on.
struct Decider: Sendable {
    let snapshots: SnapshotHolder
    let shadow: Shadow
    private let scratch = ScratchPool()

    init(snapshots: SnapshotHolder, shadow: Shadow) {
        self.snapshots = snapshots
        self.shadow = shadow
    }

    /// Decides one ticket.
    func decide(_ ticket: Ticket, explaining: Bool = false, requestID: String) -> Decision {
        let snapshot = snapshots.current
        guard explaining else {
            return with(snapshot, requestID: requestID) { decide in decide(ticket) }
        }
        let decision = snapshot.decide(ticket, explaining: true)
        shadow.offer(ticket, decision, requestID: requestID)
        return decision
    }

    /// Decides many tickets with one snapshot.
    func with<Result>(
        _ snapshot: Snapshot, requestID: String, _ body: ((Ticket) -> Decision) throws -> Result
    ) rethrows -> Result {
        try scratch.with { scratch in
            try body { ticket in
                let decision = snapshot.decide(ticket, &scratch)
                shadow.offer(ticket, decision, requestID: requestID)
                return decision
            }
        }
    }
}
