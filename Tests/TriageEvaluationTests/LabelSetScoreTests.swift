import Testing

@testable import TriageEvaluation

struct LabelSetScoreTests {
    @Test func `coverage is told label by label where rows suffice`() throws {
        var field = ScoredField(name: "f", labels: ["A", "B"])
        for row in 0..<40 {
            field.add(
                row: row, gold: "A", probabilities: [0.8, 0.2],
                labelSet: .init(size: row < 10 ? 2 : 1, covers: row % 4 != 0))
        }
        for row in 40..<59 {
            field.add(row: row, gold: "B", probabilities: [0.8, 0.2], labelSet: .init(size: 2, covers: true))
        }
        let score = try #require(LabelSetScore(field))
        #expect(score.coverage.value == 49.0 / 59)
        #expect(score.labels.map(\.label) == ["A"])
        #expect(score.labels[0].rows == 40 && score.labels[0].coverage.value == 0.75)
        #expect(score.labels[0].meanSize == 1.25)
        field.add(row: 59, gold: "B", probabilities: [0.8, 0.2], labelSet: .init(size: 1, covers: false))
        #expect(try #require(LabelSetScore(field)).labels.map(\.coverage.value) == [0.75, 0.95])
        #expect(LabelSetScore(ScoredField(name: "f", labels: ["A", "B"])) == nil)
    }
}
