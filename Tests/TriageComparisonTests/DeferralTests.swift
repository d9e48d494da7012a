import Testing
import TriageNumerics

@testable import TriageComparison
@testable import TriageEvaluation

struct DeferralTests {
    /// Rows of two labels at rising confidence, the engine and the model right as told of each row.
    private func field(
        _ count: Int, confidence: ((Int) -> Float)? = nil, engine: (Int) -> Bool, model: (Int) -> Bool
    ) -> PairedField {
        var field = PairedField(name: "category", labels: ["a", "b"])
        for row in 0..<count {
            let gold = row % 2
            let (own, other) = (engine(row) ? gold : 1 - gold, model(row) ? gold : 1 - gold)
            field.answers.append(
                PairedField.Answer(
                    row: row, gold: gold, engine: own,
                    confidence: confidence?(row) ?? Float(row) / Float(count),
                    chosen: other, mode: other))
        }
        return field
    }

    /// Below 0.3 the model alone is right, above the engine, and the model every other time.
    private var crossing: PairedField {
        field(400) {
            $0 >= 120
        } model: {
            $0 < 120 || $0 % 2 == 0
        }
    }

    @Test func `the threshold where the model stops being better is found, and it pays`() throws {
        let comparison = FieldComparison(crossing)
        let verdict = comparison.verdict
        let choice = try #require(verdict.choice)
        #expect(verdict.outcome == .pays)
        #expect((verdict.choosingRows, verdict.judgingRows) == (200, 200))
        #expect(abs(Double(choice.threshold ?? 1) - 0.3) < 0.02 && abs(choice.share - 0.3) < 0.02)
        let gain = try #require(choice.gain.value)
        #expect(abs(gain - 0.3) < 0.08 && choice.gain.low ?? 0 > 0.2 && choice.midP < 0.001)
        #expect(choice.onlyEngine < 3 && Double(choice.onlyModel - choice.onlyEngine) / 200 == gain)
    }

    @Test func `the curve starts at the engine, peaks at the optimum and ends at LLM mode`() throws {
        let comparison = FieldComparison(crossing)
        let points = comparison.deferral.points
        #expect(points.map(\.share) == (0...20).map { Double($0) / 20 })
        let best = try #require(points.max { $0.accuracy < $1.accuracy })
        #expect(best.share == 0.3 && best.accuracy == 1 && best.threshold == 0.3)
        #expect(points.first?.accuracy == comparison.engine.accuracy.value)
        let last = try #require(points.last)
        #expect(abs(last.accuracy - (comparison.mode.accuracy.value ?? -1)) < 1e-12 && last.threshold == nil)
        #expect(points.first?.gain == Estimate(value: 0, low: 0, high: 0))
        // Where the model is right in each row, resampling changes nothing.
        #expect(points[2].gain.low == points[2].gain.high)
        for point in points where point.share > 0.4 {
            let gain = try #require(point.gain.value)
            #expect(point.gain.low ?? 1 < gain && point.gain.high ?? 0 > gain)
        }
    }

    @Test func `a model that is better everywhere gets every ticket`() throws {
        let better = field(200) {
            $0 % 3 == 0
        } model: { _ in
            true
        }
        let choice = try #require(DeferralVerdict(better).choice)
        #expect(DeferralVerdict(better).outcome == .pays && choice.threshold == nil && choice.share == 1)
    }

    @Test func `a model that is worse everywhere does not help, and nothing is chosen`() {
        let worse = field(200) { _ in
            true
        } model: {
            $0 % 3 == 0
        }
        let verdict = DeferralVerdict(worse)
        #expect(verdict.outcome == .doesNotHelp && verdict.choice == nil)
    }

    /// The model is right where the engine is not, a little more often than the other way round.
    @Test func `a gain that may be chance is called neither help nor none`() {
        let close = field(120) {
            $0 % 20 > 8
        } model: {
            $0 % 20 > 7 && $0 % 20 != 15
        }
        let verdict = DeferralVerdict(close)
        #expect(verdict.outcome == .unclear || verdict.choice == nil)
        let gain = verdict.choice?.gain
        #expect(gain?.low ?? 0 <= 0 && gain?.high ?? 1 >= 0.01, "\(String(describing: verdict.choice))")
    }

    /// Where both are right by chance, the best point of a curve lies above zero all the same; the verdict must not fall
    /// for that more often than its 5 %.
    @Test func `chance alone pays seldom, though the best point of the curve nearly always gains`() {
        var generator = SplitMix64(seed: 7)
        var (paid, gained) = (0, 0)
        let runs = 300
        for _ in 0..<runs {
            let chance = field(120) { _ in
                generator.unitFloat() < 0.6
            } model: { _ in
                generator.unitFloat() < 0.6
            }
            if DeferralVerdict(chance).outcome == .pays { paid += 1 }
            let sorted = DeferralCurve.leastSureFirst(chance.answers)
            var (sum, best) = (0, 0)
            for answer in sorted {
                sum += answer.step
                best = max(best, sum)
            }
            if best > 0 { gained += 1 }
        }
        #expect(Double(paid) / Double(runs) < 0.05, "\(paid) of \(runs)")
        #expect(Double(gained) / Double(runs) > 0.8, "\(gained) of \(runs)")
    }

    @Test func `rows that are equally sure go together`() throws {
        let tied = field(100, confidence: { $0 < 50 ? 0.4 : 0.8 }) {
            $0 >= 50
        } model: {
            $0 < 50
        }
        let choice = try #require(DeferralVerdict(tied).choice)
        #expect(choice.threshold == 0.8 && choice.share == 0.5)
    }

    @Test func `too few rows for two halves are chosen to be too few`() {
        let few = field(39) { _ in
            false
        } model: { _ in
            true
        }
        #expect(DeferralVerdict(few).outcome == .tooFewRows)
    }
}
