package import TriageModel
package import TriageNumerics
internal import TriageText

/// A vector of unit length for each ticket, from which groups are made: near vectors are tickets on one matter.
///
/// It has two blocks: the static embedding, and the n-grams in the directions of `NGramBasis`. A ticket without a known word
/// has zeros.
package struct GroupVectors: Sendable {
    /// The numbers of a vector.
    package let dimension: Int
    /// Tickets × dimension, row-major.
    package let values: [Float]

    package var rows: Int { values.count / max(dimension, 1) }

    /// The n-grams' length beside an embedding of length 1, on average.
    ///
    /// The embedding knows which words mean the same, n-grams know names, codes and other languages.
    private static let ngramWeight: Float = 0.5
    /// The directions are found in so many tickets at most, evenly spaced.
    private static let sampleRows = 20_000
    /// The rows whose n-grams are held at once.
    private static let waveRows = 1 << 13
    /// An n-gram must be in two tickets, and in one of so many.
    private static let ticketsPerDocument = 10_000

    /// The vectors of prepared tickets.
    ///
    /// - Throws: `TrainingError.noText` when no two tickets share a word and there is no embedding.
    package init(
        _ examples: [TrainingExample], embedding: EmbeddingTable?, _ workers: Workers,
        progress: (Double) throws -> Void = { _ in }
    ) throws {
        let options = NGramOptions()
        let blocks = try VocabularyFit.fit(
            examples, options, bits: TrainingOptions().bits,
            minimum: max(2, examples.count / GroupVectors.ticketsPerDocument), workers)
        let featurizer = Featurizer(
            options: options, words: blocks.words, characters: blocks.characters, embedding: embedding)
        guard blocks.nonZeros > 0 || embedding != nil else { throw TrainingError.noText }
        let step = max(1, (examples.count + GroupVectors.sampleRows - 1) / GroupVectors.sampleRows)
        let sample = stride(from: 0, to: examples.count, by: step).map { examples[$0] }
        let matrix = FeatureMatrix(sample, featurizer, workers)
        let basis = NGramBasis(matrix, workers)
        let scale = GroupVectors.scale(of: basis.coordinates(of: matrix, workers), rows: matrix.rows)
        try progress(0.6)
        dimension = basis.columns + matrix.dimension
        var values: [Float] = []
        values.reserveCapacity(examples.count * dimension)
        for first in stride(from: 0, to: examples.count, by: GroupVectors.waveRows) {
            let wave = Array(examples[first..<min(first + GroupVectors.waveRows, examples.count)])
            let matrix = FeatureMatrix(wave, featurizer, workers)
            let ngrams = basis.coordinates(of: matrix, workers)
            try progress(0.6 + 0.4 * Double(first) / Double(examples.count))
            for row in 0..<matrix.rows {
                var vector = ngrams[row * basis.columns..<(row + 1) * basis.columns].map { $0 * scale }
                vector += matrix.dense[row * matrix.dimension..<(row + 1) * matrix.dimension]
                _ = DenseKernels.normalize(&vector)
                values += vector
            }
        }
        self.values = values
    }

    /// What makes the n-grams' mean square that of `ngramWeight`.
    private static func scale(of coordinates: [Float], rows: Int) -> Float {
        let squares = coordinates.reduce(0.0) { $0 + Double($1) * Double($1) }
        return squares > 0 ? ngramWeight / Float((squares / Double(rows)).squareRoot()) : 0
    }

    package init(values: [Float], dimension: Int) { (self.values, self.dimension) = (values, dimension) }

    /// The vector of one ticket.
    package subscript(row: Int) -> ArraySlice<Float> { values[row * dimension..<(row + 1) * dimension] }

    /// The vectors of some tickets.
    package func keeping(_ rows: [Int]) -> GroupVectors {
        var kept: [Float] = []
        kept.reserveCapacity(rows.count * dimension)
        for row in rows { kept += self[row] }
        return GroupVectors(values: kept, dimension: dimension)
    }
}
