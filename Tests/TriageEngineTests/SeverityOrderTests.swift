import Foundation
import Testing
import TriageModel
import TriageTickets

@testable import TriageEngine

/// Policy, floors, site tests and evaluation compare severities in one way.
struct SeverityOrderTests {
    private static let order = SeverityOrder(["Low", "Medium", "High", "Critical"])

    @Test func `capitals do not matter, and a name outside the order has no rank`() {
        #expect(Self.order.ranks(of: ["low", "HIGH", "Critical", "P1"]) == [0, 2, 3, nil])
        #expect(Self.order.areEqual("high", "High") && !Self.order.areEqual("high", "Low"))
        #expect(Self.order.areEqual("P1", "P1") && !Self.order.areEqual("P1", "p1"))
        #expect(Self.order.isAtLeast("high", "CRITICAL") && !Self.order.isAtLeast("high", "medium"))
        #expect(!Self.order.isAtLeast("Low", "P1"))
        #expect(SeverityOrder(["P2", "P1", "p2"]).names == ["P2", "P1"])
    }

    @Test func `the mildest label from a rank, else the harshest`() {
        #expect(Self.order.mildest(of: ["critical", "P9", "low", "high"], from: 1) == "high")
        #expect(Self.order.mildest(of: ["low", "medium"], from: 3) == "medium")
        #expect(Self.order.mildest(of: ["P1"], from: 0) == nil)
    }

    @Test(arguments: [
        (#"{"is":"High"}"#, true), (#"{"is":"high"}"#, true), (#"{"not":"High"}"#, false),
        (#"{"at_least":"high"}"#, true), (#"{"at_least":"MEDIUM"}"#, true),
        (#"{"at_least":"critical"}"#, false), (#"{"is":"\u00a0high "}"#, true),
    ])
    func `a site test compares a severity as the policy does`(demand: String, holds: Bool) throws {
        let model = Trained.train(["category", "severity"], severities: ["high", "low", "low"])
        let path = NSTemporaryDirectory() + "\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let line = #"{"text":"password login locked number 3 please","severity":\#(demand)}"#
        try Data(line.utf8).write(to: URL(fileURLWithPath: path))
        let labels = Dictionary(
            uniqueKeysWithValues: model.heads.map { ($0.manifest.field, $0.labels.names) })
        let tests = try SiteTests(path: path, labels: labels, severityField: "severity", policy: Policy())
        #expect(tests.failures(Snapshot(model: model)).isEmpty == holds)
    }

    @Test func `a playbook in other capitals decides the same`() throws {
        let model = Trained.train(["category", "severity"], severities: ["high", "low", "low"])
        let plain = "floors: [{id: fire, raise_to: High, any: [on fire]}]\nunder_triage_weight: 2"
        let other = "severities: [LOW, MEDIUM, HIGH, CRITICAL]\n" + plain
        let texts = ["desk on fire, invoice refund charged", "password login locked", "crash error broken"]
        let answers = try [plain, other].map { playbook in
            let policy = try Policy(playbook: Array(playbook.utf8), path: "p.yaml")
            return texts.map { Snapshot(model: model, policy: policy).decide(Ticket(body: $0)).json }
        }
        #expect(answers[0] == answers[1])
    }
}
