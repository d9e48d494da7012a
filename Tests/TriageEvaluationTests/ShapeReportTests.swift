import Testing
import TriageModel

@testable import TriageEvaluation

struct ShapeReportTests {
    private func field() -> ScoredTags {
        var head = ModelManifest.Head(
            field: "tags", role: nil, labels: ["mac", "mail", "vpn"], temperature: 1, isCalibrated: true,
            threshold: 0.5,
            settings: .init(characterWeight: 1, embeddingWeight: 0, inversePenalty: 30), metrics: [:])
        head.tags = .init(goal: "f1", thresholds: [0.4, nil, 0.6])
        var field = ScoredTags(head)
        let rows: [(gold: [String], given: [String])] = [
            (["vpn", "mac"], ["mac", "vpn"]), (["vpn"], ["mac"]), ([], []), (["fax"], ["vpn"]), (["mac"], []),
        ]
        for (place, row) in rows.enumerated() {
            field.add(row: place, gold: row.gold, given: row.given, probabilities: [0, 0, 0])
        }
        return field
    }

    @Test func `figures of tags are those of the definition`() throws {
        let report = TagReport(field())
        // Right: mac and vpn of the first row. Given 4, gold 5.
        #expect(report.estimates[.microF1]?.value == 4.0 / 9)
        // mac 2·1/(2+2), vpn 2·1/(2+2), fax 0; mail is in no row.
        #expect(report.estimates[.macroF1]?.value == (0.5 + 0.5 + 0) / 3)
        #expect(report.estimates[.precision]?.value == 2.0 / 4 && report.estimates[.recall]?.value == 2.0 / 5)
        #expect(report.estimates[.exact]?.value == 2.0 / 5)
        #expect(report.unknownTags == 1 && report.modelTags == 3 && report.without == (1, 2))
        let mac = try #require(report.tags.first { $0.name == "mac" })
        #expect(mac.support == 2 && mac.given == 2 && mac.right == 1 && mac.threshold == 0.4)
    }

    @Test func `rows that were seen in training are left out`() {
        let kept = field().leavingOut([1, 3])
        #expect(kept.rows.map(\.place) == [0, 2, 4])
        #expect(TagReport(kept).estimates[.precision]?.value == 1)
    }

    @Test func `depths count answers where they end`() throws {
        func outcome(_ right: [Bool], depth: Int, isRight: Bool, isWhole: Bool) -> TreeOutcome {
            TreeOutcome(
                isRight: right, depth: depth, isAnswerRight: isRight, isWhole: isWhole, isContradiction: false
            )
        }
        let score = try #require(
            TreeScore([
                outcome([true, true], depth: 2, isRight: true, isWhole: true),
                outcome([true, false], depth: 1, isRight: true, isWhole: false),
                outcome([false, false], depth: 1, isRight: false, isWhole: false),
                outcome([true, false], depth: 0, isRight: true, isWhole: false),
                outcome([true, true], depth: 1, isRight: true, isWhole: true),
            ]))
        #expect(score.depths.map(\.answers) == [2, 2] && score.unsure == 1)
        #expect(score.depths.map(\.accuracy.value) == [0.8, 0.4])
        #expect(score.depths.map(\.right.value) == [0.5, 1])
        #expect(score.contradictions == 0)
        #expect(TreeScore([]) == nil)
    }
}
