internal import Foundation
internal import Metrics
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
package import TriageEngine
internal import TriageTickets

/// A second snapshot that also decides, after the answer; disagreements are counted and listed.
///
/// Its tickets wait in a small queue in memory. When it is full, further ones are dropped and counted.
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

    /// Counts since the current shadow was set.
    struct Report: Sendable {
        var decided = 0
        var dropped = 0
        var byField: [String: Int] = [:]
        /// The most recent ones, oldest first.
        var recent: [Disagreement] = []
    }

    /// The limits of the queue.
    static let maximumQueue = (tickets: 256, bytes: 4 << 20)
    static let maximumListed = 1000

    private let state: Mutex<State>
    private let jobs: AsyncStream<Job>
    private let queue: AsyncStream<Job>.Continuation

    package init(_ snapshot: Snapshot? = nil) {
        state = Mutex(State(snapshot: snapshot))
        (jobs, queue) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Shadow.maximumQueue.tickets))
    }

    var current: Snapshot? { state.withLock { $0.snapshot } }

    /// Sets the shadow; another bundle starts a new report.
    func swap(_ snapshot: Snapshot?) {
        state.withLock { state in
            if state.snapshot?.model.sha256 != snapshot?.model.sha256 { state.report = Report() }
            state.snapshot = snapshot
        }
    }

    /// The report with the last `count` disagreements.
    func report(count: Int) -> Report {
        state.withLock { state in
            var report = state.report
            report.recent = report.recent.suffix(count)
            return report
        }
    }

    /// Queues a ticket for the shadow, if there is one.
    func offer(_ ticket: Ticket, _ decision: Decision, id decisionID: String?) {
        offer(seen: .ticket(ticket), decision, decisionID)
    }

    func offer(queued text: TicketText, _ decision: Decision, id decisionID: String?) {
        offer(seen: .queued(text), decision, decisionID)
    }

    private func offer(seen ticket: SeenTicket, _ decision: Decision, _ decisionID: String?) {
        let bytes = ticket.byteCount
        let snapshot = state.withLock { state -> Snapshot? in
            guard let snapshot = state.snapshot else { return nil }
            guard state.waitingBytes + bytes <= Shadow.maximumQueue.bytes else {
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

    /// Decides queued tickets until the service ends.
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
                // The report is about one bundle only.
                guard state.snapshot?.model.sha256 == job.snapshot.model.sha256 else { return }
                state.report.add(found)
            }
        }
    }
}

/// A ticket in the form in which the service decided it.
enum SeenTicket: Sendable {
    case ticket(Ticket)
    /// As it was queued.
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
        if recent.count > Shadow.maximumListed { recent.removeFirst(recent.count - Shadow.maximumListed) }
    }
}

/// A field for which two bundles predict different labels: ids and labels, never text.
struct Disagreement: Sendable, Equatable {
    struct Answer: Sendable, Equatable {
        var label: String
        var probability: Float
        var level: Decision.Level
    }

    var time: Timestamp
    /// Nil without a store.
    var decisionID: String?
    /// The ticket's own id.
    var ticketID: String?
    var field: String
    var deciding: Answer
    var shadow: Answer

    static func between(
        _ decision: Decision, _ other: Decision, decisionID: String?, time: Timestamp
    ) -> [Disagreement] {
        decision.predictions.compactMap { prediction in
            guard let second = other.predictions.first(where: { $0.field == prediction.field }),
                second.label != prediction.label
            else { return nil }
            return Disagreement(
                time: time, decisionID: decisionID, ticketID: decision.id.map { String($0.prefix(256)) },
                field: prediction.field, deciding: Answer(prediction), shadow: Answer(second))
        }
    }

    static let wire = WireType<Disagreement>.object { object in
        object.member("time", .time) { $0.time.milliseconds }
        object.member("decision_id", .orNull(.text)) { $0.decisionID }
        object.member("ticket_id", .orNull(.text)) { $0.ticketID }
        object.member("field", .text) { $0.field }
        object.member("deciding", Answer.wire) { $0.deciding }
        object.member("shadow", Answer.wire) { $0.shadow }
    }
}

extension Disagreement.Answer {
    init(_ prediction: Decision.Prediction) {
        self.init(
            label: prediction.label, probability: prediction.probability, level: prediction.level)
    }

    static let wire = WireType<Disagreement.Answer>.object("ShadowAnswer") { object in
        object.member("label", .text) { $0.label }
        object.member("probability", .share) { $0.probability }
        object.member("level", .choice) { $0.level }
    }
}
