internal import CKernels
internal import RealModule

/// Independent logistic regressions, one a label, over the same features.
package enum OneVsRest {
    /// The point of one row at z = logits + step · change, times its weight: Σₖ log(1 + exp zₖ) − Σ over `positives` of zₖ.
    ///
    /// `cells` are the row's places in all three arrays; its first `classes` cells count. Writes weight · (p − y) to
    /// them in `residuals`, and zeros behind them.
    package static func linePoint(
        _ logits: [Float], plus step: Float, _ change: [Float], _ cells: Range<Int>, classes: Int,
        positives: [Int32], weight: Float, residuals: UnsafeMutableBufferPointer<Float>
    ) -> Softmax.LinePoint {
        precondition(
            classes <= cells.count && cells.upperBound <= min(logits.count, change.count, residuals.count)
                && positives.allSatisfy { (0..<classes).contains(Int($0)) },
            "cells \(cells)")
        var point = Softmax.LinePoint()
        logits.withUnsafeBufferPointer { logits in
            change.withUnsafeBufferPointer { change in
                guard let z = logits.baseAddress, let dz = change.baseAddress, let r = residuals.baseAddress
                else { return }
                let first = cells.lowerBound
                triage_logistic_line_point(
                    z + first, dz + first, step, classes, cells.count, positives, positives.count, weight,
                    r + first, &point.loss, &point.slope, &point.curvature)
            }
        }
        return point
    }

    /// The share of rows that have each label, kept half a row away from 0 and 1.
    package static func shares(_ positives: [[Int32]], classes: Int) -> [Float] {
        var counts = [Int](repeating: 0, count: classes)
        for row in positives {
            for label in row { counts[Int(label)] += 1 }
        }
        let rows = Float(max(positives.count, 1))
        return counts.map { min(max(Float($0), 0.5), rows - 0.5) / rows }
    }

    /// The mean of q (1 − q).
    package static func meanVariance(_ shares: [Float]) -> Float {
        shares.reduce(0) { $0 + $1 * (1 - $1) } / Float(max(shares.count, 1))
    }

    /// ln(q ÷ (1 − q)).
    package static func logOdds(_ share: Float) -> Float { Float.log(share / (1 - share)) }
}
