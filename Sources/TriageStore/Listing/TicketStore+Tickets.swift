internal import GRDB

extension TicketStore {
    /// A part of the list of queued tickets, newest first, before a ticket's number.
    ///
    /// Ids begin with the moment at which a ticket came, so the index of ids finds a time's first ticket.
    package func tickets(
        state: TicketState? = nil, from: Int64? = nil, to: Int64? = nil, before: Int64? = nil, limit: Int
    ) throws(StoreError) -> ListPage<QueuedTicket> {
        try read { database in
            let end = try to.flatMap { try TicketStore.number(at: $0, database) }
            let low = try from.map { try TicketStore.number(at: $0, database) ?? .max } ?? 0
            let high = min(before ?? .max, end ?? .max)
            let columns = QueuedTicket.columns
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: state == nil
                        ? """
                        SELECT \(columns), number FROM queue WHERE number >= ?1 AND number < ?2
                        ORDER BY number DESC LIMIT ?3
                        """
                        : """
                        SELECT \(columns), number FROM queue INDEXED BY queue_state
                        WHERE state = ?4 AND number >= ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
                        """),
                arguments: StatementArguments([low, high, Int64(limit + 1)])
                    + (state.map { [$0.rawValue] } ?? []))
            var page = ListPage(items: rows.prefix(limit).map { QueuedTicket($0) })
            if rows.count > limit { page.next = String(rows[limit - 1]["number"] as Int64) }
            if from == nil, to == nil { page.count = try TicketStore.count(of: state, database) }
            return page
        }
    }

    /// The number of the first ticket that came at a moment or later; nil when there is none.
    private static func number(at time: Int64, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT number FROM queue WHERE id >= ? ORDER BY id LIMIT 1"),
            arguments: [RecordID.first(at: time)])
    }

    private static func count(of state: TicketState?, _ database: Database) throws -> Int {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT sum(count) FROM queue_counts WHERE ?1 IS NULL OR state = ?1"),
            arguments: [state?.rawValue]) ?? 0
    }
}
