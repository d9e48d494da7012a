#if Service
import TriageEngine
import TriageLLM

/// Where a run keeps its answers.
struct AnswerFile: Sendable {
    var path: String
    var header: RecordHeader
}

/// Tickets that a language model was asked about, as far as their answers were not there yet.
struct AskedTickets: Sendable {
    /// All answers of the record, by the tickets' places.
    let answers: [Int: RecordedAnswer]

    /// Asks, and keeps each answer before the next question.
    ///
    /// - Throws: `LLMError` when the record cannot be used or the run ended early.
    init(
        _ rows: ArraySlice<LabelledTickets.Row>, _ decider: LLMDecider, _ snapshot: Snapshot,
        _ file: AnswerFile,
        _ concurrency: Int, _ bar: ProgressBar
    ) async throws {
        let record = try AnswerRecord(continuing: file.path, header: file.header)
        let open = rows.filter { row in
            guard let answer = record.answers[row.place] else { return true }
            return answer.text != row.text || answer.failure != nil
        }
        var options = ComparisonRun.Options()
        options.concurrency = concurrency
        let questions = AskedTickets.questions(open, snapshot)
        let known = rows.count - open.count
        var count = 0
        try await ComparisonRun(decider, snapshot, options).ask(questions) { (answer) throws(LLMError) in
            try record.append(answer)
            count += 1
            bar.show(
                "\(known + count) of \(rows.count) tickets", fraction: Double(count) / Double(open.count))
        }
        try record.save()
        answers = record.answers
    }

    /// The engine's decisions, timed one after another before the model has the processor.
    private static func questions(
        _ rows: [LabelledTickets.Row], _ snapshot: Snapshot
    ) -> [ComparisonRun.Question] {
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
}
#endif
