internal import GRDB

/// What a program finds out about erasures without being the store's writer.
extension TicketStore {
    /// The callers' own ids of the tickets that an erasure of a requester reaches; none for another subject, and in a store
    /// of an older version, which keeps no requesters.
    package static func ticketIDs(
        of subject: ErasureSubject, in path: String
    ) throws(StoreError) -> [String] {
        try reading(path) { try Erasure(subject: subject, by: nil).ids($0) } ?? []
    }

    /// The number of the ledger's last row; 0 for an empty one, and for a store of an older version.
    package static func lastLedgerRow(of path: String) throws(StoreError) -> Int64 {
        try reading(path) { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM ledger") ?? 0 } ?? 0
    }

    /// Whether something was erased after a row of the ledger was the last one.
    ///
    /// Also true when that row is gone, as after a backup was restored.
    package static func hasErasures(after row: Int64, in path: String) throws(StoreError) -> Bool {
        let sql = """
            SELECT coalesce(max(seq), 0) < ? OR EXISTS (SELECT 1 FROM ledger WHERE seq > ? AND kind = 'erasure')
            FROM ledger
            """
        return try reading(path) { try Bool.fetchOne($0, sql: sql, arguments: [row, row]) ?? false } ?? false
    }

    /// Nil for a store of an older version.
    private static func reading<Value: Sendable>(
        _ path: String, _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(StoreError) -> Value? {
        let store: TicketStore
        do throws(StoreError) { store = try TicketStore(path, .read) } catch {
            guard case .outdated = error else { throw error }
            return nil
        }
        let value = try store.read(body)
        try store.close()
        return value
    }
}
