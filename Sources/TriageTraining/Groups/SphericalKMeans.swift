package import TriageNumerics

/// Unit vectors in a given number of groups, so that the sum of the cosines to the groups' centres is large (Dhillon and
/// Modha, 2001).
///
/// The first centres are vectors drawn with the probability of their distance to those drawn before; of several draws the
/// best one counts (k-means++, Arthur and Vassilvitskii, 2007). Then each vector moves to its nearest centre and each
/// centre to the mean of its vectors, until no vector moves. Equal input and seed give equal groups on any number of threads.
package struct SphericalKMeans: Sendable {
    /// The group of each vector.
    package private(set) var places: [Int] = []
    /// The cosine of each vector and its group's centre.
    package private(set) var products: [Float] = []
    /// The centres, row-major, of unit length.
    package private(set) var centres: [Float]

    /// Groups of vectors; `count` is between 1 and the number of vectors.
    ///
    /// A group may stay empty where vectors are equal.
    package init(
        _ vectors: GroupVectors, count: Int, seed: UInt64, iterations: Int = 100, _ workers: Workers
    ) {
        precondition((1...max(1, vectors.rows)).contains(count), "\(count) groups of \(vectors.rows)")
        centres = SphericalKMeans.seeds(vectors, count, seed, workers)
        settle(vectors, iterations, workers)
    }

    /// Groups of vectors around given centres.
    package init(_ vectors: GroupVectors, centres: [Float], iterations: Int = 100, _ workers: Workers) {
        self.centres = centres
        settle(vectors, iterations, workers)
    }

    private mutating func settle(_ vectors: GroupVectors, _ iterations: Int, _ workers: Workers) {
        for _ in 0..<iterations {
            let nearest = NearestCentres(
                of: vectors.values, among: centres, dimension: vectors.dimension, workers)
            let moved = nearest.places.map { Int($0) }
            products = nearest.products
            guard moved != places else { break }
            places = moved
            fillEmptyGroups(vectors)
            centres = vectors.means(of: places, count: centres.count / vectors.dimension, workers).unit
        }
    }

    /// A vector this near to its centre is the centre.
    private static let isEqual: Float = 0.99999

    /// Gives each group without a vector the one that is furthest from its centre, of a group that has others.
    private mutating func fillEmptyGroups(_ vectors: GroupVectors) {
        var sizes = [Int](repeating: 0, count: centres.count / vectors.dimension)
        for place in places { sizes[place] += 1 }
        let empty = sizes.indices.filter { sizes[$0] == 0 }
        guard !empty.isEmpty else { return }
        var far = places.indices.sorted { (products[$0], $0) < (products[$1], $1) }[...]
        for group in empty {
            while let row = far.popFirst() {
                guard products[row] < SphericalKMeans.isEqual, sizes[places[row]] > 1 else { continue }
                sizes[places[row]] -= 1
                (places[row], sizes[group]) = (group, 1)
                break
            }
        }
    }

    // MARK: - The first centres

    private static func seeds(
        _ vectors: GroupVectors, _ count: Int, _ seed: UInt64, _ workers: Workers
    ) -> [Float] {
        var generator = SplitMix64(seed: seed)
        var chosen = [generator.below(vectors.rows)]
        var distances = [Float](repeating: .infinity, count: vectors.rows)
        distances = Draws(vectors, chosen, distances, workers).distances(after: 0)
        let draws = 2 + (Int.bitWidth - count.leadingZeroBitCount)
        while chosen.count < count {
            let rows = drawn(draws, distances, &generator)
            let round = Draws(vectors, rows, distances, workers)
            chosen.append(rows[round.best])
            distances = round.distances(after: round.best)
        }
        return chosen.flatMap { vectors[$0] }
    }

    /// Rows drawn with the probability of their distance.
    private static func drawn(
        _ count: Int, _ distances: [Float], _ generator: inout SplitMix64
    ) -> [Int] {
        var sums: [Double] = []
        sums.reserveCapacity(distances.count)
        var sum = 0.0
        for distance in distances {
            sum += Double(distance)
            sums.append(sum)
        }
        return (0..<count).map { _ in
            let wanted = Double(generator.unitFloat()) * sum
            var (low, high) = (0, sums.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > wanted { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    /// The distances that each of some rows would leave as the next centre.
    private struct Draws {
        private let count: Int
        /// Rows × draws.
        private var left: [Float]
        /// The draw that leaves the smallest sum.
        private(set) var best = 0

        init(_ vectors: GroupVectors, _ rows: [Int], _ distances: [Float], _ workers: Workers) {
            count = rows.count
            left = [Float](repeating: 0, count: vectors.rows * count)
            let columns = NearestCentres.turned(
                rows.flatMap { vectors[$0] }, dimension: vectors.dimension)
            left.withUnsafeMutableBufferPointer { left in
                nonisolated(unsafe) let left = left
                let count = rows.count
                NearestCentres.forEachBlock(
                    vectors.values, columns, dimension: vectors.dimension, workers
                ) { first, products in
                    for cell in products.indices {
                        let distance = max(0, 1 - products[cell])
                        left[first * count + cell] = min(distances[first + cell / count], distance)
                    }
                }
            }
            var sums = [Double](repeating: 0, count: count)
            for cell in left.indices { sums[cell % count] += Double(left[cell]) }
            for draw in sums.indices where sums[draw] < sums[best] { best = draw }
        }

        func distances(after draw: Int) -> [Float] {
            stride(from: draw, to: left.count, by: count).map { left[$0] }
        }
    }
}

extension GroupVectors {
    /// The means of groups of vectors.
    package struct Means: Sendable {
        /// Groups × dimension, row-major; zeros for an empty group.
        package var means: [Float]
        /// The same, each scaled to unit length.
        package var unit: [Float]
        package var sizes: [Int]
    }

    /// The mean of each group's vectors: summed in Double, in the order of the rows.
    package func means(of places: [Int], count: Int, _ workers: Workers) -> Means {
        var members = [[Int]](repeating: [], count: count)
        for (row, place) in places.enumerated() { members[place].append(row) }
        let found = workers.map(count) { [members] group in
            var sum = [Double](repeating: 0, count: dimension)
            for row in members[group] {
                for k in 0..<dimension { sum[k] += Double(values[row * dimension + k]) }
            }
            let size = Double(max(members[group].count, 1))
            let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return (mean: sum.map { Float($0 / size) }, unit: sum.map { length > 0 ? Float($0 / length) : 0 })
        }
        return Means(
            means: found.flatMap(\.mean), unit: found.flatMap(\.unit), sizes: members.map(\.count))
    }

    /// The product of a vector and one of several others, row-major.
    package func product(_ row: Int, with others: [Float], at place: Int) -> Float {
        var sum: Float = 0
        for k in 0..<dimension { sum += values[row * dimension + k] * others[place * dimension + k] }
        return sum
    }

    /// The vectors that are not zeros.
    package var rowsWithContent: [Int] { (0..<rows).filter { self[$0].contains { $0 != 0 } } }

    /// Up to three of a group's vectors, the first ones that are not nearly equal to one before.
    package func differentExamples(of members: [Int]) -> [Int] {
        var chosen: [Int] = []
        for row in members.prefix(GroupVectors.examined) where chosen.count < GroupVectors.maximumExamples {
            let isNew = chosen.allSatisfy { product(row, with: values, at: $0) < GroupVectors.nearlyEqual }
            if isNew { chosen.append(row) }
        }
        return chosen
    }

    private static let maximumExamples = 3
    /// How many of a group's nearest vectors may be examples.
    private static let examined = 200
    private static let nearlyEqual: Float = 0.9
}
