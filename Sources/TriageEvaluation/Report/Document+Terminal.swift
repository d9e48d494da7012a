internal import TriageData

extension Document {
    /// The headline tables as aligned text, with nothing in it that could steer a terminal.
    package func terminalText() -> String {
        var lines = [title.shown]
        var heading: [String] = []
        for block in blocks {
            var shown: [String] = []
            switch block {
            case .heading(2, let text): heading = ["", text.shown]
            case .table(let table) where table.isHeadline: shown = [""] + Document.aligned(table)
            case .text(let text, isHeadline: true): shown = ["", text.shown]
            default: break
            }
            guard !shown.isEmpty else { continue }
            lines += heading + shown
            heading = []
        }
        return lines.joined(separator: "\n")
    }

    private static func aligned(_ table: Table) -> [String] {
        let rows = ([table.columns.map(\.name)] + table.rows).map { $0.map(\.shown) }
        let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return [table.caption.shown]
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
