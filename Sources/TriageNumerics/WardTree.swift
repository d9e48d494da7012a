/// Points merged two by two into one group: of all pairs of groups the one whose union adds least to the squared distances
/// from groups' means (Ward, 1963).
///
/// The added cost of groups A and B is |A|·|B| / (|A| + |B|) · ‖mean A − mean B‖². The pairs are found by chains of nearest
/// neighbours (Murtagh, 1983), which give the same tree as a search among all pairs, in a time and memory of points².
package struct WardTree: Sendable {
    /// Two groups that became one.
    package struct Merge: Sendable, Equatable {
        /// The lowest point of either group.
        package var first: Int
        package var second: Int
        /// What the merge adds to the squared distances.
        package var cost: Double
    }

    /// All merges, the cheapest first: one fewer than points.
    package let merges: [Merge]
    private let count: Int

    /// The tree of points, row-major with `dimension` columns, each of which stands for `weights` rows, all above 0.
    package init(_ points: [Float], weights: [Double], dimension: Int, _ workers: Workers) {
        count = weights.count
        precondition(points.count == count * dimension && weights.allSatisfy { $0 > 0 }, "\(count) points")
        var chain = Chain(
            WardTree.costs(points, weights, dimension: dimension, workers), weights)
        merges = chain.merges().enumerated().sorted {
            ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
        }.map(\.element)
    }

    /// The number of each point's group when the merges have left `groups` of them; groups are numbered by their lowest point.
    package func places(groups: Int) -> [Int] {
        var roots = Array(0..<count)
        func root(_ point: Int) -> Int {
            var point = point
            while roots[point] != point { point = roots[point] }
            return point
        }
        for merge in merges.prefix(max(0, count - groups)) {
            let (a, b) = (root(merge.first), root(merge.second))
            roots[max(a, b)] = min(a, b)
        }
        var numbers: [Int: Int] = [:]
        return (0..<count).map { point in
            let root = root(point)
            let number = numbers[root] ?? numbers.count
            numbers[root] = number
            return number
        }
    }

    /// The cost of merging each pair of points, points × points.
    private static func costs(
        _ points: [Float], _ weights: [Double], dimension: Int, _ workers: Workers
    ) -> [Double] {
        let count = weights.count
        let squares = (0..<count).map { row in
            points[row * dimension..<(row + 1) * dimension].reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        var costs = [Double](repeating: 0, count: count * count)
        costs.withUnsafeMutableBufferPointer { costs in
            nonisolated(unsafe) let costs = costs
            let turned = NearestCentres.turned(points, dimension: dimension)
            NearestCentres.forEachBlock(points, turned, dimension: dimension, workers) { first, products in
                for row in 0..<products.count / count {
                    let i = first + row
                    for j in 0..<count {
                        let distance = max(0, squares[i] + squares[j] - 2 * Double(products[row * count + j]))
                        costs[i * count + j] = weights[i] * weights[j] / (weights[i] + weights[j]) * distance
                    }
                }
            }
        }
        return costs
    }

    /// The search for pairs that are each other's nearest.
    private struct Chain {
        private let count: Int
        private var costs: [Double]
        private var weights: [Double]
        /// The lowest points of the groups that are left, ascending.
        private var left: [Int]

        init(_ costs: [Double], _ weights: [Double]) {
            (self.costs, self.weights, count) = (costs, weights, weights.count)
            left = Array(0..<weights.count)
        }

        mutating func merges() -> [Merge] {
            var merges: [Merge] = []
            var chain: [Int] = []
            while left.count > 1 {
                if chain.isEmpty { chain = [left[0]] }
                let last = chain[chain.count - 1]
                let before = chain.count > 1 ? chain[chain.count - 2] : nil
                let next = nearest(to: last, preferring: before)
                guard next == before else {
                    chain.append(next)
                    continue
                }
                chain.removeLast(2)
                let (first, second) = (min(last, next), max(last, next))
                merges.append(Merge(first: first, second: second, cost: cost(first, second)))
                join(first, second)
            }
            return merges
        }

        private func cost(_ i: Int, _ j: Int) -> Double { costs[min(i, j) * count + max(i, j)] }

        /// The group that is cheapest to merge with; of equal ones the one before in the chain, so that chains end.
        private func nearest(to group: Int, preferring before: Int?) -> Int {
            var best = before ?? -1
            var bestCost = before.map { cost(group, $0) } ?? .infinity
            for other in left where other != group {
                let cost = cost(group, other)
                if cost < bestCost { (best, bestCost) = (other, cost) }
            }
            return best
        }

        /// Merges the second group into the first; the costs follow from those before (Lance and Williams, 1967).
        private mutating func join(_ first: Int, _ second: Int) {
            let (a, b, own) = (weights[first], weights[second], cost(first, second))
            left.removeAll { $0 == second }
            for other in left where other != first {
                let c = weights[other]
                let sum = (a + c) * cost(first, other) + (b + c) * cost(second, other) - c * own
                costs[min(first, other) * count + max(first, other)] = sum / (a + b + c)
            }
            weights[first] += b
        }
    }
}
