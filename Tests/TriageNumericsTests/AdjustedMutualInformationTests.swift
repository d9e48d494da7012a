import Testing

@testable import TriageNumerics

struct AdjustedMutualInformationTests {
    struct Case: Sendable {
        var first: [Int]
        var second: [Int]
        var value: Double
    }

    /// Each value follows from the formula by hand; ln 2 and ln 3 are all that is left.
    static let cases = [
        Case(first: [0, 0, 1, 1], second: [1, 1, 0, 0], value: 1),
        // MI 0; a cell holds both rows of a group with 1/6, so E = 4 · 1/6 · 1/2 · ln 2 = ln 2 / 3.
        Case(first: [0, 0, 1, 1], second: [0, 1, 0, 1], value: -0.5),
        // Any grouping into 3 + 1 shares the same with one into 2 + 2.
        Case(first: [0, 0, 0, 1], second: [0, 0, 1, 1], value: 0),
        // MI 2/3 ln 2; E = 6 · 1/5 · 1/3 · ln 2 = 2/5 ln 2; entropies ln 2 and ln 3.
        Case(first: [0, 0, 0, 1, 1, 1], second: [0, 0, 1, 1, 2, 2], value: 0.298_792_458_170_890),
    ]

    @Test(arguments: cases)
    func `equals the value by hand`(given: Case) {
        #expect(abs(AdjustedMutualInformation(given.first, given.second).value - given.value) < 1e-12)
        #expect(abs(AdjustedMutualInformation(given.second, given.first).value - given.value) < 1e-12)
    }

    @Test func `numbers without rows change nothing`() {
        let value = AdjustedMutualInformation([0, 0, 3, 3, 5, 5], [9, 9, 2, 2, 2, 7]).value
        #expect(value == AdjustedMutualInformation([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 0, 1]).value)
    }

    @Test func `one group, no rows, and one row a group`() {
        #expect(AdjustedMutualInformation([0, 0, 0], [4, 4, 4]).value == 1)
        #expect(AdjustedMutualInformation([], []).value == 1)
        #expect(AdjustedMutualInformation([0, 1, 2], [2, 0, 1]).value == 1)
        #expect(abs(AdjustedMutualInformation([0, 0, 0], [0, 1, 2]).value) < 1e-12)
    }

    @Test func `random groups agree by chance alone`() {
        var generator = SplitMix64(seed: 5)
        let groups = (0..<2).map { _ in (0..<2000).map { _ in generator.below(20) } }
        #expect(abs(AdjustedMutualInformation(groups[0], groups[1]).value) < 0.01)
    }
}
