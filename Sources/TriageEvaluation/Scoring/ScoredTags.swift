package import TriageModel

/// The rows of one field of tags with a model's answers; every metric is computed from this table.
package struct ScoredTags: Sendable {
    package struct Row: Sendable {
        /// The row's place in the data.
        package var place: Int
        /// Places of the row's own tags, and of those that it is given.
        package var gold: [Int]
        package var given: [Int]
        /// One for each of the model's tags.
        package var probabilities: [Float]
    }

    package let name: String
    /// The model's tags, then those of rows that the model does not know.
    package private(set) var names: [String]
    package let modelTags: Int
    package private(set) var thresholds: [Float?]
    package private(set) var rows: [Row] = []
    private var places: [String: Int]

    package init(_ head: ModelManifest.Head) {
        name = head.field
        names = head.labels
        modelTags = head.labels.count
        thresholds = head.tags?.thresholds ?? []
        places = Dictionary(uniqueKeysWithValues: head.labels.enumerated().map { ($1, $0) })
    }

    package mutating func add(row: Int, gold: [String], given: [String], probabilities: [Float]) {
        rows.append(
            Row(
                place: row, gold: gold.map { place(of: $0) }.sorted(),
                given: given.map { place(of: $0) }.sorted(),
                probabilities: probabilities))
    }

    private mutating func place(of name: String) -> Int {
        if let place = places[name] { return place }
        places[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// The same field with row n at `places[n]` of other data; a model of each fold has thresholds of its own.
    func moved(to places: [Int]) -> ScoredTags {
        var moved = self
        moved.thresholds = []
        for index in rows.indices { moved.rows[index].place = places[rows[index].place] }
        return moved
    }

    /// Adds the rows of a field with other tags; row n of it is `places[n]` here.
    mutating func append(_ other: ScoredTags, at places: [Int]) {
        for row in other.rows {
            add(
                row: places[row.place], gold: row.gold.map { other.names[$0] },
                given: row.given.map { other.names[$0] }, probabilities: [])
        }
    }

    /// The same field without the rows at some places in the data.
    package func leavingOut(_ places: Set<Int>) -> ScoredTags {
        var kept = self
        kept.rows.removeAll { places.contains($0.place) }
        return kept
    }
}
