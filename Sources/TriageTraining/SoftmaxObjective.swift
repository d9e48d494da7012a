internal import TriageModel
import TriageNumerics

/// Multinomial logistic regression with an L2 penalty per block.
///
///     L(W, b) = Σᵢ uᵢ (log Σₖ exp zᵢₖ − z_i,yᵢ) + ½ Σ_blocks λ_block ‖W_block‖²,   z = X W + b
///     ∂L/∂W = Xᵀ (U (P − Y)) + λ_block W_block,   ∂L/∂b = Σᵢ uᵢ (pᵢ − yᵢ)
///
/// With tags the loss of a row is a sum of logistic ones, Σₖ log(1 + exp zᵢₖ) − Σ_{k∈yᵢ} zᵢₖ, and pᵢₖ the logistic function
/// of zᵢₖ: independent regressions, one a tag, that share their features and settings.
///
/// Features are centred: X means X − 1 mᵀ with m their mean, which nothing has to store. The minimum is the same,
/// since b has no penalty and takes up mᵀ W, but what all rows share no longer dwarfs what separates them.
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
    /// The places of each row's tags; nil for one label a row.
    let tags: [[Int32]]?
    let weights: [Float]?
    let columns: Int
    let penalties: Penalties
    let workers: Workers
    let classCount: Int
    /// The mean of each feature over the fitted rows.
    let means: [Float]
    /// The same rows, feature after feature; nil when they are too many to be kept twice.
    let byColumn: ColumnMajorRows?

    struct Penalties {
        var words: Float
        var characters: Float
        /// nil leaves the embedding out.
        var embedding: Float?

        init(_ settings: ModelManifest.Hyperparameters) {
            words = 1 / settings.inversePenalty
            characters = 1 / (settings.inversePenalty * settings.characterWeight * settings.characterWeight)
            let weight = settings.embeddingWeight
            embedding = weight > 0 ? 1 / (settings.inversePenalty * weight * weight) : nil
        }
    }

    var parameterCount: Int { (matrix.sparseColumns + matrix.dimension + 1) * columns }
    private var denseStart: Int { matrix.sparseColumns * columns }
    private var biasStart: Int { (matrix.sparseColumns + matrix.dimension) * columns }

    /// gradient = Xᵀ residuals + λ W.
    func setGradient(_ gradient: inout [Float], _ parameters: [Float], _ residuals: [Float]) {
        accumulate(residuals, into: &gradient)
        let sums = Array(gradient[biasStart...])
        VectorKernels.addOuter(means, sums, times: -1, to: &gradient, workers)
        for (range, penalty) in blocks {
            VectorKernels.add(penalty, parameters, range, to: &gradient, workers)
        }
    }

    /// Σ over the blocks of λ a·b: ‖W‖² weighed by the penalties for a = b = W.
    func penalty(_ a: [Float], _ b: [Float]) -> Double {
        blocks.reduce(0) { $0 + Double($1.penalty) * VectorKernels.dot(a, b, $1.range, workers) }
    }

    /// The parameters that have a penalty; the bias has none.
    private var blocks: [(range: Range<Int>, penalty: Float)] {
        let words = 0..<matrix.wordColumns * columns
        let all = [(words, penalties.words), (words.upperBound..<denseStart, penalties.characters)]
        return penalties.embedding.map { all + [(denseStart..<biasStart, $0)] } ?? all
    }

    /// Logits of the fitted rows, chunk by chunk.
    func score(_ parameters: [Float], into logits: inout [Float]) {
        logits.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            score(parameters, into: start)
        }
    }

    private func score(_ parameters: [Float], into logits: UnsafeMutablePointer<Float>) {
        let chunks = (rows.count + SoftmaxObjective.chunk - 1) / SoftmaxObjective.chunk
        let offsets = self.offsets(parameters)
        parameters.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            nonisolated(unsafe) let (logits, parameters) = (logits, start)
            workers.forEach(chunks) { chunk in
                let first = chunk * SoftmaxObjective.chunk
                let last = min(first + SoftmaxObjective.chunk, rows.count)
                scoreChunk(first..<last, parameters, offsets, into: logits)
            }
        }
    }

    private func scoreChunk(
        _ range: Range<Int>, _ parameters: UnsafePointer<Float>, _ offsets: [Float],
        into logits: UnsafeMutablePointer<Float>
    ) {
        matrix.indices.withUnsafeBufferPointer { indices in
            matrix.values.withUnsafeBufferPointer { values in
                guard let indices = indices.baseAddress, let values = values.baseAddress else { return }
                for position in range {
                    let out = logits + position * columns
                    out.update(from: offsets, count: columns)
                    let row = rows[position]
                    let start = matrix.starts[row]
                    SparseKernels.gather(
                        indices + start, values + start, count: matrix.starts[row + 1] - start,
                        rows: parameters, columns: columns, into: out)
                }
            }
        }
        guard penalties.embedding != nil, matrix.dimension > 0 else { return }
        withDense(range) { dense in
            DenseKernels.addProduct(
                dense, parameters + denseStart, to: logits + range.lowerBound * columns,
                m: range.count, n: columns, k: matrix.dimension)
        }
    }

    /// Calls `body` with the embeddings of some fitted rows side by side: in place when the matrix has them so.
    private func withDense(_ range: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        let dimension = matrix.dimension
        matrix.dense.withUnsafeBufferPointer { dense in
            guard let first = range.first, let last = range.last, let start = dense.baseAddress else {
                return
            }
            if rows[last] - rows[first] == last - first { return body(start + rows[first] * dimension) }
            var copy: [Float] = []
            copy.reserveCapacity(range.count * dimension)
            for position in range {
                copy.append(contentsOf: dense[rows[position] * dimension..<(rows[position] + 1) * dimension])
            }
            body(copy)
        }
    }

    /// A point of a line through the parameters: the data's part of the loss, its slope and its curvature.
    struct LinePoint {
        var loss = 0.0
        var slope = 0.0
        var curvature = 0.0
    }

    /// The point at logits + step · change; writes its weighted residuals u (p − y).
    func point(
        _ logits: [Float], plus step: Float, _ change: [Float], residuals: inout [Float]
    ) -> LinePoint {
        var points = [Softmax.LinePoint](repeating: .init(), count: rows.count)
        let chunks = (rows.count + SoftmaxObjective.chunk - 1) / SoftmaxObjective.chunk
        residuals.withUnsafeMutableBufferPointer { residuals in
            points.withUnsafeMutableBufferPointer { points in
                nonisolated(unsafe) let (residuals, points) = (residuals, points)
                workers.forEach(chunks) { chunk in
                    let first = chunk * SoftmaxObjective.chunk
                    for row in first..<min(first + SoftmaxObjective.chunk, rows.count) {
                        let cells = row * columns..<(row + 1) * columns
                        let weight = weights?[row] ?? 1
                        points[row] =
                            if let tags {
                                OneVsRest.linePoint(
                                    logits, plus: step, change, cells, classes: classCount,
                                    positives: tags[row], weight: weight, residuals: residuals)
                            } else {
                                Softmax.linePoint(
                                    logits, plus: step, change, cells, classes: classCount,
                                    target: targets[row], weight: weight, residuals: residuals)
                            }
                    }
                }
            }
        }
        return points.reduce(into: LinePoint()) { sum, point in
            sum.loss += Double(point.loss)
            sum.slope += Double(point.slope)
            sum.curvature += Double(point.curvature)
        }
    }

    /// gradient = Xᵀ residuals.
    ///
    /// Threads share out the features, or without `byColumn` the labels, of the sparse part;
    /// the dense part and the bias are one more piece.
    private func accumulate(_ residuals: [Float], into gradient: inout [Float]) {
        let panels = byColumn != nil ? 64 : min(workers.count, max(1, columns / 16))
        gradient.withUnsafeMutableBufferPointer { gradient in
            residuals.withUnsafeBufferPointer { residuals in
                guard let base = gradient.baseAddress, let residualBase = residuals.baseAddress else {
                    return
                }
                base.update(repeating: 0, count: gradient.count)
                nonisolated(unsafe) let (start, residuals) = (base, residualBase)
                workers.forEach(panels + 1) { piece in
                    if piece == 0 {
                        addBias(residuals, to: start + biasStart)
                        if penalties.embedding != nil, matrix.dimension > 0 {
                            addDense(residuals, to: start + denseStart)
                        }
                    } else if let byColumn {
                        let part = SoftmaxObjective.part(piece - 1, of: panels, matrix.sparseColumns)
                        byColumn.add(residuals, columns: columns, features: part, to: start)
                    } else {
                        let part = SoftmaxObjective.part(piece - 1, of: panels, columns / 8)
                        addSparse(
                            residuals, columns: part.lowerBound * 8..<part.upperBound * 8, to: start)
                    }
                }
            }
        }
    }

    private static func part(_ piece: Int, of pieces: Int, _ count: Int) -> Range<Int> {
        count * piece / pieces..<count * (piece + 1) / pieces
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
            withDense(range) { dense in
                DenseKernels.addTransposedProduct(
                    dense, residuals + first * columns, to: gradient,
                    m: range.count, n: columns, k: matrix.dimension)
            }
        }
    }

    private func addBias(_ residuals: UnsafePointer<Float>, to bias: UnsafeMutablePointer<Float>) {
        for position in rows.indices {
            for column in 0..<columns { bias[column] += residuals[position * columns + column] }
        }
    }

    /// b − Σⱼ mⱼ Wⱼ: what each row's logits start from.
    func offsets(_ parameters: [Float]) -> [Float] {
        let shift = VectorKernels.weightedRowSum(parameters, means, columns: columns, workers)
        return zip(parameters[biasStart...], shift).map { $0 - $1 }
    }

    /// Turns the intercept of centred features into the one of features as they are, or back.
    func changeIntercept(_ parameters: inout [Float], toCentred: Bool) {
        let shift = VectorKernels.weightedRowSum(parameters, means, columns: columns, workers)
        for column in 0..<columns {
            parameters[biasStart + column] += toCentred ? shift[column] : -shift[column]
        }
    }

    /// For each row of parameters the inverse of its mean curvature where all labels are as likely:
    /// 1 / (λ + (1/K)(1 − 1/K) Σᵢ uᵢ (xᵢⱼ − mⱼ)²), the diagonal of the Hessian at zero.
    ///
    /// For tags it is the mean of
    /// qₖ(1 − qₖ) in place of (1/K)(1 − 1/K), with qₖ the share of rows that have the tag.
    func inverseCurvature() -> [Float] {
        var squares = [Float](repeating: 0, count: matrix.sparseColumns + matrix.dimension + 1)
        for (position, row) in rows.enumerated() {
            let weight = weights?[position] ?? 1
            for entry in matrix.starts[row]..<matrix.starts[row + 1] {
                squares[Int(matrix.indices[entry])] += weight * matrix.values[entry] * matrix.values[entry]
            }
            for k in 0..<matrix.dimension {
                let value = matrix.dense[row * matrix.dimension + k]
                squares[matrix.sparseColumns + k] += weight * value * value
            }
            squares[squares.count - 1] += weight
        }
        let total = squares[squares.count - 1]
        for (row, mean) in means.enumerated() { squares[row] = max(0, squares[row] - total * mean * mean) }
        let share =
            tags.map { OneVsRest.meanVariance(OneVsRest.shares($0, classes: classCount)) }
            ?? Float(classCount - 1) / Float(classCount * classCount)
        return squares.indices.map { row in
            let penalty: Float
            switch row {
            case ..<matrix.wordColumns: penalty = penalties.words
            case ..<matrix.sparseColumns: penalty = penalties.characters
            case squares.count - 1: penalty = 0
            default: penalty = penalties.embedding ?? 1
            }
            return 1 / max(penalty + share * squares[row], 1e-6)
        }
    }
}
