import TriageNumerics

/// The mean embedding of each label's rows, of unit length: labels × dimension, zeros for a label without rows.
struct ClassMeans {
    let vectors: [Float]
    private let dimension: Int
    private let labels: Int

    init(_ fit: HeadFit) {
        let dimension = fit.matrix.dimension
        self.dimension = dimension
        labels = fit.classCount
        var vectors = [Float](repeating: 0, count: fit.classCount * dimension)
        for (row, label) in zip(fit.rows, fit.targets) {
            for k in 0..<dimension { vectors[label * dimension + k] += fit.matrix.dense[row * dimension + k] }
        }
        for label in 0..<fit.classCount where dimension > 0 {
            let range = label * dimension..<(label + 1) * dimension
            var mean = Array(vectors[range])
            _ = DenseKernels.normalize(&mean)
            vectors.replaceSubrange(range, with: mean)
        }
        self.vectors = vectors
    }

    /// The cosine of a row's embedding and a label's mean.
    func similarity(_ matrix: FeatureMatrix, row: Int, label: Int) -> Float {
        var sum: Float = 0
        for k in 0..<dimension { sum += matrix.dense[row * dimension + k] * vectors[label * dimension + k] }
        return sum
    }

    /// The labels in groups of like ones: a walk over them, cut into equal parts.
    func neighbourhoods(_ count: Int) -> [[Int]] {
        let walk = walk
        return (0..<count).map { Array(walk[labels * $0 / count..<labels * ($0 + 1) / count]) }
    }

    /// The labels dealt out in turn along a walk over them, so that like ones are in different groups.
    func alternates(_ count: Int) -> [[Int]] {
        let walk = walk
        return (0..<count).map { first in stride(from: first, to: labels, by: count).map { walk[$0] } }
    }

    /// All labels from the first one, each time on to the most similar one left.
    private var walk: [Int] {
        var left = Array(0..<labels)
        var walk = [left.removeFirst()]
        while !left.isEmpty {
            let here = walk[walk.count - 1]
            let next = left.indices.max { (cosine(here, left[$0]), $1) < (cosine(here, left[$1]), $0) } ?? 0
            walk.append(left.remove(at: next))
        }
        return walk
    }

    private func cosine(_ first: Int, _ second: Int) -> Float {
        var sum: Float = 0
        for k in 0..<dimension { sum += vectors[first * dimension + k] * vectors[second * dimension + k] }
        return sum
    }
}
