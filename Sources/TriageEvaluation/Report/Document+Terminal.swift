extension Document {
    /// The headline tables as aligned text.
    public func terminalText() -> String {
        var lines = [title]
        for block in blocks {
            switch block {
            case .heading(2, let text): lines += ["", text]
            case .table(let table) where table.isHeadline: lines += [""] + Document.aligned(table)
            case .text(let text, isHeadline: true): lines += ["", text]
            default: break
            }
        }
        while lines.count >= 2, lines[lines.count - 2].isEmpty { lines.removeLast(2) }
        return lines.joined(separator: "\n")
    }

    private static func aligned(_ table: Table) -> [String] {
        let rows = [table.columns.map(\.name)] + table.rows
        let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return [table.caption]
            + rows.map { row in
                let cells = row.enumerated().map { column, cell in
                    let space = String(repeating: " ", count: widths[column] - cell.count)
                    return table.columns[column].isNumber ? space + cell : cell + space
                }
                let line = "  " + cells.joined(separator: "  ")
                return String(line.reversed().drop { $0 == " " }.reversed())
            }
    }
}
