internal import CKernels

/// Linear support vector machines, one a label against all others, over the same features.
package enum SquaredHinge {
    /// The point of one row at z = logits + step · change, times its weight: Σₖ max(0, 1 − yₖ zₖ)² with yₖ = 1 for `target`
    /// and −1 for the others.
    ///
    /// The curvature is that of the labels within the margin: the loss has no second derivative where one meets it.
    ///
    /// `cells` are the row's places in all three arrays; its first `classes` cells count. Writes the derivatives by zₖ,
    /// −2 · weight · yₖ · max(0, 1 − yₖ zₖ), to them in `residuals`, and zeros behind them.
    package static func linePoint(
        _ logits: [Float], plus step: Float, _ change: [Float], _ cells: Range<Int>, classes: Int,
        target: Int, weight: Float, residuals: UnsafeMutableBufferPointer<Float>
    ) -> Softmax.LinePoint {
        precondition(
            classes <= cells.count && cells.upperBound <= min(logits.count, change.count, residuals.count),
            "cells \(cells)")
        var point = Softmax.LinePoint()
        logits.withUnsafeBufferPointer { logits in
            change.withUnsafeBufferPointer { change in
                guard let z = logits.baseAddress, let dz = change.baseAddress, let r = residuals.baseAddress
                else { return }
                let first = cells.lowerBound
                triage_hinge_line_point(
                    z + first, dz + first, step, classes, cells.count, target, weight, r + first,
                    &point.loss, &point.slope, &point.curvature)
            }
        }
        return point
    }

    /// The intercept of a label that a share q of the rows has, while no feature has a weight: 2 q − 1, where
    /// q (1 − b)² + (1 − q) (1 + b)² is least.
    package static func intercept(_ share: Float) -> Float { 2 * share - 1 }
}
