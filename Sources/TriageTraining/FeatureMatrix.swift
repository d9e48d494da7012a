import TriageModel
import TriageNumerics

/// The training rows as numbers: sparse rows of unit length per block, and dense embeddings.
///
/// Columns are the rows of the word block, then those of the character block; the embedding has columns of its
/// own. Memory: 8 bytes a non-zero, 4 × dimension a row for the embedding.
struct FeatureMatrix: Sendable {
    let rows: Int
    let wordColumns: Int
    let sparseColumns: Int
    let dimension: Int
    /// A feature must be in so many of the rows that are learnt from.
    let minimumDocuments: Int
    /// Where each row begins in `indices`; `rows + 1` of them.
    let starts: [Int]
    let indices: [UInt32]
    private(set) var values: [Float]
    /// rows × dimension, row-major.
    let dense: [Float]
    /// For each row how many of its word n-grams, and of its runs of characters, are no feature.
    private var unseen: [(words: Int32, characters: Int32)]

    /// The features of prepared texts, computed by `workers` in chunks of fixed size.
    init(
        _ examples: [TrainingExample], _ featurizer: Featurizer, minimumDocuments: Int = 1, _ workers: Workers
    ) {
        self.minimumDocuments = minimumDocuments
        rows = examples.count
        wordColumns = featurizer.words.count
        sparseColumns = wordColumns + featurizer.characters.count
        dimension = featurizer.embedding?.dimension ?? 0
        var starts = [0]
        var indices: [UInt32] = []
        var values: [Float] = []
        var dense: [Float] = []
        var unseen: [(words: Int32, characters: Int32)] = []
        starts.reserveCapacity(rows + 1)
        dense.reserveCapacity(rows * dimension)
        // In waves, so that no more than one is held twice. Room is taken by the first wave's measure, and room that
        // is never touched costs nothing.
        let wave = FeatureMatrix.waveChunks * FeatureMatrix.chunkRows
        for first in stride(from: 0, to: rows, by: wave) {
            let last = min(first + wave, rows)
            let size = FeatureMatrix.chunkRows
            let chunks = workers.map((last - first + size - 1) / size) { chunk in
                let start = first + chunk * size
                return Chunk(examples[start..<min(start + size, last)], featurizer)
            }
            for chunk in chunks {
                for count in chunk.counts { starts.append((starts.last ?? 0) + count) }
                indices.append(contentsOf: chunk.indices)
                values.append(contentsOf: chunk.values)
                dense.append(contentsOf: chunk.dense)
                unseen.append(contentsOf: chunk.unseen)
            }
            if first == 0, last < rows {
                let expected = Int(1.25 * Double(indices.count) / Double(last) * Double(rows))
                indices.reserveCapacity(expected)
                values.reserveCapacity(expected)
            }
        }
        (self.starts, self.indices, self.values, self.dense) = (starts, indices, values, dense)
        self.unseen = unseen
    }

    private static let chunkRows = 1024
    private static let waveChunks = 32

    /// The weighted mean of each feature over some rows: the sparse ones, then the embedding's.
    func means(of chosen: [Int], _ weights: [Float]?) -> [Float] {
        var sums = [Double](repeating: 0, count: sparseColumns + dimension)
        var total = 0.0
        for (place, row) in chosen.enumerated() {
            let weight = Double(weights?[place] ?? 1)
            total += weight
            for entry in starts[row]..<starts[row + 1] {
                sums[Int(indices[entry])] += weight * Double(values[entry])
            }
            for k in 0..<dimension { sums[sparseColumns + k] += weight * Double(dense[row * dimension + k]) }
        }
        return sums.map { Float($0 / max(total, 1e-30)) }
    }

    /// The same rows as a bundle trained on `chosen` alone would see them: a feature in too few of these is none, and
    /// the others of its block grow to unit length again.
    ///
    /// Without this, rows held out are shortened by features that they alone have, and answers on them look less sure
    /// than answers to new tickets will be.
    func known(to chosen: [Int]) -> FeatureMatrix {
        var counts = [UInt32](repeating: 0, count: sparseColumns)
        for row in chosen {
            for entry in starts[row]..<starts[row + 1] { counts[Int(indices[entry])] += 1 }
        }
        var copy = self
        for row in 0..<rows {
            let block = starts[row]..<starts[row + 1]
            let split = block.first { Int(indices[$0]) >= wordColumns } ?? block.upperBound
            let isKnown = { counts[Int(indices[$0])] >= minimumDocuments }
            copy.unseen[row].words += Int32(copy.keep(block.lowerBound..<split, where: isKnown))
            copy.unseen[row].characters += Int32(copy.keep(split..<block.upperBound, where: isKnown))
        }
        return copy
    }

    /// Sets all other entries to zero and scales those kept to unit length; returns how many others there were.
    private mutating func keep(_ entries: Range<Int>, where isKnown: (Int) -> Bool) -> Int {
        var squares: Float = 0
        var others = 0
        for entry in entries {
            if isKnown(entry) { squares += values[entry] * values[entry] } else { others += 1 }
        }
        guard others > 0 else { return 0 }
        let scale = squares > 0 ? 1 / squares.squareRoot() : 0
        for entry in entries { values[entry] = isKnown(entry) ? values[entry] * scale : 0 }
        return others
    }

    /// The share of a row's word n-grams, and of its runs of characters, that are no feature, and how many word n-grams
    /// are one.
    func unseenShares(of row: Int) -> (words: Float, characters: Float, seenWords: Int) {
        var (words, characters) = (0, 0)
        for entry in starts[row]..<starts[row + 1] where values[entry] != 0 {
            if Int(indices[entry]) < wordColumns { words += 1 } else { characters += 1 }
        }
        return (
            OutOfScopeFeatures.share(unseen: Int(unseen[row].words), seen: words),
            OutOfScopeFeatures.share(unseen: Int(unseen[row].characters), seen: characters), words
        )
    }

    private struct Chunk: Sendable {
        var counts: [Int] = []
        var indices: [UInt32] = []
        var values: [Float] = []
        var dense: [Float] = []
        var unseen: [(words: Int32, characters: Int32)] = []

        init(_ examples: ArraySlice<TrainingExample>, _ featurizer: Featurizer) {
            var features = Features()
            let offset = UInt32(featurizer.words.count)
            for example in examples {
                featurizer.fill(&features, subject: example.subject, body: example.body)
                let before = indices.count
                append(features.words, offset: 0)
                append(features.characters, offset: offset)
                counts.append(indices.count - before)
                unseen.append((Int32(features.words.unseen), Int32(features.characters.unseen)))
                dense.append(contentsOf: features.embedding)
            }
        }

        private mutating func append(_ block: SparseBlock, offset: UInt32) {
            guard block.norm > 0 else { return }
            let scale = 1 / block.norm
            for index in block.indices[..<block.count] { indices.append(index + offset) }
            for value in block.values[..<block.count] { values.append(value * scale) }
        }
    }
}

extension Workers {
    /// The results of `body` for 0 ..< `count`, in order.
    package func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            forEach(count) { buffer[$0] = body($0) }
        }
        return results.compactMap { $0 }
    }
}
