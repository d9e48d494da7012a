internal import GRDB

/// The rule that ties each row of the ledger to the one before.
///
/// Rows have plain hashes up to some row and keyed ones from there on: without the store's key neither can be continued.
struct LedgerChain {
    /// Rows at the end that are checked before anything is built upon them.
    static let tail = 256

    private let key: StoreKey
    /// The last row's hash.
    private(set) var previous: [UInt8]
    /// Whether a keyed row was met.
    private(set) var isKeyed = false

    init(key: StoreKey, after previous: [UInt8] = LedgerEntry.origin) {
        (self.key, self.previous) = (key, previous)
    }

    /// Takes the next row; false when it does not have the hash that its content and place give.
    mutating func accept(_ entry: LedgerEntry) -> Bool {
        if !isKeyed { isKeyed = entry.plainHash(after: previous) != entry.hash }
        guard !isKeyed || entry.keyedHash(after: previous, by: key) == entry.hash else { return false }
        previous = entry.hash
        return true
    }
}

extension LedgerChain {
    /// Checks the last rows, each against the row before, and that none is missing among them.
    ///
    /// `keyed`: the last row must have a keyed hash, as it has since the third version of the tables. `expected` is a row that
    /// this process wrote, so that the ledger must have it; nil for none.
    ///
    /// - Throws: The first `LedgerError`.
    static func checkTail(
        _ database: Database, key: StoreKey, keyed: Bool, reaching expected: WriteTransaction.Tail? = nil
    ) throws {
        let rows = try LedgerEntry.fetchAll(
            database,
            sql: """
                SELECT \(LedgerEntry.columns) FROM ledger
                WHERE seq >= (SELECT max(seq) FROM ledger) - ? ORDER BY seq
                """, arguments: [tail])
        guard let first = rows.first else { throw LedgerError.otherKey }
        let isWhole = first.sequence == 1
        var chain = LedgerChain(key: key, after: isWhole ? LedgerEntry.origin : first.hash)
        var last = isWhole ? 0 : first.sequence
        for entry in isWhole ? rows[...] : rows.dropFirst() {
            guard entry.sequence == last + 1 else {
                throw LedgerError.gap(after: last, found: entry.sequence)
            }
            guard chain.accept(entry) else { throw LedgerError.changed(row: entry.sequence) }
            last = entry.sequence
        }
        guard chain.isKeyed || !keyed else { throw LedgerError.unkeyed(row: last) }
        guard let expected else { return }
        guard last >= expected.sequence else { throw LedgerError.cut(last: last, head: expected.sequence) }
        guard let row = rows.first(where: { $0.sequence == expected.sequence }), row.hash != expected.hash
        else { return }
        throw LedgerError.rewritten(row: row.sequence)
    }
}
