import Testing
import TriageNumerics

@testable import TriageModel

struct OrdinalRuleTests {
    /// Critical, High, Low, Medium, as a bundle's alphabetical labels stand on the scale.
    private let steps = [3, 2, 0, 1]

    @Test func `the label of least expected cost is the quantile that its weight asks for`() {
        let probabilities: [Float] = [0.15, 0.1, 0.45, 0.3]
        func said(_ weight: Double) -> Int {
            OrdinalRule(steps: steps, underTriageWeight: weight).choose(probabilities)
        }
        // P(> Low) = 0.55, P(> Medium) = 0.25, P(> High) = 0.15: the mildest below 1 / (1 + w).
        #expect(said(1) == 3)
        #expect(said(2.9) == 3)
        #expect(said(3.1) == 1)
        #expect(said(5.6) == 1)
        #expect(said(5.7) == 0)
        #expect(OrdinalRule(steps: steps, underTriageWeight: 1).choose([0, 0, 1, 0]) == 2)
    }

    /// Rows of critical tickets with these probabilities of being critical, and as many low ones without doubt.
    private func scores(_ critical: [Float]) -> HeldOutScores {
        let rows =
            critical.map { (gold: 0, p: [$0, 0, 1 - $0, 0] as [Float]) }
            + critical.map { _ in (gold: 2, p: [0, 0, 1, 0]) }
        let order = rows.map { row in TopK.indices(of: row.p, count: 4) }
        return HeldOutScores(
            confidence: ConstantBuffer(zip(rows, order).map { $0.p[$1[0]] }),
            predicted: ConstantBuffer(order.map { Int32($0[0]) }),
            gold: ConstantBuffer(rows.map { Int32($0.gold) }),
            goldProbability: ConstantBuffer(rows.map { $0.p[$0.gold] }),
            clear: ConstantBuffer([Int8](repeating: 1, count: rows.count)),
            candidates: .init(
                width: 4, labels: ConstantBuffer(order.flatMap { $0.map { Int32($0) } }),
                probabilities: ConstantBuffer(
                    zip(rows, order).flatMap { row, order in order.map { row.p[$0] } }),
                inside: ConstantBuffer([Int8](repeating: 1, count: rows.count))))
    }

    @Test func `the least weight that shows the bound is chosen`() throws {
        // One in five critical tickets is taken for Low with 0.3 of doubt, which a weight above 7/3 overrules.
        let rows = (0..<200).map { $0 % 5 == 0 ? Float(0.3) : 0.9 }
        let bound = try UnderTriageBound(share: 0.05, steps: steps, scores(rows))
        #expect(bound.underTriageWeight == 2.38)
        #expect(bound.critical == 200 && bound.milder == 0 && bound.overTriage == 0)
        #expect(bound.upperBound < 0.0149 && bound.upperBound > 0.0148)
        let loose = try UnderTriageBound(share: 0.3, steps: steps, scores(rows))
        #expect(loose.underTriageWeight == nil && loose.milder == 40)
    }

    @Test func `too few critical rows are refused with what is missing`() {
        #expect(throws: UnderTriageBound.BoundError.tooFew(critical: 50, missing: 9)) {
            try UnderTriageBound(share: 0.05, steps: steps, scores([Float](repeating: 1, count: 50)))
        }
        #expect(throws: UnderTriageBound.BoundError.outOfReach(critical: 100, milder: 10)) {
            try UnderTriageBound(
                share: 0.05, steps: steps, scores((0..<100).map { $0 % 10 == 0 ? 0 : 1 }))
        }
        #expect(throws: UnderTriageBound.BoundError.notKept) {
            try UnderTriageBound(share: 0.05, steps: steps, nil)
        }
    }
}
