/// The lists that people look at, each kept in its order: see `ListIndex`.
struct ListingCache {
    private struct Kept {
        var index: ListIndex
        /// When it was used last, counted in searches.
        var used: Int
    }

    private var lists: [ListIndex.Key: Kept] = [:]
    private var searches = 0

    /// Lists that are kept, and the numbers of all of them together: 32 MB.
    private static let (maximumLists, maximumNumbers) = (64, 4_000_000)

    /// A part of the list of decisions that a filter accepts.
    mutating func search(
        _ filter: DecisionFilter, _ order: DecisionOrder, after cursor: DecisionCursor?, limit: Int,
        in table: DecisionTable
    ) -> ListIndex.Found {
        let key = ListIndex.Key(filter, order)
        // A text that is in no decision yet may be in one soon.
        guard DecisionTable.Condition(filter, table.symbols) != nil else { return ListIndex.Found() }
        searches += 1
        // Taken out, so that it is changed in place.
        var kept = lists.removeValue(forKey: key) ?? Kept(index: ListIndex(key, table), used: 0)
        if !kept.index.follow(table) { kept.index = ListIndex(key, table) }
        kept.used = searches
        let found = kept.index.page(order, after: cursor, limit: limit)
        makeRoom(for: kept.index.numbers.count)
        lists[key] = kept
        return found
    }

    /// Drops the lists that nobody looked at for longest.
    private mutating func makeRoom(for count: Int) {
        var sum = lists.values.reduce(count) { $0 + $1.index.numbers.count }
        while !lists.isEmpty, lists.count >= Self.maximumLists || sum > Self.maximumNumbers,
            let oldest = lists.min(by: { $0.value.used < $1.value.used })
        {
            sum -= oldest.value.index.numbers.count
            lists[oldest.key] = nil
        }
    }
}
