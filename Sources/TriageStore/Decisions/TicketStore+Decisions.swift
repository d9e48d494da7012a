internal import GRDB
internal import TriageText
internal import TriageTickets

extension TicketStore {
    // MARK: - Writing

    /// Stores decisions, all or none, in one transaction that other callers share.
    ///
    /// - Returns: A receipt each, in order, when they are on the disk.
    /// - Throws: `StoreError.busy` when too many writes wait, `.diskFull`, `.readOnly` or `.failed` when the disk
    ///   refuses: none of them is stored then.
    package func record(_ decisions: [NewDecision]) async throws(StoreError) -> [DecisionReceipt] {
        let prepared = try prepare(decisions)
        return try await commits.write(weight: prepared.count) { transaction in
            try prepared.map { try $0.write(in: transaction) }
        }
    }

    /// Stores one decision.
    package func record(_ decision: NewDecision) async throws(StoreError) -> DecisionReceipt {
        let prepared = try prepare(decision)
        return try await commits.write { try prepared.write(in: $0) }
    }

    /// The ledger's row and the kept text of a decision, made on the caller's own thread.
    func prepare(_ decision: NewDecision) throws(StoreError) -> PreparedDecision {
        try PreparedDecision(decision, keepingText: options.retentionDays != 0, key: key)
    }

    private func prepare(_ decisions: [NewDecision]) throws(StoreError) -> [PreparedDecision] {
        var prepared: [PreparedDecision] = []
        prepared.reserveCapacity(decisions.count)
        for decision in decisions { prepared.append(try prepare(decision)) }
        return prepared
    }

    // MARK: - Reading

    /// A decision by its id; nil when there is none.
    ///
    /// - Throws: `StoreError` when the disk cannot be read.
    package func decision(_ id: String) throws(StoreError) -> StoredDecision? {
        try read { database in
            try LedgerEntry.fetchOne(
                database.cachedStatement(
                    sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE id = ? AND kind = 'decision'"),
                arguments: [id]
            ).map { try TicketStore.stored($0, database, self.path) }
        }
    }

    /// The newest decision on a ticket, by the caller's own id or the one that the queue gave; nil when there is none.
    package func decision(ofTicket id: String) throws(StoreError) -> StoredDecision? {
        try read { database in
            try TicketStore.decisionRow(ofTicket: id, database).map {
                try TicketStore.stored($0, database, self.path)
            }
        }
    }

    /// At most `limit` decisions from the newest to older ones, those before a row of the ledger; nil for its end.
    package func decisions(before: Int64? = nil, limit: Int) throws(StoreError) -> [StoredDecision] {
        try read { database in
            try LedgerEntry.fetchAll(
                database,
                sql: """
                    SELECT \(LedgerEntry.columns) FROM ledger WHERE kind = 'decision' AND seq < ?
                    ORDER BY seq DESC LIMIT ?
                    """, arguments: [before ?? .max, limit]
            ).map { try TicketStore.stored($0, database, self.path) }
        }
    }

    /// Runs a look-up on a connection that reads.
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try pool.read(body) } catch { throw StoreError(error, path: path) }
    }

    static func decisionRow(ofTicket id: String, _ database: Database) throws -> LedgerEntry? {
        let direct = try LedgerEntry.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT \(LedgerEntry.columns) FROM ledger WHERE ticket = ? AND kind = 'decision'
                    ORDER BY seq DESC LIMIT 1
                    """), arguments: [id])
        if let direct { return direct }
        return try LedgerEntry.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT \(LedgerEntry.columns) FROM ledger
                    WHERE id = (SELECT decision FROM queue WHERE id = ?) AND kind = 'decision'
                    """), arguments: [id])
    }

    static func stored(_ entry: LedgerEntry, _ database: Database, _ path: String) throws -> StoredDecision {
        guard let record = DecisionRecord(entry.record) else {
            throw StoreError.brokenLedger(path: path, fault: .unreadable(row: entry.sequence))
        }
        let text = try text(of: entry.sequence, database).map {
            StoredDecision.Text(
                subject: $0.text.subject.string,
                body: $0.text.body.string,
                answer: String(decoding: $0.answer, as: UTF8.self))
        }
        let corrections = try Corrections(of: entry, record, database)
        return StoredDecision(
            id: entry.id, sequence: entry.sequence, time: entry.time, ticket: entry.ticket,
            record: record.withholdingSample(after: corrections.standing),
            text: text, version: corrections.version, corrections: corrections.standing,
            isErased: corrections.isErased)
    }

    /// The text that is kept beside a row; nil when it has expired or was erased.
    ///
    /// - Throws: `LedgerError.textChanged` when its row was damaged.
    static func text(of sequence: Int64, _ database: Database) throws -> TextRecord? {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT \(TextRecord.columns) FROM texts WHERE seq = ?"),
            arguments: [sequence])
        guard let row else { return nil }
        guard let text = TextRecord(row) else { throw LedgerError.textChanged(row: sequence) }
        return text
    }
}
