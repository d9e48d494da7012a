internal import GRDB

/// A row of the ledger that adds a decision or changes one.
package struct LedgerChange: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case decision, feedback, undo, erasure
    }

    /// The row's number; later changes have larger ones.
    package var sequence: Int64
    package var kind: Kind
    /// The decision that is new or changed.
    package var decision: String
    /// Milliseconds since 1970.
    package var time: Int64
}

extension TicketStore {
    /// The ledger's last row; 0 of an empty one.
    package func lastRow() throws(StoreError) -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT max(seq) FROM ledger") ?? 0 }
    }

    /// Changes behind a row of the ledger, oldest first, and the last row that was looked at.
    package func changes(
        after row: Int64, limit: Int
    ) throws(StoreError) -> (changes: [LedgerChange], last: Int64) {
        try read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT seq, kind, id, about, at FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?"),
                arguments: [row, limit])
            let changes = try rows.compactMap { row -> LedgerChange? in
                guard let kind = LedgerChange.Kind(rawValue: row[1]) else { return nil }
                let about = row[3] as Int64?
                guard kind == .decision || about != nil else { return nil }
                let id = try about.map { about in
                    try String.fetchOne(
                        database.cachedStatement(sql: "SELECT id FROM ledger WHERE seq = ?"),
                        arguments: [about]) ?? ""
                }
                return LedgerChange(sequence: row[0], kind: kind, decision: id ?? row[2], time: row[4])
            }
            return (changes, rows.last?[0] ?? row)
        }
    }

    /// Returns when something was written since `generation`, or after `milliseconds`.
    package func waitForChange(after generation: Int, milliseconds: Int) async {
        await commits.written.wait(after: generation, milliseconds: milliseconds)
    }

    /// A number that grows with each write of this process.
    package var writeGeneration: Int { commits.written.generation }
}
