import TriageNumerics

/// The memory of L-BFGS: which way to go from a gradient (Nocedal and Wright, 2006, algorithm 7.4).
///
/// The start of each direction is the inverse of an estimate of the Hessian's diagonal, one number for `columns`
/// parameters in a row, scaled by the newest pair: rare features, frequent ones, embedding and bias have curvatures
/// that differ a thousandfold.
struct LBFGS {
    /// For each row of parameters the inverse of its curvature.
    let inverseCurvature: [Float]
    let columns: Int
    let workers: Workers

    /// A step, the gradient's change over it, and their product.
    private struct Pair {
        var step: [Float]
        var change: [Float]
        var product: Double
    }

    private var pairs: [Pair] = []
    private static let memory = 4

    init(inverseCurvature: [Float], columns: Int, workers: Workers) {
        self.inverseCurvature = inverseCurvature
        self.columns = columns
        self.workers = workers
    }

    /// Notes a step, scale · direction, and the gradients before and after it; the oldest step is forgotten.
    mutating func remember(
        _ scale: Float, times direction: [Float], from gradient: [Float], to nextGradient: [Float]
    ) {
        var pair =
            pairs.count == LBFGS.memory
            ? pairs.removeFirst() : Pair(step: direction, change: gradient, product: 0)
        VectorKernels.set(&pair.step, to: direction, times: scale, workers)
        VectorKernels.set(&pair.change, to: nextGradient, plus: -1, gradient, workers)
        pair.product = VectorKernels.dot(pair.step, pair.change, workers)
        if pair.product > 1e-12 { pairs.append(pair) }
    }

    /// q = −H g by the two-loop recursion; H₀ = γ D⁻¹ with γ = sᵀy / yᵀD⁻¹y of the newest pair.
    func setDirection(_ q: inout [Float], from gradient: [Float]) {
        VectorKernels.set(&q, to: gradient, times: -1, workers)
        var factors = [Double](repeating: 0, count: pairs.count)
        for index in pairs.indices.reversed() {
            factors[index] = VectorKernels.dot(pairs[index].step, q, workers) / pairs[index].product
            VectorKernels.add(Float(-factors[index]), pairs[index].change, to: &q, workers)
        }
        var scale = 1.0
        if let newest = pairs.last {
            let square = VectorKernels.square(
                of: newest.change, weighing: inverseCurvature, columns: columns, workers)
            scale = newest.product / square
        }
        VectorKernels.scaleRows(&q, by: inverseCurvature, times: Float(scale), columns: columns, workers)
        for (pair, factor) in zip(pairs, factors) {
            let correction = factor - VectorKernels.dot(pair.change, q, workers) / pair.product
            VectorKernels.add(Float(correction), pair.step, to: &q, workers)
        }
    }
}
