internal import Foundation
internal import GRDB
internal import TriageData
internal import TriageText
internal import TriageTickets

extension TicketStore {
    // MARK: - Writing

    /// Stores the right label of one field of a decision; the newest feedback on a field counts.
    ///
    /// - Returns: The feedback as it is stored, with the decision's new version.
    /// - Throws: `StoreError.notFound` when there is no such decision, `.conflict` when its version is not the expected
    ///   one, `.erased` when its text was erased, `.invalid` for a field that it does not have or a label that is empty, too
    ///   long, or has a control character.
    package func addFeedback(_ new: NewFeedback) async throws(StoreError) -> Feedback {
        let prepared = try PreparedFeedback(new, keepingText: options.retentionDays != 0, key: key)
        let path = path
        defer { noteCorrection() }
        return try await commits.write { try prepared.write(in: $0, path) }
    }

    /// Stores feedback as `addFeedback` does, unless the newest on its field already has this label.
    ///
    /// - Returns: Whether it was stored.
    func addMissingFeedback(_ new: NewFeedback) async throws(StoreError) -> Bool {
        let prepared = try PreparedFeedback(new, keepingText: options.retentionDays != 0, key: key)
        let path = path
        defer { noteCorrection() }
        return try await commits.write { transaction in
            guard try !prepared.isInForce(transaction.database) else { return false }
            _ = try prepared.write(in: transaction, path)
            return true
        }
    }

    /// Withdraws feedback: the feedback before it on the same field counts again.
    ///
    /// `by` is who does it (the id of an API key), `expecting` the version that the decision must have, nil for any.
    ///
    /// - Returns: The feedback, undone, with the decision's new version.
    /// - Throws: `StoreError.notFound`, `.alreadyUndone`, or `.conflict`.
    package func undoFeedback(
        _ id: String, by: String? = nil, expecting: Int? = nil
    ) async throws(StoreError) -> Feedback {
        let undo = Undo(id: id, by: by, expecting: expecting, path: path)
        defer { noteCorrection() }
        return try await commits.write { try undo.write(in: $0) }
    }

    // MARK: - Reading

    /// All feedback on a decision, oldest first, with what was undone; nil when there is no such decision.
    package func feedback(onDecision id: String) throws(StoreError) -> [Feedback]? {
        try read { database in
            try TicketStore.decisionRow(id, database).map {
                try Corrections(of: $0.entry, $0.record, database).all
            }
        }
    }

    /// The feedback on at most `limit` decisions, in their order, those after a row of the ledger; nil for the first.
    package func feedback(after: Int64? = nil, limit: Int) throws(StoreError) -> [Feedback] {
        try read { database in
            try TicketStore.correctedRows(after: after ?? 0, limit: limit, database).flatMap {
                try Corrections(of: $0.entry, $0.record, database).all
            }
        }
    }

