/// The decisions of one list in its order, as sorted numbers: a page is a part of them.
///
/// After a change of the table only the changed decisions are looked at, and the numbers are merged in one pass: about two
/// milliseconds for a million.
struct ListIndex {
    /// What makes an index; lists from the newest and from the oldest share one.
    struct Key: Hashable {
        var filter: DecisionFilter
        var isBySureness: Bool

        init(_ filter: DecisionFilter, _ order: DecisionOrder) {
            self.filter = filter
            isBySureness = order == .leastSure
        }
    }

    /// What a search found.
    struct Found {
        /// The page's rows of the ledger, in the order of the list.
        var sequences: [Int64] = []
        var next: DecisionCursor?
        var count = 0
    }

    private(set) var numbers: [UInt64] = []
    private let key: Key
    /// The place in the table's changes that the numbers are up to.
    private var position: Int

    /// - Complexity: O(decisions), with a sort for an order by sureness.
    init(_ key: Key, _ table: DecisionTable) {
        (self.key, position) = (key, table.changes.end)
        guard let condition = DecisionTable.Condition(key.filter, table.symbols) else { return }
        for entry in table.entries where table.accepts(entry, condition) {
            numbers.append(number(of: entry, condition, table))
        }
        if key.isBySureness { numbers.sort() }
    }

    /// By sureness, and the newest of equal ones first; or by row.
    private func number(
        of entry: DecisionTable.Entry, _ condition: DecisionTable.Condition, _ table: DecisionTable
    ) -> UInt64 {
        guard key.isBySureness else { return UInt64(entry.sequence) }
        return Self.number(table.sureness(of: entry, condition.field), entry.sequence)
    }

    /// Rows have 48 bits: a ledger that writes a thousand rows a second for eight thousand years has no more.
    private static let rowMask: UInt64 = (1 << 48) - 1

    private static func number(_ sureness: UInt16, _ row: Int64) -> UInt64 {
        UInt64(sureness) << 48 | (rowMask - UInt64(row))
    }

    private func cursor(_ number: UInt64) -> DecisionCursor {
        key.isBySureness
            ? DecisionCursor(
                sureness: UInt16(number >> 48), sequence: Int64(Self.rowMask - number & Self.rowMask))
            : DecisionCursor(sureness: 0, sequence: Int64(number))
    }

    // MARK: - Following the table

    /// Follows the table's changes; false when they are not all remembered.
    mutating func follow(_ table: DecisionTable) -> Bool {
        guard position != table.changes.end else { return true }
        guard let rows = table.changes.rows(since: position) else { return false }
        position = table.changes.end
        guard let condition = DecisionTable.Condition(key.filter, table.symbols) else { return true }
        var (added, removed) = ([UInt64](), Set<UInt64>())
        for row in rows {
            guard let place = table.place(of: row) else { continue }
            let entry = table.entries[place]
            let number = number(of: entry, condition, table)
            let found = first(from: number)
            let isListed = found < numbers.count && numbers[found] == number
            guard isListed != table.accepts(entry, condition) else { continue }
            if isListed { removed.insert(number) } else { added.append(number) }
        }
        merge(added.sorted(), removed)
        return true
    }

    private mutating func merge(_ added: [UInt64], _ removed: Set<UInt64>) {
        guard !added.isEmpty || !removed.isEmpty else { return }
        if removed.isEmpty, let last = numbers.last, let least = added.first, last < least {
            numbers += added
            return
        }
        var merged: [UInt64] = []
        merged.reserveCapacity(numbers.count + added.count)
        var rest = added[...]
        for number in numbers {
            while let next = rest.first, next < number {
                merged.append(next)
                rest.removeFirst()
            }
            if removed.isEmpty || !removed.contains(number) { merged.append(number) }
        }
        numbers = merged + rest
    }

    /// The place of the first number that is not below another.
    private func first(from number: UInt64) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: - Pages

    /// A part of the list behind a cursor.
    func page(_ order: DecisionOrder, after cursor: DecisionCursor?, limit: Int) -> Found {
        let part: [UInt64]
        let hasMore: Bool
        if order == .newest {
            let end = cursor.map { first(from: UInt64(max(0, $0.sequence))) } ?? numbers.count
            part = numbers[max(0, end - limit)..<end].reversed()
            hasMore = end > limit
        } else {
            let start = cursor.map { first(from: number(behind: $0)) } ?? 0
            part = Array(numbers[start...].prefix(limit))
            hasMore = numbers.count - start > limit
        }
        let items = part.map { self.cursor($0) }
        return Found(
            sequences: items.map(\.sequence), next: hasMore ? items.last : nil, count: numbers.count)
    }

    /// The least number of an item behind a cursor.
    private func number(behind cursor: DecisionCursor) -> UInt64 {
        let row = max(0, cursor.sequence)
        return (key.isBySureness ? Self.number(cursor.sureness, row) : UInt64(row)) + 1
    }
}
