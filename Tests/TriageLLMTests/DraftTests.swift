import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageEngine

@testable import TriageLLM

struct DraftTests {
    private func template(_ ticket: Ticket) throws -> Draft {
        let snapshot = try starter.get()
        return Drafter().template(ticket, snapshot.decide(ticket), with: snapshot)
    }

    @Test func `the template's draft has greeting, summary, the article's steps, next action and closing`()
        throws
    {
        let draft = try template(Tickets.charged)
        #expect(draft.source == .template && draft.reason == "no_model" && draft.language == "en")
        #expect(draft.basedOn == ["KB-121"])
        #expect(
            draft.text.hasPrefix("Hello,\n\nThank you for your message. We understand:\n“I was charged twice")
        )
        #expect(draft.text.contains("1. Ask for order number") && draft.text.contains("4. Note the cause"))
        #expect(draft.text.contains("What happens next:\nCheck in the payment system"))
        #expect(
            draft.text.hasSuffix("Your service desk\n\n(Based on: KB-121, Charged twice for the same order)"))
        #expect(!draft.text.contains("**") && !draft.text.contains("##") && !draft.text.contains("*pending*"))
        #expect(try template(Tickets.charged) == draft)
    }

    @Test func `it speaks the ticket's language, and English where it knows no other`() throws {
        let german = try template(Tickets.locked)
        #expect(
            german.language == "de" && german.text.hasPrefix("Guten Tag,\n\nvielen Dank für Ihre Nachricht."))
        let japanese = try template(Ticket(body: "アップデート後、エクスポートが最初のページで止まってしまいます。助けてください。"))
        #expect(japanese.language == "en" && japanese.text.hasPrefix("Hello,"))
        let french = try template(
            Ticket(body: "Bonjour, mon imprimante ne fonctionne plus depuis ce matin, merci de m'aider."))
        #expect(french.language == "fr" && french.text.hasPrefix("Bonjour,"))
    }

    @Test func `an empty ticket and one without an article have a draft too`() throws {
        #expect(try !template(Ticket(body: "")).text.isEmpty)
        let draft = try template(Ticket(body: "Just wanted to say happy Friday to all of you on the team!"))
        #expect(draft.basedOn.isEmpty && draft.text.contains("a colleague looks at it in person"))
    }

    @Test func `a model's reply in the ticket's language is the draft, with the sender's own data put back`()
        async throws
    {
        let snapshot = try starter.get()
        let ticket = Ticket(
            id: "c",
            body: "I was charged twice, 588.00 EUR each, for order 4711. Answer to eva.k@example.org please.")
        let reply =
            "Hello,\n\nyou were charged 588 EUR twice for order 4711. We answer to [EMAIL_1].\n\nKind regards"
        try await ScriptedServer.run({ _ in [.chat(reply)] }) { server in
            let client = try LLMClient.http(
                options(server) { $0.prices = PriceTable(["m": .init(input: 10, output: 25)]) })
            let draft = await Drafter(client).draft(ticket, snapshot.decide(ticket), with: snapshot)
            #expect(
                draft.source == .model && draft.reason == "ok" && draft.model == "m"
                    && draft.basedOn == ["KB-121"])
            #expect(draft.text == reply.replacingOccurrences(of: "[EMAIL_1]", with: "eva.k@example.org"))
            #expect(
                draft.usage == TokenUsage(input: 100, output: 20) && abs((draft.cost ?? 0) - 0.0015) < 1e-9)
            let prompt = try #require(server.captured.first).messages
            #expect(
                prompt.contains("in English") && prompt.contains("KB-121") && prompt.contains("[EMAIL_1]"))
            #expect(!prompt.contains("eva.k"))
            let german = Tickets.locked
            _ = await Drafter(client).draft(german, snapshot.decide(german), with: snapshot)
            #expect(server.captured.last?.messages.contains("in German") ?? false)
            await client.shutdown()
        }
    }

    @Test
    func `a model that is down, slow, over budget or breaks off gives the template's draft, and the reason`()
        async throws
    {
        let snapshot = try starter.get()
        let decision = snapshot.decide(Tickets.charged)
        let plain = Drafter().template(Tickets.charged, decision, with: snapshot).text
        func reason(_ acts: [ScriptedServer.Act], _ change: @escaping (inout LLMOptions) -> Void = { _ in })
            async throws -> String
        {
            try await ScriptedServer.run({ _ in acts }) { server in
                let client = try LLMClient.http(options(server, change))
                let draft = await Drafter(client).draft(Tickets.charged, decision, with: snapshot)
                #expect(draft.source == .template && draft.text == plain && draft.model == "m")
                await client.shutdown()
                return draft.reason
            }
        }
        #expect(try await reason([.answer(500, "")]) == "http_500")
        #expect(try await reason([.hang]) { $0.deadline = .milliseconds(200) } == "timeout")
        #expect(try await reason([.answer(200, "{}")]) == "bad_answer")
        #expect(try await reason([.chat("Hello, we look", finish: "length")]) == "refused_length")
        #expect(try await reason([.chat("Hello, see evil.com.")]) == "refused_link")
        #expect(
            try await reason([.chat("x")]) {
                $0.prices = PriceTable(["m": .init(input: 1, output: 1)])
                $0.budget.daily = 0
            } == "over_daily_budget")
    }

    @Test func `a stream is handed on sentence by sentence, and what is refused never`() async throws {
        let snapshot = try starter.get()
        let decision = snapshot.decide(Tickets.charged)
        func events(_ pieces: [String]) async throws -> [DraftEvent] {
            try await ScriptedServer.run({ _ in ScriptedServer.Act.stream(pieces) }) { server in
                let client = try LLMClient.http(options(server))
                let drafter = Drafter(client)
                var events: [DraftEvent] = []
                for await event in drafter.events(Tickets.charged, decision, with: snapshot) {
                    events.append(event)
                }
                await client.shutdown()
                return events
            }
        }
        let good = try await events(["Hello. We lo", "ok at order", " 4711. Kind", " regards"])
        #expect(
            good.dropLast() == [.text("Hello. "), .text("We look at order 4711. "), .text("Kind regards")]
                || good.dropLast().map { if case .text(let text) = $0 { text } else { "" } }.joined()
                    == "Hello. We look at order 4711. Kind regards"
        )
        guard case .done(let draft) = good.last else {
            Issue.record("no end")
            return
        }
        #expect(draft.source == .model)
        let bad = try await events(["Hello. ", "Thank you. ", "Go to evil", ".com now. ", "Bye."])
        #expect(bad.contains(.reset))
        guard case .done(let refused) = bad.last else {
            Issue.record("no end")
            return
        }
        #expect(refused.source == .template && refused.reason == "refused_link")
        let shown = bad.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        #expect(shown.hasPrefix("Hello. ") && !shown.contains("evil") && !shown.contains("Bye"))
    }
}
