internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageEngine
internal import TriageTickets

/// A ticket made ready outside the writer.
struct EnqueueRequest: Sendable {
    private let text: TicketText
    private let options: [UInt8]
    private let key: StoreKey
    private let keyHash: [UInt8]?
    private let requestHash: [UInt8]

    init(_ new: NewTicket, preparedBy snapshot: Snapshot, key: StoreKey) throws(StoreError) {
        try Limits.check(id: new.ticket.id, what: "a ticket's id")
        text = snapshot.prepare(new.ticket)
        options = Array(new.options.utf8)
        self.key = key
        keyHash = new.idempotencyKey.map { key.hash("idempotency key", [Array($0.utf8)]) }
        let ticket = new.ticket
        requestHash = key.hash(
            "request",
            [ticket.id.map { "i" + $0 } ?? "", ticket.subject, ticket.body, new.options].map {
                Array($0.utf8)
            })
    }

    func write(in transaction: WriteTransaction, _ options: QueueOptions) throws -> TicketReceipt {
        if let known = try known(transaction) { return known }
        let depth = try Int.fetchOne(
            transaction.database.cachedStatement(
                sql: "SELECT sum(count) FROM queue_counts WHERE state IN ('waiting', 'leased')"))
        guard depth ?? 0 < options.capacity else {
            throw StoreError.full(capacity: options.capacity, retryAfter: 5)
        }
        let id = RecordID.make(at: transaction.time)
        try transaction.execute(
            """
            INSERT INTO queue (id, state, due, attempts, key_hash, request_hash, enqueued_at, updated_at, requester)
            VALUES (?, 'waiting', ?, 0, ?, ?, ?, ?, ?)
            """,
            [
                id, transaction.ticks, keyHash.map { Data($0) }, Data(requestHash), transaction.time,
                transaction.time, text.requesterHash(by: key).map { Data($0) },
            ])
        try text.insert(
            for: transaction.database.lastInsertedRowID, options: self.options, key: key, transaction.database
        )
        transaction.hasArrivals = true
        return TicketReceipt(id: id, isNew: true)
    }

    /// The ticket that came before with this key.
    private func known(_ transaction: WriteTransaction) throws -> TicketReceipt? {
        guard let keyHash else { return nil }
        let row = try Row.fetchOne(
            transaction.database.cachedStatement(
                sql: "SELECT id, request_hash FROM queue WHERE key_hash = ?"),
            arguments: [Data(keyHash)])
        guard let row else { return nil }
        guard Array(row[1] as Data) == requestHash else { throw StoreError.idempotencyConflict }
        return TicketReceipt(id: row[0], isNew: false)
    }
}
