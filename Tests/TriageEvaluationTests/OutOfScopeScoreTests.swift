import Testing

@testable import TriageEvaluation

struct OutOfScopeScoreTests {
    private func field(inside: [Float], outside: [Float]) -> ScoredField {
        var field = ScoredField(name: "f", labels: ["a", "b"])
        for (row, score) in inside.enumerated() {
            field.add(
                row: row, gold: "a", probabilities: [0.9, 0.1],
                scope: OutOfScopePrediction(row: row, score: score, isRejected: score > 0.9))
        }
        for (row, score) in outside.enumerated() {
            field.addOutside(OutOfScopePrediction(row: 1000 + row, score: score, isRejected: score > 0.9))
        }
        return field
    }

    /// Of 20 scores inside, 19 stay at or below 0.18: 0.5 and 0.95 outside are above, 0.18 and 0.05 are not.
    @Test func `recall is counted above the score that 95 % of the labelled rows stay below`() throws {
        let inside = (0..<20).map { Float($0) / 100 }
        let score = try #require(OutOfScopeScore(field(inside: inside, outside: [0.5, 0.95, 0.18, 0.05])))
        #expect(score.recall.value == 0.5)
        // Won against 20, 20, 18 and a tie, 5 and a tie.
        #expect(abs((score.area.value ?? 0) - (20 + 20 + 18.5 + 5.5) / 80) < 1e-9)
        #expect(score.rejectedOutside.value == 0.25)
        #expect(score.rejectedInside.value == 0)
    }

    @Test func `scores that tell nothing give an area of one half`() throws {
        let equal = [Float](repeating: 0.3, count: 30)
        let score = try #require(OutOfScopeScore(field(inside: equal, outside: equal)))
        #expect(score.area == Estimate(value: 0.5, low: 0.5, high: 0.5))
        #expect(score.recall.value == 0)
    }

    @Test func `rows outside count in no other figure, and without them there is nothing to say`() {
        let field = field(inside: [0.1, 0.2], outside: [0.9, 0.95])
        #expect(field.rows.count == 2)
        let figures = [field, self.field(inside: [0.1, 0.2], outside: [])].map {
            FieldReport($0, facts: [:], hasSources: false).estimates
        }
        #expect(figures[0] == figures[1] && !figures[0].isEmpty)
        #expect(OutOfScopeScore(self.field(inside: [0.1], outside: [])) == nil)
        #expect(OutOfScopeScore(self.field(inside: [], outside: [0.1])) == nil)
    }

    /// Of ten labelled rows six are answered, five of them rightly, and two of the four others.
    @Test func `automatic answers are right with and without the rows outside`() throws {
        var field = ScoredField(name: "f", labels: ["a", "b"])
        for row in 0..<10 {
            field.add(
                row: row, gold: row == 0 ? "b" : "a", probabilities: [0.9, 0.1],
                level: row < 6 ? "auto" : "review",
                scope: OutOfScopePrediction(row: row, score: 0.1, isRejected: false))
        }
        for row in 10..<14 {
            field.addOutside(
                OutOfScopePrediction(
                    row: row, score: 0.9, isRejected: row > 11, level: row > 11 ? "review" : "auto",
                    label: "a"))
        }
        let auto = try #require(OutOfScopeScore(field)?.auto)
        #expect(auto.outside == 2)
        #expect(auto.precisionInside.value == 5.0 / 6 && auto.precision.value == 5.0 / 8)
        #expect(auto.coverage.value == 8.0 / 14)
        #expect(OutOfScopeScore(self.field(inside: [0.1], outside: [0.9]))?.auto == nil)
    }
}
