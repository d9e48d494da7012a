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
    /// Where each row begins in `indices`; `rows + 1` of them.
    let starts: [Int]
    let indices: [UInt32]
    let values: [Float]
    /// rows × dimension, row-major.
    let dense: [Float]

    /// The features of prepared texts, computed by `workers` in chunks of fixed size.
    init(_ examples: [TrainingExample], _ featurizer: Featurizer, _ workers: Workers) {
        let size = 1024
        let chunkCount = (examples.count + size - 1) / size
        let chunks = workers.map(chunkCount) { chunk in
            Chunk(examples[chunk * size..<min((chunk + 1) * size, examples.count)], featurizer)
        }
        rows = examples.count
        wordColumns = featurizer.words.count
        sparseColumns = wordColumns + featurizer.characters.count
        dimension = featurizer.embedding?.dimension ?? 0
        var starts = [0]
        var indices: [UInt32] = []
        var values: [Float] = []
        var dense: [Float] = []
        starts.reserveCapacity(rows + 1)
        indices.reserveCapacity(chunks.reduce(0) { $0 + $1.indices.count })
        values.reserveCapacity(chunks.reduce(0) { $0 + $1.values.count })
        dense.reserveCapacity(rows * dimension)
        for chunk in chunks {
            for count in chunk.counts { starts.append((starts.last ?? 0) + count) }
            indices.append(contentsOf: chunk.indices)
            values.append(contentsOf: chunk.values)
            dense.append(contentsOf: chunk.dense)
        }
        (self.starts, self.indices, self.values, self.dense) = (starts, indices, values, dense)
    }

    private struct Chunk: Sendable {
        var counts: [Int] = []
        var indices: [UInt32] = []
        var values: [Float] = []
        var dense: [Float] = []

        init(_ examples: ArraySlice<TrainingExample>, _ featurizer: Featurizer) {
            var features = Features()
            let offset = UInt32(featurizer.words.count)
            for example in examples {
                featurizer.fill(&features, subject: example.subject, body: example.body)
                let before = indices.count
                append(features.words, offset: 0)
                append(features.characters, offset: offset)
                counts.append(indices.count - before)
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
    func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            forEach(count) { buffer[$0] = body($0) }
        }
        return results.compactMap { $0 }
    }
}
