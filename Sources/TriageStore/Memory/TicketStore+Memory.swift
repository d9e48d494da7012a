internal import Foundation
internal import GRDB
internal import Synchronization
package import TriageEngine
package import TriageModel
package import TriageTickets

/// The memory of corrected tickets: what `CorrectionMemory` needs of the newest corrections.
///
/// A sketch is made of a ticket's text while that is kept, outlives it, and goes with an erasure.
extension TicketStore {
    /// The entries of the newest corrections and confirmations in force.
    ///
    /// - Parameters:
    ///   - limit: How many tickets are remembered at most; sketches of others are deleted.
    ///   - model: The bundle with whose tickets' sketches the entries are to be compared.
    /// - Returns: The entries, newest first: tickets whose text went before a sketch was made are left out.
    /// - Throws: `StoreError` when the store cannot be read or written.
    package func remember(
        limit: Int, with model: ModelBundle
    ) async throws(StoreError) -> [CorrectionMemory.Entry] {
        let (space, read) = (model.sketchSpace, try read { try RememberedRow.read($0, limit) })
        var (entries, made): ([CorrectionMemory.Entry], [(row: Int64, sketch: TicketSketch)]) = ([], [])
        var features = Features()
        for row in read {
            var sketch = row.space == space ? row.sketch.flatMap { TicketSketch($0) } : nil
            if sketch == nil, let text = try self.read({ try TicketStore.text(of: row.sequence, $0) })?.text {
                model.featurizer.fill(&features, subject: text.subject.bytes, body: text.body.bytes)
                sketch = model.sketch(features)
                sketch.map { made.append((row.sequence, $0)) }
            }
            guard let sketch else { continue }
            entries.append(.init(id: row.id, sketch: sketch, answers: row.answers))
        }
        try await keep(made, of: read.map(\.sequence), space)
        return entries
    }

    /// Writes new sketches, and deletes those of tickets that are remembered no longer.
    private func keep(
        _ made: [(row: Int64, sketch: TicketSketch)], of rows: [Int64], _ space: String
    ) async throws(StoreError) {
        let kept = Set(rows)
        let known = try read { try Int64.fetchAll($0, sql: "SELECT seq FROM memory") }
        let gone = known.filter { !kept.contains($0) }
        guard !made.isEmpty || !gone.isEmpty else { return }
        let new = made.map { (row: $0.row, content: $0.sketch.content, bytes: $0.sketch.bytes) }
        try await commits.write { transaction in
            for row in gone { try transaction.execute("DELETE FROM memory WHERE seq = ?", [row]) }
        }
        for start in stride(from: 0, to: new.count, by: TicketStore.sketchesAtATime) {
            try await insert(new[start..<min(start + TicketStore.sketchesAtATime, new.count)], space)
        }
    }

    /// Sketches of one transaction, so that other writers wait for some milliseconds at most.
    private static let sketchesAtATime = 200

    private func insert(
        _ sketches: ArraySlice<(row: Int64, content: UInt64, bytes: [UInt8])>, _ space: String
    ) async throws(StoreError) {
        try await commits.write(weight: sketches.count) { transaction in
            for sketch in sketches {
                // A ticket that was erased meanwhile has no text any more, and gets no sketch.
                try transaction.execute(
                    """
                    INSERT OR REPLACE INTO memory (seq, space, content, vector)
                    SELECT seq, ?, ?, ? FROM texts WHERE seq = ?
                    """,
                    [space, Int64(bitPattern: sketch.content), Data(sketch.bytes), sketch.row])
            }
        }
    }

    /// Erases the memory: no correction until now is remembered any longer.
    ///
    /// The corrections stay in the ledger, and training learns from them.
    ///
    /// - Returns: How many tickets were remembered.
    package func eraseMemory(by: String? = nil) async throws(StoreError) -> DeletionReport {
        let (count, traces) = try await commits.write { transaction in
            var traces = DeletedBytes()
            let rows = try Row.fetchAll(transaction.database, sql: "SELECT vector FROM memory")
            rows.forEach { traces.insert($0) }
            try transaction.execute("DELETE FROM memory")
            try transaction.execute("DELETE FROM memory_start")
            let event = AuditEvent("memory_erased", [("tickets", String(rows.count))], by: by)
            let row = try transaction.append(event.draft(at: transaction.time))
            try transaction.execute("INSERT INTO memory_start (seq) VALUES (?)", [row])
            guard !traces.isEmpty else { return (rows.count, traces) }
            try PendingSearch.add(transaction.database)
            let deleted = traces
            self.pending.withLock { $0.traces.formUnion(deleted) }
            return (rows.count, traces)
        }
        noteCorrection()
        var report = DeletionReport(texts: count)
        if !traces.isEmpty { report.isClean = try await clean() }
        return report
    }

    /// A number that this process changes with each correction, undo, erasure and erased memory.
    package var memoryVersion: Int { corrections.withLock { $0 } }

    func noteCorrection() { corrections.withLock { $0 += 1 } }
}

/// A decision with corrections in force, and its sketch if it has one.
private struct RememberedRow {
    let sequence: Int64
    /// The caller's id of the ticket, or the decision's.
    let id: String
    let answers: [CorrectionMemory.Answer]
    let space: String?
    let sketch: [UInt8]?

    /// The row of the ledger behind which corrections are remembered.
    static func start(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(seq) FROM memory_start")) ?? 0
    }

    static func read(_ database: Database, _ limit: Int) throws -> [RememberedRow] {
        let start = try start(database)
        let decisions = try Int64.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT DISTINCT about FROM ledger WHERE about < ? ORDER BY about DESC LIMIT ?
                    """), arguments: [Int64.max, limit])
        return try decisions.compactMap { try RememberedRow($0, after: start, database) }
    }

    private init?(_ sequence: Int64, after start: Int64, _ database: Database) throws {
        let entry = try LedgerEntry.fetchOne(
            database.cachedStatement(sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE seq = ?"),
            arguments: [sequence])
        guard let entry, let record = DecisionRecord(entry.record) else { return nil }
        let corrections = try Corrections(of: entry, record, database)
        let standing = corrections.standing.filter { $0.sequence > start }
        guard !corrections.isErased, !standing.isEmpty else { return nil }
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT space, vector FROM memory WHERE seq = ?"),
            arguments: [sequence])
        self.sequence = sequence
        id = entry.ticket ?? entry.id
        answers = standing.map { record.answer(of: $0.field, label: $0.label) }
        (space, sketch) = (row?[0], (row?[1] as Data?).map { Array($0) })
    }
}

extension DecisionRecord {
    /// A right label beside the model's own, whatever corrected tickets made of that.
    fileprivate func answer(of field: String, label: String) -> CorrectionMemory.Answer {
        for case .corrected(field, _, let engine, _, _) in remarks ?? [] {
            // How sure the model was is not kept: it counts as unsure.
            return .init(field: field, decided: engine, confidence: 0, label: label)
        }
        let decided = fields.first { $0.name == field }
        return .init(
            field: field, decided: decided?.label ?? "", confidence: decided?.probability ?? 0, label: label)
    }
}
