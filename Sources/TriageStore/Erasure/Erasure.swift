internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageTickets

/// What is to be erased.
package enum ErasureSubject: Sendable, Equatable {
    /// A ticket, by the id that the queue gave it or by the caller's own: its waiting text, and the text of each decision
    /// on it.
    case ticket(String)
    case decision(String)
    /// All tickets of one person, by the keyed hash that the store keeps of who wrote them.
    ///
    /// A ticket that the person sent goes whole: also what came under its id without a requester. `earlier` is the hash that
    /// earlier versions kept of the same name, where it is another.
    case requester(hash: [UInt8], earlier: [UInt8]? = nil)
}

extension ErasureSubject {
    var notFound: StoreError {
        switch self {
        case .ticket(let id): .notFound(kind: "ticket", id: id)
        case .decision(let id): .notFound(kind: "decision", id: id)
        case .requester: .unknownRequester
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

        static let columns = "number, queue.id, state, decision"

        init(_ row: Row) {
            (number, id, decision) = (row[0], row[1], row[3])
            isOpen = row[2] as String != "done"
        }
    }

    /// - Throws: `StoreError.notFound` when the store has no such ticket or decision.
    func write(in transaction: WriteTransaction) throws -> Outcome {
        let found = try find(transaction.database)
        guard !found.tickets.isEmpty || !found.decisions.isEmpty else { throw subject.notFound }
        var outcome = Outcome()
        outcome.report.ids = found.ids
        for ticket in found.tickets where ticket.isOpen { try erase(ticket, transaction, &outcome) }
        for decision in found.decisions { try erase(decision: decision, transaction, &outcome) }
        return outcome
    }

    // MARK: - What there is

    /// What is erased, with the callers' own ids of a requester's tickets, each once.
    private struct Found {
        var tickets: [QueueRow]
        var decisions: [Int64]
        var ids: [String] = []
    }

    /// The callers' own ids of a requester's tickets; none for another subject.
    func ids(_ database: Database) throws -> [String] { try find(database).ids }

    private func find(_ database: Database) throws -> Found {
        guard case .requester(let hash, let earlier) = subject else {
            let tickets = try queueRows(database)
            return Found(tickets: tickets, decisions: try decisionRows(of: tickets, database))
        }
        var (tickets, decisions): ([QueueRow], [Int64]) = ([], [])
        for hash in [hash, earlier].compactMap(\.self).map({ Data($0) }) {
            tickets += try Row.fetchAll(
                database, sql: "SELECT \(QueueRow.columns) FROM queue WHERE requester = ?", arguments: [hash]
            ).map(QueueRow.init)
            decisions += try Int64.fetchAll(
                database, sql: "SELECT seq FROM requesters WHERE hash = ?", arguments: [hash])
        }
        let ids = try callersIDs(tickets, decisions, database)
        // A ticket that was sent again without its requester is the same person's.
        for id in ids {
            let again = try Erasure(subject: .ticket(id), by: by).find(database)
            tickets += again.tickets
            decisions += again.decisions
        }
        let byNumber = Dictionary(tickets.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        return Found(
            tickets: byNumber.values.sorted { $0.number < $1.number }, decisions: Set(decisions).sorted(),
            ids: ids)
    }

    private func queueRows(_ database: Database) throws -> [QueueRow] {
        guard case .ticket(let id) = subject else { return [] }
        let byQueue = try Row.fetchAll(
            database, sql: "SELECT \(QueueRow.columns) FROM queue WHERE id = ?", arguments: [id])
        let byCaller = try Row.fetchAll(
            database,
            sql:
                "SELECT \(QueueRow.columns) FROM queue_texts JOIN queue USING (number) WHERE queue_texts.ticket = ?",
            arguments: [id])
        return (byQueue + byCaller).map(QueueRow.init)
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
        case .requester: break
        }
        for id in ids {
            rows += try Int64.fetchAll(
                database, sql: "SELECT seq FROM ledger WHERE id = ? AND kind = 'decision'", arguments: [id])
        }
        return Set(rows).sorted()
    }

    private func callersIDs(
        _ tickets: [QueueRow], _ decisions: [Int64], _ database: Database
    ) throws -> [String] {
        let waiting = try tickets.compactMap {
            try String.fetchOne(
                database, sql: "SELECT ticket FROM queue_texts WHERE number = ?", arguments: [$0.number])
        }
        let decided = try decisions.compactMap {
            try String.fetchOne(database, sql: "SELECT ticket FROM ledger WHERE seq = ?", arguments: [$0])
        }
        return Set(waiting + decided).sorted()
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
            "UPDATE queue SET state = 'done', error = ?, updated_at = ?, requester = NULL WHERE number = ?",
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
        for (table, column) in [("requesters", "hash"), ("memory", "vector")] {
            let row = try Row.fetchOne(
                database, sql: "SELECT \(column) FROM \(table) WHERE seq = ?", arguments: [decision])
            guard let row else { continue }
            outcome.traces.insert(row)
            try transaction.execute("DELETE FROM \(table) WHERE seq = ?", [decision])
        }
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
