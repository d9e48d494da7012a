package import TriageEngine
package import TriageEvaluation
package import TriageLLM
internal import TriageModel

/// The engine and a language model on the same labelled tickets: answers are recorded as they come, then counted.
package struct ModelComparison: Sendable {
    let tickets: LabelledTickets
    let snapshot: Snapshot
    let wanted: ArraySlice<LabelledTickets.Row>

    /// Recorded answers by the tickets' places, and what they depend on.
    package typealias Answers = (header: RecordHeader, answers: [Int: RecordedAnswer])

    /// A comparison on all tickets, or on a random sample of `limit` that is the same each time.
    package init(_ tickets: LabelledTickets, _ snapshot: Snapshot, limit: Int? = nil) {
        self.tickets = tickets
        self.snapshot = snapshot
        wanted = tickets.sample(limit)
    }

    /// The answers of an earlier run.
    ///
    /// - Throws: `LLMError` when the file is not a record, or belongs to other data, another bundle or another prompt.
    package func recorded(in path: String) throws(LLMError) -> Answers {
        let record = try AnswerRecord.read(path)
        let header = RecordHeader(
            data: tickets.fingerprint, snapshot: snapshot, decider: try decider(.disabled),
            model: record.header.model, concurrency: record.header.concurrency)
        try AnswerRecord.check(record.header, header, path)
        return record
    }

    /// Calls the model for each ticket that has no answer in the record yet; each answer is kept before the next call.
    ///
    /// - Parameters:
    ///   - options: The model's server. Replies are not cached: a second question must cost and last what the first does.
    ///   - path: The record, which an earlier run may have begun.
    ///   - progress: The tickets answered so far, of all.
    /// - Returns: All answers of the record.
    /// - Throws: `LLMError` when the record cannot be used, or the run ended early; answers recorded before are kept.
    package func record(
        with options: LLMOptions, in path: String, progress: (Int, Int) -> Void
    ) async throws(LLMError) -> Answers {
        var options = options
        options.cache = nil
        let client = try LLMClient.http(options)
        do throws(LLMError) {
            let answers = try await record(client, options, path, progress)
            await client.shutdown()
            return answers
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func record(
        _ client: LLMClient, _ options: LLMOptions, _ path: String, _ progress: (Int, Int) -> Void
    ) async throws(LLMError) -> Answers {
        let decider = try decider(client)
        let header = RecordHeader(
            data: tickets.fingerprint, snapshot: snapshot, decider: decider, model: options.model,
            concurrency: options.gate.concurrency)
        let record = try AnswerRecord(continuing: path, header: header)
        let open = wanted.filter { row in
            guard let answer = record.answers[row.place] else { return true }
            return answer.text != row.text || answer.failure != nil
        }
        var run = ComparisonRun.Options()
        run.concurrency = options.gate.concurrency
        var count = wanted.count - open.count
        try await ComparisonRun(decider, snapshot, run).ask(questions(open)) { (answer) throws(LLMError) in
            try record.append(answer)
            count += 1
            progress(count, wanted.count)
        }
        try record.save()
        return (header, record.answers)
    }

    func decider(_ client: LLMClient) throws(LLMError) -> LLMDecider {
        var options = LLMDecider.Options()
        options.fields = tickets.fields
        // A late answer is measured, not replaced by the engine's.
        options.deadline = nil
        return try LLMDecider(client, for: snapshot, options)
    }

    /// The engine's decisions, timed one after another before the model has the processor.
    func questions(_ rows: [LabelledTickets.Row]) -> [ComparisonRun.Question] {
        var scratch = DecisionScratch()
        // The first decisions wait for memory that later ones find ready.
        for row in rows.prefix(20) { _ = snapshot.decide(row.ticket, &scratch) }
        return rows.map { row in
            let start = ContinuousClock.now
            let text = snapshot.prepare(row.ticket)
            let decision = snapshot.decide(text, &scratch)
            let took = start.duration(to: .now)
            return ComparisonRun.Question(
                row: row.place, ticket: text, text: row.text, engine: decision,
                engineMicroseconds: max(1, Int(took / .microseconds(1))))
        }
    }

    /// Counts answers; equal records, data and bundles give equal figures.
    ///
    /// - Throws: `LLMError.badRecord` when no ticket has an answer.
    package func result(
        _ answers: Answers, prices: PriceTable, costs: Costs = Costs(), note: String? = nil
    ) throws(LLMError) -> LLMComparison {
        let counted = try AnsweredTickets(wanted, answers.answers, tickets.fields, snapshot)
        var options = LLMComparison.Options()
        options.bundleName = snapshot.model.manifest.name
        options.bundleSHA256 = snapshot.model.sha256
        options.modelName = answers.header.model
        options.dataFiles = tickets.files
        options.rows = tickets.count
        options.badRows = tickets.faults.count
        options.emptyRows = tickets.emptyRows
        options.unusableRows = tickets.unusableRows
        options.seenRows = tickets.seenRows
        options.wantedTickets = wanted.count
        options.concurrency = answers.header.concurrency
        options.price = prices.price(of: answers.header.model).map { ($0.input, $0.output) }
        options.costs = costs
        options.note = note
        return LLMComparison(counted.fields, counted.calls, options)
    }
}
