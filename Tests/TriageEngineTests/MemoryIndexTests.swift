import Testing
import TriageModel
import TriageNumerics

@testable import TriageEngine

/// The index of a memory beside the sketches that it holds.
struct MemoryIndexTests {
    /// A sketch of random numbers, by way of its bytes.
    private func sketch(_ random: inout SplitMix64, dimension: Int, words: Int) throws -> TicketSketch {
        var bytes: [UInt8] = []
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(random.next())
        [dimension, TicketSketch.characterColumns, words].forEach { append(UInt32($0)) }
        for _ in 0..<dimension + TicketSketch.characterColumns { append(Int8(random.below(255) - 127)) }
        for word in 0..<words { append(UInt32(3 * word + random.below(3))) }
        return try #require(TicketSketch(bytes))
    }

    @Test func `meaning, spelling and overlap are those of the sketches`() throws {
        var random = SplitMix64(seed: 4)
        // Without an embedding, of another matrix, and with more words than are kept.
        let shapes = [(32, 20), (0, 5), (16, 8), (32, 0), (32, 1_024), (32, 40), (32, 3)]
        let kept = try shapes.map { try sketch(&random, dimension: $0.0, words: $0.1) }
        let index = MemoryIndex(kept)
        for shape in shapes {
            let new = try sketch(&random, dimension: shape.0, words: shape.1)
            let shared = index.shared(new, atLeast: 2)
            for (entry, old) in kept.enumerated() {
                #expect(index.meaning(entry, new.embedding) == old.meaning(new.embedding))
                #expect(index.spelling(entry, new) == old.spelling(new))
                // Entries of which not all words are kept are looked at in any case.
                let isMany = shared.map {
                    $0.many.contains(entry) == ($0.counts[entry] >= 2 || old.words.count == 1_024)
                }
                #expect(isMany ?? true)
                #expect(index.overlap(entry, new, shared?.counts) == old.overlap(new))
            }
        }
    }

    @Test func `a label that is left out could not have won`() {
        typealias Rule = ModelManifest.MemoryRule
        var random = SplitMix64(seed: 6)
        var (passed, leftOut) = (0, 0)
        for _ in 0..<20_000 {
            let rule = Rule(
                sameLabel: 0.5 + 1.5 * random.unitFloat(), anyLabel: 0.8 + random.unitFloat(), rows: 0)
            let own = 0.2 + 0.799 * random.unitFloat()
            let other = (1 - own) * random.unitFloat() * (random.below(2) == 0 ? 1 : 1e-4)
            let votes = (0..<1 + random.below(20)).map { _ in
                Rule.Vote(
                    likeness: 2 * random.unitFloat(), isSameLabel: random.below(3) == 0,
                    confidence: random.unitFloat())
            }
            let same = votes.count(where: \.isSameLabel)
            let strength = rule.strength(
                votes, confidence: own, of: other, support: votes.count, sameSupport: same)
            let mayPass = rule.mayPass(
                votes: votes.count, sameVotes: same, likeness: 2, confidence: own, of: other)
            #expect(mayPass || strength < 0, "\(rule) \(votes)")
            passed += strength >= 0 ? 1 : 0
            leftOut += mayPass ? 0 : 1
        }
        #expect(passed > 1_000 && leftOut > 1_000)
    }
}
