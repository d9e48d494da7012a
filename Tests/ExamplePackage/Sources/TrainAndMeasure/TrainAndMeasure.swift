import Foundation
import TriageEngine
import TriageEvaluation
import TriageSearch
import TriageTraining

/// Searches the knowledge base of the folder named by the first argument, trains a model, decides with it, explains the
/// decision and measures the model.
@main
struct TrainAndMeasure {
    static func main() throws {
        let home = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "."
        let index = try SearchIndex(knowledgeBase: "\(home)/kb")
        let result = index.search(Ticket(body: "I was charged twice for one order"), count: 2)
        for hit in result.hits { print("article", index.article(of: hit).title, hit.score) }
        guard result.isKnown else { throw Problem.unexpected("no article for a double charge") }

        let folder = NSTemporaryDirectory() + "triage-example-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = TrainingOptions()
        options.name = "example"
        options.searchesSettings = false
        let set = try TrainingSet(tickets, fields: ["category"])
        try Trainer(options).train(set).write(to: folder)

        let snapshot = try Snapshot(at: Snapshot.Places(model: folder))
        let decision = snapshot.decide(Ticket(body: "My card was charged two times"), explaining: true)
        print("decided", decision.category, decision.explanations?.first?.terms.first?.text ?? "")

        var evaluation = Evaluation(snapshot)
        for ticket in tickets { try evaluation.add(ticket) }
        let report = EvaluationReport(evaluation)
        let accuracy = report.value(.accuracy, of: "category") ?? 0
        print("accuracy", accuracy)
        guard decision.category == "Billing", accuracy == 1, report.markdown().contains("category") else {
            throw Problem.unexpected(report.json())
        }
    }

    private enum Problem: Error { case unexpected(String) }

    /// Ten tickets of each of two labels.
    private static var tickets: [LabelledTicket] {
        (1...10).flatMap { number in
            [
                LabelledTicket(
                    Ticket(subject: "Invoice \(number)", body: "The card was charged twice."),
                    labels: ["category": "Billing"]),
                LabelledTicket(
                    Ticket(subject: "Password \(number)", body: "The login is locked."),
                    labels: ["category": "Login"]),
            ]
        }
    }
}
