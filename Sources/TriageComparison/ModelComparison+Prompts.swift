internal import TriageData
internal import TriageEngine
package import TriageLLM
internal import TriageModel

extension ModelComparison {
    /// Writes the prompts for a model on another machine, a ticket a line behind a header.
    ///
    /// The header has what the answers will depend on, and each field's labels: who answers must know what a usable
    /// answer is. The prompts are masked as those of a call from here, and have the same bytes each time.
    ///
    /// - Returns: The tickets that have a prompt.
    package func export(_ write: ([UInt8]) throws -> Void, progress: (Int, Int) -> Void) throws -> Int {
        let decider = try decider(.disabled)
        guard decider.fields.count <= LLMDecider.maximumFieldsOfQuestions else {
            throw ComparisonError.tooManyFields(
                decider.fields, maximum: LLMDecider.maximumFieldsOfQuestions)
        }
        let header = RecordHeader(
            data: tickets.fingerprint, snapshot: snapshot, decider: decider, model: "", concurrency: 1)
        try write(
            JSONWriter.lineBytes { json in
                header.write(as: .prompts, to: &json) { json in
                    json.integer("tickets", wanted.count)
                    json.object("labels") { json in
                        for field in decider.fields {
                            json.key(named: field)
                            json.array(tickets.labels[field] ?? []) { $0.string($1) }
                        }
                    }
                }
            })
        var scratch = DecisionScratch()
        var written = 0
        for (place, row) in wanted.enumerated() {
            let text = snapshot.prepare(row.ticket)
            let engine = snapshot.decide(text, &scratch)
            if let questions = decider.questions(about: text, engine, with: snapshot) {
                try write(ModelComparison.line(row, questions))
                written += 1
            }
            progress(place + 1, wanted.count)
        }
        return written
    }

    private static func line(_ row: LabelledTickets.Row, _ questions: LLMDecider.Questions) -> [UInt8] {
        JSONWriter.lineBytes { json in
            json.object { json in
                json.integer("row", row.place)
                json.string("id", row.ticket.id)
                json.string("question", questions.first.name)
                json.json("body", questions.first.body)
                json.array("repeats", questions.repeats) { json, question in
                    json.object { json in
                        json.array("fields", question.fields) { $0.string($1) }
                        json.string("question", question.name)
                        json.json("body", question.body)
                    }
                }
            }
        }
    }

    /// The answers of a model on another machine to exported prompts, as if it had been asked here.
    ///
    /// - Parameters:
    ///   - path: The file that `scripts/answer_prompts.py` wrote.
    ///   - record: Where the answers are recorded too, so that they can be counted again to the same bytes.
    /// - Returns: The answers, with the header of a record.
    /// - Throws: `LLMError` when the file is none, or belongs to other data, another bundle or another prompt.
    package func answered(in path: String, record: String? = nil) async throws(LLMError) -> Answers {
        let saved = try SavedAnswers(path)
        let replies = SavedReplies(saved.replies, of: saved.header.model)
        let decider = try decider(replies.client)
        let header = RecordHeader(
            data: tickets.fingerprint, snapshot: snapshot, decider: decider, model: saved.header.model,
            concurrency: saved.header.concurrency)
        try AnswerRecord.check(saved.header, header, path)
        let labels = decider.fields.flatMap { snapshot.model.head(field: $0)?.labels.names ?? [] }
        let kept = try record.map { (path) throws(LLMError) in
            try AnswerRecord(continuing: path, header: header)
        }
        var answers: [Int: RecordedAnswer] = [:]
        for question in questions(Array(wanted)) {
            let decision = await decider.reconsider(question.engine, of: question.ticket, with: snapshot)
            let seconds = replies.takeSeconds()
            guard decision.failure != .cancelled else { continue }
            let answer = RecordedAnswer(
                decision, to: question, labels: labels, microseconds: Int(seconds * 1_000_000))
            try kept?.append(answer)
            answers[answer.row] = answer
        }
        try kept?.save()
        return (header, answers)
    }
}

extension JSONWriter {
    fileprivate mutating func json(_ name: StaticString, _ bytes: [UInt8]) {
        key(name)
        json(String(decoding: bytes, as: UTF8.self))
    }
}
