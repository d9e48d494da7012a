internal import GRDB
internal import TriageData
internal import TriageTickets

/// What is to be erased.
package enum ErasureSubject: Sendable, Equatable {
    /// A ticket, by the id that the queue gave it or by the caller's own: its waiting text, and the text of each decision
    /// on it.
    case ticket(String)
    case decision(String)
}

extension ErasureSubject {
    var notFound: StoreError {
        switch self {
        case .ticket(let id): .notFound(kind: "ticket", id: id)
        case .decision(let id): .notFound(kind: "decision", id: id)
        }
    }
}

/// Deletes the text of a ticket or a decision, and puts a row into the ledger that accounts for it.
struct Erasure: Sendable {
    let subject: ErasureSubject
    /// The id of the API key that requests it, or nil.
    let by: String?

    struct Outcome: Sendable {
        var report = DeletionReport()
        var traces = DeletedBytes()
    }

    private struct QueueRow {
        let number: Int64
        let id: String
        let isOpen: Bool
        let decision: String?
    }

    /// - Throws: `StoreError.notFound` when the store has no such ticket or decision.
    func write(in transaction: WriteTransaction) throws -> Outcome {
        let tickets = try queueRows(transaction.database)
        let decisions = try decisionRows(of: tickets, transaction.database)
        guard !tickets.isEmpty || !decisions.isEmpty else { throw subject.notFound }
        var outcome = Outcome()
        for ticket in tickets where ticket.isOpen { try erase(ticket, transaction, &outcome) }
        for decision in decisions { try erase(decision: decision, transaction, &outcome) }
        return outcome
    }

    // MARK: - What there is

    private func queueRows(_ database: Database) throws -> [QueueRow] {
        guard case .ticket(let id) = subject else { return [] }
        let columns = "number, queue.id, state, decision"
        let byQueue = try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM queue WHERE id = ?", arguments: [id])
        let byCaller = try Row.fetchAll(
            database,
            sql: "SELECT \(columns) FROM queue_texts JOIN queue USING (number) WHERE queue_texts.ticket = ?",
            arguments: [id])
        return (byQueue + byCaller).map {
            QueueRow(number: $0[0], id: $0[1], isOpen: $0[2] as String != "done", decision: $0[3])
        }
    }

    private func decisionRows(of tickets: [QueueRow], _ database: Database) throws -> [Int64] {
        var ids = tickets.compactMap(\.decision)
        var rows: [Int64] = []
        switch subject {
        case .decision(let id): ids.append(id)
        case .ticket(let id):
            rows = try Int64.fetchAll(
                database, sql: "SELECT seq FROM ledger WHERE ticket = ? AND kind = 'decision'",
                arguments: [id])
        }
        for id in ids {
            rows += try Int64.fetchAll(
                database, sql: "SELECT seq FROM ledger WHERE id = ? AND kind = 'decision'", arguments: [id])
        }
        return Set(rows).sorted()
    }

    // MARK: - Deleting it

    /// A ticket that is not decided leaves the queue; a worker that has it loses its lease.
    private func erase(
        _ ticket: QueueRow, _ transaction: WriteTransaction, _ outcome: inout Outcome
    ) throws {
        let text = try Row.fetchOne(
            transaction.database, sql: "SELECT subject, body, options FROM queue_texts WHERE number = ?",
            arguments: [ticket.number])
        guard let text else { return }
        outcome.traces.insert(text)
        try transaction.execute("DELETE FROM queue_texts WHERE number = ?", [ticket.number])
        try transaction.execute(
            "UPDATE queue SET state = 'done', error = ?, updated_at = ? WHERE number = ?",
            [QueuedTicket.erased, transaction.time, ticket.number])
        outcome.report.tickets += 1
        try account(for: [], of: nil, ticket: ticket.id, transaction)
    }

    private func erase(
        decision: Int64, _ transaction: WriteTransaction, _ outcome: inout Outcome
    ) throws {
        let database = transaction.database
        let wasErased = try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM ledger WHERE about = ? AND kind = 'erasure')",
            arguments: [decision])
        guard wasErased != true else { return }
        let notes = try Int64.fetchAll(
            database, sql: "SELECT seq FROM ledger WHERE about = ? AND kind = 'feedback' ORDER BY seq",
            arguments: [decision])
        var deleted: [Int64] = []
        for row in [decision] + notes {
            let text = try Row.fetchOne(
                database, sql: "SELECT subject, body, answer FROM texts WHERE seq = ?", arguments: [row])
            guard let text else { continue }
            outcome.traces.insert(text)
            try transaction.execute("DELETE FROM texts WHERE seq = ?", [row])
            deleted.append(row)
        }
        outcome.report.decisions += 1
        outcome.report.texts += deleted.count
        try account(for: deleted, of: decision, ticket: nil, transaction)
    }

    private func account(
        for rows: [Int64], of decision: Int64?, ticket: String?, _ transaction: WriteTransaction
    ) throws {
        let record = JSONWriter.object { json in
            json.string("ticket", ticket)
            json.array("rows", rows) { json, row in json.array([row, row]) { $0.integer(Int($1)) } }
            json.string("by", by)
        }
        try transaction.append(
            LedgerDraft(
                kind: .erasure, id: RecordID.make(at: transaction.time), about: decision, record: record))
    }
}
