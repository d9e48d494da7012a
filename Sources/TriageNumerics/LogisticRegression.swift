internal import RealModule

/// Logistic regression over a handful of features, by Newton's method: for scores, not for text.
package enum LogisticRegression {
    package struct Observation: Sendable {
        /// What is known of it; append a 1 for an intercept.
        package var features: [Float]
        package var isPositive: Bool
        package var weight: Double

        package init(features: [Float], isPositive: Bool, weight: Double = 1) {
            (self.features, self.isPositive, self.weight) = (features, isPositive, weight)
        }
    }

    /// The weights w that minimise Σ weight · log-loss + penalty / 2 · ‖w − prior‖²; the prior is 0 by default.
    ///
    /// - Complexity: O(observations · features²) a step, thirty steps at most.
    package static func fit(
        _ observations: [Observation], penalty: Double, prior: [Double]? = nil
    ) -> [Double] {
        let size = observations.first?.features.count ?? 0
        let prior = prior ?? [Double](repeating: 0, count: size)
        var w = prior
        for _ in 0..<30 {
            var gradient = zip(w, prior).map { -penalty * ($0 - $1) }
            var hessian = [Double](repeating: 0, count: size * size)
            for index in 0..<size { hessian[index * size + index] = penalty }
            for one in observations {
                let p = probability(w, one.features)
                let (pull, curvature) = (
                    one.weight * ((one.isPositive ? 1 : 0) - p), one.weight * p * (1 - p)
                )
                for i in 0..<size {
                    gradient[i] += pull * Double(one.features[i])
                    for j in 0..<size {
                        hessian[i * size + j] += curvature * Double(one.features[i]) * Double(one.features[j])
                    }
                }
            }
            let step = solve(hessian, gradient)
            for index in 0..<size { w[index] += step[index] }
            if step.allSatisfy({ abs($0) < 1e-8 }) { break }
        }
        return w
    }

    /// 1 / (1 + exp(−w · features)).
    package static func probability(_ weights: [Double], _ features: [Float]) -> Double {
        1 / (1 + Double.exp(-zip(weights, features).reduce(0) { $0 + $1.0 * Double($1.1) }))
    }

    /// Gaussian elimination of a positive definite system, row-major.
    private static func solve(_ matrix: [Double], _ right: [Double]) -> [Double] {
        var (a, b) = (matrix, right)
        let size = b.count
        for pivot in 0..<size {
            for row in (pivot + 1)..<max(size, pivot + 1) {
                let factor = a[row * size + pivot] / a[pivot * size + pivot]
                for column in pivot..<size { a[row * size + column] -= factor * a[pivot * size + column] }
                b[row] -= factor * b[pivot]
            }
        }
        for row in (0..<size).reversed() {
            for column in (row + 1)..<max(size, row + 1) { b[row] -= a[row * size + column] * b[column] }
            b[row] /= a[row * size + row]
        }
        return b
    }
}
