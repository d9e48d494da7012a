import Testing
import TriageTraining

@testable import TriageEvaluation

struct BaselineTests {
    private func row(_ text: String) -> RowFacts {
        RowFacts(excerpt: "", words: 0, subject: [], body: Array(text.utf8))
    }

    private let tickets = ["password locked", "password expired", "invoice wrong", "invoice twice charged"]
        .map { TrainingExample(subject: [], body: Array($0.utf8)) }
    private let targets = [0, 0, 1, 1]

    private func best(_ baseline: inout some Baseline, _ text: String) -> String {
        let values = baseline.probabilities(of: row(text))
        #expect(abs(values.reduce(0, +) - 1) < 1e-5)
        return values.indices.max { values[$0] < values[$1] }.map { baseline.labels[$0] } ?? ""
    }

    @Test func `the nearest tickets and naive Bayes find the label, and answer any text`() {
        var neighbours = NeighbourBaseline(tickets, targets, labels: ["Login", "Billing"])
        var bayes = NaiveBayesBaseline(tickets, targets, labels: ["Login", "Billing"])
        for (text, label) in [("my password", "Login"), ("an invoice was charged", "Billing")] {
            #expect(best(&neighbours, text) == label)
            #expect(best(&bayes, text) == label)
        }
        for text in ["", "words never seen"] {
            #expect(neighbours.probabilities(of: row(text)) == [0.5, 0.5])
            #expect(bayes.probabilities(of: row(text)) == [0.5, 0.5])
        }
    }

    /// P(password | Login) = (2 + 1) / (4 + 7), P(password | Billing) = (0 + 1) / (5 + 7).
    @Test func `naive Bayes follows its formula`() {
        let bayes = NaiveBayesBaseline(tickets, targets, labels: ["Login", "Billing"])
        let expected: Float = (3.0 / 11) / (3.0 / 11 + 1.0 / 12)
        #expect(abs(bayes.probabilities(of: row("password"))[0] - expected) < 1e-6)
    }

    @Test func `names of labels are read as words`() {
        var keywords = KeywordBaseline(labels: ["card_not_working", "LostCard", "Other"], fallback: 2)
        #expect(best(&keywords, "I lost my card") == "LostCard")
        #expect(best(&keywords, "the card is not working, not lost") == "card_not_working")
        #expect(best(&keywords, "hello") == "Other")
    }

    @Test func `the most frequent label is the first of equals`() {
        #expect(MajorityBaseline(labels: ["a", "b", "c"], counts: [1, 3, 3], fromTraining: true).best == 1)
        #expect(MajorityBaseline(labels: ["a"], counts: [0], fromTraining: false).best == 0)
    }
}
