package import TriageNumerics
internal import TriageText

/// The one way in which rows are split: near-duplicates, and rows of one group, stay on one side.
///
/// Random folds lie: a test row with a near-duplicate in training is easy. Rows are clustered by MinHash over
/// their words and word pairs (Broder, 1997), 24 values in 8 bands of 3, joined when at least 15 of 24 agree
/// (Jaccard of about 0.6), and by equal group. Clusters go, largest first, to the fold that has least of their
/// labels. Nothing is random; equal input gives equal folds.
package struct Folds: Sendable, Equatable {
    package let count: Int
    package let assignment: [Int]
    /// For each row the first row of its cluster.
    package let clusters: [Int]
    /// Whether folds are stretches of time, earliest first.
    package let areInTime: Bool

    /// Folds over labelled rows.
    ///
    /// With `byTime`, folds are stretches of time, and a cluster is placed by its last row.
    package init(
        _ examples: [TrainingExample], field: Int, count: Int = 5, byTime: Bool = false, _ workers: Workers
    ) {
        self.init(
            clusters: Folds.clusters(examples, workers), labels: examples.map { $0.labels[field] ?? -1 },
            times: byTime ? examples.map(\.time) : nil, count: count)
    }

    /// Folds over rows whose clusters are known.
    package init(clusters: [Int], labels: [Int], times: [String?]? = nil, count: Int = 5) {
        precondition(count >= 2 && clusters.count == labels.count, "\(count) folds of \(clusters.count) rows")
        self.count = count
        self.clusters = clusters
        areInTime = times != nil
        var members: [Int: [Int]] = [:]
        for (row, cluster) in clusters.enumerated() { members[cluster, default: []].append(row) }
        let ordered = members.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value)
        if let times {
            assignment = Folds.byTime(ordered, times, rows: clusters.count, count: count)
        } else {
            assignment = Folds.balanced(ordered, labels, count: count)
        }
    }

    /// The rows outside a fold and those in it, both in row order.
    ///
    /// In time, training rows are those of the stretches before; the first stretch has none.
    package func split(_ fold: Int) -> (training: [Int], test: [Int]) {
        var training: [Int] = []
        var test: [Int] = []
        for (row, home) in assignment.enumerated() {
            if home == fold { test.append(row) } else if !areInTime || home < fold { training.append(row) }
        }
        return (training, test)
    }

    private static func balanced(_ clusters: [[Int]], _ labels: [Int], count: Int) -> [Int] {
        let classes = (labels.max() ?? 0) + 2
        var held = [[Int]](repeating: [Int](repeating: 0, count: classes), count: count)
        var totals = [Int](repeating: 0, count: count)
        var assignment = [Int](repeating: 0, count: labels.count)
        for cluster in clusters {
            var best = 0
            var bestCost = (Int.max, Int.max)
            for fold in 0..<count {
                let cost = (cluster.reduce(0) { $0 + held[fold][labels[$1] + 1] }, totals[fold])
                if cost < bestCost { (best, bestCost) = (fold, cost) }
            }
            for row in cluster {
                assignment[row] = best
                held[best][labels[row] + 1] += 1
            }
            totals[best] += cluster.count
        }
        return assignment
    }

    private static func byTime(_ clusters: [[Int]], _ times: [String?], rows: Int, count: Int) -> [Int] {
        let ends = clusters.map { cluster in
            (end: cluster.compactMap { times[$0] }.max() ?? "", cluster: cluster)
        }
        let ordered = ends.sorted { ($0.end, $0.cluster[0]) < ($1.end, $1.cluster[0]) }
        var assignment = [Int](repeating: 0, count: rows)
        var taken = 0
        for (_, cluster) in ordered {
            for row in cluster { assignment[row] = min(count - 1, taken * count / max(rows, 1)) }
            taken += cluster.count
        }
        return assignment
    }
}

extension Folds {
    private static let values = 24
    private static let band = 3
    private static let agreement = 15

    /// For each row the first row of its cluster of near-duplicates and equal groups.
    package static func clusters(_ examples: [TrainingExample], _ workers: Workers) -> [Int] {
        let pieces = (examples.count + 1023) / 1024
        let signatures = workers.map(pieces) { piece in
            var (words, ngrams) = (Words(), NGrams())
            return examples[piece * 1024..<min((piece + 1) * 1024, examples.count)].map {
                signature($0, &words, &ngrams)
            }
        }.flatMap { $0 }
        var sets = DisjointSets(count: examples.count)
        for first in stride(from: 0, to: values, by: band) {
            var seen: [UInt64: Int] = [:]
            for (row, signature) in signatures.enumerated() where !signature.isEmpty {
                var key = UInt64(first)
                for value in signature[first..<first + band] { key = SplitMix64.mix(key ^ UInt64(value)) }
                guard let other = seen[key] else {
                    seen[key] = row
                    continue
                }
                let same = zip(signature, signatures[other]).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
                if same >= agreement { sets.join(row, other) }
            }
        }
        joinGroups(examples, &sets)
        return examples.indices.map { sets.root(of: $0) }
    }

    private static func joinGroups(_ examples: [TrainingExample], _ sets: inout DisjointSets) {
        var firstOfGroup: [String: Int] = [:]
        for (row, example) in examples.enumerated() {
            guard let group = example.group, !group.isEmpty else { continue }
            if let first = firstOfGroup[group] { sets.join(row, first) } else { firstOfGroup[group] = row }
        }
    }

    /// The least value of each of 24 hash functions over the row's words and pairs; empty for an empty text.
    private static func signature(
        _ example: TrainingExample, _ words: inout Words, _ ngrams: inout NGrams
    ) -> [UInt32] {
        words.scan(subject: example.subject, body: example.body)
        ngrams.make(from: words, options: NGramOptions())
        guard !ngrams.words.isEmpty else { return [] }
        return (0..<UInt64(values)).map { function in
            let seed = SplitMix64.mix(function + 1)
            var least = UInt32.max
            for hash in ngrams.words {
                least = min(least, UInt32(truncatingIfNeeded: SplitMix64.mix(hash ^ seed)))
            }
            return least
        }
    }
}

/// Union-find; the root of a set is its smallest member.
private struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(of row: Int) -> Int {
        var row = row
        while parents[row] != row {
            parents[row] = parents[parents[row]]
            row = parents[row]
        }
        return row
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (first, second) = (root(of: a), root(of: b))
        parents[max(first, second)] = min(first, second)
    }
}
