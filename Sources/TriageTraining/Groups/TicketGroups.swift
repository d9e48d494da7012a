package import TriageNumerics

/// Unlabelled tickets in groups of one matter each, as a proposal for labels.
///
/// Tickets become vectors (`GroupVectors`), near ones are put together by k-means into small groups, and these are merged by
/// Ward's method until the wanted number is left. Merged groups may differ in size, as matters do; k-means alone makes groups of
/// like extent. Equal tickets and settings give equal groups on any number of threads.
package struct TicketGroups: Sendable {
    /// One group.
    package struct Group: Sendable, Equatable {
        /// The places of its tickets in the training set, the nearest to the centre first.
        package var members: [Int]
        /// Words and pairs that are frequent in it and rare elsewhere, the most telling first.
        package var words: [String]
        /// The places of tickets that show what it is about.
        package var examples: [Int]
    }

    /// The groups, the largest first.
    package private(set) var groups: [Group] = []
    /// For each ticket the number of its group, from 0; nil for a ticket without a known word.
    package private(set) var places: [Int?]
    /// For each ticket its cosine to the centre of its group.
    package private(set) var closeness: [Float]
    /// For each ticket whether it is far from its group, and so from every one.
    package private(set) var isFar: [Bool]
    /// How the number of groups was chosen; nil when it was given.
    package let choice: GroupCount?

    /// The share of tickets that count as far from every group: those with the lowest cosine to their group's centre.
    package static let defaultFarShare = 0.05

    /// Groups of tickets with their vectors; without `count` the number is chosen.
    ///
    /// - Throws: `TrainingError.noText` when no ticket has a known word; what `progress` throws.
    package init(
        _ examples: [TrainingExample], _ all: GroupVectors, count: Int? = nil, seed: UInt64 = 1,
        far: Double = TicketGroups.defaultFarShare, workers: Workers,
        progress: (Double) throws -> Void = { _ in }
    ) throws {
        let rows = all.rowsWithContent
        guard !rows.isEmpty else { throw TrainingError.noText }
        let vectors = rows.count == all.rows ? all : all.keeping(rows)
        choice = try count == nil ? GroupCount(vectors, seed: seed, workers) { try progress(0.6 * $0) } : nil
        let wanted = count ?? choice?.count ?? 1
        try progress(0.6)
        let tree = GroupTree(vectors, points: max(GroupTree.maximumPoints, 2 * wanted), seed: seed, workers)
        try progress(0.9)
        let fit = Fit(vectors, tree.places(groups: wanted), far: far, workers)
        places = [Int?](repeating: nil, count: all.rows)
        closeness = [Float](repeating: 0, count: all.rows)
        isFar = [Bool](repeating: false, count: all.rows)
        for (place, row) in rows.enumerated() {
            places[row] = fit.places[place]
            closeness[row] = fit.closeness[place]
            isFar[row] = fit.isFar[place]
        }
        let words = GroupWords(examples, fit.members.map { $0.map { rows[$0] } }, workers).words
        groups = zip(fit.members, words).map { members, words in
            Group(
                members: members.map { rows[$0] }, words: words,
                examples: vectors.differentExamples(of: members).map { rows[$0] })
        }
    }
}

/// The groups of some vectors, the largest first, and how near to its group's centre each vector is.
private struct Fit {
    let places: [Int]
    let closeness: [Float]
    let isFar: [Bool]
    /// The vectors of each group, the nearest to the centre first.
    let members: [[Int]]

    init(_ vectors: GroupVectors, _ unordered: [Int], far: Double, _ workers: Workers) {
        let count = (unordered.max() ?? -1) + 1
        var sizes = [Int](repeating: 0, count: count)
        for place in unordered { sizes[place] += 1 }
        // Numbers before this follow the first row of each group.
        let order = (0..<count).sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        var numbers = [Int](repeating: 0, count: count)
        for (number, group) in order.enumerated() { numbers[group] = number }
        let places = unordered.map { numbers[$0] }
        let centres = vectors.means(of: places, count: count, workers).unit
        let closeness = places.enumerated().map { row, place in
            vectors.product(row, with: centres, at: place)
        }
        var members = [[Int]](repeating: [], count: count)
        for (row, place) in places.enumerated() { members[place].append(row) }
        self.members = members.map { $0.sorted { (closeness[$1], $0) < (closeness[$0], $1) } }
        (self.places, self.closeness) = (places, closeness)
        // Equally near ones are all far or none is.
        let limit = closeness.sorted()[min(Int(far * Double(places.count)), places.count - 1)]
        isFar = closeness.map { $0 < limit }
    }
}
