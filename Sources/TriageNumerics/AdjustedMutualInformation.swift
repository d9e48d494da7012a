internal import RealModule

/// How well two ways to group the same rows agree, whatever the groups are called: 1 for equal groups, about 0 for chance.
///
/// (MI − E) / ((H(U) + H(V)) / 2 − E), with MI the mutual information of the two, H their entropies, and E the mutual
/// information that random groups of the same sizes have on average (Vinh, Epps and Bailey, 2010), as in scikit-learn.
package struct AdjustedMutualInformation: Sendable, Equatable {
    /// 1 for equal groups, about 0 for groups that have nothing in common; it may be a little below 0.
    package let value: Double

    /// Compares two groupings; each numbers the group of every row, from 0.
    package init(_ first: [Int], _ second: [Int]) {
        precondition(first.count == second.count, "\(first.count) and \(second.count) rows")
        let (rows, columns) = ((first.max() ?? -1) + 1, (second.max() ?? -1) + 1)
        var cells = [Int](repeating: 0, count: rows * columns)
        for (a, b) in zip(first, second) { cells[a * columns + b] += 1 }
        let sizes = (0..<rows).map { row in (0..<columns).reduce(0) { $0 + cells[row * columns + $1] } }
        let others = (0..<columns).map { column in (0..<rows).reduce(0) { $0 + cells[$1 * columns + column] }
        }
        let (a, b) = (sizes.filter { $0 > 0 }, others.filter { $0 > 0 })
        guard a.count > 1 || b.count > 1 else {
            value = 1
            return
        }
        let information = AdjustedMutualInformation.information(cells, sizes, others, first.count)
        let expected = AdjustedMutualInformation.expected(a, b, first.count)
        let entropy = (AdjustedMutualInformation.entropy(a) + AdjustedMutualInformation.entropy(b)) / 2
        // One row a group in both: any grouping of these sizes is the same one.
        value = entropy - expected > 1e-12 ? (information - expected) / (entropy - expected) : 1
    }

    /// −Σ p ln p.
    private static func entropy(_ sizes: [Int]) -> Double {
        let rows = Double(sizes.reduce(0, +))
        return sizes.reduce(0) { $0 - Double($1) / rows * Double.log(Double($1) / rows) }
    }

    /// Σ n/N ln(N n / (a b)) over the cells.
    private static func information(_ cells: [Int], _ a: [Int], _ b: [Int], _ rows: Int) -> Double {
        let all = Double(rows)
        var sum = 0.0
        for (place, count) in cells.enumerated() where count > 0 {
            let product = Double(a[place / b.count]) * Double(b[place % b.count])
            sum += Double(count) / all * Double.log(all * Double(count) / product)
        }
        return sum
    }

    /// The mean of the mutual information over all groupings of these sizes: each cell is hypergeometric.
    private static func expected(_ a: [Int], _ b: [Int], _ rows: Int) -> Double {
        var logFactorials = [0.0]
        for number in 1...rows {
            logFactorials.append(logFactorials[number - 1] + Double.log(Double(number)))
        }
        let f = logFactorials
        var sum = 0.0
        for (size, count) in AdjustedMutualInformation.counted(a) {
            for (other, otherCount) in AdjustedMutualInformation.counted(b) {
                let constant = f[size] + f[other] + f[rows - size] + f[rows - other] - f[rows]
                var cell = 0.0
                for n in max(1, size + other - rows)...max(1, min(size, other)) {
                    let (share, product) = (Double(n) / Double(rows), Double(size) * Double(other))
                    let probability = Double.exp(
                        constant - f[n] - f[size - n] - f[other - n] - f[rows - size - other + n])
                    cell += share * Double.log(Double(rows) * Double(n) / product) * probability
                }
                sum += Double(count * otherCount) * cell
            }
        }
        return sum
    }

    /// The distinct sizes and how many groups have each, the smallest first.
    private static func counted(_ sizes: [Int]) -> [(size: Int, count: Int)] {
        var counts: [Int: Int] = [:]
        for size in sizes { counts[size, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { (size: $0.key, count: $0.value) }
    }
}
