internal import GRDB
internal import TriageData
internal import TriageTickets
internal import TriageText

/// The feedback on one decision, as the ledger has it.
struct Corrections {
    /// All, oldest first.
    private(set) var all: [Feedback] = []
    /// 1, and one more for each correction and each undo.
    private(set) var version = 1
    /// Whether the decision's text was erased.
    private(set) var isErased = false

    /// The feedback that counts: for each field the newest that was not undone.
    var standing: [Feedback] {
        var newest: [String: Feedback] = [:]
        for feedback in all where !feedback.isUndone { newest[feedback.field] = feedback }
        return newest.values.sorted { $0.sequence < $1.sequence }
    }

    init(of decision: LedgerEntry, _ record: DecisionRecord, _ database: Database) throws {
        let entries = try LedgerEntry.fetchAll(
            database.cachedStatement(
                sql: "SELECT \(LedgerEntry.columns) FROM ledger WHERE about = ? ORDER BY seq"),
            arguments: [decision.sequence])
        for entry in entries {
            if entry.kind != LedgerKind.erasure.rawValue { version += 1 }
            try add(entry, decision, record, database)
        }
    }

    private mutating func add(
        _ entry: LedgerEntry, _ decision: LedgerEntry, _ record: DecisionRecord, _ database: Database
    ) throws {
        guard let value = JSONValue(parsing: entry.record) else { return }
        switch LedgerKind(rawValue: entry.kind) {
        case .feedback:
            let field = value["field"]?.text ?? ""
            let note =
                value["text_hash"]?.text == nil ? nil : try TicketStore.text(of: entry.sequence, database)
            all.append(
                Feedback(
                    id: entry.id, sequence: entry.sequence, time: entry.time, decision: decision.id,
                    decisionSequence: decision.sequence,
                    ticket: decision.ticket, field: field,
                    decided: record.fields.first { $0.name == field }.map { $0.decided ?? $0.label } ?? "",
                    label: value["label"]?.text ?? "", by: value["by"]?.text,
                    note: note?.text.body.string, isUndone: false,
                    version: version))
        case .erasure: isErased = true
        case .undo:
            let undone = value["feedback"]?.text
            for index in all.indices where all[index].id == undone { all[index].isUndone = true }
        default: break
        }
    }
}
