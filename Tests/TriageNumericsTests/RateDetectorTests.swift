import Testing
import TriageNumerics

struct RateDetectorTests {
    private static func trials(_ count: Int, _ rate: Int, _ random: inout SplitMix64) -> [Bool] {
        (0..<count).map { _ in random.below(1_000) < rate }
    }

    @Test func `trials without the event may be taken in at once`() {
        var random = SplitMix64(seed: 3)
        var (one, all) = (RateDetector(limit: 0.05), RateDetector(limit: 0.05))
        for (place, happened) in Self.trials(500, 60, &random).enumerated() {
            one.observe(happened)
            if happened { all.observeEvent(afterTrials: place + 1) }
            if place % 50 == 49 { all.skip(to: place + 1) }
            guard happened || place % 50 == 49 else { continue }
            #expect(abs(one.evidence - all.evidence) <= 1e-9 * one.evidence)
            #expect(one.trials == all.trials)
        }
    }

    @Test func `while the rate is at the limit, alarms are as rare as the bound`() {
        var random = SplitMix64(seed: 1)
        let alarms = (0..<200).count { _ in
            var detector = RateDetector(limit: 0.05, multiples: [1.5, 2, 4])
            return Self.trials(1_000, 50, &random).contains {
                detector.observe($0)
                return detector.evidence >= 20_000
            }
        }
        // Of 200 runs of 1,000 trials, 1,000 ÷ 20,000 may raise one: ten.
        #expect(alarms <= 10)
    }

    @Test func `a change is found as fast late as early`() throws {
        var random = SplitMix64(seed: 2)
        for start in [0, 10_000] {
            var detector = RateDetector(limit: 0.05)
            for happened in Self.trials(start, 30, &random) { detector.observe(happened) }
            #expect(detector.evidence < 20_000)
            let found = Self.trials(500, 200, &random).firstIndex {
                detector.observe($0)
                return detector.evidence >= 20_000
            }
            #expect(try #require(found) < 150, "after \(start)")
        }
    }

    @Test func `a rate far above the limit does not overflow`() {
        var detector = RateDetector(limit: 0.001)
        for _ in 0..<10_000 { detector.observe(true) }
        #expect(detector.evidence.isFinite && detector.evidence > 1e100)
    }
}
