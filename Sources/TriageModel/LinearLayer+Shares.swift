package import TriageNumerics

/// The parts of d · z, for logits z and a direction d of one factor a column: what explanations are made of.
///
/// With d = 1 for one label and −1 for another it is their difference, with d = 1 for a label less 1/n for all n
/// labels of its head that label's centred logit. z is linear in the features, so each feature has its own part.
extension LinearLayer {
    /// What the intercepts add.
    package func bias(along direction: [Float]) -> Float {
        direction.indices.reduce(0) { $0 + direction[$1] * bias[$1] }
    }

    /// For each row of a sparse block what its weights are multiplied by for one occurrence: value ÷ block norm,
    /// shared evenly among the occurrences, times the row's scale.
    package func factors(of sparse: SparseBlock, _ block: PackedRows) -> [Float] {
        guard sparse.norm > 0 else { return [Float](repeating: 0, count: sparse.count) }
        return (0..<sparse.count).map { place in
            sparse.values[place] * block.scales[Int(sparse.indices[place])]
                / (sparse.norm * Float(sparse.occurrences[place]))
        }
    }

    /// What one occurrence of each row of a sparse block adds; `factors` are those of the block.
    package func shares(
        of sparse: SparseBlock, _ block: PackedRows, times factors: [Float], along direction: [Float]
    ) -> [Float] {
        let scaled = direction.indices.map { direction[$0] * columnScale[$0] }
        return SparseKernels.dots(
            sparse.indices, factors, count: sparse.count, rows: block.bytes, with: scaled)
    }

    /// The embedding's weights along the direction, one a dimension; empty without an embedding.
    package func embeddingWeights(along direction: [Float]) -> [Float] {
        var weights = [Float](repeating: 0, count: embedding.count / columns)
        guard !weights.isEmpty else { return weights }
        DenseKernels.multiply(
            embedding, rows: weights.count, columns: columns, by: direction, into: &weights)
        return weights
    }
}
