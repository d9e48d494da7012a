import Testing

@testable import TriageEvaluation

/// The rules of a promotion that need no model.
struct PromotionTests {
    @Test(
        arguments: [
            ("0.5", nil, nil, 0.5), ("Critical=90%", nil, "Critical", 0.9),
            ("severity:Critical=0.9", "severity", "Critical", 0.9),
            ("Network::VPN=0.5", nil, "Network::VPN", 0.5),
            ("a=b=0.5", nil, "a=b", 0.5),
        ] as [(String, String?, String?, Double)])
    func `a minimum recall is of all labels, of one, or of one in a field`(
        text: String, field: String?, label: String?, share: Double
    ) throws {
        let floor = try #require(PromotionRules.RecallFloor(parsing: text))
        #expect(floor.field == field && floor.label == label && floor.share == share)
    }

    @Test(arguments: ["", "Critical", "Critical=", "=0.5", ":Critical=0.5", "Critical=2", "Critical=0"])
    func `other text is none`(text: String) {
        #expect(PromotionRules.RecallFloor(parsing: text) == nil)
    }

    /// Rows of two labels; those of `wrong` are answered with the other label.
    private func field(_ rows: Int, wrong: Set<Int>) -> ScoredField {
        var field = ScoredField(name: "category", labels: ["Bug", "Login"])
        for row in 0..<rows {
            let answer = wrong.contains(row) ? 1 - row % 2 : row % 2
            field.add(
                row: row, gold: field.labels[row % 2], probabilities: answer == 0 ? [0.9, 0.1] : [0.1, 0.9])
        }
        return field
    }

    @Test func `a recall that fell by chance is none, and one that surely fell is named`() {
        let champion = field(200, wrong: [])
        #expect(RecallCheck(field(200, wrong: [0, 2, 4, 6]), champion).falls(in: "category").isEmpty)
        let wrong = Set(stride(from: 0, to: 24, by: 2))
        let falls = RecallCheck(field(200, wrong: wrong), champion).falls(in: "category")
        #expect(falls == ["category: of 100 tickets with Bug, 88 are right; the champion has 100"])
        // As many are won as are lost.
        let other = field(200, wrong: Set(stride(from: 100, to: 124, by: 2)))
        #expect(RecallCheck(field(200, wrong: wrong), other).falls(in: "category").isEmpty)
    }

    @Test func `a floor is judged on enough rows of its label alone`() {
        let check = RecallCheck(field(50, wrong: [1, 3]), nil)
        #expect(check.share(of: "Login")?.right == 23 && check.share(of: "Login")?.rows == 25)
        #expect(RecallCheck(field(30, wrong: []), nil).share(of: "Login") == nil)
        #expect(check.share(of: "Fraud") == nil)
    }
}
