extension Document {
    /// The document as one HTML file that needs no other: plots are SVG, colours follow the reader's light or dark.
    public func html() -> String {
        var html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(Document.htmlEscaped(title))</title>
            <style>\(HTMLStyle.sheet)</style>
            </head>
            <body>
            <main>
            <h1>\(Document.htmlEscaped(title))</h1>

            """
        var isAmongPlots = false
        for (number, block) in blocks.enumerated() {
            if case .plot = block, !isAmongPlots { html += "<div class=\"plots\">\n" }
            if isAmongPlots, !block.isPlot { html += "</div>\n" }
            isAmongPlots = block.isPlot
            html += Document.html(block, number) + "\n"
        }
        return html + (isAmongPlots ? "</div>\n" : "") + "</main>\n</body>\n</html>\n"
    }

    private static func html(_ block: Block, _ number: Int) -> String {
        switch block {
        case .heading(let level, let text): "<h\(level)>\(htmlEscaped(text))</h\(level)>"
        case .text(let text, _): "<p>\(htmlEscaped(text))</p>"
        case .table(let table): html(table)
        case .plot(let plot): plot.svg(id: "plot\(number)")
        }
    }

    private static func html(_ table: Table) -> String {
        let kind = table.tints.isEmpty ? "" : " class=\"matrix\""
        var html = "<table\(kind)><caption>\(htmlEscaped(table.caption))</caption>\n<thead><tr>"
        for column in table.columns {
            let label = "<span>\(htmlEscaped(column.name))</span>"
            html += "<th scope=\"col\"\(column.isNumber ? " class=\"n\"" : "")>\(label)</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for (row, cells) in table.rows.enumerated() {
            html += "<tr>"
            for (column, cell) in cells.enumerated() {
                html += self.cell(cell, table, row, column)
            }
            html += "</tr>\n"
        }
        html += "</tbody></table>"
        guard table.isLong else { return "<div class=\"scroll\">\(html)</div>" }
        let summary = "\(htmlEscaped(table.caption)): \(table.rows.count) rows"
        return "<details><summary>\(summary)</summary><div class=\"scroll\">\(html)</div></details>"
    }

    private static func cell(_ text: String, _ table: Table, _ row: Int, _ column: Int) -> String {
        let content = htmlEscaped(text).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "<br>")
        if column == 0 { return "<th scope=\"row\">\(content)</th>" }
        var attributes = table.columns[column].isNumber ? " class=\"n\"" : ""
        if !table.tints.isEmpty, table.tints[row][column] > 0 {
            let share = Shown.fixed(8 + 67 * table.tints[row][column], 0)
            let kind = row + 1 == column ? "good" : "bad"
            attributes = " class=\"n \(kind)\" style=\"--share:\(share)%\""
        }
        return "<td\(attributes)>\(content)</td>"
    }

    /// Text that HTML shows as it is; control characters become U+FFFD.
    static func htmlEscaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Document.Block {
    fileprivate var isPlot: Bool {
        if case .plot = self { true } else { false }
    }
}
