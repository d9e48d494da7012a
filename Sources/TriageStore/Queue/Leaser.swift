internal import Foundation
internal import GRDB
internal import TriageData

/// Takes tickets out of the queue for a time.
struct Leaser: Sendable {
    var count: Int
    var options: QueueOptions

    func write(in transaction: WriteTransaction) throws -> [LeasedTicket] {
        try takeBack(transaction)
        let rows = try GRDB.Row.fetchAll(
            transaction.database.cachedStatement(
                sql: """
                    SELECT q.number, q.id, q.attempts, t.ticket, t.subject, t.body, t.options
                    FROM queue q JOIN queue_texts t ON t.number = q.number
                    WHERE q.state = 'waiting' AND q.due <= ? ORDER BY q.due, q.number LIMIT ?
                    """), arguments: [transaction.ticks, count])
        let until = transaction.ticks + Int64(options.lease * 1000)
        return try rows.map { row in
            func text(_ column: Int) -> String { String(decoding: row[column] as Data, as: UTF8.self) }
            let leased = LeasedTicket(
                id: row[1], ticket: Ticket(id: row[3], subject: text(4), body: text(5)), options: text(6),
                attempt: row[2] + 1, number: row[0])
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
            UPDATE queue SET state = CASE WHEN attempts >= ? THEN 'dead' ELSE 'waiting' END,
            due = ?, error = 'lease_expired', updated_at = ? WHERE state = 'leased' AND due <= ?
            """, [options.attempts, transaction.ticks, transaction.time, transaction.ticks])
    }
}
