internal import GRDB

extension TicketStore {
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
            // The message may quote a row's content; that there is one is all that is told.
            throw StoreError.damaged(path: path, problem: "SQLite's \(pragma) found a fault")
        }
    }
}
