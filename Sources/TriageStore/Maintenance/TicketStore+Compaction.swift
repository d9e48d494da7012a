internal import GRDB

extension TicketStore {
    /// Pages that are given back at a time, so that writers wait for some milliseconds at most.
    private static let pagesAtATime = 2_000
    /// `PRAGMA auto_vacuum` of a file whose unused pages can be given back.
    private static let incremental = 2

    /// Rebuilds the file without unused space.
    ///
    /// The file of an older version can shrink from then on. Writers wait for about a second per 200 MB, and the disk needs twice the file's size meanwhile.
    package func compact() async throws(StoreError) {
        try await alone { try TicketStore.rebuild($0) }
        _ = try await clean()
    }

    static func rebuild(_ database: Database) throws {
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
        try database.execute(sql: "VACUUM")
    }

    /// Whether unused pages can be given back to the disk.
    static func shrinks(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA auto_vacuum") == incremental
    }

    /// Gives some unused pages back to the disk; false when none is left, or the file cannot shrink.
    static func giveBack(_ database: Database) throws -> Bool {
        guard try shrinks(database) else { return false }
        _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum(\(pagesAtATime))")
        return try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0 > 0
    }
}
