import Foundation
import Testing
import TriageEngine

@testable import TriageLLM
import TriageTickets

struct AnswerRecordTests {
    private func header(model: String = "m", prompt: Int = 3) throws -> RecordHeader {
        let snapshot = try starter.get()
        var options = LLMDecider.Options()
        options.examples = prompt
        return RecordHeader(
            data: String(repeating: "d", count: 64), snapshot: snapshot,
            decider: try LLMDecider(.disabled, for: snapshot, options), model: model, concurrency: 1)
    }

    private func question(_ ticket: Ticket, row: Int = 0) throws -> ComparisonRun.Question {
        let snapshot = try starter.get()
        return ComparisonRun.Question(
            row: row, ticket: snapshot.prepare(ticket),
            text: ComparisonRun.Question.hash(snapshot.prepare(ticket)),
            engine: snapshot.decide(ticket), engineMicroseconds: 150)
    }

    private func answer(row: Int, _ replies: [ChatReply] = [], change: (inout LLMDecision) -> Void = { _ in })
        throws
        -> RecordedAnswer
    {
        let question = try question(Tickets.charged, row: row)
        var decision = LLMDecision(decision: question.engine, engine: question.engine)
        decision.replies = replies
        change(&decision)
        let labels = try starter.get().model.heads.flatMap { $0.labels.names }
        return RecordedAnswer(decision, to: question, labels: labels, microseconds: 1_234_567)
    }

    @Test func `answers come back as they were written, the last of a ticket counts`() throws {
        let folder = try Folder()
        let path = "\(folder.path)/answers.jsonl"
        let reply = ChatReply(
            text: #"{"category":"Billing","severity":"loud"}"#, usage: TokenUsage(input: 300, output: 12),
            retries: 1)
        let first = try answer(row: 4, [reply]) { decision in
            decision.labels = ["category": "Billing"]
            decision.invalid = ["severity": 1]
        }
        let failed = try answer(row: 5) { $0.failure = .timedOut(seconds: 3) }
        let second = try answer(row: 5, [reply]) { $0.labels = ["category": "Billing"] }
        do {
            let record = try AnswerRecord(continuing: path, header: try header())
            for answer in [first, failed, second] { try record.append(answer) }
            try record.save()
        }
        let (found, answers) = try AnswerRecord.read(path)
        #expect(found == (try header()) && answers == [4: first, 5: second])
        #expect(first.said == ["category": ["Billing"], "severity": ["loud"]] && first.retries == 1)
        #expect(failed.failure == "timeout" && failed.said.isEmpty)
    }

    @Test func `no word of a ticket is in a record, not even one that the model repeats`() throws {
        let folder = try Folder()
        let path = "\(folder.path)/answers.jsonl"
        let said = "I was charged twice for order 4711, really: Billing or nonsense"
        let reply = ChatReply(text: #"{"category":"\#(said)"}"#)
        let record = try AnswerRecord(continuing: path, header: try header())
        try record.append(answer(row: 0, [reply]) { $0.invalid = ["category": 1] })
        try record.save()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for word in ["charged", "twice", "order"] { #expect(!text.contains(word)) }
        #expect(text.contains(#"["… … … … … … … really: Billing or nonsense"]"#))
    }

    @Test func `a line that a crash cut off is taken away, and the run goes on behind the whole ones`() throws
    {
        let folder = try Folder()
        let path = "\(folder.path)/answers.jsonl"
        let answers = try [answer(row: 0), answer(row: 1), answer(row: 2)]
        do {
            let record = try AnswerRecord(continuing: path, header: try header())
            for answer in answers.prefix(2) { try record.append(answer) }
        }
        var whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast(25).write(to: URL(fileURLWithPath: path))
        #expect(try AnswerRecord.read(path).answers == [0: answers[0]])
        do {
            let record = try AnswerRecord(continuing: path, header: try header())
            #expect(record.answers == [0: answers[0]])
            try record.append(answers[2])
        }
        #expect(try AnswerRecord.read(path).answers == [0: answers[0], 2: answers[2]])
        // A header cut off is a run that never began.
        whole = whole.prefix(40)
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(try AnswerRecord(continuing: path, header: try header()).answers.isEmpty)
    }

    @Test func `another model or prompt is refused, and what differs is named`() throws {
        let folder = try Folder()
        let path = "\(folder.path)/answers.jsonl"
        _ = try AnswerRecord(continuing: path, header: try header())
        for (other, name) in [
            (try header(model: "n"), "model (recorded m, now n)"), (try header(prompt: 1), "prompt ("),
        ] {
            let error = #expect(throws: LLMError.self) { try AnswerRecord(continuing: path, header: other) }
            let words = "\(try #require(error))"
            #expect(words.contains(name) && words.contains(path) && !words.contains("bundle"))
        }
    }

    @Test func `a record has one writer at a time`() throws {
        let folder = try Folder()
        let path = "\(folder.path)/answers.jsonl"
        let record = try AnswerRecord(continuing: path, header: try header())
        let error = #expect(throws: LLMError.self) {
            try AnswerRecord(continuing: path, header: try header())
        }
        #expect("\(try #require(error))".contains("another run writes"))
        try record.save()
    }

    @Test(arguments: ["{\"a\":1}\n", "hello\nworld\n", "{\"triage_answers\":2}\n"])
    func `a file of something else is refused and left alone`(_ text: String) throws {
        let folder = try Folder()
        let path = try folder.write("other.jsonl", text)
        let error = #expect(throws: LLMError.self) {
            try AnswerRecord(continuing: path, header: try header())
        }
        #expect("\(try #require(error))".contains("line 1"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}
