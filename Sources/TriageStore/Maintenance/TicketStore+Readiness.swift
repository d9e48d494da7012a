internal import GRDB

extension TicketStore {
    /// Whether the store takes what it is given: its files are there, it can be read, and its last write went through.
    ///
    /// After one that the disk refused, a small write is tried, once a second at most, so that a store whose disk has
    /// room again is ready again by itself: the ledger gets a row that says since when.
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
}
