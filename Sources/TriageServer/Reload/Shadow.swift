internal import Foundation
internal import Metrics
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
package import TriageEngine
internal import TriageTickets

/// A second snapshot that decides too, after the answer is on its way: what it would have said otherwise is counted and
/// listed.
///
/// Tickets wait for it in memory, few and small; when it cannot keep up they are dropped and counted, never waited for.
package final class Shadow: Service, Sendable {
    private struct Job: Sendable {
        var ticket: SeenTicket
        var decision: Decision
        var decisionID: String?
        var snapshot: Snapshot
    }

    private struct State {
        var snapshot: Snapshot?
        var waitingBytes = 0
        var report = Report()
    }

    /// What was seen since the shadow came.
    struct Report: Sendable {
        var decided = 0
        var dropped = 0
        var byField: [String: Int] = [:]
        /// The last ones, oldest first.
        var recent: [Disagreement] = []
    }

    /// How many tickets may wait, and how many bytes they may have.
    static let waiting = (tickets: 256, bytes: 4 << 20)
    /// How many disagreements are listed.
    static let listed = 1000

    private let state: Mutex<State>
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation

    /// A shadow, or none until one is swapped in.
    package init(_ snapshot: Snapshot? = nil) {
        state = Mutex(State(snapshot: snapshot))
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Shadow.waiting.tickets))
    }

    /// The snapshot in the shadow.
    var current: Snapshot? { state.withLock { $0.snapshot } }

    /// Another one, or none.
    ///
    /// Its report begins anew, unless it is the same bundle.
    func swap(_ snapshot: Snapshot?) {
        state.withLock { state in
            if state.snapshot?.model.sha256 != snapshot?.model.sha256 { state.report = Report() }
            state.snapshot = snapshot
        }
    }

    /// What was seen, with the last `count` disagreements.
    func report(count: Int) -> Report {
        state.withLock { state in
            var report = state.report
            report.recent = report.recent.suffix(count)
            return report
        }
    }

    /// Has the shadow decide a ticket some time later, if there is one and it keeps up.
    func offer(_ ticket: Ticket, _ decision: Decision, id decisionID: String?) {
        offer(seen: .ticket(ticket), decision, decisionID)
    }

    /// The same with a ticket of the queue.
    func offer(queued text: TicketText, _ decision: Decision, id decisionID: String?) {
        offer(seen: .queued(text), decision, decisionID)
    }

    private func offer(seen ticket: SeenTicket, _ decision: Decision, _ decisionID: String?) {
        let bytes = ticket.byteCount
        let snapshot = state.withLock { state -> Snapshot? in
            guard let snapshot = state.snapshot else { return nil }
            guard state.waitingBytes + bytes <= Shadow.waiting.bytes else {
                state.report.dropped += 1
                return nil
            }
            state.waitingBytes += bytes
            return snapshot
        }
        guard let snapshot else { return }
        let job = Job(ticket: ticket, decision: decision, decisionID: decisionID, snapshot: snapshot)
        guard case .enqueued = queue.yield(job) else {
            return state.withLock { state in
                state.waitingBytes -= bytes
                state.report.dropped += 1
            }
        }
    }

    /// Decides what waits until the service ends.
    package func run() async throws {
        var scratch = DecisionScratch()
        for await job in jobs.cancelOnGracefulShutdown() {
            let other = job.ticket.decide(with: job.snapshot, &scratch)
            let found = Disagreement.between(job.decision, other, decisionID: job.decisionID, time: .now)
            for disagreement in found {
                Counter(
                    label: "triage_shadow_disagreements_total", dimensions: [("field", disagreement.field)]
                ).increment()
            }
            state.withLock { state in
                state.waitingBytes -= job.ticket.byteCount
                // A report tells of one bundle; what an older one said is not in it.
                guard state.snapshot?.model.sha256 == job.snapshot.model.sha256 else { return }
                state.report.add(found)
            }
        }
    }
}

/// A ticket as the service had it when it decided.
enum SeenTicket: Sendable {
    /// As it came in.
    case ticket(Ticket)
    /// As it waited in the queue.
    case queued(TicketText)

    var byteCount: Int {
        switch self {
        case .ticket(let ticket): ticket.subject.utf8.count + ticket.body.utf8.count
        case .queued(let text): text.byteCount
        }
    }

    func decide(with snapshot: Snapshot, _ scratch: inout DecisionScratch) -> Decision {
        switch self {
        case .ticket(let ticket): snapshot.decide(ticket, &scratch)
        case .queued(let text): snapshot.decide(text, &scratch)
        }
    }
}

extension Shadow.Report {
    fileprivate mutating func add(_ found: [Disagreement]) {
        decided += 1
        for disagreement in found { byField[disagreement.field, default: 0] += 1 }
        recent += found
        if recent.count > Shadow.listed { recent.removeFirst(recent.count - Shadow.listed) }
    }
}
