package import TriageEngine
package import TriageLLM
internal import TriageModel
internal import TriageText
package import TriageTickets

/// Asks a language model about many tickets, several at a time, and hands out each answer as it comes.
///
/// A server that cannot be reached is waited for; no ticket is counted as failed for that.
package struct ComparisonRun: Sendable {
    /// A ticket with the engine's decision.
    package struct Question: Sendable {
        package var row: Int
        package var ticket: TicketText
        /// SHA-256 of its masked text.
        package var text: String
        package var engine: Decision
        package var engineMicroseconds: Int

        package init(row: Int, ticket: TicketText, text: String, engine: Decision, engineMicroseconds: Int) {
            (self.row, self.ticket, self.text) = (row, ticket, text)
            (self.engine, self.engineMicroseconds) = (engine, engineMicroseconds)
        }
    }

    /// How a run goes on and gives up.
    package struct Options: Sendable {
        package var concurrency = 1
        /// How long a server that cannot be reached is waited for.
        package var patience: Duration = .seconds(60)
        /// How long until it is tried again.
        package var pause: Duration = .seconds(2)
        /// Tickets in a row without an answer after which the run ends.
        package var maximumFailures = 10

        package init() {}
    }

    private let decider: LLMDecider
    private let snapshot: Snapshot
    private let options: Options
    private let labels: [String]

    /// A run with a snapshot's labels.
    package init(_ decider: LLMDecider, _ snapshot: Snapshot, _ options: Options) {
        self.decider = decider
        self.snapshot = snapshot
        self.options = options
        labels = decider.fields.flatMap { snapshot.model.head(field: $0)?.labels.names ?? [] }
    }

    /// Asks all questions; `keep` gets each answer in the order in which they come.
    ///
    /// - Throws: `LLMError.cancelled` when the task is cancelled; the last failure when the server stays away or fails
    ///   ticket after ticket, or the budget is used up; what `keep` throws. Answers handed out stay good.
    package func ask(
        _ questions: [Question], keep: (RecordedAnswer) throws(LLMError) -> Void
    ) async throws(LLMError) {
        let result: Result<Void, LLMError> = await withTaskGroup(of: Result<RecordedAnswer, LLMError>.self) {
            group in
            var rest = questions[...]
            func askNext() {
                guard let question = rest.popFirst() else { return }
                group.addTask { await answer(question) }
            }
            for _ in 0..<options.concurrency { askNext() }
            var failures = 0
            while let result = await group.next() {
                do throws(LLMError) {
                    let answer = try result.get()
                    try keep(answer)
                    failures = answer.failure == nil ? 0 : failures + 1
                    guard failures < options.maximumFailures else {
                        throw .unanswered(count: failures, reason: answer.failure ?? "")
                    }
                } catch {
                    group.cancelAll()
                    return .failure(error)
                }
                askNext()
            }
            return .success(())
        }
        try result.get()
    }

    private func answer(_ question: Question) async -> Result<RecordedAnswer, LLMError> {
        let start = ContinuousClock.now
        var cause: LLMError?
        while true {
            let asked = ContinuousClock.now
            let decision = await decider.reconsider(question.engine, of: question.ticket, with: snapshot)
            let took = asked.duration(to: .now)
            guard let failure = decision.failure, failure.isOutage else {
                return .success(
                    RecordedAnswer(
                        decision, to: question, labels: labels, microseconds: Int(took / .microseconds(1))))
            }
            // The error that opened the breaker is the better reason.
            if failure != .breakerOpen { cause = failure }
            guard failure.isWorthWaiting, start.duration(to: .now) < options.patience else {
                return .failure(cause ?? failure)
            }
            do { try await Task.sleep(for: options.pause) } catch { return .failure(.cancelled) }
        }
    }
}

extension LLMError {
    /// Whether it is independent of this ticket.
    fileprivate var isOutage: Bool {
        switch self {
        case .disabled, .badSetting, .badRecord, .unanswered, .data, .unreachable, .breakerOpen, .overloaded,
            .overBudget, .cancelled:
            true
        case .timedOut, .badStatus, .badAnswer, .tooLarge, .redirected: false
        }
    }

    /// Whether it may be over soon.
    fileprivate var isWorthWaiting: Bool {
        switch self {
        case .unreachable, .breakerOpen, .overloaded: true
        default: false
        }
    }
}

extension ComparisonRun.Question {
    /// SHA-256 of a ticket's masked text.
    package static func hash(_ input: TicketText) -> String {
        var fingerprint = Fingerprint()
        fingerprint.add(input.subject.bytes)
        fingerprint.add(input.body.bytes)
        return fingerprint.hexadecimal()
    }
}
