import Testing

@testable import TriageNumerics

/// The kernels behind groups of vectors.
struct GroupKernelTests {
    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in generator.unitFloat() - 0.5 }
    }

    // MARK: - Nearest centres

    @Test(arguments: [(1, 1, 1), (7, 3, 5), (513, 20, 33), (1100, 77, 64)])
    func `the nearest centre is that of the reference`(rows: Int, count: Int, dimension: Int) {
        let (vectors, centres) = (numbers(rows * dimension, seed: 1), numbers(count * dimension, seed: 2))
        let fast = NearestCentres(of: vectors, among: centres, dimension: dimension, Workers(2))
        let slow = ReferenceKernels.nearest(of: vectors, among: centres, dimension: dimension)
        for row in 0..<rows {
            #expect(abs(fast.products[row] - slow.products[row]) < 1e-4)
            // Two centres may be equally near up to rounding.
            guard fast.places[row] != slow.places[row] else { continue }
            let own = (0..<dimension).reduce(Float(0)) {
                $0 + vectors[row * dimension + $1] * centres[Int(fast.places[row]) * dimension + $1]
            }
            #expect(abs(own - slow.products[row]) < 1e-4)
        }
    }

    @Test func `of equally near centres the first counts, on any number of threads`() {
        let vectors = numbers(3000 * 8, seed: 3)
        let centre = numbers(8, seed: 4)
        let equal = NearestCentres(of: vectors, among: centre + centre, dimension: 8, Workers(1))
        #expect(equal.places.allSatisfy { $0 == 0 })
        let centres = numbers(30 * 8, seed: 5)
        let one = NearestCentres(of: vectors, among: centres, dimension: 8, Workers(1))
        let three = NearestCentres(of: vectors, among: centres, dimension: 8, Workers(3))
        #expect(one.places == three.places && one.products == three.products)
    }

    // MARK: - Orthonormal columns

    @Test(arguments: [(5, 5), (40, 7), (2500, 33)])
    func `columns become orthonormal and span the same space`(rows: Int, columns: Int) {
        let before = numbers(rows * columns, seed: 6)
        var after = before
        OrthonormalColumns.make(&after, columns: columns, Workers(2))
        func product(_ i: Int, _ j: Int, _ other: [Float]) -> Double {
            (0..<rows).reduce(0) {
                $0 + Double(after[$1 * columns + i]) * Double(other[$1 * columns + j])
            }
        }
        for i in 0..<columns {
            for j in 0..<columns { #expect(abs(product(i, j, after) - (i == j ? 1 : 0)) < 1e-4) }
        }
        // What the new columns leave of the old ones.
        for j in 0..<columns {
            let shares = (0..<columns).map { product($0, j, before) }
            for row in 0..<rows {
                let rest = shares.indices.reduce(Double(before[row * columns + j])) {
                    $0 - shares[$1] * Double(after[row * columns + $1])
                }
                #expect(abs(rest) < 1e-3)
            }
        }
    }

    @Test func `a column that others span becomes zeros`() {
        var table: [Float] = []
        for row in numbers(50 * 2, seed: 7).enumerated() where row.offset % 2 == 0 {
            let pair = [row.element, Float(row.offset % 7) - 3]
            table += [pair[0], pair[1], 2 * pair[0] - pair[1], 0]
        }
        OrthonormalColumns.make(&table, columns: 4, Workers(1))
        for row in 0..<50 { #expect(table[row * 4 + 2] == 0 && table[row * 4 + 3] == 0) }
        #expect(table.allSatisfy { $0.isFinite })
    }

    @Test func `a table without columns stays one`() {
        var table: [Float] = []
        OrthonormalColumns.make(&table, columns: 0, Workers(1))
        #expect(table.isEmpty)
    }

    // MARK: - Ward's method

    /// Ward's tree from its definition: at each step all pairs, from the means of their points.
    private func naiveMerges(_ points: [[Double]], _ weights: [Double]) -> [(groups: Set<Int>, cost: Double)]
    {
        var groups = points.indices.map { [$0] }
        func mean(_ group: [Int]) -> [Double] {
            let all = group.reduce(0) { $0 + weights[$1] }
            return points[0].indices.map { k in group.reduce(0) { $0 + weights[$1] * points[$1][k] } / all }
        }
        var merges: [(Set<Int>, Double)] = []
        while groups.count > 1 {
            var best = (first: 0, second: 0, cost: Double.infinity)
            for i in groups.indices {
                for j in groups.indices where j > i {
                    let (a, b) = (
                        groups[i].reduce(0) { $0 + weights[$1] }, groups[j].reduce(0) { $0 + weights[$1] }
                    )
                    let square = zip(mean(groups[i]), mean(groups[j])).reduce(0) {
                        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
                    }
                    if a * b / (a + b) * square < best.cost { best = (i, j, a * b / (a + b) * square) }
                }
            }
            groups[best.first] += groups[best.second]
            merges.append((Set(groups[best.first]), best.cost))
            groups.remove(at: best.second)
        }
        return merges
    }

    @Test(arguments: [2, 3, 10, 40])
    func `the tree is that of the definition`(count: Int) {
        let values = numbers(count * 5, seed: UInt64(count))
        let points = (0..<count).map { row in values[row * 5..<(row + 1) * 5].map { Double($0) } }
        let weights = (0..<count).map { Double(1 + $0 % 4) }
        let tree = WardTree(values, weights: weights, dimension: 5, Workers(2))
        let naive = naiveMerges(points, weights)
        #expect(tree.merges.count == count - 1)
        for (merge, expected) in zip(tree.merges, naive) {
            #expect(abs(merge.cost - expected.cost) < 1e-4)
        }
        for groups in 1...count {
            let places = tree.places(groups: groups)
            #expect(Set(places) == Set(0..<groups))
            // Each group is one of the naive merges' groups, or a single point.
            for group in 0..<groups {
                let members = Set(places.indices.filter { places[$0] == group })
                let isNaive = naive.prefix(count - groups).contains { $0.groups == members }
                #expect(isNaive || members.count == 1)
            }
        }
    }

    @Test func `points on a line, by hand`() {
        // 0 and 1 cost 1/2 · 1; 10 and 12 cost 1/2 · 4; their means 0.5 and 11 cost 2 · 2 / 4 · 10.5².
        let tree = WardTree([0, 10, 1, 12], weights: [1, 1, 1, 1], dimension: 1, Workers(1))
        for (merge, cost) in zip(tree.merges, [0.5, 2, 110.25]) { #expect(abs(merge.cost - cost) < 1e-9) }
        #expect(tree.places(groups: 2) == [0, 1, 0, 1] && tree.places(groups: 3) == [0, 1, 0, 2])
        #expect(tree.places(groups: 1) == [0, 0, 0, 0] && tree.places(groups: 9) == [0, 1, 2, 3])
        #expect(WardTree([5], weights: [3], dimension: 1, Workers(1)).merges.isEmpty)
    }

    @Test func `equal points and any number of threads give the same tree`() {
        let values = numbers(60 * 4, seed: 8) + [Float](repeating: 0.25, count: 20 * 4)
        let weights = [Double](repeating: 1, count: 80)
        let one = WardTree(values, weights: weights, dimension: 4, Workers(1))
        #expect(one.merges == WardTree(values, weights: weights, dimension: 4, Workers(3)).merges)
        #expect(one.merges.prefix(19).allSatisfy { $0.cost < 1e-6 })
        #expect(Set(one.places(groups: 61)[60...]).count == 1)
    }
}
