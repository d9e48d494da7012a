internal import TriageModel
import TriageNumerics

/// Multinomial logistic regression with an L2 penalty per block.
///
///     L(W, b) = Σᵢ uᵢ (log Σₖ exp zᵢₖ − z_i,yᵢ) + ½ Σ_blocks λ_block ‖W_block‖²,   z = X W + b
///     ∂L/∂W = Xᵀ (U (P − Y)) + λ_block W_block,   ∂L/∂b = Σᵢ uᵢ (pᵢ − yᵢ)
///
/// A block weight a in the features is the same as λ = 1 / (C a²) here, so settings are tried without touching
/// the features. Parameters are one array: sparse rows, embedding rows, bias, each of `columns` (a multiple of 8).
/// Work is cut into fixed chunks of rows, and sums over rows run in row order for each column, so the result does
/// not depend on the number of threads.
struct SoftmaxObjective {
    static let chunk = 256

    let matrix: FeatureMatrix
    /// The rows of `matrix` to fit, their label places and weights.
    let rows: [Int]
    let targets: [Int]
    let weights: [Float]?
    let columns: Int
    let penalties: Penalties
    let workers: Workers

    struct Penalties {
        var words: Float
        var characters: Float
        /// nil leaves the embedding out.
        var embedding: Float?

        init(_ settings: ModelManifest.Settings) {
            words = 1 / settings.inversePenalty
            characters = 1 / (settings.inversePenalty * settings.characterWeight * settings.characterWeight)
            let weight = settings.embeddingWeight
            embedding = weight > 0 ? 1 / (settings.inversePenalty * weight * weight) : nil
        }
    }

    var parameterCount: Int { (matrix.sparseColumns + matrix.dimension + 1) * columns }
    private var denseStart: Int { matrix.sparseColumns * columns }
    private var biasStart: Int { (matrix.sparseColumns + matrix.dimension) * columns }

    /// The loss at `parameters`; writes the gradient.
    ///
    /// `residuals` is scratch of rows × columns.
    func evaluate(_ parameters: [Float], gradient: inout [Float], residuals: inout [Float]) -> Double {
        residuals.withUnsafeMutableBufferPointer { residuals in
            guard let residuals = residuals.baseAddress else { return }
            score(parameters, into: residuals)
        }
        let loss = replaceByResiduals(&residuals)
        accumulate(residuals, into: &gradient)
        return loss + addPenalty(parameters, to: &gradient)
    }

