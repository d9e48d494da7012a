import Testing
import TriageModel
import TriageTraining

/// When corrected tickets move an answer.
struct MemoryFitTests {
    private typealias Rule = ModelManifest.MemoryRule

    @Test func `training with held-out rows fits bounds, and a bundle keeps them`() throws {
        let trained = try SmallSet.train(threads: 1)
        let rule = try #require(trained.manifest.heads[0].memory)
        #expect(rule.rows == 90)
        #expect((0.7...2.5).contains(rule.sameLabel) && (0.7...2.5).contains(rule.anyLabel))
        #expect(try SmallSet.load(trained).manifest.heads[0].memory == rule)
        #expect(try SmallSet.train(threads: 1, fixed: true).manifest.heads[0].memory == nil)
    }

    @Test func `more and likelier corrected tickets count more, and a sure model less`() {
        let one = Rule.sum([1.2])
        #expect(abs(one - 1.2) < 1e-5)
        #expect(Rule.sum([1.2, 1.2]) > one && Rule.sum([1.2, 0.4]) < Rule.sum([1.2, 1.2]))
        #expect(Rule.sum([]) == -.infinity)
        #expect(Rule.margin(0.9, 0.1) > Rule.margin(0.6, 0.4))
        #expect(Rule.margin(0.3, 0.5) == 0 && Rule.margin(1, 0) < 14)
        let rule = Rule(sameLabel: 1.1, anyLabel: 1.2, rows: 0)
        func strength(_ likeness: Float, same: Bool, own: Float, was: Float = 0.9, votes: Int = 3) -> Float {
            rule.strength(
                [.init(likeness: likeness, isSameLabel: same, confidence: was)], confidence: own,
                of: 1 - own, support: votes, sameSupport: same ? votes : 0)
        }
        #expect(strength(1.15, same: true, own: 0.9) > 0)
        #expect(strength(1.15, same: true, own: 0.99) < 0)
        #expect(strength(1.15, same: true, own: 0.9, votes: 2) == -.infinity)
        #expect(strength(1.15, same: false, own: 0.51) < 0)
        #expect(strength(1.3, same: false, own: 0.51) > 0)
        #expect(strength(1.3, same: false, own: 0.99) < 0)
    }
}
