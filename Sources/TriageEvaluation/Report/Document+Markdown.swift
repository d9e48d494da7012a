internal import TriageData

extension Document {
    /// The document as Markdown; plots are left to the tables beside them.
    package func markdown() -> String {
        var lines = ["# \(Document.escaped(title))", ""]
        for block in blocks {
            switch block {
            case .heading(let level, let text):
                lines += [String(repeating: "#", count: level) + " " + Document.escaped(text), ""]
            case .text(let text, _): lines += [Document.escaped(text), ""]
            case .table(let table): lines += Document.markdown(table)
            case .plot: break
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func markdown(_ table: Table) -> [String] {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        return ["**\(escaped(table.caption))**", ""]
            + [line(table.columns.map { escaped($0.name) })]
            + [line(table.columns.map { $0.isNumber ? "--:" : ":--" })]
            + table.rows.map { line($0.map(escaped)) } + [""]
    }

    /// Text that Markdown shows as it is.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.shownKeepingLines {
            switch character {
            case "\n": result += "<br>"
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "\\", "`", "*", "_", "[", "]", "|", "~": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }
}
