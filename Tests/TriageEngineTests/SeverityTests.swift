import Testing

@testable import TriageEngine
import TriageTickets

/// Severities decided by what mistakes cost.
struct SeverityTests {
    private static let calibrated = Trained.train(
        ["category", "severity"], severities: ["High", "Low", "Medium"], calibrated: true)

    private func snapshot(_ playbook: String, _ model: ModelBundle = Trained.model) throws -> Snapshot {
        Snapshot(model: model, policy: try Policy(playbook: Array(playbook.utf8), path: "p.yaml"))
    }

    private func severity(_ decision: Decision) throws -> Decision.Prediction {
        try #require(decision.predictions.first { $0.field == "severity" })
    }

    @Test func `a weight says a harsher severity than the likeliest, and that it does`() throws {
        // Two words for Low, one for High.
        let ticket = Ticket(body: "invoice refund password")
        let plain = try snapshot("defaults: {A: x}").decide(ticket)
        let weighed = try snapshot("under_triage_weight: 200").decide(ticket)
        #expect(plain.severity == "Low" && plain.notes == nil)
        #expect(weighed.severity == "High")
        #expect(
            weighed.notes
                == "Severity High rather than Low, which is more probable: at an under-triage weight of 200 it costs less "
                + "in expectation.")
        let (before, after) = (try severity(plain), try severity(weighed))
        #expect(after.label == "High" && after.reasons.contains(.expectedCost))
        #expect(after.level == before.level && after.level != .auto)
        #expect(after.alternatives.first?.label == "Low")
        #expect(after.alternatives.first?.probability == before.probability)
        #expect(after.probability < before.probability)
        #expect(after.alternatives.count == 2)
        #expect(plain.category == weighed.category)
    }

    @Test func `a label that a language model chose elsewhere leaves the cost's severity and its note`()
        throws
    {
        let ticket = Ticket(body: "invoice refund password")
        let snapshot = try snapshot("under_triage_weight: 200")
        let weighed = snapshot.decide(ticket)
        let category = try #require(snapshot.model.head(role: "category")?.labels.names.first)
        let elsewhere = snapshot.adopting(["category": category], in: weighed, of: snapshot.prepare(ticket))
        #expect(elsewhere.severity == weighed.severity && elsewhere.notes == weighed.notes)
        let here = snapshot.adopting(["severity": "Low"], in: weighed, of: snapshot.prepare(ticket))
        #expect(here.severity == "Low" && here.notes == nil)
        #expect(!(try severity(here).reasons.contains(.expectedCost)))
    }

    @Test func `the explanation is of the severity said, against the likeliest`() throws {
        let decision = try snapshot("under_triage_weight: 200").decide(
            Ticket(body: "invoice refund password"), explaining: true)
        let explanation = try #require(decision.explanations?.first { $0.field == "severity" })
        #expect(explanation.label == "High" && explanation.against?.label == "Low")
        #expect(explanation.against?.sum.logit ?? 0 < 0)
    }

    @Test func `where the likeliest costs least nothing changes`() throws {
        let ticket = Ticket(body: "password login locked number please")
        let plain = try snapshot("defaults: {A: x}").decide(ticket)
        #expect(try snapshot("under_triage_weight: 3").decide(ticket).predictions == plain.predictions)
    }

    @Test func `a bound without rows enough is refused, and says how many are missing`() throws {
        let refused = try #require(
            try snapshot("max_under_triage: 0.05", SeverityTests.calibrated).severityRefusal)
        #expect(
            refused.description.contains(
                "cannot be shown on 12 held-out rows labelled High; at least 47 more are needed"),
            "\(refused)")
        let cold = try #require(try snapshot("max_under_triage: 0.05").severityRefusal)
        #expect(cold.description.contains("not calibrated on your own labels"), "\(cold)")
        let odd = try #require(
            try snapshot("severities: [Low, High]\nunder_triage_weight: 2").severityRefusal)
        #expect(odd.description.contains("(Medium): list them under severities:"), "\(odd)")
    }

    @Test func `a bound that rows show decides`() throws {
        let snapshot = try snapshot("max_under_triage: 0.3", SeverityTests.calibrated)
        #expect(snapshot.severityRefusal == nil)
        let bound = try #require(try snapshot.policy.severityDecision(for: snapshot.model)?.bound)
        #expect(bound.critical == 12 && bound.upperBound <= 0.3)
    }
}
