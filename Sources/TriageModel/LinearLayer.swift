public import TriageNumerics

/// The weights of all heads side by side, one column a label: features in, logits out.
///
/// The sparse blocks' weights are signed bytes; weight = byte · row scale · column scale. Columns are padded with
/// zeros to a multiple of 8. Block weights found in training are folded into the weights.
public struct LinearLayer: Sendable {
    /// The weights of one sparse block.
    public struct Block: Sendable {
        /// rows × columns signed bytes, row-major.
        public let bytes: ConstantBuffer<Int8>
        /// One factor a row.
        public let rowScale: ConstantBuffer<Float>

        /// A block of the given parts.
        public init(bytes: ConstantBuffer<Int8>, rowScale: ConstantBuffer<Float>) {
            self.bytes = bytes
            self.rowScale = rowScale
        }
    }

    /// The number of columns, padding included.
    public let columns: Int
    /// Weights of words and word pairs.
    public let words: Block
    /// Weights of runs of characters.
    public let characters: Block
    /// One factor a column, for both sparse blocks.
    public let columnScale: ConstantBuffer<Float>
    /// dimension × columns weights of the embedding, row-major; empty without one.
    public let embedding: ConstantBuffer<Float>
    /// One intercept a column.
    public let bias: ConstantBuffer<Float>

    /// A layer of the given parts.
    ///
    /// - Throws: `ModelError.damaged` when their sizes contradict each other.
    public init(
        columns: Int, words: Block, characters: Block, columnScale: ConstantBuffer<Float>,
        embedding: ConstantBuffer<Float>, bias: ConstantBuffer<Float>
    ) throws(ModelError) {
        guard columns > 0, columns % 8 == 0, columnScale.count == columns, bias.count == columns,
            words.bytes.count == words.rowScale.count * columns, embedding.count % columns == 0,
            characters.bytes.count == characters.rowScale.count * columns
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
    public func score(_ features: inout Features, into logits: inout [Float]) {
        bias.copy(to: &logits)
        addSparse(features.words, words, &features.scaled, &features.partial, to: &logits)
        addSparse(features.characters, characters, &features.scaled, &features.partial, to: &logits)
        guard embedding.count > 0, features.embeddingNorm > 0 else { return }
        DenseKernels.addProduct(
            of: embedding, rows: embedding.count / columns, columns: columns, and: features.embedding,
            to: &logits)
    }

    private func addSparse(
        _ sparse: SparseBlock, _ block: Block, _ scaled: inout [Float], _ partial: inout [Float],
        to logits: inout [Float]
    ) {
        guard sparse.norm > 0 else { return }
        if scaled.count < sparse.count { scaled = sparse.values }
        LinearLayer.scale(sparse, by: block.rowScale, into: &scaled)
        partial.removeAll(keepingCapacity: true)
        partial.append(contentsOf: repeatElement(0, count: columns))
        SparseKernels.gather(
            sparse.indices, scaled, count: sparse.count, rows: block.bytes, columns: columns, into: &partial)
        LinearLayer.add(partial, columnScale, 1 / sparse.norm, to: &logits)
    }

    private static func scale(
        _ sparse: SparseBlock, by rowScale: ConstantBuffer<Float>, into scaled: inout [Float]
    ) {
        var scaled = scaled.mutableSpan
        for position in 0..<sparse.count {
            scaled[position] = sparse.values[position] * rowScale[Int(sparse.indices[position])]
        }
    }

    private static func add(
        _ partial: [Float], _ columnScale: ConstantBuffer<Float>, _ scale: Float, to logits: inout [Float]
    ) {
        var logits = logits.mutableSpan
        for column in 0..<logits.count { logits[column] += partial[column] * columnScale[column] * scale }
    }

    /// The weight of one row of a sparse block in one column.
    public func weight(_ block: Block, row: Int, column: Int) -> Float {
        Float(block.bytes[row * columns + column]) * block.rowScale[row] * columnScale[column]
    }
}
