import TriageNumerics

/// Minimises a smooth convex function by L-BFGS (Nocedal and Wright, 2006, algorithms 7.4 and 7.5), with a
/// backtracking line search that tries the full step first.
struct LBFGS {
    /// Pairs of steps and gradient changes that are kept.
    var memory = 6
    /// Stops when ‖g‖ ≤ tolerance · max(1, ‖g at zero‖).
    var tolerance: Double
    /// Stops after so many iterations in any case.
    var maximumIterations: Int
    let workers: Workers

    struct Outcome {
        var loss: Double
        var iterations: Int
        var gradientNorm: Double
        var converged: Bool
    }

    private struct Pair {
        var step: [Float]
        var change: [Float]
        var product: Double
    }

    /// Moves `parameters` to the minimum.
    ///
    /// `evaluate` returns the loss and writes the gradient; `progress` is told each iteration and returns
    /// false to stop early.
    func minimize(
        _ parameters: inout [Float], referenceNorm: Double? = nil,
        progress: (Int, Double) throws -> Void = { _, _ in },
        evaluate: ([Float], inout [Float]) -> Double
    ) rethrows -> Outcome {
        var gradient = [Float](repeating: 0, count: parameters.count)
        var loss = evaluate(parameters, &gradient)
        var norm = VectorKernels.dot(gradient, gradient, workers).squareRoot()
        let goal = tolerance * max(referenceNorm ?? norm, 1e-12)
        var pairs: [Pair] = []
        var iteration = 0
        while norm > goal, iteration < maximumIterations {
            iteration += 1
            var direction = self.direction(gradient, pairs)
            var slope = VectorKernels.dot(direction, gradient, workers)
            if slope >= 0 {
                pairs.removeAll()
                direction = gradient.map { -$0 }
                slope = -norm * norm
            }
            let firstStep = pairs.isEmpty ? Float(min(1, 1 / norm)) : 1
            guard let move = search(from: parameters, direction, slope, loss, firstStep, evaluate) else {
                break
            }
            remember(&pairs, parameters, move, gradient)
            (parameters, gradient, loss) = (move.parameters, move.gradient, move.loss)
            norm = VectorKernels.dot(gradient, gradient, workers).squareRoot()
            try progress(iteration, loss)
        }
        return Outcome(loss: loss, iterations: iteration, gradientNorm: norm, converged: norm <= goal)
    }

    private struct Move {
        var parameters: [Float]
        var gradient: [Float]
        var loss: Double
    }

    /// Halves the step until the loss falls enough (Armijo, 1e-4); nil when it never does.
    private func search(
        from parameters: [Float], _ direction: [Float], _ slope: Double, _ loss: Double, _ first: Float,
        _ evaluate: ([Float], inout [Float]) -> Double
    ) -> Move? {
        var step = first
        for _ in 0..<20 {
            var move = Move(
                parameters: parameters, gradient: [Float](repeating: 0, count: parameters.count), loss: 0)
            VectorKernels.add(step, direction, to: &move.parameters, workers)
            move.loss = evaluate(move.parameters, &move.gradient)
            if move.loss <= loss + 1e-4 * Double(step) * slope { return move }
            step *= 0.5
        }
        return nil
    }

    private func remember(_ pairs: inout [Pair], _ parameters: [Float], _ move: Move, _ gradient: [Float]) {
        var step = move.parameters
        VectorKernels.add(-1, parameters, to: &step, workers)
        var change = move.gradient
        VectorKernels.add(-1, gradient, to: &change, workers)
        let product = VectorKernels.dot(step, change, workers)
        guard product > 1e-12 else { return }
        if pairs.count == memory { pairs.removeFirst() }
        pairs.append(Pair(step: step, change: change, product: product))
    }

    /// −H g by the two-loop recursion; H₀ = (sᵀy / yᵀy) I of the newest pair.
    private func direction(_ gradient: [Float], _ pairs: [Pair]) -> [Float] {
        var q = gradient
        var factors: [Double] = []
        for pair in pairs.reversed() {
            let factor = VectorKernels.dot(pair.step, q, workers) / pair.product
            VectorKernels.add(Float(-factor), pair.change, to: &q, workers)
            factors.append(factor)
        }
        if let newest = pairs.last {
            let scale = newest.product / VectorKernels.dot(newest.change, newest.change, workers)
            VectorKernels.scale(&q, by: Float(scale), workers)
        }
        for (pair, factor) in zip(pairs, factors.reversed()) {
            let correction = factor - VectorKernels.dot(pair.change, q, workers) / pair.product
            VectorKernels.add(Float(correction), pair.step, to: &q, workers)
        }
        VectorKernels.scale(&q, by: -1, workers)
        return q
    }
}
