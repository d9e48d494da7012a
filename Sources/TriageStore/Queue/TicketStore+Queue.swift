internal import Foundation
internal import GRDB
package import TriageEngine

/// The queue: each ticket is given to a worker for a time, and again when the worker does not finish it.
///
/// A ticket may be delivered more than once, and is decided just once: its decision and its end are one transaction,
/// which only the newest lease may make. Leases and retries run by a clock that never jumps. They belong to the one
/// process that writes the store: what it was at work on when it ended waits again when the store is next opened.
extension TicketStore {
    // MARK: - In

    /// Adds a ticket to the queue; returns when it is on the disk.
    ///
    /// The store keeps the text as the snapshot's bundle cleaned and masked it on arrival. After a reload, the new bundle
    /// decides on that text. Of the original text the store keeps keyed hashes, and the ids of the safety floors that
    /// words behind the size limit fired.
    ///
    /// The same idempotency key with the same ticket gives the same id again, for as long as the ticket is known.
    ///
    /// - Throws: `StoreError.full` at the queue's capacity, `.idempotencyConflict` for a key that came with another
    ///   ticket, `.busy`, `.diskFull`, `.readOnly` or `.failed`.
    package func enqueue(
        _ new: NewTicket, preparedBy snapshot: Snapshot
    ) async throws(StoreError) -> TicketReceipt {
        let arrival = try EnqueueRequest(new, preparedBy: snapshot, key: key)
        let queue = options.queue
        return try await commits.write { try arrival.write(in: $0, queue) }
    }

    /// A ticket and its state, by the id that the queue gave it; nil when it is unknown or has expired.
    package func ticket(_ id: String) throws(StoreError) -> QueuedTicket? {
        try read {
            try Row.fetchOne(
                $0, sql: "SELECT \(QueuedTicket.columns) FROM queue WHERE id = ?", arguments: [id]
            )
            .map { QueuedTicket($0) }
        }
    }

    /// At most `limit` tickets in a state, nil for any, oldest first.
    package func tickets(_ state: TicketState?, limit: Int) throws(StoreError) -> [QueuedTicket] {
        try read {
            try Row.fetchAll(
                $0,
                sql: """
                    SELECT \(QueuedTicket.columns) FROM queue
                    WHERE number > 0\(state == nil ? "" : " AND state = ?2") ORDER BY number LIMIT ?1
                    """, arguments: StatementArguments([limit]) + (state.map { [$0.rawValue] } ?? [])
            ).map { QueuedTicket($0) }
        }
    }

    // MARK: - Out

    /// Gives up to `count` tickets to the caller for the time of a lease, oldest first.
    package func lease(_ count: Int) async throws(StoreError) -> [LeasedTicket] {
        let leaser = LeaseRequest(count: count, options: options.queue)
        return try await commits.write { try leaser.write(in: $0) }
    }

    /// Leases up to `count` tickets; when there are none, waits for some, `patience` seconds at most.
    package func lease(_ count: Int, patience: Double) async throws(StoreError) -> [LeasedTicket] {
        let end = clock.ticks() + Int64(patience * 1000)
        while true {
            let generation = arrivals.generation
            let found = try await lease(count)
            let left = end - clock.ticks()
            guard found.isEmpty, left > 0, !Task.isCancelled else { return found }
            let due = try nextDue().map { max(1, $0 - clock.ticks()) } ?? left
            await arrivals.wait(after: generation, milliseconds: Int(min(left, due)))
        }
    }

    /// Ends a ticket with its decision, in one transaction.
    ///
    /// - Throws: `StoreError.leaseLost` when the lease ran out and the ticket went to another, or is done: nothing is
    ///   stored then.
    package func complete(
        _ leased: LeasedTicket, with decision: NewDecision
    ) async throws(StoreError) -> DecisionReceipt {
        let prepared = try prepare(decision)
        return try await commits.write(weight: 2) { transaction in
            try leased.check(transaction)
            let receipt = try prepared.write(in: transaction)
            try transaction.execute(
                """
                UPDATE queue SET state = 'done', decision = ?, error = NULL, updated_at = ?, requester = NULL
                WHERE number = ?
                """,
                [receipt.id, transaction.time, leased.number])
            try transaction.execute("DELETE FROM queue_texts WHERE number = ?", [leased.number])
            return receipt
        }
    }

