import Testing

@testable import TriageEngine
import TriageTickets

struct FloorTests {
    private static let floors = """
        floors:
          - {id: fire, raise_to: Critical, any: [on fire], unless: [not on fire]}
          - {id: team, raise_to: High, any: [team cannot work]}
        """
    private static let lowHigh = Trained.train(["category", "severity"], severities: ["high", "low", "low"])
    private static let numbered = Trained.train(["category", "severity"], severities: ["P1", "P4", "P3"])
    private static let headless = Trained.train(["category"], severities: [])
    private static let calibrated = Trained.train(
        ["category", "severity"], severities: ["P1", "P4", "P3"], calibrated: true)

    private func decide(
        _ model: ModelBundle, _ text: String, playbook: String = FloorTests.floors
    ) throws -> Decision {
        let policy = try Policy(playbook: Array(playbook.utf8), path: "p.yaml")
        return Snapshot(model: model, policy: policy).decide(Ticket(body: text))
    }

    private func prediction(_ decision: Decision, _ field: String) throws -> Decision.Prediction {
        try #require(decision.predictions.first { $0.field == field })
    }

    @Test func `a raised severity is left to a person and the model's own answer kept`() throws {
        let plain = try decide(Trained.model, "invoice refund charged, nothing on paper")
        let raised = try decide(Trained.model, "team cannot work: invoice refund charged")
        #expect(plain.severity == "Low" && plain.notes == nil)
        #expect(raised.severity == "High")
        #expect(raised.notes == "Severity raised from Low to High by the safety floor team.")
        let severity = try prediction(raised, "severity")
        #expect(severity.label == "Low" && severity.level == .review && severity.reasons.contains(.floor))
    }

    @Test func `the answer stays in the bundle's labels`() throws {
        let decision = try decide(Trained.model, "invoice refund charged, desk on fire")
        #expect(decision.severity == "High")
        #expect(decision.notes == "Severity raised from Low to High by the safety floor fire.")
        let highest = try decide(Trained.model, "password login locked, desk on fire")
        #expect(highest.severity == "High")
        #expect(
            highest.notes == "The safety floor fire asks for Critical; the model has no severity above High.")
        #expect(try prediction(highest, "severity").level == .review)
        #expect(try prediction(highest, "severity").reasons.contains(.floor))
    }

    @Test(arguments: [
        (
            "invoice refund charged\n\nOn Mon, 5 Jan 2026 at 10:00, Bob <b@example.org> wrote:\n> the desk is on fire",
            "quoted"
        )
    ])
    func `a floor in a part that is set aside leaves the severity to a person`(text: String, part: String)
        throws
    {
        let decision = try decide(FloorTests.calibrated, text)
        let plain = try decide(FloorTests.calibrated, "invoice refund charged")
        #expect(decision.severity == plain.severity)
        #expect(Set(decision.setAside.map(\.kind.rawValue)) == [part])
        #expect(
            decision.remarks == [.floorSetAside(floor: "fire", part: try #require(.init(rawValue: part)))])
        let severity = try prediction(decision, "severity")
        #expect(severity.level == .review && severity.reasons.contains(.floor))
        #expect(try prediction(decision, "category").level <= .suggest)
        #expect(
            try decide(FloorTests.calibrated, text.replacing("on fire", with: "on offer")).remarks.isEmpty)
    }

    @Test func `labels match without regard to capitals`() throws {
        let decision = try decide(FloorTests.lowHigh, "invoice refund charged, team cannot work")
        #expect(decision.severity == "high")
        #expect(decision.notes?.contains("from low to high by the safety floor team") == true)
    }

    @Test func `a floor that cannot be compared with the model's label is seen`() throws {
        let decision = try decide(
            FloorTests.numbered, "invoice refund charged, desk on fire, team cannot work")
        #expect(decision.severity == "P4")
        let severity = try prediction(decision, "severity")
        #expect(severity.level == .review && severity.reasons.contains(.floor))
        let notes = try #require(decision.notes)
        #expect(
            notes.contains("fire asks for Critical") && notes.contains("P4") && notes.contains("severities:"))
    }

    @Test func `a playbook with the site's own order raises to the site's own labels`() throws {
        let playbook = "severities: [P4, P3, P2, P1]\nfloors: [{id: fire, raise_to: P2, any: [on fire]}]"
        let decision = try decide(
            FloorTests.numbered, "invoice refund charged, desk on fire", playbook: playbook)
        #expect(decision.severity == "P1")
    }

    @Test(arguments: ["desk on fire, password login locked please", "team cannot work, crash error broken"])
    func `nothing on a ticket with a floor is good enough to act on`(text: String) throws {
        let calm = try decide(FloorTests.calibrated, "password login locked number 3 please")
        #expect(calm.predictions.contains { $0.level == .auto })
        let decision = try decide(FloorTests.calibrated, text)
        #expect(decision.predictions.allSatisfy { $0.level < .auto && $0.reasons.contains(.floor) })
    }

    @Test func `a bundle without a severity is raised from the default`() throws {
        let decision = try decide(FloorTests.headless, "desk on fire, invoice refund charged")
        #expect(decision.severity == "Critical")
        #expect(decision.notes?.contains("predicts no severity") == true)
        #expect(decision.notes?.contains("from Medium to Critical by the safety floor fire") == true)
        #expect(try decide(FloorTests.headless, "desk not on fire").severity == "Medium")
    }

    @Test(arguments: [0, 1, 60_000, 65_530, 65_536, 131_000, 300_000])
    func `a floor is seen wherever it stands in a long ticket`(place: Int) throws {
        let words = String(repeating: "invoice ", count: 60_000)
        let text = "\(words.prefix(place / 8 * 8))desk on fire \(words.dropFirst(place))"
        #expect(try decide(Trained.model, text).notes?.contains("fire") == true)
        #expect(try decide(Trained.model, words).notes == nil)
    }
}
