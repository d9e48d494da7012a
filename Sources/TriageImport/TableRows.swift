internal import TriageData

/// A table in which a name heads several columns, as Jira's Labels: their values become one list.
final class TableRows: RowSource {
    let columns: [String]
    private let reader: RowReader
    /// The columns of each name that is there several times.
    private let repeated: [(name: String, all: [String])]
    /// Those of them that hold one value, the first that is there.
    private let single: Set<String>
    /// Those of them that are text, a line for each value.
    private let texts: Set<String>

    /// Nil for a table whose names are all different.
    init?(_ reader: RowReader) {
        let groups = TableRows.repeated(in: reader.columns)
        guard !groups.isEmpty else { return nil }
        let later = Set(groups.flatMap { $0.all.dropFirst() })
        (self.reader, repeated) = (reader, groups)
        let names = groups.map(\.name)
        texts = Set(names.filter { KnownColumns.body.rank($0) != nil })
        single = Set(names.filter { KnownColumns.isText($0) || KnownColumns.id.rank($0) != nil })
        columns = reader.columns.filter { !later.contains($0) }
    }

    /// The names that head several columns, and those columns as `RowReader` numbers them.
    static func repeated(in columns: [String]) -> [(name: String, all: [String])] {
        var groups: [String: [String]] = [:]
        for column in columns {
            guard column.last == ")", let open = column.lastIndex(of: "("), open > column.startIndex,
                let number = Int(column[column.index(after: open)...].dropLast()), number > 1
            else { continue }
            let name = column[..<open].trimmed
            groups[name, default: [name]].append(column)
        }
        return columns.compactMap { name in groups[name].map { (name, $0) } }
    }

    var shownColumns: [String] {
        let shown = Set(reader.shownColumns)
        return columns.filter(shown.contains)
    }

    var notes: [String] {
        let shown = Set(reader.shownColumns)
        let names = repeated.filter { shown.contains($0.name) }.map { "\($0.name) ×\($0.all.count)" }
        guard !names.isEmpty else { return [] }
        return [
            "\(reader.name): columns of one name read as one, labels as lists: \(ColumnNames.shown(names, limit: 8))"
        ]
    }

    var encoding: String? { reader.encoding }
    var separator: String? { reader.separator }

    func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let row = try reader.next() else { return nil }
        return row.map { row in
            var row = row
            for (name, all) in repeated {
                let values = all.compactMap { row.fields.removeValue(forKey: $0)?.text }.filter {
                    !$0.isEmpty
                }
                row.fields[name] = value(of: name, values)
            }
            return row
        }
    }

    private func value(of name: String, _ values: [String]) -> JSONValue {
        if texts.contains(name) {
            var lines: [String] = []
            for value in values where !lines.contains(value) { lines.append(value) }
            return .string(lines.joined(separator: "\n"))
        }
        return single.contains(name) ? .string(values.first ?? "") : .array(values.map { .string($0) })
    }
}
