/// The rows of one kind and how well they did.
package struct Bucket: Sendable, Equatable {
    package var name: String
    package var rows: Int
    /// The share that is right, with its interval.
    package var accuracy: Estimate
    /// The mean probability of the best label.
    package var meanConfidence: Double
}

/// Rows put into buckets by length, language, source and level.
struct Bucketing {
    private let field: ScoredField

    init(_ field: ScoredField) { self.field = field }

    private static let lengths = [0, 5, 10, 20, 50, 100, 200]
    private static let minimumRows = 10

    /// By the number of words, shortest first.
    func byLength(_ facts: [Int: RowFacts]) -> [Bucket] {
        let names = Bucketing.lengths.enumerated().map { place, first in
            place + 1 < Bucketing.lengths.count
                ? "\(first)–\(Bucketing.lengths[place + 1] - 1) words" : "\(first) words and more"
        }
        let groups = groups { index in
            let words = facts[field.rows[index]]?.words ?? 0
            return names[Bucketing.lengths.lastIndex { $0 <= words } ?? 0]
        }
        return names.compactMap { name in groups[name].map { bucket(name, $0) } }
    }

    /// By the value that `key` gives, the largest bucket first; those of under ten rows go together.
    func by(_ key: (RowFacts) -> String?, _ facts: [Int: RowFacts]) -> [Bucket] {
        largestFirst(groups { index in facts[field.rows[index]].flatMap(key) ?? "unknown" })
    }

    func byLevel() -> [Bucket] {
        let groups = groups { field.levels[$0] ?? "unknown" }
        return ["auto", "suggest", "review"].compactMap { name in groups[name].map { bucket(name, $0) } }
    }

    private func groups(_ key: (Int) -> String) -> [String: [Int]] {
        Dictionary(grouping: field.gold.indices, by: key)
    }

    private func largestFirst(_ groups: [String: [Int]]) -> [Bucket] {
        let ordered = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        let few = ordered.filter { $0.value.count < Bucketing.minimumRows }
        guard few.count > 1 else { return ordered.map { bucket($0.key, $0.value) } }
        return ordered.dropLast(few.count).map { bucket($0.key, $0.value) }
            + [bucket("\(few.count) others", few.flatMap(\.value))]
    }

    private func bucket(_ name: String, _ indices: [Int]) -> Bucket {
        let correct = indices.count { field.isCorrect($0) }
        let confidence = indices.reduce(0) { $0 + Double(field.confidence($1)) }
        return Bucket(
            name: name, rows: indices.count,
            accuracy: Proportion(part: correct, whole: indices.count).estimate,
            meanConfidence: confidence / Double(indices.count))
    }
}
