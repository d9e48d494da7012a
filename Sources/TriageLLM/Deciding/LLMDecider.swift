package import TriageDrafts
package import TriageEngine
package import TriageModel
internal import TriageText
package import TriageTickets

/// Decides tickets with the engine, and lets a language model choose the labels of some fields.
///
/// The model sees a masked and fenced text and the bundle's labels; its answer counts only as one of those labels.
/// It can move a label within the taxonomy and nothing else: not past `suggest`, not below a safety floor, and not the
/// summary.
package struct LLMDecider: Sendable {
    /// What is asked of the model.
    package struct Options: Sendable, Equatable {
        /// The fields it chooses in; empty for those with the roles category and severity.
        package var fields: [String] = []
        /// Only where the engine's probability is below this; nil for every ticket.
        package var below: Float?
        package var seed = 1
        /// The most bytes of a ticket's text that are sent.
        package var maximumTextBytes = 6000
        /// The articles that stand in the prompt as examples.
        package var examples = 3
        /// The time for one decision, both questions; nil leaves it to the client.
        package var deadline: Duration? = .seconds(10)
        /// Tickets in question at a time where there are many.
        package var concurrency = GateOptions().concurrency

        package init() {}
    }

    package let client: LLMClient
    package let options: Options
    /// The fields the model chooses in.
    package let fields: [String]

    /// A decider over fields that the snapshot's bundle has.
    ///
    /// - Throws: `LLMError.badSetting` when a field is none of the bundle's.
    package init(_ client: LLMClient, for snapshot: Snapshot, _ options: Options = Options()) throws(LLMError)
    {
        try LLMDecider.check(options.fields, snapshot.model)
        // A prompt takes one label a field.
        let known = snapshot.model.heads.filter { !$0.hasTags }.map(\.manifest.field)
        self.client = client
        self.options = options
        let roles = ["category", "severity"].compactMap { snapshot.model.head(role: $0)?.manifest.field }
        let wanted = options.fields.isEmpty ? (roles.isEmpty ? known : roles) : options.fields
        fields = wanted.enumerated().filter { !wanted[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// Looks whether another snapshot's bundle has the fields too.
    ///
    /// - Throws: `LLMError.badSetting` when a field is none of the bundle's.
    package func check(_ snapshot: Snapshot) throws(LLMError) { try LLMDecider.check(fields, snapshot.model) }

    /// Refuses fields that a bundle lacks.
    package static func check(_ fields: [String], _ model: ModelBundle) throws(LLMError) {
        let known = model.heads.filter { !$0.hasTags }.map(\.manifest.field)
        for field in fields where !known.contains(field) {
            throw .badSetting(
                name: "llm.fields",
                problem: "the bundle has no field \(field); it has \(known.joined(separator: ", "))")
        }
    }

    package func decide(_ ticket: Ticket, with snapshot: Snapshot) async -> LLMDecision {
        let text = snapshot.prepare(ticket)
        return await reconsider(snapshot.decide(text), of: text, with: snapshot)
    }

    /// A decision of the engine, with the model's labels where it is asked and answers.
    package func reconsider(
        _ engine: Decision, of text: TicketText, with snapshot: Snapshot
    ) async -> LLMDecision {
        let result = await asked(engine, of: text, with: snapshot)
        LLMMetrics(model: client.model ?? "none").decision(result.outcome)
        return result
    }

    /// Decisions of the engine on several tickets at a time, in their order.
    package func reconsider(
        _ engine: [(text: TicketText, decision: Decision)], with snapshot: Snapshot
    ) async -> [LLMDecision] {
        await withTaskGroup(of: (Int, LLMDecision).self) { group in
            for (place, one) in engine.enumerated() {
                group.addTask { (place, await reconsider(one.decision, of: one.text, with: snapshot)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func asked(
        _ engine: Decision, of text: TicketText, with snapshot: Snapshot
    ) async -> LLMDecision {
        var result = LLMDecision(decision: engine, engine: engine)
        let wanted = questionedFields(engine)
        guard !wanted.isEmpty else { return result }
        if let refusal = client.refusal() {
            result.failure = refusal
            result.note()
            return result
        }
        let prompt = LabelPrompt(text, fields: wanted, snapshot, options)
        await ask(prompt, &result)
        let labels = result.labels
        if !labels.isEmpty {
            result.decision = snapshot.adopting(labels, in: engine, of: text)
        }
        result.note()
        return result
    }

    /// The fields that the model is asked about.
    func questionedFields(_ engine: Decision) -> [String] {
        // An empty ticket has nothing to judge.
        guard !engine.predictions.contains(where: { $0.reasons.contains(.empty) }) else { return [] }
        return fields.filter { isWanted($0, engine) }
    }

    private func isWanted(_ field: String, _ decision: Decision) -> Bool {
        guard let below = options.below else { return true }
        return decision.predictions.first { $0.field == field }.map { $0.probability < below } ?? false
    }

    /// Asks, and once more when an answer was none.
    private func ask(_ prompt: LabelPrompt, _ result: inout LLMDecision) async {
        let metrics = LLMMetrics(model: client.model ?? "none")
        let end = options.deadline.map { ContinuousClock.now + $0 }
        var missing = prompt.fields.map(\.name)
        for round in 0..<2 {
            var request = prompt.request(asking: missing, round: round)
            request.deadline = end.map { max($0 - .now, .zero) }
            let reply: ChatReply
            do throws(LLMError) { reply = try await client.complete(request) } catch {
                // A malformed reply is an answer too, as wrong as a wrong label.
                guard case .badAnswer = error, round == 0 else {
                    result.failure = error
                    break
                }
                result.retries += 1
                continue
            }
            result.replies.append(reply)
            let answer = prompt.read(reply.text)
            for field in missing {
                if let label = answer[field] {
                    result.labels[field] = label
                } else {
                    result.invalid[field, default: 0] += 1
                    metrics.invalidLabel(field: field)
                }
            }
            missing.removeAll { answer[$0] != nil }
            if missing.isEmpty { break }
            if round == 0 { result.retries += 1 }
        }
        result.unanswered = missing
    }
}

/// A decision that a language model had a part in, and what that part was.
package struct LLMDecision: Sendable, Equatable {
    /// The decision to go by.
    package var decision: Decision
    /// What the engine alone decided.
    package var engine: Decision
    /// The model's labels, by field; all of them the bundle's.
    package var labels: [String: String] = [:]
    /// How often an answer in a field was no label of the bundle.
    package var invalid: [String: Int] = [:]
    /// Fields for which the model was called and gave no label; they keep the engine's.
    package var unanswered: [String] = []
    /// Why no answer came at all; nil when one did, or none was asked for.
    package var failure: LLMError?
    /// The questions asked again.
    package var retries = 0
    /// The replies, with their tokens, cost and time.
    package var replies: [ChatReply] = []

    package var usage: TokenUsage {
        replies.reduce(into: TokenUsage()) { sum, reply in
            sum.input += reply.usage.input
            sum.output += reply.usage.output
            sum.isEstimated = sum.isEstimated || reply.usage.isEstimated
        }
    }

    /// What all replies cost; nil without a price.
    package var cost: Double? {
        let costs = replies.compactMap(\.cost)
        return costs.isEmpty ? nil : costs.reduce(0, +)
    }

    /// The time of all replies, in seconds.
    package var seconds: Double { replies.reduce(0) { $0 + $1.seconds } }

    /// Adds what the model did and did not do to the decision's remarks.
    fileprivate mutating func note() {
        decision.remarks += Remark.ofModel(
            labels: labels, unanswered: unanswered, failure: failure?.code, engine: engine)
    }

    /// One word for what the model did: `chose` another label, `agreed`, gave an `invalid` one, was `not_asked`, or why
    /// no answer came.
    package var outcome: String {
        guard labels.isEmpty else {
            let differs = engine.predictions.contains { own in
                labels[own.field].map { $0 != own.label } ?? false
            }
            return differs ? "chose" : "agreed"
        }
        return failure?.code ?? (unanswered.isEmpty ? "not_asked" : "invalid")
    }
}
