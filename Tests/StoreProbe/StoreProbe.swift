import Foundation
import TriageData
import TriageEngine
import TriageStore
import TriageTickets

/// Writes into a store until it is killed, and says on standard output what was acknowledged.
///
/// `StoreProbe STORE BUNDLE RUN`: decisions, tickets with idempotency keys, their completions, and corrections, by
/// several tasks at once. A line is one acknowledgement: its kind, then its id, then what it belongs to.
@main
struct StoreProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments[1] == "registry" { return try RegistryProbe.run(arguments[2]) }
        let store = try TicketStore(arguments[1])
        let snapshot = try Snapshot(at: .init(model: arguments[2]))
        let probe = StoreProbe(
            store: store, snapshot: snapshot, versions: SnapshotVersions(snapshot), run: arguments[3])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<3 { group.addTask { try await probe.decide(task) } }
            for task in 0..<3 { group.addTask { try await probe.enqueue(task) } }
            for _ in 0..<3 { group.addTask { try await probe.work() } }
            try await group.waitForAll()
        }
    }

    let store: TicketStore
    let snapshot: Snapshot
    let versions: SnapshotVersions
    let run: String

    private func decision(on ticket: Ticket) -> NewDecision {
        let text = snapshot.prepare(ticket)
        return NewDecision(snapshot.decide(text), of: text, with: versions)
    }

    /// Decides, and corrects every third decision.
    private func decide(_ task: Int) async throws {
        for number in 0... {
            let ticket = Ticket(id: "direct-\(run)-\(task)-\(number)", body: "crash error number \(number)")
            let receipt = try await store.record(decision(on: ticket))
            say("decision", receipt.id, ticket.id ?? "")
            guard number.isMultiple(of: 3) else { continue }
            let feedback = try await store.addFeedback(
                NewFeedback(.decision(receipt.id), field: "category", label: "Login", expecting: 1))
            say("feedback", feedback.id, receipt.id)
        }
    }

    private func enqueue(_ task: Int) async throws {
        for number in 0... {
            let key = "queued-\(run)-\(task)-\(number)"
            let new = NewTicket(Ticket(id: key, body: "invoice refund \(key)"), idempotencyKey: key)
            say("ticket", try await store.enqueue(new, preparedBy: snapshot).id, key)
        }
    }

    private func work() async throws {
        var scratch = DecisionScratch()
        while true {
            for leased in try await store.lease(4, patience: 5) {
                let new = NewDecision(
                    snapshot.decide(leased.text, &scratch), of: leased.text, with: versions)
                let receipt = try await store.complete(leased, with: new)
                say("done", receipt.id, leased.text.id ?? "")
            }
        }
    }

    /// One write, so that a line is there whole or not at all.
    private func say(_ kind: String, _ id: String, _ about: String) {
        let line = Array("\(kind) \(id) \(about)\n".utf8)
        _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
