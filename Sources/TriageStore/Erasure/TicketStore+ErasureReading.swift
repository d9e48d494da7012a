internal import GRDB

/// What a program finds out about erasures without being the store's writer.
extension TicketStore {
    /// The callers' own ids of the tickets that an erasure of a requester reaches; none for another subject, and in a store
    /// of an older version, which keeps no requesters.
    package static func ticketIDs(
        of subject: ErasureSubject, in path: String
    ) throws(StoreError) -> [String] {
        try reading(path) { store throws(StoreError) in
            try store.read { try Erasure(subject: subject, by: nil).ids($0) }
        } ?? []
    }

    /// The number of the ledger's last row; 0 for an empty one, and for a store of an older version.
    package static func lastLedgerRow(of path: String) throws(StoreError) -> Int64 {
        try reading(path) { store throws(StoreError) in try store.lastRow() } ?? 0
    }

    /// Whether something was erased after a row of the ledger was the last one.
    ///
    /// Also true when that row is gone, as after a backup was restored.
    package static func hasErasures(after row: Int64, in path: String) throws(StoreError) -> Bool {
        try reading(path) { store throws(StoreError) in
            guard try store.lastRow() >= row else { return true }
            return try store.hasErasures(after: row)
        } ?? false
    }

    func hasErasures(after row: Int64) throws(StoreError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM ledger WHERE seq > ? AND kind = 'erasure')",
                arguments: [row]) ?? false
        }
    }

    /// Nil for a store of an older version.
    private static func reading<Value>(
        _ path: String, _ body: (TicketStore) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        let store: TicketStore
        do throws(StoreError) { store = try TicketStore(path, .read) } catch {
            guard case .outdated = error else { throw error }
            return nil
        }
        let value = try body(store)
        try store.close()
        return value
    }
}
