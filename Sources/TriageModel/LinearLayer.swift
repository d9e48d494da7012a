package import TriageNumerics

/// The weights of all heads side by side, one column a label: features in, logits out.
///
/// The sparse blocks' weights are signed bytes, packed with their rows' scales and idf; weight = byte · row scale ·
/// column scale. Columns are padded with zeros to a multiple of 8. Block weights found in training are folded into the
/// weights.
package struct LinearLayer: Sendable {
    /// The number of columns, padding included.
    package let columns: Int
    /// Weights of words and word pairs.
    package let words: PackedRows
    /// Weights of runs of characters.
    package let characters: PackedRows
    /// One factor a column, for both sparse blocks.
    package let columnScale: ConstantBuffer<Float>
    /// dimension × columns weights of the embedding, row-major; empty without one.
    package let embedding: ConstantBuffer<Float>
    /// One intercept a column.
    package let bias: ConstantBuffer<Float>

    /// A layer of the given parts.
    ///
    /// - Throws: `ModelError.damaged` when their sizes contradict each other.
    package init(
        columns: Int, words: PackedRows, characters: PackedRows, columnScale: ConstantBuffer<Float>,
        embedding: ConstantBuffer<Float>, bias: ConstantBuffer<Float>
    ) throws(ModelError) {
        guard columns > 0, columns % 8 == 0, columnScale.count == columns, bias.count == columns,
            words.bytes.columns == columns, characters.bytes.columns == columns,
            embedding.count % columns == 0
        else { throw .damaged(part: "weights for \(columns) columns") }
        self.columns = columns
        self.words = words
        self.characters = characters
        self.columnScale = columnScale
        self.embedding = embedding
        self.bias = bias
    }

    /// Writes the logits of all columns to `logits`.
    ///
    /// zₖ = bₖ + cₖ/‖w‖ Σᵢ wᵢ rᵢ Qᵢₖ + the same over characters + Σ_d e_d E_dₖ, each product a call of its own for
    /// each ticket, so that a ticket's bits do not depend on its neighbours.
    package func score(_ features: inout Features, into logits: inout [Float]) {
        bias.copy(to: &logits)
        addSparse(features.words, words, &features.partial, to: &logits)
        addSparse(features.characters, characters, &features.partial, to: &logits)
        guard embedding.count > 0, features.embeddingNorm > 0 else { return }
        DenseKernels.addProduct(
            of: embedding, rows: embedding.count / columns, columns: columns, and: features.embedding,
            to: &logits)
    }

    private func addSparse(
        _ sparse: SparseBlock, _ block: PackedRows, _ partial: inout [Float], to logits: inout [Float]
    ) {
        guard sparse.norm > 0 else { return }
        partial.removeAll(keepingCapacity: true)
        partial.append(contentsOf: repeatElement(0, count: columns))
        SparseKernels.gather(sparse.indices, sparse.values, count: sparse.count, rows: block, into: &partial)
        LinearLayer.add(partial, columnScale, 1 / sparse.norm, to: &logits)
    }

    private static func add(
        _ partial: [Float], _ columnScale: ConstantBuffer<Float>, _ scale: Float, to logits: inout [Float]
    ) {
        var logits = logits.mutableSpan
        for column in 0..<logits.count { logits[column] += partial[column] * columnScale[column] * scale }
    }

    /// The weight of one row of a sparse block in one column.
    package func weight(_ block: PackedRows, row: Int, column: Int) -> Float {
        Float(block.bytes[row, column]) * block.scales[row] * columnScale[column]
    }
}
