import Foundation
import Testing

struct RememberTests {
    @Test func `tickets of a file are remembered, and the bad rows are named`() throws {
        let workspace = try Workspace()
        try TrainedBundle.copy(into: workspace)
        let question = "the invoice for my second flurbword account was charged twice in May"
        try workspace.write(
            "corrected.csv", "id,text,category\nT-1,\(question),Bug\nT-2,nothing like it at all,Bugs\n")
        try workspace.write(
            "tickets.jsonl", "{\"text\":\"Hello, \(question)!\"}\n{\"text\":\"password login locked\"}\n")
        let words = ["classify", "--model", "plain", "--kb", "none", "--input", "tickets.jsonl"]
        let plain = try workspace.run(words).objects.map { $0["category"] as? String }
        #expect(plain == ["Billing", "Login"])
        let outcome = try workspace.run(words + ["--remember", "corrected.csv"])
        #expect(outcome.status == 0)
        #expect(outcome.objects.map { $0["category"] as? String } == ["Bug", "Login"], "\(outcome.text)")
        #expect(outcome.text.contains("because you corrected ticket T-1: it is nearly the same."))
        #expect(
            outcome.errors.contains("line 3: the model has no label Bugs of category"), "\(outcome.errors)")
        let explained = try workspace.run([
            "explain", "--model", "plain", "--kb", "none", "--remember", "corrected.csv", question,
        ])
        #expect(explained.text.contains("because you corrected ticket T-1"), "\(explained.text)")
        #expect(try workspace.run(words + ["--remember", "none.csv"]).status == 66)
    }
}
