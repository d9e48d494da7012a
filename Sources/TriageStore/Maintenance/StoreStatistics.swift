internal import TriageData
internal import GRDB

/// What a store's gauges show; cheap enough for every scrape.
package struct StoreStatistics: Sendable, Equatable {
    /// Tickets in each state.
    package var queue: [TicketState: Int] = [:]
    /// Seconds since the oldest ticket came in that is not finished; nil when there is none.
    package var oldestSeconds: Double?
    package var ledgerRows: Int64 = 0
    /// Bytes of the database and its log.
    package var bytes = 0
    /// What this process has written.
    package var commits = CommitCounts()
}

/// What is in a store, counted row by row.
package struct StoreInventory: Sendable, Equatable {
    package var decisions = 0
    /// Corrections and confirmations in it, undone ones too.
    package var feedback = 0
    package var ledgerRows = 0
    /// Decisions and corrections whose text is kept.
    package var texts = 0
    /// When the oldest kept text came, in milliseconds since 1970; nil without one.
    package var oldestText: Int64?
    /// Tickets in each state.
    package var queue: [TicketState: Int] = [:]
    /// Bytes of the database and its log.
    package var bytes = 0
    /// The Ed25519 key, in hexadecimal, that signs heads of the ledger.
    package var publicKey = ""

    /// Bytes on the disk for each decision, indexes and all else included; nil without a decision.
    package var bytesPerDecision: Int? { decisions > 0 ? bytes / decisions : nil }
}

extension TicketStore {
    package func statistics() throws(StoreError) -> StoreStatistics {
        let now = clock.now()
        var statistics = try read { database in
            var statistics = StoreStatistics()
            statistics.queue = try TicketStore.depths(database)
            let oldest = try Int64.fetchOne(
                database,
                sql: """
                    SELECT min(enqueued_at) FROM queue INDEXED BY queue_age WHERE state IN ('waiting', 'leased')
                    """)
            statistics.oldestSeconds = oldest.map { max(0, Double(now - $0) / 1000) }
            statistics.ledgerRows = try Int64.fetchOne(database, sql: "SELECT max(seq) FROM ledger") ?? 0
            return statistics
        }
        statistics.bytes = StoreFolder(path: path).byteCount
        statistics.commits = commits.counts
        return statistics
    }

    /// Counts everything; takes a time that grows with the store.
    package func inventory() throws(StoreError) -> StoreInventory {
        var inventory = try read { database in
            var inventory = StoreInventory()
            let counts = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*), total(kind = 'decision'), total(kind = 'feedback') FROM ledger
                    """)
            if let counts {
                inventory.ledgerRows = counts[0]
                inventory.decisions = Int(counts[1] as Double)
                inventory.feedback = Int(counts[2] as Double)
            }
            inventory.texts = try Int.fetchOne(database, sql: "SELECT count(*) FROM texts") ?? 0
            inventory.oldestText = try Int64.fetchOne(database, sql: "SELECT min(at) FROM texts")
            inventory.queue = try TicketStore.depths(database)
            return inventory
        }
        inventory.bytes = StoreFolder(path: path).byteCount
        inventory.publicKey = Hexadecimal.text(key.publicKey)
        return inventory
    }

    private static func depths(_ database: Database) throws -> [TicketState: Int] {
        var depths: [TicketState: Int] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT state, count FROM queue_counts") {
            if let state = TicketState(rawValue: row[0]) { depths[state] = row[1] }
        }
        return depths
    }
}
