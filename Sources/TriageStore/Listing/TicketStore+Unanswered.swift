internal import TriageText

/// Recent tickets that are alike and that no article answers.
package struct UnansweredGroup: Sendable {
    package var count: Int
    /// Words that its tickets have in common, the most telling first.
    package var words: [String]
    /// The newest tickets.
    package var tickets: [ListedDecision]
}

extension TicketStore {
    /// Decisions, newest first, among which tickets without an article are looked for.
    private static let unansweredRange = 20_000
    /// Tickets without an article that are compared with others.
    private static let unansweredDepth = 300
    /// The least similarity to the group's newest ticket: about a third of the telling words in common.
    private static let unansweredSimilarity = 0.3
    private static let (unansweredTickets, unansweredWords) = (8, 5)
    /// Fewer tickets need no article.
    package static let unansweredLeast = 3

    /// The groups of the newest tickets whose text is kept and that no article answers, the largest first.
    ///
    /// - Complexity: O(300 searches of similar tickets); a thread that may block is the place for it.
    package func unansweredGroups(limit: Int) throws(StoreError) -> [UnansweredGroup] {
        // A copy, so that nobody waits for the comparison.
        let (similar, rows) = try tables { tables in
            var rows: [Int64] = []
            for entry in tables.decisions.entries.suffix(Self.unansweredRange).reversed()
            where !entry.isKnownIssue && tables.similar.entries[entry.sequence] != nil {
                rows.append(entry.sequence)
                if rows.count == Self.unansweredDepth { break }
            }
            return (tables.similar, rows)
        }
        let groups = Self.groups(of: rows, similar).sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.prefix(
            limit)
        var found: [UnansweredGroup] = []
        for group in groups {
            let shown = Array(group.prefix(Self.unansweredTickets))
            let hashes = similar.commonWords(of: group, first: [], limit: Self.unansweredWords)
            let states = try tables { tables in shown.map(tables.decisions.listedState) }
            found.append(
                UnansweredGroup(
                    count: group.count, words: try spelled(hashes, in: shown),
                    tickets: try listed(shown, states)))
        }
        return found
    }

    /// Each ticket that is in no group yet begins one of those that are like it.
    private static func groups(of rows: [Int64], _ similar: SimilarTickets) -> [[Int64]] {
        var (open, groups) = (Set(rows), [[Int64]]())
        for row in rows where open.contains(row) {
            let alike = similar.search(like: row, limit: unansweredDepth)
                .filter { $0.similarity >= unansweredSimilarity && open.contains($0.row) }
            guard alike.count + 1 >= unansweredLeast else { continue }
            let group = [row] + alike.map(\.row).sorted(by: >)
            open.subtract(group)
            groups.append(group)
        }
        return groups
    }
}
