internal import GRDB

extension TicketStore {
    /// Whether the store takes what it is given: its files are there, it can be read, and its last write went through.
    ///
    /// After one that the disk refused, a small write is tried, once a second at most, so that a store whose disk has
    /// room again becomes ready again: the ledger gets a row with that time.
    ///
    /// - Throws: What the last write failed with; `StoreError.displaced` when a file is gone or replaced, and whatever
    ///   reading fails with.
    package func checkReady() async throws(StoreError) {
        try commits.checkFiles()
        _ = try read { try Int64.fetchOne($0.cachedStatement(sql: WriteTransaction.lastRow)) }
        guard let failure = commits.failure else { return }
        guard commits.mayTryAgain() else { throw failure }
        try await record(AuditEvent("writing_again"))
    }

    /// SQLite's own check of every page and index.
    ///
    /// - Throws: `StoreError.damaged` when it finds a fault.
    package func checkIntegrity() throws(StoreError) {
        let path = path
        try read { try TicketStore.check($0, by: "integrity_check", path) }
    }

    /// SQLite's check of every page, which leaves out whether indexes have all rows.
    static func checkPages(_ pool: DatabasePool, _ path: String) throws {
        try pool.read { try check($0, by: "quick_check", path) }
    }

    private static func check(_ database: Database, by pragma: String, _ path: String) throws {
        let found = try String.fetchAll(database, sql: "PRAGMA \(pragma)(1)")
        guard found == ["ok"] else {
            // SQLite's message may quote a row's content, so the error only reports that there is a fault.
            throw StoreError.damaged(path: path, problem: "SQLite's \(pragma) found a fault")
        }
    }
}
