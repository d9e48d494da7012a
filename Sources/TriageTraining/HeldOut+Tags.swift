internal import RealModule
internal import TriageNumerics

extension HeldOut {
    /// The calibrated probability of a tag for a row.
    func probability(row: Int, tag: Int, temperature: Float) -> Float {
        Softmax.rounded(Softmax.logistic(logits[row * stride + tag] / temperature))
    }

    /// The mean over the rows of Σₖ −ln p(yₖ), over all tags.
    func tagLogLoss(_ tags: [[Int32]], temperature: Double) -> Double {
        let inverse = Float(1 / temperature)
        var total = 0.0
        for (row, own) in tags.enumerated() {
            var sum: Float = 0
            for tag in 0..<classCount {
                let z = logits[row * stride + tag] * inverse
                sum += max(z, 0) + Float.log(onePlus: Float.exp(-abs(z)))
            }
            for tag in own { sum -= logits[row * stride + Int(tag)] * inverse }
            total += Double(sum)
        }
        return total / Double(max(tags.count, 1))
    }

    /// The mean over the rows of Σₖ (pₖ − yₖ)², over all tags.
    func tagBrier(_ tags: [[Int32]], temperature: Double) -> Double {
        let inverse = Float(1 / temperature)
        var total = 0.0
        for (row, own) in tags.enumerated() {
            var sum: Float = 0
            for tag in 0..<classCount {
                let p = Softmax.logistic(logits[row * stride + tag] * inverse)
                sum += p * p
            }
            for tag in own { sum += 1 - 2 * Softmax.logistic(logits[row * stride + Int(tag)] * inverse) }
            total += Double(sum)
        }
        return total / Double(max(tags.count, 1))
    }
}
