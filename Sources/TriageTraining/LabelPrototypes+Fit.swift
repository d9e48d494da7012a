import TriageModel
import TriageNumerics

extension LabelPrototypes {
    /// Rows of a label that are looked at, evenly spaced.
    private static let sampleRows = 1000
    private static let iterations = 10

    /// The centres of each label's rows by spherical k-means: a label of several ways to ask has several.
    ///
    /// Groups of too few rows are left out, and the mean of all rows stands beside the others where there is room.
    init(_ fit: HeadFit) {
        var rows = [[Int]](repeating: [], count: fit.classCount)
        for (row, label) in zip(fit.rows, fit.targets) { rows[label].append(row) }
        let (dimension, dense) = (fit.matrix.dimension, fit.matrix.dense)
        let byLabel = rows
        let vectors = fit.workers.map(byLabel.count) { label -> [Float] in
            let own = byLabel[label]
            let step = max(1, own.count / LabelPrototypes.sampleRows)
            let values = stride(from: 0, to: own.count, by: step).flatMap { place in
                dense[own[place] * dimension..<(own[place] + 1) * dimension]
            }
            return LabelPrototypes.centres(GroupVectors(values: values, dimension: dimension))
        }
        self.init(vectors, dimension: dimension)
    }

    private static func centres(_ vectors: GroupVectors) -> [Float] {
        guard vectors.rows >= minimumRows else { return [] }
        let one = Workers(1)
        let mean = vectors.means(of: [Int](repeating: 0, count: vectors.rows), count: 1, one).unit
        let wanted = min(maximumCount, vectors.rows / minimumRows)
        guard wanted > 1 else { return mean }
        let groups = SphericalKMeans(vectors, count: wanted, seed: 1, iterations: iterations, one)
        var sizes = [Int](repeating: 0, count: wanted)
        for place in groups.places { sizes[place] += 1 }
        let kept = sizes.indices.filter { sizes[$0] >= minimumRows }
        let centres = kept.flatMap {
            groups.centres[$0 * vectors.dimension..<($0 + 1) * vectors.dimension]
        }
        return kept.count < maximumCount ? centres + mean : centres
    }
}
