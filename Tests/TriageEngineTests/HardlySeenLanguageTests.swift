import Foundation
import Testing
import TriageModel
import TriageSearch
import TriageTickets

@testable import TriageEngine

/// What a ticket's language does to its decision.
struct HardlySeenLanguageTests {
    private static let identifier: Result<ModelBundle, any Error> = Result {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ModelBundle(directory: root.appendingPathComponent("models/language").path)
    }
    private static let german =
        "Guten Tag, ich kann mich seit heute morgen nicht mehr anmelden: password locked"
    private static let english = "Good morning, I cannot sign in any more since this morning: password locked"

    private func snapshot(
        _ languageRows: [String: Int]?, index: (any ArticleSearch)? = nil,
        playbook: String = "defaults: {A: x}"
    ) throws -> Snapshot {
        let model = Trained.train(
            ["category", "severity"], severities: ["High", "Low", "Medium"], calibrated: true,
            languageRows: languageRows)
        return Snapshot(
            model: model, index: index, policy: try Policy(playbook: Array(playbook.utf8), path: "p.yaml"),
            language: try Self.identifier.get())
    }

    @Test func `a ticket in a language that the model has hardly seen is left to a person`() throws {
        let snapshot = try snapshot(["en": 990, "de": 10])
        let german = snapshot.decide(Ticket(body: Self.german))
        #expect(german.language == "de")
        #expect(german.predictions.allSatisfy { $0.reasons.contains(.language) && $0.level == .review })
        #expect(german.predictions.first?.label == "Login")
        #expect(german.json.contains("\"LANGUAGE\""))
        let english = snapshot.decide(Ticket(body: Self.english))
        #expect(english.language == "en")
        #expect(english.predictions.allSatisfy { !$0.reasons.contains(.language) })
    }

    @Test func `a language with thirty rows or a twentieth of them is seen enough`() throws {
        #expect(try #require(SeenLanguages(["en": 1000, "de": 29])).isHardlySeen("de"))
        #expect(try !#require(SeenLanguages(["en": 1000, "de": 30])).isHardlySeen("de"))
        #expect(try !#require(SeenLanguages(["en": 38, "de": 2])).isHardlySeen("de"))
        #expect(try #require(SeenLanguages(["en": 38])).isHardlySeen("de"))
        #expect(SeenLanguages(nil) == nil && SeenLanguages([:]) == nil)
        #expect(
            SeenLanguages(["en": 900, "fr": 40, "de": 40, "it": 3])?.summary
                == "en 900, de 40, fr 40; 3 in others")
    }

    @Test func `a model that has not counted languages decides as before`() throws {
        let decision = try snapshot(nil).decide(Ticket(body: Self.german))
        #expect(decision.language == "de")
        #expect(decision.predictions.allSatisfy { !$0.reasons.contains(.language) })
    }

    @Test func `a counterfactual keeps the ticket's language`() throws {
        let decision = try snapshot(["en": 1000]).decide(Ticket(body: Self.german), explaining: true)
        #expect(decision.explanations != nil)
        #expect(decision.predictions.allSatisfy { $0.level == .review })
    }

    @Test func `the next action is in the ticket's language where the playbook has it`() throws {
        let snapshot = try snapshot(
            nil,
            playbook: """
                next_action: {Login: {High: Unlock it.}, Bug: {High: Repair it.}}
                defaults: {Login: Look at it., Billing: Count it.}
                translations:
                  de:
                    next_action: {Login: {high: Entsperren.}}
                    defaults: {Login: Ansehen., Bug: Aufnehmen., Billing: Nachrechnen.}
                """)
        let policy = snapshot.policy
        #expect(policy.nextAction(category: "Login", severity: "High", language: "de") == "Entsperren.")
        #expect(policy.nextAction(category: "Login", severity: "High", language: "fr") == "Unlock it.")
        #expect(policy.nextAction(category: "Login", severity: "High") == "Unlock it.")
        #expect(policy.nextAction(category: "Login", severity: "Low", language: "de") == "Ansehen.")
        #expect(policy.nextAction(category: "Billing", severity: "Low", language: "de") == "Nachrechnen.")
        #expect(
            policy.nextAction(category: "Bug", severity: "High", language: "de") == "Repair it.",
            "what fits the severity goes before the language")
        #expect(snapshot.decide(Ticket(body: Self.german)).nextAction == "Entsperren.")
        #expect(snapshot.decide(Ticket(body: Self.english)).nextAction == "Unlock it.")
        #expect(policy.formerFingerprint() == nil)
        var plain = policy
        plain.translations = [:]
        #expect(plain.fingerprint() != policy.fingerprint())
    }

    @Test func `an article's action is in the ticket's language where the article has it`() throws {
        var article = Article(id: "A", title: "password locked", recommendedAction: "Unlock it.")
        article.translations = ["de": .init(recommendedAction: "Entsperren."), "fr": .init(reply: "Voilà.")]
        let articles = [article, Article(id: "B", title: "invoice charged")]
        let snapshot = try snapshot(nil, index: SearchIndex(articles, embedding: nil, calibration: nil))
        for (text, action) in [(Self.german, "Entsperren."), (Self.english, "Unlock it.")] {
            let decision = snapshot.decide(Ticket(body: text))
            let match = try #require((decision.matches + decision.nearMisses).first)
            #expect(match.id == "A" && match.recommendedAction == action)
        }
        #expect(article.translated(into: "fr").recommendedAction == "Unlock it.")
        #expect(article.translated(into: "fr").reply == "Voilà.")
        #expect(article.translated(into: nil) == article)
    }
}
