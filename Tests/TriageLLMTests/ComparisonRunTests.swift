import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageEngine

@testable import TriageLLM
import TriageTickets

struct ComparisonRunTests {
    private static let good = #"{"category":"Billing","severity":"Low"}"#

    private func questions(_ count: Int) throws -> [ComparisonRun.Question] {
        let snapshot = try starter.get()
        return (0..<count).map { row in
            let ticket = Ticket(id: "t\(row)", body: "Charged twice for invoice number \(row).")
            return ComparisonRun.Question(
                row: row, ticket: snapshot.prepare(ticket),
                text: ComparisonRun.Question.hash(snapshot.prepare(ticket)),
                engine: snapshot.decide(ticket), engineMicroseconds: 100)
        }
    }

    /// Asks `count` questions of a server at a URL; what came, and how it ended.
    private func ask(
        _ count: Int, at url: String, change: (inout ComparisonRun.Options) -> Void = { _ in },
        client set: (inout LLMOptions) -> Void = { _ in }
    ) async throws -> (answers: [RecordedAnswer], error: LLMError?) {
        let snapshot = try starter.get()
        var settings = LLMOptions(url: url, model: "m")
        settings.retries.maximumRetries = 0
        settings.cache = nil
        settings.gate.probeInterval = .milliseconds(100)
        set(&settings)
        let client = try LLMClient.http(settings)
        let decider = try LLMDecider(client, for: snapshot)
        var options = ComparisonRun.Options()
        options.pause = .milliseconds(50)
        change(&options)
        var answers: [RecordedAnswer] = []
        var failure: LLMError?
        let asked = try questions(count)
        do throws(LLMError) {
            try await ComparisonRun(decider, snapshot, options).ask(asked) {
                answers.append($0)
            }
        } catch { failure = error }
        await client.shutdown()
        return (answers, failure)
    }

    @Test func `every question is answered once, with several under way`() async throws {
        let (answers, error) = try await ScriptedServer.run({ _ in [.pause(20), .chat(Self.good)] }) {
            server in
            let result = try await ask(30, at: server.url) { $0.concurrency = 4 }
            #expect(server.captured.count == 30)
            return result
        }
        #expect(error == nil && answers.map(\.row).sorted() == Array(0..<30))
        for answer in answers {
            #expect(answer.labels == ["category": "Billing", "severity": "Low"] && answer.failure == nil)
            #expect(answer.modelMicroseconds >= 20_000 && answer.usage == TokenUsage(input: 100, output: 20))
        }
    }

    @Test func `invalid labels are counted by answer, and a timeout is a failed ticket`() async throws {
        let script: @Sendable (ScriptedServer.Captured) -> [ScriptedServer.Act] = { request in
            switch request.number {
            case 0: [.chat(#"{"category":"Payment","severity":"Low"}"#)]
            case 1: [.chat(#"{"category":"Billing"}"#)]
            case 2: [.hang]
            default: [.chat(Self.good)]
            }
        }
        let (answers, error) = try await ScriptedServer.run(script) { server in
            try await ask(3, at: server.url) {
                $0.concurrency = 1
            } client: {
                $0.deadline = .milliseconds(300)
            }
        }
        #expect(error == nil && answers.count == 3)
        let first = try #require(answers.first)
        #expect(first.invalid == ["category": 1] && first.repeated == 1 && first.replies == 2)
        #expect(first.said["category"] == ["Payment", "Billing"] && first.labels["category"] == "Billing")
        #expect(answers[1].failure == "timeout" && answers[1].labels.isEmpty)
        #expect(answers[1].modelMicroseconds >= 300_000 && answers[2].failure == nil)
    }

    @Test func `a server that is away for a moment is waited for, and no ticket counts as failed`()
        async throws
    {
        let port = try await ScriptedServer.deadPort()
        let result = Task { try await ask(6, at: "http://127.0.0.1:\(port)/v1") }
        try await Task.sleep(for: .milliseconds(400))
        let (answers, error) = try await ScriptedServer.run(port: port, { _ in [.chat(Self.good)] }) { _ in
            try await result.value
        }
        #expect(error == nil && answers.count == 6 && answers.allSatisfy { $0.failure == nil })
    }

    @Test func `a server that stays away ends the run`() async throws {
        let port = try await ScriptedServer.deadPort()
        let (answers, error) = try await ask(6, at: "http://127.0.0.1:\(port)/v1") {
            $0.patience = .milliseconds(200)
        }
        guard case .unreachable? = error else {
            Issue.record("ended for \(String(describing: error))")
            return
        }
        #expect(answers.isEmpty)
    }

    @Test func `ticket after ticket without an answer ends the run; one answer between them does not`()
        async throws
    {
        let (answers, error) = try await ScriptedServer.run({ _ in [.answer(400, "")] }) { server in
            try await ask(30, at: server.url) {
                $0.maximumFailures = 4
            } client: {
                $0.gate.failures = 1000
            }
        }
        #expect(answers.count == 4 && "\(String(describing: error))".contains("4 tickets in a row"))
        let mixed: @Sendable (ScriptedServer.Captured) -> [ScriptedServer.Act] = {
            $0.number % 4 == 3 ? [.chat(Self.good)] : [.answer(404, "")]
        }
        let second = try await ScriptedServer.run(mixed) { server in
            try await ask(16, at: server.url) {
                $0.maximumFailures = 4
            } client: {
                $0.gate.failures = 1000
            }
        }
        #expect(second.error == nil && second.answers.count == 16)
    }
}
