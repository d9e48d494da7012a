/// The rows of decisions that were added or changed, as far as they are remembered.
struct ChangeLog {
    private var rows: [Int64] = []
    /// The number of changes before `rows`.
    private var start = 0

    /// Changes that are remembered at least.
    static let capacity = 10_000

    /// The place behind the newest change.
    var end: Int { start + rows.count }

    mutating func append(_ row: Int64) {
        rows.append(row)
        if rows.count > 2 * Self.capacity {
            rows.removeFirst(Self.capacity)
            start += Self.capacity
        }
    }

    /// Forgets all of them, so that every reader begins anew.
    mutating func forget() { (start, rows) = (end + 1, []) }

    /// The rows behind a place; nil when not all of them are remembered.
    func rows(since place: Int) -> Set<Int64>? { place < start ? nil : Set(rows[(place - start)...]) }
}
