import GRDB
import GRDBSQLite
import Testing
import TriageData

@testable import TriageStore

struct StatementTests {
    @Test func `the end of the ledger is looked up with one compiled statement, however many transactions`()
        async throws
    {
        let folder = try Folder()
        let store = try TicketStore(folder.store)
        for _ in 0..<5 { _ = try await store.record(Sample.decision("crash")) }
        let runs = try await store.pool.writeWithoutTransaction { database in
            sqlite3_stmt_status(
                try database.cachedStatement(sql: WriteTransaction.lastRow).sqliteStatement,
                SQLITE_STMTSTATUS_RUN, 0)
        }
        #expect(runs == 6)
    }
}
