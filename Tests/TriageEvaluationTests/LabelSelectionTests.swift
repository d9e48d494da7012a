import Testing

@testable import TriageEvaluation

struct LabelSelectionTests {
    private func candidate(_ doubt: Float, _ x: Float, _ y: Float) -> LabelSelection.Candidate {
        .init(doubt: doubt, vector: [x, y])
    }

    @Test func `doubt, density and difference decide, and equal worth goes by place`() {
        let many = (0..<10).map { _ in candidate(0.2, 1, 0) }
        let others = [
            candidate(0.9, 1, 0.1), candidate(0.9, 1, 0.12), candidate(0.8, 0, 1), candidate(0, 0, 1),
        ]
        let selection = LabelSelection(many + others)
        // Of two alike that the model doubts one is enough; then the one of its own kind.
        #expect(selection.next(2) == [11, 12] || selection.next(2) == [10, 12])
        #expect(selection.next(2) == selection.next(5).prefix(2).map { $0 })
        let equal = LabelSelection((0..<4).map { _ in candidate(0.5, 1, 0) })
        #expect(equal.next(3) == [0, 1, 2])
        #expect(Set(selection.next(100)).count == 14)
        #expect(LabelSelection([]).next(3).isEmpty)
        #expect(LabelSelection([candidate(0.5, 0, 0)]).next(1) == [0])
    }
}
