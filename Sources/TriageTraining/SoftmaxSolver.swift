import TriageNumerics

/// Minimises a `SoftmaxObjective` by L-BFGS with a line search by Newton's method.
///
/// Logits are linear in the parameters. So the logits of the direction are computed once an iteration, and each
/// point of the line then costs no more than its exponentials: the search can be close, which saves iterations.
struct SoftmaxSolver {
    let objective: SoftmaxObjective
    /// Stops when five iterations together lower the loss by less than this share of it.
    let tolerance: Double
    /// Stops after so many iterations in any case.
    let maximumIterations: Int

    struct Outcome {
        var loss: Double
        var iterations: Int
        var converged: Bool
    }

    private var workers: Workers { objective.workers }

    /// Moves `parameters` towards the minimum; `progress` gets each iteration and may throw to stop.
    func minimize(_ parameters: inout [Float], progress: (Int) throws -> Void) rethrows -> Outcome {
        let cells = [Float](repeating: 0, count: objective.rows.count * objective.columns)
        var (logits, change, residuals) = (cells, cells, cells)
        var gradient = [Float](repeating: 0, count: parameters.count)
        var (direction, nextGradient) = (gradient, gradient)
        objective.score(parameters, into: &logits)
        let start = Line(objective, parameters, direction, logits, change)
        var losses = [start.point(at: 0, residuals: &residuals).loss]
        objective.setGradient(&gradient, parameters, residuals)
        var memory = LBFGS(
            inverseCurvature: objective.inverseCurvature(), columns: objective.columns, workers: workers)
        while losses.count <= maximumIterations, !hasConverged(losses) {
            memory.setDirection(&direction, from: gradient)
            objective.score(direction, into: &change)
            let slope = VectorKernels.dot(direction, gradient, workers)
            let line = Line(objective, parameters, direction, logits, change)
            guard let (step, loss) = line.search(losses[losses.count - 1], slope, residuals: &residuals)
            else {
                return Outcome(loss: losses[losses.count - 1], iterations: losses.count - 1, converged: true)
            }
            VectorKernels.add(step, direction, to: &parameters, workers)
            VectorKernels.add(step, change, to: &logits, workers)
            objective.setGradient(&nextGradient, parameters, residuals)
            memory.remember(step, times: direction, from: gradient, to: nextGradient)
            swap(&gradient, &nextGradient)
            losses.append(loss)
            try progress(losses.count - 1)
        }
        return Outcome(
            loss: losses[losses.count - 1], iterations: losses.count - 1, converged: hasConverged(losses))
    }

    private func hasConverged(_ losses: [Double]) -> Bool {
        guard losses.count > 5, let last = losses.last else { return false }
        return losses[losses.count - 6] - last < tolerance * last
    }
}

/// The loss along one direction, as a function of the step.
private struct Line {
    private let objective: SoftmaxObjective
    private let logits: [Float]
    private let change: [Float]
    /// Σ λ W·W, Σ λ W·d, Σ λ d·d over the blocks.
    private let penalty: (start: Double, mixed: Double, direction: Double)

    init(
        _ objective: SoftmaxObjective, _ parameters: [Float], _ direction: [Float], _ logits: [Float],
        _ change: [Float]
    ) {
        self.objective = objective
        self.logits = logits
        self.change = change
        penalty = (
            objective.penalty(parameters, parameters), objective.penalty(parameters, direction),
            objective.penalty(direction, direction)
        )
    }

    /// Loss, slope and curvature at a step; leaves the weighted residuals of that point.
    func point(at step: Float, residuals: inout [Float]) -> SoftmaxObjective.LinePoint {
        var point = objective.point(logits, plus: step, change, residuals: &residuals)
        let t = Double(step)
        point.loss += 0.5 * (penalty.start + 2 * t * penalty.mixed + t * t * penalty.direction)
        point.slope += penalty.mixed + t * penalty.direction
        point.curvature += penalty.direction
        return point
    }

    /// A step at which the slope is a third of what it was at 0, by Newton's method from 1, kept inside the bracket
    /// that convexity gives; nil when the loss cannot be made to fall.
    func search(
        _ loss: Double, _ slope: Double, residuals: inout [Float]
    ) -> (step: Float, loss: Double)? {
        guard slope < 0 else { return nil }
        var (low, high) = (Float(0), Float.infinity)
        var step: Float = 1
        for trial in 0..<Line.maximumTrials {
            let point = point(at: step, residuals: &residuals)
            let isFlat = abs(point.slope) <= Line.flatness * abs(slope)
            if isFlat || trial >= Line.enoughTrials, point.loss < loss { return (step, point.loss) }
            if point.slope < 0 { low = step } else { high = step }
            let newton = step - Float(point.slope / max(point.curvature, 1e-30))
            if newton > low, newton < high {
                step = min(newton, 20 * step)
            } else {
                step = high.isFinite ? (low + high) / 2 : 2 * step
            }
        }
        return nil
    }

    private static let flatness = 0.3
    /// From here on any step that lowers the loss will do.
    private static let enoughTrials = 4
    private static let maximumTrials = 20
}
