/// What was found in the tables since the ledger's last row: people who look at one list share one search.
///
/// A search looks at every decision of the table, tens of milliseconds for a million.
struct ListingCache {
    struct Search: Hashable {
        var filter: DecisionFilter
        var order: DecisionOrder
        var cursor: DecisionCursor?
        var limit: Int
    }

    private var sequence: Int64 = -1
    private var searches: [Search: DecisionTable.Found] = [:]
    private var counts: [Range<Int64>: DecisionCounts] = [:]
    private var articles: [String: Int]?

    /// Results of one kind; all of them are dropped beyond it.
    private static let capacity = 64

    /// Forgets everything when the table has read further rows.
    private mutating func follow(_ table: DecisionTable) {
        guard sequence != table.sequence else { return }
        self = ListingCache()
        sequence = table.sequence
    }

    mutating func search(_ search: Search, in table: DecisionTable) -> DecisionTable.Found {
        follow(table)
        if let known = searches[search] { return known }
        let found = table.search(search.filter, search.order, after: search.cursor, limit: search.limit)
        if searches.count >= Self.capacity { searches = [:] }
        searches[search] = found
        return found
    }

    mutating func counts(_ time: Range<Int64>, in table: DecisionTable) -> DecisionCounts {
        follow(table)
        if let known = counts[time] { return known }
        let found = table.counts(from: time.lowerBound, to: time.upperBound)
        if counts.count >= Self.capacity { counts = [:] }
        counts[time] = found
        return found
    }

    mutating func articleCounts(in table: DecisionTable) -> [String: Int] {
        follow(table)
        let found = articles ?? table.articleCounts()
        articles = found
        return found
    }
}
