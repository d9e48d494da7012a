import TriageModel
import TriageNumerics
import TriageText

/// Finds the buckets worth a weight: those of n-grams in at least `minimum` documents.
enum VocabularyFit {
    struct Blocks {
        var words: HashedTFIDF
        var characters: HashedTFIDF
        /// How many features all rows have together.
        var nonZeros: Int
    }

    static func fit(
        _ examples: [TrainingExample], _ options: NGramOptions, bits: ModelManifest.BucketBits, minimum: Int,
        _ workers: Workers
    ) throws(ModelError) -> Blocks {
        // Each worker piece counts its own documents; counts add up to the same in any order.
        let pieces = min(8, max(1, examples.count / 4096))
        let counts = workers.map(pieces) { piece in
            let range = examples.count * piece / pieces..<examples.count * (piece + 1) / pieces
            return Counts(examples[range], options, bits)
        }
        var total = counts[0]
        for other in counts.dropFirst() { total.add(other) }
        let nonZeros = (total.words + total.characters).reduce(0) { $0 + (Int($1) >= minimum ? Int($1) : 0) }
        return Blocks(
            words: try block(total.words, bits.words, documents: examples.count, minimum: minimum),
            characters: try block(
                total.characters, bits.characters, documents: examples.count, minimum: minimum),
            nonZeros: nonZeros)
    }

    private static func block(
        _ frequencies: [UInt32], _ bits: Int, documents: Int, minimum: Int
    ) throws(ModelError) -> HashedTFIDF {
        var bitmap = [UInt64](repeating: 0, count: frequencies.count / 64)
        var idf: [Float] = []
        for (bucket, frequency) in frequencies.enumerated() where Int(frequency) >= minimum {
            bitmap[bucket >> 6] |= 1 << UInt64(bucket & 63)
            idf.append(SublinearTF.idf(documents: documents, containing: Int(frequency)))
        }
        return try HashedTFIDF(bits: bits, bitmap: ConstantBuffer(bitmap), idf: ConstantColumn(idf))
    }

    private struct Counts: Sendable {
        var words: [UInt32]
        var characters: [UInt32]

        init(
            _ examples: ArraySlice<TrainingExample>, _ options: NGramOptions, _ bits: ModelManifest.BucketBits
        ) {
            words = [UInt32](repeating: 0, count: 1 << bits.words)
            characters = [UInt32](repeating: 0, count: 1 << bits.characters)
            var (found, ngrams) = (Words(), NGrams())
            var lastSeenWords = [UInt32](repeating: 0, count: words.count)
            var lastSeenCharacters = [UInt32](repeating: 0, count: characters.count)
            for (number, example) in examples.enumerated() {
                found.scan(subject: example.subject, body: example.body)
                ngrams.make(from: found, options: options)
                let mark = UInt32(number + 1)
                Counts.count(ngrams.words, bits.words, mark, &lastSeenWords, &words)
                Counts.count(ngrams.characters, bits.characters, mark, &lastSeenCharacters, &characters)
            }
        }

        private static func count(
            _ hashes: [UInt64], _ bits: Int, _ mark: UInt32, _ lastSeen: inout [UInt32],
            _ counts: inout [UInt32]
        ) {
            for hash in hashes {
                let bucket = Int(hash >> UInt64(64 - bits))
                guard lastSeen[bucket] != mark else { continue }
                lastSeen[bucket] = mark
                counts[bucket] += 1
            }
        }

        mutating func add(_ other: Counts) {
            for index in words.indices { words[index] += other.words[index] }
            for index in characters.indices { characters[index] += other.characters[index] }
        }
    }
}