    /// Logits of the fitted rows, chunk by chunk.
    func score(_ parameters: [Float], into logits: UnsafeMutablePointer<Float>) {
        let chunks = (rows.count + SoftmaxObjective.chunk - 1) / SoftmaxObjective.chunk
        parameters.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let (logits, parameters) = (logits, start)
            workers.forEach(chunks) { chunk in
                let first = chunk * SoftmaxObjective.chunk
                let last = min(first + SoftmaxObjective.chunk, rows.count)
                scoreChunk(first..<last, parameters, into: logits)
            }
        }
    }

    private func scoreChunk(
        _ range: Range<Int>, _ parameters: UnsafePointer<Float>, into logits: UnsafeMutablePointer<Float>
    ) {
        matrix.indices.withUnsafeBufferPointer { indices in
            matrix.values.withUnsafeBufferPointer { values in
                guard let indices = indices.baseAddress, let values = values.baseAddress else { return }
                for position in range {
                    let out = logits + position * columns
                    out.update(from: parameters + biasStart, count: columns)
                    let row = rows[position]
                    let start = matrix.starts[row]
                    SparseKernels.gather(
                        indices + start, values + start, count: matrix.starts[row + 1] - start,
                        rows: parameters, columns: columns, into: out)
                }
            }
        }
        guard penalties.embedding != nil, matrix.dimension > 0 else { return }
        let dense = denseChunk(range)
        DenseKernels.addProduct(
            dense, parameters + denseStart, to: logits + range.lowerBound * columns,
            m: range.count, n: columns, k: matrix.dimension)
    }

    /// The embeddings of some fitted rows, side by side.
    private func denseChunk(_ range: Range<Int>) -> [Float] {
        var dense: [Float] = []
        dense.reserveCapacity(range.count * matrix.dimension)
        for position in range {
            let start = rows[position] * matrix.dimension
            dense.append(contentsOf: matrix.dense[start..<start + matrix.dimension])
        }
        return dense
    }

    /// Logits to weighted residuals; returns the sum of the rows' losses.
    private func replaceByResiduals(_ residuals: inout [Float]) -> Double {
        let classes = classCount
        var losses = [Float](repeating: 0, count: rows.count)
        let chunks = (rows.count + SoftmaxObjective.chunk - 1) / SoftmaxObjective.chunk
        residuals.withUnsafeMutableBufferPointer { residuals in
            losses.withUnsafeMutableBufferPointer { losses in
                guard let base = residuals.baseAddress else { return }
                nonisolated(unsafe) let (start, losses) = (base, losses)
                workers.forEach(chunks) { chunk in
                    let first = chunk * SoftmaxObjective.chunk
                    for position in first..<min(first + SoftmaxObjective.chunk, rows.count) {
                        let row = start + position * columns
                        losses[position] = Softmax.replaceByResidual(
                            row, count: classes, target: targets[position])
                        for column in classes..<columns { row[column] = 0 }
                        guard let weight = weights?[position] else { continue }
                        losses[position] *= weight
                        for column in 0..<classes { row[column] *= weight }
                    }
                }
            }
        }
        return losses.reduce(0) { $0 + Double($1) }
    }

    let classCount: Int

    /// gradient = Xᵀ residuals: each thread takes some columns of the sparse part, one the dense part and the bias.
    private func accumulate(_ residuals: [Float], into gradient: inout [Float]) {
        let panels = min(workers.count, max(1, columns / 16))
        let hasDense = penalties.embedding != nil && matrix.dimension > 0
        gradient.withUnsafeMutableBufferPointer { gradient in
            residuals.withUnsafeBufferPointer { residuals in
                guard let base = gradient.baseAddress, let residualBase = residuals.baseAddress else {
                    return
                }
                base.update(repeating: 0, count: gradient.count)
                nonisolated(unsafe) let (start, residuals) = (base, residualBase)
                workers.forEach(panels + 1) { piece in
                    guard piece < panels else {
                        addBias(residuals, to: start + biasStart)
                        return hasDense ? addDense(residuals, to: start + denseStart) : ()
                    }
                    let step = columns / 8
                    let range = step * piece / panels * 8..<step * (piece + 1) / panels * 8
                    addSparse(residuals, columns: range, to: start)
                }
            }
        }
    }

    private func addSparse(
        _ residuals: UnsafePointer<Float>, columns range: Range<Int>, to gradient: UnsafeMutablePointer<Float>
    ) {
        matrix.indices.withUnsafeBufferPointer { indices in
            matrix.values.withUnsafeBufferPointer { values in
                guard let indices = indices.baseAddress, let values = values.baseAddress else { return }
                for (position, row) in rows.enumerated() {
                    let start = matrix.starts[row]
                    SparseKernels.scatter(
                        indices + start, values + start, count: matrix.starts[row + 1] - start,
                        residuals + position * columns, range: range, into: gradient, columns: columns)
                }
            }
        }
    }

    private func addDense(_ residuals: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>) {
        for first in stride(from: 0, to: rows.count, by: SoftmaxObjective.chunk) {
            let range = first..<min(first + SoftmaxObjective.chunk, rows.count)
            DenseKernels.addTransposedProduct(
                denseChunk(range), residuals + first * columns, to: gradient,
                m: range.count, n: columns, k: matrix.dimension)
        }
    }

    private func addBias(_ residuals: UnsafePointer<Float>, to bias: UnsafeMutablePointer<Float>) {
        for position in rows.indices {
            for column in 0..<columns { bias[column] += residuals[position * columns + column] }
        }
    }

    /// Adds λ W to the gradient and returns ½ Σ λ ‖W‖²; the bias has no penalty.
    private func addPenalty(_ parameters: [Float], to gradient: inout [Float]) -> Double {
        let words = 0..<matrix.wordColumns * columns
        let characters = words.upperBound..<denseStart
        let dense = denseStart..<biasStart
        var total = VectorKernels.addPenalty(penalties.words, parameters, words, to: &gradient, workers)
        total += VectorKernels.addPenalty(
            penalties.characters, parameters, characters, to: &gradient, workers)
        guard let penalty = penalties.embedding else { return total }
        return total + VectorKernels.addPenalty(penalty, parameters, dense, to: &gradient, workers)
    }
}
