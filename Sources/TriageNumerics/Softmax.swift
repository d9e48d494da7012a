#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Probabilities from logits, without overflow.
public enum Softmax {
    /// log Σ exp(zₖ) over `logits`; minus infinity when there are none.
    public static func logSumExp(_ logits: ArraySlice<Float>) -> Float {
        guard let largest = logits.max(), largest.isFinite else { return logits.isEmpty ? -.infinity : .nan }
        var sum: Float = 0
        for logit in logits { sum += expf(logit - largest) }
        return largest + logf(sum)
    }

    /// pₖ = exp(zₖ / T) / Σⱼ exp(zⱼ / T), with the largest logit taken out first; T > 0.
    public static func probabilities(_ logits: ArraySlice<Float>, temperature: Float = 1) -> [Float] {
        precondition(temperature > 0, "temperature \(temperature)")
        var largest = -Float.infinity
        for index in logits.indices { largest = max(largest, logits[index]) }
        var result: [Float] = []
        result.reserveCapacity(logits.count)
        var sum: Float = 0
        for index in logits.indices {
            let term = expf((logits[index] - largest) / temperature)
            sum += term
            result.append(term)
        }
        for k in result.indices { result[k] /= sum }
        return result
    }

    /// Turns one row of logits into p − y in place and returns the row's loss, log Σ exp(z) − z[target].
    public static func replaceByResidual(_ row: UnsafeMutablePointer<Float>, count: Int, target: Int) -> Float
    {
        var largest = -Float.infinity
        for k in 0..<count { largest = max(largest, row[k]) }
        let targetLogit = row[target] - largest
        var sum: Float = 0
        for k in 0..<count {
            row[k] = expf(row[k] - largest)
            sum += row[k]
        }
        let scale = 1 / sum
        for k in 0..<count { row[k] *= scale }
        row[target] -= 1
        return logf(sum) - targetLogit
    }
}
