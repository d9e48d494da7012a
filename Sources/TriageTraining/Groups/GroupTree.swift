import TriageNumerics

/// Vectors as a tree of groups: near ones are put together by k-means into small groups, and these are merged by Ward's method.
///
/// Merged groups may differ in size and shape, as matters do. k-means alone makes groups of like extent, and agrees less with
/// labels that people gave.
struct GroupTree {
    /// The small group of each vector.
    private let places: [Int]
    private let tree: WardTree
    private let points: Int

    /// Up to so many vectors are merged one by one; of more, so many small groups.
    static let maximumPoints = 1000
    /// A limit of memory: the tree takes 8 bytes a pair of points.
    private static let pointLimit = 4000
    /// Small groups are found in so many vectors at most, evenly spaced.
    private static let sampleRows = 20_000
    /// Small groups need not be exact, since they are merged.
    private static let iterations = 12
    /// Rounds over all vectors after those over the sample.
    private static let lastIterations = 2

    /// The tree of unit vectors, of which there is one at least.
    init(_ vectors: GroupVectors, points wanted: Int, seed: UInt64, _ workers: Workers) {
        let maximum = min(wanted, GroupTree.pointLimit)
        guard vectors.rows > maximum else {
            places = Array(0..<vectors.rows)
            points = vectors.rows
            tree = WardTree(
                vectors.values, weights: [Double](repeating: 1, count: points),
                dimension: vectors.dimension, workers)
            return
        }
        let found = GroupTree.smallGroups(vectors, maximum, seed, workers).places
        // Groups that stayed empty are no points.
        var numbers: [Int: Int] = [:]
        for place in found where numbers[place] == nil { numbers[place] = numbers.count }
        places = found.compactMap { numbers[$0] }
        points = numbers.count
        let means = vectors.means(of: places, count: points, workers)
        tree = WardTree(
            means.means, weights: means.sizes.map { Double($0) }, dimension: vectors.dimension, workers)
    }

    private static func smallGroups(
        _ vectors: GroupVectors, _ count: Int, _ seed: UInt64, _ workers: Workers
    ) -> SphericalKMeans {
        let step = (vectors.rows + sampleRows - 1) / sampleRows
        guard step > 1 else {
            return SphericalKMeans(vectors, count: count, seed: seed, iterations: iterations, workers)
        }
        let sample = vectors.keeping(Array(stride(from: 0, to: vectors.rows, by: step)))
        let first = SphericalKMeans(sample, count: count, seed: seed, iterations: iterations, workers)
        return SphericalKMeans(vectors, centres: first.centres, iterations: lastIterations, workers)
    }

    /// The group of each vector when so many groups are left, or one for each point where there are fewer.
    func places(groups: Int) -> [Int] {
        let merged = tree.places(groups: min(groups, points))
        return places.map { merged[$0] }
    }
}
