internal import RealModule
internal import TriageNumerics

/// Held-out logits and measures of them.
struct HeldOut {
    /// rows × stride, row-major; `classCount` of each row count.
    var logits: [Float] = []
    var targets: [Int] = []
    /// The places of each row's tags; nil for one label a row.
    var tags: [[Int32]]?
    let classCount: Int
    let stride: Int

    init(classCount: Int, stride: Int, hasTags: Bool = false) {
        self.classCount = classCount
        self.stride = stride
        tags = hasTags ? [] : nil
    }

    /// The share of rows whose largest logit is the target's; the first of equal ones counts.
    var accuracy: Double { Double(right) / Double(max(targets.count, 1)) }

    /// Those rows.
    var right: Int {
        var right = 0
        for (row, target) in targets.enumerated() {
            var best = 0
            for label in 1..<classCount where logits[row * stride + label] > logits[row * stride + best] {
                best = label
            }
            if best == target { right += 1 }
        }
        return right
    }

    /// The mean of −ln p(target) at a temperature.
    func logLoss(temperature: Double) -> Double {
        if let tags { return tagLogLoss(tags, temperature: temperature) }
        let inverse = Float(1 / temperature)
        var total = 0.0
        for (row, target) in targets.enumerated() {
            let start = row * stride
            var largest = -Float.infinity
            for label in 0..<classCount { largest = max(largest, logits[start + label]) }
            var sum: Float = 0
            for label in 0..<classCount { sum += Float.exp((logits[start + label] - largest) * inverse) }
            total += Double(Float.log(sum) - (logits[start + target] - largest) * inverse)
        }
        return total / Double(max(targets.count, 1))
    }

    /// The mean over the rows of Σₖ (pₖ − yₖ)², 0 … 2, at a temperature (Brier, 1950).
    func brier(temperature: Double) -> Double {
        if let tags { return tagBrier(tags, temperature: temperature) }
        var total = 0.0
        for (row, target) in targets.enumerated() {
            let cells = logits[row * stride..<row * stride + classCount]
            let probabilities = Softmax.probabilities(cells, temperature: Float(temperature))
            var sum: Float = 0
            for (label, p) in probabilities.enumerated() {
                let error = label == target ? 1 - p : p
                sum += error * error
            }
            total += Double(sum)
        }
        return total / Double(max(targets.count, 1))
    }

    /// The temperature of least log-loss in 0.05 … 20, by golden section over its logarithm (Guo et al., 2017).
    func bestTemperature() -> (temperature: Double, logLoss: Double) {
        let ratio = 0.618_033_988_749_895
        var (low, high) = (Double.log(0.05), Double.log(20.0))
        var (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
        var (lossA, lossB) = (logLoss(temperature: Double.exp(a)), logLoss(temperature: Double.exp(b)))
        for _ in 0..<18 {
            if lossA <= lossB {
                (high, b, lossB) = (b, a, lossA)
                a = high - ratio * (high - low)
                lossA = logLoss(temperature: Double.exp(a))
            } else {
                (low, a, lossA) = (a, b, lossB)
                b = low + ratio * (high - low)
                lossB = logLoss(temperature: Double.exp(b))
            }
        }
        let best = Double.exp((low + high) / 2)
        return (best, logLoss(temperature: best))
    }
}
