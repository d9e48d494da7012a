import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageEngine

import TriageDrafts
@testable import TriageLLM
import TriageTickets

struct LLMDeciderTests {
    private func decide(
        _ ticket: Ticket, _ change: (inout LLMDecider.Options) -> Void = { _ in },
        answers: [ScriptedServer.Act]
    ) async throws -> (result: LLMDecision, requests: [ScriptedServer.Captured]) {
        let snapshot = try starter.get()
        var options = LLMDecider.Options()
        change(&options)
        return try await ScriptedServer.run({ [answers[min($0.number, answers.count - 1)]] }) { server in
            let client = try LLMClient.http(TriageLLMTests.options(server))
            let result = try await LLMDecider(client, for: snapshot, options).decide(ticket, with: snapshot)
            await client.shutdown()
            return (result, server.captured)
        }
    }

    @Test func `the model's labels are taken, marked, suggested at most, and the next action follows`()
        async throws
    {
        let ticket = Ticket(body: "Just wanted to say happy Friday to all of you on the team!")
        let (result, requests) = try await decide(
            ticket, answers: [.chat(#"{"category":"Support","severity":"high"}"#)])
        let decision = result.decision
        #expect(decision.category == "Support" && decision.severity == "High" && requests.count == 1)
        for prediction in decision.predictions {
            #expect(prediction.level <= .suggest && prediction.reasons.contains(.languageModel))
            #expect(!prediction.alternatives.contains { $0.label == prediction.label })
        }
        let policy = try starter.get().policy
        #expect(decision.nextAction == policy.nextAction(category: "Support", severity: "High"))
        #expect(decision.summary == result.engine.summary && decision.language == result.engine.language)
        #expect(
            decision.notes?.contains("The language model chose category Support; the engine had Other.")
                ?? false)
        #expect(result.usage == TokenUsage(input: 100, output: 20) && result.retries == 0)
    }

    @Test func `the prompt has labels, their meanings, articles as examples, and the schema their names`()
        async throws
    {
        let (_, requests) = try await decide(Tickets.charged, answers: [.chat("{}")])
        let prompt = try #require(requests.first).messages
        #expect(
            prompt.contains("- Billing: Charges, invoices, refunds, payments, fees, plans and subscriptions.")
        )
        #expect(
            prompt.contains("Charged twice for the same order; I was charged twice")
                && prompt.contains(#""category":"Billing""#))
        let schema = requests.first.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
        #expect(
            schema.contains(#""enum":["Billing","Bug","Login""#)
                && schema.contains(#""additionalProperties":false"#))
    }

    @Test func `an invalid label is counted, asked for once more, and then the engine's, and said`()
        async throws
    {
        let (result, requests) = try await decide(
            Tickets.charged,
            answers: [.chat(#"{"category":"PWNED","severity":"Low"}"#), .chat("no JSON at all")])
        #expect(requests.count == 2 && result.retries == 1)
        #expect(
            requests[1].messages.contains("could not be used") && !requests[1].messages.contains("severity:"))
        #expect(requests[1].object["seed"] as? Int == 2)
        #expect(result.invalid == ["category": 2] && result.unanswered == ["category"])
        #expect(result.labels == ["severity": "Low"])
        #expect(result.decision.category == result.engine.category)
        #expect(
            !(result.decision.predictions.first { $0.field == "category" }?.reasons.contains(.languageModel)
                ?? true))
        #expect(result.decision.notes?.contains("no label of the bundle for category, asked twice") ?? false)
    }

    @Test func `a second answer that is valid is taken`() async throws {
        let (result, _) = try await decide(
            Tickets.charged, { $0.fields = ["category"] },
            answers: [.chat("Billing!"), .chat(#"{"category":"Bug"}"#)])
        #expect(result.decision.category == "Bug" && result.decision.severity == result.engine.severity)
        #expect(result.invalid == ["category": 1] && result.unanswered.isEmpty)
    }

    @Test func `only fields below the confidence are asked for, and none is no call`() async throws {
        let sure = try await decide(Tickets.charged, { $0.below = 0.01 }, answers: [.chat("{}")])
        #expect(sure.requests.isEmpty && sure.result.decision == sure.result.engine)
        let unsure = try await decide(Tickets.charged, { $0.below = 1 }, answers: [.chat("{}")])
        #expect(!unsure.requests.isEmpty)
        let empty = try await decide(Ticket(body: " "), answers: [.chat("{}")])
        #expect(empty.requests.isEmpty)
    }

    @Test func `a model that cannot be reached leaves the engine's decision, and says so`() async throws {
        let (result, _) = try await decide(Tickets.charged, answers: [.answer(500, "")])
        #expect(result.failure == .badStatus(500))
        var expected = result.engine
        expected.remarks = [.modelFailed(error: "http_500", isPartial: false)]
        #expect(result.decision == expected)
        #expect(
            result.decision.notes
                == "The engine's labels stand: no answer of the language model (http_500).")
    }

    @Test func `a label below a safety floor is raised again, and the severity left to a person`()
        async throws
    {
        let ticket = Ticket(body: "There is ransomware on the file server, all shares are affected.")
        let (result, _) = try await decide(
            ticket, answers: [.chat(#"{"category":"Other","severity":"Low"}"#)])
        #expect(result.decision.severity == "Critical")
        let severity = try #require(result.decision.predictions.first { $0.field == "severity" })
        #expect(
            severity.label == "Low" && severity.level == .review
                && severity.reasons.count { $0 == .floor } == 1)
        #expect(
            result.decision.notes?.contains(
                "Severity raised from Low to Critical by the safety floor ransomware") ?? false)
    }

    @Test func `what the model did has one word`() async throws {
        let ticket = Ticket(body: "Just wanted to say happy Friday to all of you on the team!")
        let engine = try starter.get().decide(ticket)
        let same = #"{"category":"\#(engine.category)","severity":"\#(engine.severity)"}"#
        for (answer, outcome) in [
            (.chat(#"{"category":"Bug"}"#), "chose"), (.chat(same), "agreed"), (.chat("?"), "invalid"),
            (.answer(500, ""), "http_500"),
        ] as [(ScriptedServer.Act, String)] {
            let result = try await decide(ticket, answers: [answer]).result
            #expect(result.outcome == outcome, "\(result.labels), \(result.failure as Any)")
        }
        let unasked = try await decide(ticket, { $0.below = 0.001 }, answers: [.chat(same)])
        #expect(unasked.result.outcome == "not_asked")
    }

    @Test func `a field named twice is asked for once`() async throws {
        let (result, requests) = try await decide(
            Tickets.charged, { $0.fields = ["category", "category"] },
            answers: [.chat(#"{"category":"Bug"}"#)])
        #expect(result.labels == ["category": "Bug"] && requests.count == 1)
    }

    @Test func `a field that the bundle does not have is refused`() throws {
        var options = LLMDecider.Options()
        options.fields = ["colour"]
        let snapshot = try starter.get()
        #expect(throws: LLMError.self) { try LLMDecider(.disabled, for: snapshot, options) }
    }
}

/// Times are compared, so nothing else may run beside.
struct DeadServerTimingTests {
    @Test
    func
        `a dead server costs decisions nothing, its calls are bounded, and it is back within a probe interval`()
        async throws
    {
        let snapshot = try starter.get()
        let port = try await ScriptedServer.deadPort()
        var dead = LLMOptions(url: "http://127.0.0.1:\(port)/v1", model: "m")
        dead.retries.basePause = .milliseconds(1)
        dead.gate.failures = 5
        dead.gate.probeInterval = .milliseconds(500)
        dead.cache = nil
        let client = try LLMClient.http(dead)
        let decider = try LLMDecider(client, for: snapshot)
        func seconds(_ work: () async -> Void) async -> Double {
            let start = ContinuousClock.now
            await work()
            return start.duration(to: .now) / .seconds(1)
        }
        let body = String(
            repeating: "The export of invoices fails with an error since the update of last week. ", count: 8)
        var (alone, beside): ([Double], [Double]) = ([], [])
        let clock = ContinuousClock()
        let begin = clock.now
        var due = begin
        var calls = 0
        for number in 0..<600 {
            let ticket = Ticket(id: "\(number)", body: "\(number) " + body)
            // In turn first: on a busy machine whoever comes second may have to wait for a processor.
            for isAlone in number.isMultiple(of: 2) ? [true, false] : [false, true] {
                if isAlone {
                    alone.append(await seconds { _ = snapshot.decide(ticket) })
                } else {
                    beside.append(
                        await seconds {
                            let result = await decider.decide(ticket, with: snapshot)
                            if result.failure != .breakerOpen { calls += 1 }
                        })
                }
            }
            due += .milliseconds(5)
            try await Task.sleep(until: due, clock: clock)
        }
        let medians = [alone, beside].map { $0.sorted()[$0.count / 2] }
        // The 10 % that are promised are measured by scripts/bench, on a build and a machine fit for that.
        #expect(
            medians[1] <= medians[0] * 1.25, "\(medians[0]) s alone, \(medians[1]) s beside a dead server")
        // Five failures, then a probe each half second.
        let halfSeconds = Int(begin.duration(to: clock.now) / .milliseconds(500))
        #expect(calls <= 5 + halfSeconds + 1, "\(calls) in \(halfSeconds) half seconds")
        // The server comes back.
        try await ScriptedServer.run(port: port, { _ in [.chat(#"{"category":"Bug","severity":"Low"}"#)] }) {
            _ in
            let start = clock.now
            var isBack = false
            while !isBack, start.duration(to: clock.now) < .seconds(5) {
                isBack = await decider.decide(Tickets.charged, with: snapshot).failure == nil
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(isBack && start.duration(to: clock.now) < .seconds(1))
        }
        await client.shutdown()
    }
}
