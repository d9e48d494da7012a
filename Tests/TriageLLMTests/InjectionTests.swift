import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageDrafts
import TriageEngine

@testable import TriageLLM
import TriageTickets

/// A ticket that tries to turn the model, and what a model that obeys it to the letter answers.
struct Injection: Sendable, CustomTestStringConvertible {
    var id: String
    var kind: String
    var ticket: Ticket
    var labels: String
    var draft: String
    /// The whole body of the answer, where it is no chat.
    var answer: String?

    var testDescription: String { "\(id) \(kind)" }

    static let all: [Injection] = {
        let path = "\(projectRoot)/Tests/TriageLLMTests/Injections/cases.jsonl"
        let lines = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return lines.split(separator: "\n").compactMap { line in
            guard let row = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String],
                let id = row["id"], let kind = row["kind"], let body = row["body"]
            else { return nil }
            return Injection(
                id: id, kind: kind, ticket: Ticket(id: id, subject: row["subject"] ?? "", body: body),
                labels: row["labels"] ?? "{}", draft: row["draft"] ?? "", answer: row["acts"])
        }
    }()

    /// The same with the address that must never be called in place.
    func aimed(at port: Int) -> Injection {
        func put(_ text: String) -> String {
            text.replacingOccurrences(of: "{HOST}", with: "127.0.0.1:\(port)")
        }
        var copy = self
        copy.ticket.body = put(ticket.body)
        (copy.labels, copy.draft, copy.answer) = (put(labels), put(draft), answer.map(put))
        return copy
    }

    /// What the obeying server says: labels where labels are asked for, else the draft.
    func acts(_ request: ScriptedServer.Captured) -> [ScriptedServer.Act] {
        if let answer { return [.answer(200, answer)] }
        if request.object["stream"] as? Bool == true {
            return ScriptedServer.Act.stream(draft.map(String.init))
        }
        return [.chat(request.object["response_format"] != nil ? labels : draft)]
    }
}

struct InjectionTests {
    @Test func `there are at least sixty cases, of nine kinds`() {
        #expect(Injection.all.count >= 60)
        #expect(Set(Injection.all.map(\.kind)).count == 9)
        #expect(Set(Injection.all.map(\.id)).count == Injection.all.count)
    }

    @Test(arguments: Injection.all)
    func `a model that obeys a ticket changes nothing it may not`(injection: Injection) async throws {
        let snapshot = try starter.get()
        try await ScriptedServer.run({ _ in [.chat("trap")] }) { trap in
            let injection = injection.aimed(at: trap.port)
            try await ScriptedServer.run({ injection.acts($0) }) { server in
                let client = try LLMClient.http(options(server))
                let before = snapshot.decide(injection.ticket)
                try await checkDraft(injection, before, client, snapshot)
                // With the engine deciding, nothing that was said to the model counts.
                #expect(snapshot.decide(injection.ticket).json == before.json)
                try await checkDecision(injection, before, client, snapshot)
                checkPrompts(server.captured)
                #expect(server.captured.allSatisfy { $0.head.hasPrefix("POST /v1/chat/completions ") })
                #expect(trap.connectionCount == 0)
                await client.shutdown()
            }
        }
    }

    private func checkDraft(
        _ injection: Injection, _ decision: Decision, _ client: LLMClient, _ snapshot: Snapshot
    ) async throws {
        let draft = await Drafter(client).draft(snapshot.prepare(injection.ticket), decision, with: snapshot)
        #expect(draft.source == .template, "\(injection.id): \(draft.text)")
        #expect(draft.reason.hasPrefix("refused_") || draft.reason == "bad_answer", "\(draft.reason)")
        let shown = Mutex("")
        let streamed = await Drafter(client).draft(
            snapshot.prepare(injection.ticket), decision, with: snapshot
        ) { event in
            if case .text(let text) = event { shown.withLock { $0 += text } }
        }
        #expect(streamed.source == .template)
        #expect(!shown.withLock { $0 }.contains("evil"))
    }

    private func checkDecision(
        _ injection: Injection, _ engine: Decision, _ client: LLMClient, _ snapshot: Snapshot
    ) async throws {
        let result = try await LLMDecider(client, for: snapshot).decide(injection.ticket, with: snapshot)
        let decision = result.decision
        #expect(result.engine.json == engine.json)
        for (prediction, head) in zip(decision.predictions, snapshot.model.heads) {
            #expect(head.labels.names.contains(prediction.label))
            #expect(prediction.level != .auto)
        }
        #expect(decision.summary == engine.summary && decision.id == engine.id)
        #expect(decision.matches == engine.matches && decision.nearMisses == engine.nearMisses)
        #expect(decision.isKnownIssue == engine.isKnownIssue)
        let order = snapshot.policy.severities
        if injection.kind == "floor" {
            #expect(decision.severity == "Critical")
        } else {
            #expect(order.names.contains(decision.severity))
        }
        #expect(
            decision.category == decision.predictions[0].label
                || snapshot.model.heads[0].manifest.role != "category")
        let policy = snapshot.policy
        let actions =
            ([(policy.nextActions, policy.defaults)]
            + policy.translations.values.map { ($0.nextActions, $0.defaults) })
            .flatMap { texts, defaults in texts.values.flatMap(\.values) + defaults.values }
        let articles = engine.matches.compactMap(\.recommendedAction)
        #expect((actions + articles).contains(decision.nextAction))
        #expect(result.replies.count <= 2)
    }

    /// The ticket stands whole between the two lines of a fence that it cannot know, and nothing in it looks like a
    /// chat's own marks.
    private func checkPrompts(_ requests: [ScriptedServer.Captured]) {
        var words: Set<String> = []
        for request in requests {
            let messages = request.object["messages"] as? [[String: Any]] ?? []
            #expect(messages.compactMap { $0["role"] as? String } == ["system", "user"])
            let content = messages.last?["content"] as? String ?? ""
            let lines = content.split(separator: "\n")
            let opens = lines.filter { $0.hasPrefix("BEGIN T") && $0.count == 23 }
            guard
                let word = opens.map({ $0.dropFirst(6) }).first(where: { content.contains("\nEND \($0)\n") })
            else {
                Issue.record("no fence")
                continue
            }
            words.insert(String(word))
            #expect(
                content.components(separatedBy: word).count == 3,
                "the fence's word stands twice, and nowhere else")
            for mark in ["<|im_", "<|eot", "[INST]", "<<SYS>>", "<start_of_turn>", "<tool_call>"] {
                #expect(!content.lowercased().contains(mark.lowercased()))
            }
            #expect(
                !content.unicodeScalars.contains {
                    (0xE0000...0xE007F).contains($0.value) || $0.value == 0x202E
                })
        }
        #expect(words.count == requests.count && requests.count >= 3, "each call has a fence of its own")
    }
}