    /// Returns a ticket that could not be decided; it waits for a retry, or is dead after its last attempt.
    ///
    /// The code names the failure in a word or two, such as `timeout`, and holds nothing of the ticket.
    ///
    /// - Returns: Its new state.
    /// - Throws: `StoreError.leaseLost` as `complete` does.
    package func fail(_ leased: LeasedTicket, code: String) async throws(StoreError) -> TicketState {
        try Limits.check(id: code, what: "an error's code")
        let queue = options.queue
        let backoff = Backoff(queue, seed: jitterSeed)
        return try await commits.write { transaction in
            try leased.check(transaction)
            let isDead = leased.attempt >= queue.attempts
            let due = transaction.ticks + backoff.delay(leased.number, attempt: leased.attempt)
            try transaction.execute(
                "UPDATE queue SET state = ?, due = ?, error = ?, updated_at = ? WHERE number = ?",
                [isDead ? "dead" : "waiting", due, code, transaction.time, leased.number])
            return isDead ? .dead : .waiting
        }
    }

    /// Begins the time of a lease again, for work that takes longer.
    package func extend(_ leased: LeasedTicket) async throws(StoreError) {
        let lease = Int64(options.queue.lease * 1000)
        try await commits.write { transaction in
            try leased.check(transaction)
            try transaction.execute(
                "UPDATE queue SET due = ? WHERE number = ?", [transaction.ticks + lease, leased.number])
        }
    }

    private func nextDue() throws(StoreError) -> Int64? {
        try read {
            try Int64.fetchOne(
                $0.cachedStatement(
                    sql: """
                        SELECT min(due) FROM (
                        SELECT min(due) AS due FROM queue INDEXED BY queue_waiting WHERE state = 'waiting'
                        UNION ALL SELECT min(due) FROM queue INDEXED BY queue_leased WHERE state = 'leased')
                        """))
        }
    }

    // MARK: - Dead letters

    /// Tickets that failed as often as they may, oldest first.
    package func deadLetters(limit: Int) throws(StoreError) -> [QueuedTicket] {
        try tickets(.dead, limit: limit)
    }

    /// Lets dead tickets (nil for all) wait again, from their first attempt on; the ledger records by whom.
    ///
    /// - Returns: How many.
    /// - Throws: `StoreError.notFound` when one of the ids belongs to no dead ticket; nothing is changed then.
    package func requeue(_ ids: [String]?, by: String? = nil) async throws(StoreError) -> Int {
        try await commits.write { transaction in try TicketStore.requeue(ids, by, transaction) }
    }

    private static func requeue(_ ids: [String]?, _ by: String?, _ transaction: WriteTransaction) throws
        -> Int
    {
        let dead = try String.fetchAll(
            transaction.database, sql: "SELECT id FROM queue WHERE state = 'dead' ORDER BY number")
        let known = Set(dead)
        for id in ids ?? [] where !known.contains(id) {
            throw StoreError.notFound(kind: "dead ticket", id: id)
        }
        let chosen = ids.map { Array(Set($0)).sorted() } ?? dead
        guard !chosen.isEmpty else { return 0 }
        for id in chosen {
            try transaction.execute(
                """
                UPDATE queue SET state = 'waiting', attempts = 0, due = ?, error = NULL, updated_at = ?
                WHERE id = ?
                """, [transaction.ticks, transaction.time, id])
        }
        let event = AuditEvent("requeue", [("tickets", String(chosen.count))], by: by)
        try transaction.append(event.draft(at: transaction.time))
        transaction.hasArrivals = true
        return chosen.count
    }

    /// Lets tickets wait again that the last writer had leased, and clears delays, since their clock ended with it.
    static func recover(_ transaction: WriteTransaction, attempts: Int) throws {
        try transaction.execute(
            """
            UPDATE queue SET state = CASE WHEN attempts >= ? THEN 'dead' ELSE 'waiting' END, error = 'interrupted',
            updated_at = ? WHERE state = 'leased'
            """, [attempts, transaction.time])
        try transaction.execute("UPDATE queue SET due = 0 WHERE state = 'waiting' AND due <> 0")
    }
}

extension QueuedTicket {
    static let columns = "id, state, attempts, enqueued_at, updated_at, decision, error"

    init(_ row: Row) {
        (id, state) = (row[0], TicketState(rawValue: row[1]) ?? .waiting)
        (attempts, enqueuedAt, updatedAt) = (row[2], row[3], row[4])
        (decision, error) = (row[5], row[6])
    }
}

extension LeasedTicket {
    /// - Throws: `StoreError.leaseLost` when another lease is newer, or the ticket is no longer worked on.
    fileprivate func check(_ transaction: WriteTransaction) throws {
        let isHeld = try Bool.fetchOne(
            transaction.database.cachedStatement(
                sql: "SELECT state = 'leased' AND attempts = ? FROM queue WHERE number = ? AND id = ?"),
            arguments: [attempt, number, id])
        guard isHeld ?? false else { throw StoreError.leaseLost(id: id) }
    }
}
