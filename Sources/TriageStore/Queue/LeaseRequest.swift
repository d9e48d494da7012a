internal import Foundation
internal import GRDB
internal import TriageTickets

/// Takes tickets out of the queue for a time.
struct LeaseRequest: Sendable {
    var count: Int
    var options: QueueOptions

    func write(in transaction: WriteTransaction) throws -> [LeasedTicket] {
        try takeBack(transaction)
        let rows = try Row.fetchAll(
            transaction.database.cachedStatement(
                sql: """
                    SELECT number, id, attempts, \(TicketText.queueColumns), options, requester
                    FROM queue INDEXED BY queue_waiting JOIN queue_texts USING (number)
                    WHERE state = 'waiting' AND due <= ? ORDER BY due, number LIMIT ?
                    """), arguments: [transaction.ticks, count])
        let until = transaction.ticks + Int64(options.lease * 1000)
        return try rows.map { row in
            var text = TicketText(row, from: 3)
            text.requesterHash = (row[11] as Data?).map { Array($0) }
            let leased = LeasedTicket(
                id: row[1], attempt: row[2] + 1, number: row[0], text: text,
                optionBytes: Array(row[10] as Data))
            try transaction.execute(
                "UPDATE queue SET state = 'leased', due = ?, attempts = ?, updated_at = ? WHERE number = ?",
                [until, leased.attempt, transaction.time, leased.number])
            return leased
        }
    }

    /// Leases that ran out: their tickets wait again, or are dead when they have had their attempts.
    private func takeBack(_ transaction: WriteTransaction) throws {
        try transaction.execute(
            """
            UPDATE queue INDEXED BY queue_leased SET state = CASE WHEN attempts >= ? THEN 'dead' ELSE 'waiting' END,
            due = ?, error = 'lease_expired', updated_at = ? WHERE state = 'leased' AND due <= ?
            """, [options.attempts, transaction.ticks, transaction.time, transaction.ticks])
    }
}
