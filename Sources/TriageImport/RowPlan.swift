internal import TriageData

/// What a file's rows with one set of columns are read and written as.
struct RowPlan {
    /// A column that is written under a name.
    struct Written {
        var name: String
        var column: String
        /// Whether its value is a count.
        var isCount: Bool
    }

    let roles: ColumnRoles
    /// The labels and signals, each name once.
    let written: [Written]

    init(_ roles: ColumnRoles) {
        self.roles = roles
        var taken = ImportedTicket.parts
        let columns =
            roles.values.map { Written(name: $0, column: $0, isCount: false) }
            + roles.signals.map { Written(name: $0.name, column: $0.column, isCount: true) }
        written = columns.filter { taken.insert($0.name).inserted }
    }

    func writes(_ name: String) -> Bool {
        ImportedTicket.parts.contains(name) || written.contains { $0.name == name }
    }
}

extension RowPlan.Written {
    /// The column's value in a row, as it is written.
    func value(in row: InputRow) -> JSONValue {
        guard let value = row.fields[column] else { return .null }
        return ImportedTicket.plain(isCount ? Self.number(value) : value) ?? .null
    }

    /// A count as a number.
    private static func number(_ value: JSONValue) -> JSONValue {
        guard let text = value.text?.trimmed, let number = Int64(text) else { return value }
        return .integer(number)
    }
}
