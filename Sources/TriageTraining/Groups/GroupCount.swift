internal import TriageNumerics

/// How many groups some tickets have: the fewest at which two random halves of them give groups as similar as at any number.
///
/// With too few groups, unlike matters are joined, in one half these and in the other those; with too many, matters are cut in
/// pieces at random. For each candidate, the tickets of one half go to the nearest groups of the other, and adjusted mutual
/// information compares that with the half's own groups (after Tibshirani and Walther, 2005).
package struct GroupCount: Sendable, Equatable {
    /// A candidate, and how similar the groups of the two halves are: 1 for equal groups, about 0 for chance.
    package struct Candidate: Sendable, Equatable {
        package var count: Int
        package var agreement: Double
    }

    /// The chosen number.
    package let count: Int
    /// What was compared, the smallest first; empty where there are too few tickets for halves.
    package private(set) var candidates: [Candidate] = []

    /// Fewer groups than the first tell languages or products apart, and a person joins groups more easily than cutting them;
    /// more than the last are too many to name.
    private static let numbers = [8, 11, 16, 23, 32, 45, 64, 91, 128, 181]
    /// Fewer tickets are not cut in halves.
    private static let minimumRows = 200
    /// The halves have so many tickets together at most.
    private static let maximumRows = 20_000
    /// A group has so many tickets of a half on average at least.
    private static let minimumSize = 6

    /// So small a difference of agreement is none: other halves would give another order, and fewer groups are named sooner.
    private static let tolerance = 0.01

    init(
        _ vectors: GroupVectors, seed: UInt64, _ workers: Workers, progress: (Double) throws -> Void
    ) rethrows {
        guard vectors.rows >= GroupCount.minimumRows else {
            count = max(1, Int(Double(vectors.rows).squareRoot().rounded(.up)))
            return
        }
        let halves = GroupCount.halves(vectors, seed).map { half in
            (vectors: half, tree: GroupTree(half, points: GroupTree.maximumPoints / 2, seed: seed, workers))
        }
        let numbers = GroupCount.numbers.filter { $0 * GroupCount.minimumSize <= halves[0].vectors.rows }
        for (place, number) in numbers.enumerated() {
            try progress(0.5 + 0.5 * Double(place) / Double(numbers.count))
            let groups = halves.map { $0.tree.places(groups: number) }
            let both = [(0, 1), (1, 0)].map { one, other in
                let centres = halves[other].vectors.means(of: groups[other], count: number, workers).unit
                let nearest = NearestCentres(
                    of: halves[one].vectors.values, among: centres, dimension: vectors.dimension, workers)
                return AdjustedMutualInformation(groups[one], nearest.places.map { Int($0) }).value
            }
            candidates.append(Candidate(count: number, agreement: (both[0] + both[1]) / 2))
        }
        let best = (candidates.map(\.agreement).max() ?? 0) - GroupCount.tolerance
        count = candidates.first { $0.agreement >= best }?.count ?? 1
    }

    /// Two halves of the vectors, or of an even sample of them, drawn at random.
    private static func halves(_ vectors: GroupVectors, _ seed: UInt64) -> [GroupVectors] {
        let step = (vectors.rows + maximumRows - 1) / maximumRows
        var generator = SplitMix64(seed: seed)
        let rows = stride(from: 0, to: vectors.rows, by: step).shuffled(using: &generator)
        return [rows[..<(rows.count / 2)], rows[(rows.count / 2)...]].map { vectors.keeping($0.sorted()) }
    }
}
