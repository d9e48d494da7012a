import Testing

@testable import TriageTraining

/// When an audit's count of wrong labels means anything.
struct NoiseTests {
    /// Answers of falling confidence; `wrong` gives, for a rank, whether the answer is another label.
    private func evidence(_ rows: Int, labels: Int = 4, wrong: (Int) -> Bool) -> NoiseEvidence {
        NoiseEvidence(
            (0..<rows).map { rank in
                NoiseEvidence.Answer(
                    label: rank % labels, predicted: (rank + (wrong(rank) ? 1 : 0)) % labels,
                    confidence: 1 - Float(rank) / Float(2 * rows))
            })
    }

    private func reason(_ estimate: LabelAudit.NoiseEstimate) -> String? {
        guard case .withheld(let reason) = estimate else { return nil }
        return reason
    }

    @Test func `a model that is wrong in most rows counts nothing`() {
        let weak = evidence(1000) { $0 % 5 > 1 }
        let text = reason(weak.estimate(counted: 0.577)) ?? ""
        #expect(text.contains("agree with 40.0 % of 1000 labels, and more than half are needed"), "\(text)")
    }

    @Test(arguments: [(24, 50, true), (40, 50, false), (520, 1000, true), (540, 1000, false)])
    func `half must be shown, not only seen`(right: Int, rows: Int, isWithheld: Bool) {
        let found = evidence(rows) { $0 * 7 % rows >= right }.estimate(counted: 0.05)
        #expect((reason(found) != nil) == isWithheld, "\(found)")
    }

    /// 90 rows of one label and 10 of three others, all answered with the first.
    @Test func `a model that knows the commonest label alone counts nothing`() {
        let answers = (0..<100).map { row in
            NoiseEvidence.Answer(label: row < 90 ? 0 : 1 + row % 3, predicted: 0, confidence: 0.9)
        }
        let text = reason(NoiseEvidence(answers).estimate(counted: 0.05)) ?? ""
        #expect(text.contains("averaged over labels the model finds 25.0 %"), "\(text)")
    }

    @Test func `labels changed at random are estimated, mistakes of the model are not`() {
        // Every 20th label is wrong, as often among the surest rows; the model errs in the last tenth too.
        let noisy = evidence(2000) { $0 % 20 == 0 || $0 > 1900 }
        #expect(noisy.estimate(counted: 0.08) == .share(0.08))
        // The surest half is right without an exception, and yet every eighth label should be wrong.
        let hard = evidence(2000) { $0 > 1000 && $0 % 4 == 0 }
        let text = reason(hard.estimate(counted: 0.125)) ?? ""
        #expect(text.contains("counts 12.5 %") && text.contains("mistakes of the model"), "\(text)")
    }

    @Test func `where nothing is counted nothing is withheld`() {
        #expect(evidence(10) { _ in true }.estimate(counted: 0) == .share(0))
    }
}
