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
            let (meanings, shared) = (index.meanings(new.embedding), index.shared(new))
            for (entry, old) in kept.enumerated() {
                #expect(meanings[entry].isNaN == (old.meaning(new.embedding) == nil))
                #expect(old.meaning(new.embedding).map { $0 == meanings[entry] } ?? true)
                #expect(index.spelling(entry, new) == old.spelling(new))
                #expect(index.overlap(entry, new, shared) == old.overlap(new))
            }
        }
    }
}
