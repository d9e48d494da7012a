internal import TriageData

/// The first thing that is wrong with a ledger.
package enum LedgerError: Error, Sendable, Equatable {
    /// Rows are missing before this one.
    case gap(after: Int64, found: Int64)
    /// The row does not have the hash that its content and the rows before it give: changed, moved or put in.
    case changed(row: Int64)
    /// The last row's hash was made without the store's key.
    case unkeyed(row: Int64)
    /// The database has another table, index, trigger or view than this version makes: its kind and name.
    case schema(SchemaChange, kind: String, name: String)
    /// The row's record cannot be read, though its hash is right.
    case unreadable(row: Int64)
    /// The kept text is not the one that was recorded.
    case textChanged(row: Int64)
    /// The kept text is gone, and no row of the ledger accounts for it.
    case textMissing(row: Int64)
    /// Text is kept that no row accounts for, or that was deleted according to the ledger.
    case textUnknown(row: Int64)
    /// The first row, which names the store's key, is missing or is another store's.
    case otherKey
    /// The head was not signed by this store's key.
    case badSignature
    /// The ledger ends before the row that a signed head names.
    case cut(last: Int64, head: Int64)
    /// The ledger has another content at the row that a signed head names.
    case rewritten(row: Int64)
}

/// How a table, index, trigger or view differs from what this version makes.
package enum SchemaChange: Sendable, Equatable {
    case added
    case missing
    case changed
}

extension LedgerError: DescribedError {
    package var description: String {
        switch self {
        case .gap(let after, let found):
            "rows \(after + 1) to \(found - 1) of the ledger are missing"
        case .changed(let row): "row \(row) of the ledger was changed, moved or put in"
        case .unkeyed(let row):
            "row \(row), the ledger's last, has a hash that was made without the store's key: its end was replaced"
        case .schema(let change, let kind, let name): describe(change, kind, name)
        case .unreadable(let row): "row \(row) of the ledger has a record that this version cannot read"
        case .textChanged(let row): "the text kept for row \(row) of the ledger was changed"
        case .textMissing(let row):
            "the text kept for row \(row) of the ledger is gone, and no expiry or erasure accounts for it"
        case .textUnknown(let row):
            "text is kept for row \(row), which has none according to the ledger"
        case .otherKey: "the ledger does not begin with this store's key"
        case .badSignature: "the head was not signed by this store's key"
        case .cut(let last, let head):
            "the ledger ends at row \(last), and the head names row \(head): its tail was cut off, or a backup from "
                + "before that head was restored"
        case .rewritten(let row):
            "row \(row) of the ledger is not the one that the head names: it was rewritten"
        }
    }

    private func describe(_ change: SchemaChange, _ kind: String, _ name: String) -> String {
        switch change {
        case .added: "the database has a foreign \(kind), \(name.shown): it was planted, or added by hand"
        case .missing: "the \(kind) \(name.shown) of the database is missing"
        case .changed: "the \(kind) \(name.shown) of the database is not the one that this version makes"
        }
    }
}
