internal import TriageData

/// What a file's rows with one set of columns are read and written as.
struct RowPlan {
    /// A column that is written under a name.
    struct Written {
        var name: String
        var column: String
        /// Whether its value is a count.
        var isCount: Bool
        /// Whether its value changes with each export, as a date of a change; copies may differ in it.
        var isTechnical: Bool

        init(_ name: String, column: String, isCount: Bool) {
            (self.name, self.column, self.isCount) = (name, column, isCount)
            isTechnical =
                isCount || ProductRecord.isTechnical(column) || KnownColumns.time.rank(column) != nil
        }
    }

    let roles: ColumnRoles
    /// The labels and signals, each name once.
    let written: [Written]
    private let writtenNames: Set<String>

    init(_ roles: ColumnRoles) {
        self.roles = roles
        var taken = ImportedTicket.parts
        let columns =
            roles.values.map { Written($0, column: $0, isCount: false) }
            + roles.signals.map { Written($0.name, column: $0.column, isCount: true) }
        written = columns.filter { taken.insert($0.name).inserted }
        writtenNames = Set(written.map { $0.name.lowercased() })
    }

    func writes(_ name: String) -> Bool {
        ImportedTicket.parts.contains(name) || writtenNames.contains(name.lowercased())
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
