import Foundation
import Testing

@testable import TriageEngine
import TriageText
import TriageTickets

struct DecisionTests {
    private let policy = """
        next_action:
          Login: {High: Unlock it now.}
        defaults: {Billing: Ask the ledger.}
        floors:
          - {id: fire, raise_to: Critical, any: [on fire], unless: [laptop on fire sale]}
          - {id: water, raise_to: Medium, any: [wet]}
        """

    private func snapshot() throws -> Snapshot {
        Snapshot(
            model: Trained.model, policy: try Policy(playbook: Array(policy.utf8), path: "playbook.yaml"))
    }

    @Test func `the seven fields of the contract come first, in order`() throws {
        let json = try snapshot().decide(Ticket(id: "7", body: "password locked")).json
        let keys = [
            "summary", "category", "severity", "match_type", "kb_matches", "next_action", "notes", "id",
            "predictions",
        ]
        let places = keys.map { json.range(of: "\"\($0)\":")?.lowerBound }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
        #expect(JSONValue(parsing: json.utf8)?["category"]?.text == "Login")
        #expect(json.contains("\"next_action\":\"Unlock it now.\""))
    }

    /// What is far below the cut is no known issue's match; a new issue keeps its near misses, however far.
    @Test(
        arguments: [([0.9, 0.3, 0.01], ["A", "B"], []), ([0.4, 0.3, 0.01], [], ["A", "B", "C"])]
            as [([Float], [String], [String])])
    func `a known issue has no match far below the cut`(scores: [Float], matches: [String], near: [String])
        throws
    {
        let snapshot = Snapshot(model: Trained.model, index: FixedSearch(scores: scores, cut: 0.5))
        let decision = snapshot.decide(Ticket(body: "password locked"))
        #expect(decision.matches.map(\.id) == matches)
        #expect(decision.nearMisses.map(\.id) == near)
        #expect(decision.isKnownIssue == !matches.isEmpty)
    }

    @Test func `a masked host name finds the article that names it, and is in no part of the decision`() {
        let articles = [
            Article(id: "A", title: "Password of the portal"),
            Article(id: "B", title: "Closed at night", symptoms: ["intranet.lumen.example"]),
        ]
        let snapshot = Snapshot(
            model: Trained.model, index: SearchIndex(articles, embedding: nil, calibration: nil))
        let ticket = snapshot.prepare(
            Ticket(body: "The password fails at https://intranet.lumen.example/start"))
        let decision = snapshot.decide(ticket)
        #expect((decision.matches + decision.nearMisses).first?.id == "B")
        #expect(!decision.json.contains("lumen"))
        // What a store keeps is searched as it is.
        let stored = snapshot.decide(TicketText(stored: ticket.masked))
        #expect((stored.matches + stored.nearMisses).first?.id == "A")
    }

    @Test func `a ticket's bytes do not depend on its neighbours`() throws {
        let snapshot = try snapshot()
        let tickets = (0..<64).map {
            Ticket(id: "\($0)", subject: "crash \($0)", body: "invoice error \($0 % 7) locked")
        }
        var scratch = DecisionScratch()
        let together = tickets.map { snapshot.decide($0, &scratch).json }
        #expect(together == tickets.map { snapshot.decide($0).json })
        #expect(together.reversed() == tickets.reversed().map { snapshot.decide($0, &scratch).json })
    }

    @Test(arguments: ["?", "...", "!!! ???", "- - -"])
    func `a ticket without a word is unlike all training data`(text: String) throws {
        let decision = try snapshot().decide(Ticket(body: text))
        #expect(decision.predictions.allSatisfy { $0.level == .review && $0.reasons.contains(.outOfScope) })
    }

    @Test(arguments: ["", "   \n\t ", "\0"])
    func `an empty ticket is a decision for review`(text: String) throws {
        let decision = try snapshot().decide(Ticket(body: text))
        #expect(decision.predictions.allSatisfy { $0.level == .review && $0.reasons.contains(.empty) })
        #expect(Trained.model.heads[0].labels.names.contains(decision.category))
    }

    @Test func `terms, rest and bias add up to the logit`() throws {
        let ticket = Ticket(subject: "Locked", body: "password login broken, refund 12 crash crash")
        let decision = try snapshot().decide(ticket, explaining: true)
        let explanations = try #require(decision.explanations)
        #expect(explanations.count == 2)
        for explanation in explanations {
            let sum = explanation.terms.reduce(explanation.bias + explanation.rest) { $0 + $1.weight }
            #expect(abs(sum - explanation.logit) < 1e-3)
        }
        let term = try #require(explanations[0].terms.first { $0.text == "password" })
        #expect(term.range == 0..<8 && term.field == "body")
    }

    @Test func `ranges point into the original text around masked words`() throws {
        let body = "from anna@example.com: password locked"
        let decision = try snapshot().decide(Ticket(body: body), explaining: true)
        let term = try #require(decision.explanations?[0].terms.first { $0.text == "password" })
        #expect(Array(body.utf8)[term.range].elementsEqual("password".utf8))
        #expect(!decision.json.contains("anna"))
    }

    @Test func `floors only raise and a covered mention does not fire`() throws {
        let snapshot = try snapshot()
        #expect(snapshot.decide(Ticket(body: "the invoice printer is on fire")).severity == "High")
        #expect(snapshot.decide(Ticket(body: "refund for the laptop on fire sale")).severity == "Low")
        let both = snapshot.decide(Ticket(body: "laptop on fire sale refund, and now my desk is on fire"))
        #expect(both.severity == "High")
        #expect(snapshot.decide(Ticket(body: "the invoice is wet, refund charged")).severity == "Medium")
        // The model's own High is above the floor.
        #expect(snapshot.decide(Ticket(body: "password login locked")).severity == "High")
        #expect(snapshot.decide(Ticket(body: "password login locked, all is wet")).severity == "High")
        #expect(both.notes?.contains("fire") == true)
    }

    @Test(arguments: [
        "password login locked please", "invoice refund charged number 3 please", "crash error broken",
        "password password password", "",
    ])
    func `a bundle without calibration never gives auto`(text: String) throws {
        let decision = try snapshot().decide(Ticket(body: text))
        #expect(decision.predictions.count == 2)
        #expect(decision.predictions.allSatisfy { $0.level < .auto })
    }

    @Test func `a field over the limit is cut and says so`() throws {
        let decision = try snapshot().decide(
            Ticket(body: String(repeating: "pässword locked ", count: 10_000)))
        #expect(decision.predictions[0].reasons.contains(.truncated))
        #expect(decision.category == "Login")
    }
}

/// A search that finds the same articles for every question.
private struct FixedSearch: ArticleSearch {
    var scores: [Float]
    var cut: Float

    var count: Int { scores.count }
    func article(of hit: SearchHit) -> Article {
        Article(id: ["A", "B", "C"][hit.article], title: "t", recommendedAction: nil)
    }
    func embed(_ question: TicketText) -> [Float]? { nil }
    func search(_: TicketText, words: Words, embedding: [Float]?, count: Int) -> SearchResult {
        let hits = scores.indices.map { SearchHit(article: $0, score: scores[$0]) }
        return SearchResult(hits: hits, knownProbability: scores[0], cut: cut)
    }
    func search(_ question: TicketText, count: Int) -> SearchResult {
        search(question, words: Words(), embedding: nil, count: count)
    }
    func fingerprint() -> String { "fixed" }
}