    static func decisionRow(
        _ id: String, _ database: Database
    ) throws -> (entry: LedgerEntry, record: DecisionRecord)? {
        try LedgerEntry.fetchOne(
            database.cachedStatement(
                sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE id = ? AND kind = 'decision'"),
            arguments: [id]
        ).flatMap { entry in DecisionRecord(entry.record).map { (entry, $0) } }
    }

    /// The row behind which the newest decisions with feedback are, so many of them; 0 where there are no more.
    static func row(beforeCorrected count: Int, _ database: Database) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT DISTINCT about FROM ledger WHERE about IS NOT NULL ORDER BY about DESC LIMIT 1 OFFSET ?
                """, arguments: [count]) ?? 0
    }

    /// Decisions on which there is feedback.
    static func correctedRows(
        after: Int64, limit: Int, _ database: Database
    ) throws -> [(entry: LedgerEntry, record: DecisionRecord)] {
        try LedgerEntry.fetchAll(
            database,
            sql: """
                SELECT \(LedgerEntry.columns) FROM ledger
                WHERE seq IN (SELECT DISTINCT about FROM ledger WHERE about > ? ORDER BY about LIMIT ?)
                ORDER BY seq
                """, arguments: [after, limit]
        ).compactMap { entry in DecisionRecord(entry.record).map { (entry, $0) } }
    }
}

/// Feedback, checked and masked before the transaction.
private struct PreparedFeedback: Sendable {
    let new: NewFeedback
    let note: PackedText?
    let noteHash: [UInt8]?

    static let maximumNoteBytes = 4_096

    init(_ new: NewFeedback, keepingText: Bool, key: StoreKey) throws(StoreError) {
        guard !new.label.allSatisfy(\.isWhitespace) else {
            throw .invalid(problem: "the label is empty; give the one that is right")
        }
        try Limits.check(id: new.label, what: "the label")
        guard !new.label.unicodeScalars.contains(where: PreparedFeedback.isControl) else {
            throw .invalid(problem: "the label has a line break or another control character; leave it out")
        }
        guard (new.note?.utf8.count ?? 0) <= PreparedFeedback.maximumNoteBytes else {
            throw .invalid(
                problem: "the note has over \(PreparedFeedback.maximumNoteBytes) bytes; give a shorter one")
        }
        self.new = new
        let masked = keepingText ? new.note.map { Masker().mask($0).text.bytes } : nil
        let kept = masked.map { TextRecord(subject: [], body: $0) }
        (note, noteHash) = (kept.map { PackedText($0) }, kept?.hash(by: key))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    func write(in transaction: WriteTransaction, _ path: String) throws -> Feedback {
        let database = transaction.database
        let (entry, record) = try decision(database)
        guard record.fields.contains(where: { $0.name == new.field }) else {
            throw StoreError.noField(new.field, known: record.fields.map(\.name))
        }
        let before = try Corrections(of: entry, record, database)
        guard !before.isErased else { throw StoreError.erased(kind: "decision", id: entry.id) }
        try before.check(new.expecting)
        let id = RecordID.make(at: transaction.time)
        let sequence = try transaction.append(
            LedgerDraft(kind: .feedback, id: id, about: entry.sequence, record: bytes()))
        try note?.insert(for: sequence, at: transaction.time, database)
        guard let stored = try Corrections(of: entry, record, database).all.last else {
            throw StoreError.brokenLedger(path: path, fault: .unreadable(row: sequence))
        }
        return stored
    }

    /// Whether the newest feedback on the field, undone ones left out, has the same label.
    func isInForce(_ database: Database) throws -> Bool {
        let (entry, record) = try decision(database)
        let before = try Corrections(of: entry, record, database)
        return !before.isErased
            && before.standing.contains { $0.field == new.field && $0.label == new.label }
    }

    private func decision(_ database: Database) throws -> (LedgerEntry, DecisionRecord) {
        switch new.subject {
        case .decision(let id):
            guard let found = try TicketStore.decisionRow(id, database) else {
                throw StoreError.notFound(kind: "decision", id: id)
            }
            return found
        case .ticket(let id):
            guard let entry = try TicketStore.decisionRow(ofTicket: id, database),
                let record = DecisionRecord(entry.record)
            else { throw StoreError.notFound(kind: "decision on ticket", id: id) }
            return (entry, record)
        }
    }

    private func bytes() -> [UInt8] {
        JSONWriter.object { json in
            json.string("field", new.field)
            json.string("label", new.label)
            json.string("by", new.by)
            json.string("text_hash", noteHash.map { Hexadecimal.text($0) })
        }
    }
}

/// The withdrawal of feedback.
private struct Undo: Sendable {
    let id: String
    let by: String?
    let expecting: Int?
    let path: String

    func write(in transaction: WriteTransaction) throws -> Feedback {
        let database = transaction.database
        let about = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT about FROM ledger WHERE id = ? AND kind = 'feedback'"),
            arguments: [id])
        guard let about,
            let entry = try LedgerEntry.fetchOne(
                database.cachedStatement(sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq = ?"),
                arguments: [about]),
            let record = DecisionRecord(entry.record)
        else { throw StoreError.notFound(kind: "feedback", id: id) }
        let before = try Corrections(of: entry, record, database)
        guard before.all.contains(where: { $0.id == id && !$0.isUndone }) else {
            throw StoreError.alreadyUndone(id: id)
        }
        try before.check(expecting)
        let undo = JSONWriter.object { json in
            json.string("feedback", id)
            json.string("by", by)
        }
        let sequence = try transaction.append(
            LedgerDraft(kind: .undo, id: RecordID.make(at: transaction.time), about: about, record: undo))
        let after = try Corrections(of: entry, record, database)
        guard var undone = after.all.first(where: { $0.id == id }) else {
            throw StoreError.brokenLedger(path: path, fault: .unreadable(row: sequence))
        }
        undone.version = after.version
        return undone
    }
}

extension Corrections {
    /// - Throws: `StoreError.conflict` when the decision has another version than was expected.
    func check(_ expected: Int?) throws(StoreError) {
        guard let expected, expected != version else { return }
        throw .conflict(expected: expected, found: version)
    }
}
