internal import CKernels
internal import RealModule

/// Probabilities from logits, without overflow.
package enum Softmax {
    /// log Σ exp(zₖ) over `logits`; minus infinity when there are none.
    package static func logSumExp(_ logits: ArraySlice<Float>) -> Float {
        guard let largest = logits.max(), largest.isFinite else { return logits.isEmpty ? -.infinity : .nan }
        var sum: Float = 0
        for logit in logits { sum += Float.exp(logit - largest) }
        return largest + Float.log(sum)
    }

    /// pₖ = exp(zₖ / T) / Σⱼ exp(zⱼ / T), with the largest logit taken out first; T > 0.
    package static func probabilities(_ logits: ArraySlice<Float>, temperature: Float = 1) -> [Float] {
        let partition = Partition(logits, temperature: temperature)
        return logits.map { partition.probability(of: $0) }
    }

    /// Turns logits into probabilities: computed once, then used for the labels that matter.
    package struct Partition {
        /// What the logits are divided by.
        package let temperature: Float
        private let largest: Float
        private let sum: Float

        /// Σⱼ exp((zⱼ − max z) / T) over `logits`; T > 0.
        package init(_ logits: ArraySlice<Float>, temperature: Float) {
            precondition(temperature > 0, "temperature \(temperature)")
            self.temperature = temperature
            (largest, sum) = logits.withUnsafeBufferPointer { logits in
                var largest = -Float.infinity
                for index in 0..<logits.count { largest = max(largest, logits[index]) }
                return (
                    largest, triage_sum_exp(logits.baseAddress, logits.count, largest, 1 / temperature)
                )
            }
        }

        /// log Σⱼ exp(zⱼ / T).
        package var logSumExp: Float { largest / temperature + Float.log(sum) }

        package func probability(of logit: Float) -> Float {
            withUnsafePointer(to: logit) { triage_sum_exp($0, 1, largest, 1 / temperature) } / sum
        }
    }

    /// 1 / (1 + exp(−x)).
    package static func logistic(_ x: Float) -> Float { 1 / (1 + Float.exp(-x)) }

    /// A probability with six decimals: what is compared, shown and written, so that processors agree.
    package static func rounded(_ probability: Float) -> Float {
        (probability * 1_000_000).rounded() / 1_000_000
    }

    /// What one row adds to a loss along a line: its value, slope and curvature there.
    package struct LinePoint: Sendable {
        /// log Σ exp(z) − z[target].
        package var loss: Float = 0
        /// Σ (p − y) · change.
        package var slope: Float = 0
        /// Σ p · change² − (Σ p · change)².
        package var curvature: Float = 0

        package init() {}
    }

    /// The point of one row at z = logits + step · change, times its weight.
    ///
    /// `cells` are the row's places in all three arrays; its first `classes` cells count. Writes weight · (p − y) to
    /// them in `residuals`, and zeros behind them.
    package static func linePoint(
        _ logits: [Float], plus step: Float, _ change: [Float], _ cells: Range<Int>, classes: Int,
        target: Int, weight: Float, residuals: UnsafeMutableBufferPointer<Float>
    ) -> LinePoint {
        precondition(
            classes <= cells.count && cells.upperBound <= min(logits.count, change.count, residuals.count),
            "cells \(cells)")
        var point = LinePoint()
        logits.withUnsafeBufferPointer { logits in
            change.withUnsafeBufferPointer { change in
                guard let z = logits.baseAddress, let dz = change.baseAddress, let r = residuals.baseAddress
                else { return }
                let first = cells.lowerBound
                triage_line_point(
                    z + first, dz + first, step, classes, cells.count, target, weight, r + first,
                    &point.loss, &point.slope, &point.curvature)
            }
        }
        return point
    }
}
