import Foundation
import ServerTestSupport
import Synchronization
import Testing
import TriageEngine
import TriageSearch

@testable import TriageDrafts
@testable import TriageLLM
import TriageTickets

struct DraftTests {
    private func template(_ ticket: Ticket) throws -> Draft {
        let snapshot = try starter.get()
        return TemplateDraft.write(snapshot.prepare(ticket), snapshot.decide(ticket), with: snapshot)
    }

    /// What may be said of a double charge, as KB-121 has it.
    private static let chargedReply = """
        Two equal amounts are not always two payments: one of them may be only a reservation, which the bank shows as \
        pending. So that we can check it, please tell us what is not yet in your message:
        1. the order number
        2. the date and the amount of each entry
        3. whether your bank shows each of them as pending or as booked
        4. how you paid; for a card, only its last digits
        Please never send us a full card number or its security code.
        """

    @Test func `the template's draft has greeting, summary, the article's reply and closing`() throws {
        let draft = try template(Tickets.charged)
        #expect(draft.source == .template && draft.reason == "no_model" && draft.language == "en")
        #expect(draft.basedOn == ["KB-121"])
        #expect(
            draft.text == """
                Hello,

                Thank you for your message. We understand:
                “I was charged twice, 588.00 EUR each, for order 4711. Please sort this out.”

                \(DraftTests.chargedReply)

                If we have misunderstood something, simply reply to this message.

                Kind regards
                Your service desk

                (Based on: KB-121, Charged twice for the same order)
                """)
        #expect(try template(Tickets.charged) == draft)
    }

    @Test func `no draft tells a requester what is for agents`() throws {
        let snapshot = try starter.get()
        var decision = snapshot.decide(Ticket(body: "please unlock my account"))
        decision.language = "en"
        for article in try KnowledgeBase.load(path: "\(projectRoot)/kb") {
            let draft = TemplateDraft.write(decision, article, reason: "no_model").text
            let reply = try #require(article.reply, "\(article.id) has no reply")
            #expect(draft.contains("“please unlock my account”\n\n\(reply)\n\nIf we"), "\(article.id)")
            let action = try #require(article.recommendedAction)
            #expect(!draft.contains(action) && !draft.contains(decision.nextAction), "\(article.id)")
        }
        let silent = Article(
            id: "K", title: "t", recommendedAction: "Call the duty manager.",
            body: "## Steps\n\n1. Look at event 4740.")
        let draft = TemplateDraft.write(decision, silent, reason: "no_model").text
        #expect(draft.contains("a colleague looks at it in person") && draft.hasSuffix("(Based on: K, t)"))
        #expect(!draft.contains("duty") && !draft.contains("4740") && !draft.contains(decision.nextAction))
    }

    @Test func `a shipped reply holds no link, address, number, amount, day or promise`() throws {
        let checker = ClaimChecker(sources: [])
        for article in try KnowledgeBase.load(path: "\(projectRoot)/kb") {
            let claim = checker.claim(in: article.reply ?? "")
            #expect(claim == nil, "\(article.id): \(claim?.rawValue ?? "")")
        }
    }

    @Test func `a reply is read from front matter and from JSON alike, and blank ones are none`() throws {
        let folder = try Folder()
        _ = try folder.write(
            "a.md", "---\nid: A\ntitle: t\nreply: |\n  Please restart it.\n\n  1. Twice.\n\n---\nbody\n")
        _ = try folder.write("b.md", "---\nid: B\ntitle: t\nreply: \"  \"\n---\nbody\n")
        _ = try folder.write(
            "kb.json",
            #"[{"id":"C","title":"t","reply":" Please restart it. \n"},{"id":"D","title":"t","reply":null}]"#)
        let replies = try KnowledgeBase.load(path: folder.path).map(\.reply)
        #expect(replies == ["Please restart it.\n\n1. Twice.", nil, "Please restart it.", nil])
    }

    @Test func `a reply is not searched`() throws {
        let plain = Article(id: "1", title: "password reset")
        var talkative = plain
        talkative.reply = "Look at the printer's display."
        let other = Article(id: "2", title: "invoice copy")
        let question = Ticket(body: "printer display")
        let results = [plain, talkative].map {
            SearchIndex([$0, other], embedding: nil, calibration: nil).search(question, count: 2)
        }
        #expect(results[0] == results[1])
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

    @Test(arguments: [("de", "de"), ("en", "en"), ("ja", "en"), (nil, "en")] as [(String?, String)])
    func `a ticket whose language is unknown is answered in that of the knowledge base, else in English`(
        articles: String?, draft: String
    ) throws {
        let snapshot = try starter.get()
        var decision = snapshot.decide(Ticket(body: "ok"))
        for unknown in [nil, "ja", "xx"] {
            decision.language = unknown
            #expect(
                TemplateDraft.write(decision, nil, reason: "no_model", otherwise: articles).language == draft)
        }
        decision.language = "fr"
        #expect(TemplateDraft.write(decision, nil, reason: "no_model", otherwise: articles).language == "fr")
    }

    @Test func `the language of articles is that of the matched reply, or of the nearest titles`() throws {
        let snapshot = try starter.get()
        var decision = snapshot.decide(Tickets.charged)
        let german = Article(
            id: "K", title: "Konto gesperrt",
            reply: "Bitte warten Sie zehn Minuten und melden Sie sich neu an.")
        #expect(snapshot.languageOfArticles(german, decision) == "de")
        #expect(snapshot.languageOfArticles(nil, decision) == "en")
        (decision.matches, decision.nearMisses) = ([], [])
        #expect(snapshot.languageOfArticles(nil, decision) == nil)
    }

    @Test func `an empty ticket and one without an article have a draft too`() throws {
        #expect(
            try template(Ticket(body: "")).text == """
                Hello,

                Thank you for your message.

                Your message has reached us, and a colleague looks at it in person.

                If we have misunderstood something, simply reply to this message.

                Kind regards
                Your service desk
                """)
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
            let draft = await Drafter(client).draft(
                snapshot.prepare(ticket), snapshot.decide(ticket), with: snapshot)
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
            let said = try #require(prompt.range(of: "Two equal amounts are not always two payments"))
            let background = try #require(prompt.range(of: "Background, for you alone"))
            let steps = try #require(prompt.range(of: "Look up the order with the payment provider"))
            #expect(said.upperBound < background.lowerBound && background.upperBound < steps.lowerBound)
            let german = Tickets.locked
            _ = await Drafter(client).draft(snapshot.prepare(german), snapshot.decide(german), with: snapshot)
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
        let plain = TemplateDraft.write(snapshot.prepare(Tickets.charged), decision, with: snapshot).text
        func reason(_ acts: [ScriptedServer.Act], _ change: @escaping (inout LLMOptions) -> Void = { _ in })
            async throws -> String
        {
            try await ScriptedServer.run({ _ in acts }) { server in
                let client = try LLMClient.http(options(server, change))
                let draft = await Drafter(client).draft(
                    snapshot.prepare(Tickets.charged), decision, with: snapshot)
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

    @Test(
        arguments: [
            ("Hello, we check event 4740 of your account.", "number"), ("We answer within 3 days.", "amount"),
            ("Write to [EMAIL_1].", "placeholder"), ("You get a refund.", "promise"),
            ("Please tell us whether it has locked before.", nil),
        ] as [(String, String?)])
    func `what is for agents grounds no model's reply`(reply: String, refusal: String?) throws {
        let ticket = Ticket(body: "please unlock my account")
        let text = try starter.get().prepare(ticket)
        var decision = try starter.get().decide(text)
        decision.nextAction = "Service desk handles it within 3 days."
        let article = Article(
            id: "K", title: "Account locked", recommendedAction: "Refund it.",
            reply: "Tell us whether it has locked before.", body: "See event 4740, write to it@corp.example.")
        let prompt = DraftPrompt(text, decision, article, maximumBytes: 6000)
        #expect(prompt.claim(in: reply) == refusal)
    }

    @Test func `a stream is handed on sentence by sentence, and what is refused never`() async throws {
        let snapshot = try starter.get()
        let decision = snapshot.decide(Tickets.charged)
        func events(_ pieces: [String]) async throws -> [DraftEvent] {
            try await ScriptedServer.run({ _ in ScriptedServer.Act.stream(pieces) }) { server in
                let client = try LLMClient.http(options(server))
                let drafter = Drafter(client)
                var events: [DraftEvent] = []
                for await event in drafter.events(snapshot.prepare(Tickets.charged), decision, with: snapshot)
                {
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
