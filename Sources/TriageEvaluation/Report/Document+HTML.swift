internal import TriageData

extension Document {
    /// The document as one HTML file that needs no other: plots are SVG, colours follow the reader's light or dark.
    package func html() -> String {
        var html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title.htmlEscaped)</title>
            <style>\(HTMLStyle.sheet)</style>
            </head>
            <body>
            <main>
            <h1>\(title.htmlEscaped)</h1>

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
        case .heading(let level, let text): "<h\(level)>\(text.htmlEscaped)</h\(level)>"
        case .text(let text, _): "<p>\(text.htmlEscaped)</p>"
        case .table(let table): html(table)
        case .plot(let plot): plot.svg(id: "plot\(number)")
        }
    }

    private static func html(_ table: Table) -> String {
        let kind = table.tints.isEmpty ? "" : " class=\"matrix\""
        var html = "<table\(kind)><caption>\(table.caption.htmlEscaped)</caption>\n<thead><tr>"
        for column in table.columns {
            let label = "<span>\(column.name.htmlEscaped)</span>"
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
        let summary = "\(table.caption.htmlEscaped): \(table.rows.count) rows"
        return "<details><summary>\(summary)</summary><div class=\"scroll\">\(html)</div></details>"
    }

    private static func cell(_ text: String, _ table: Table, _ row: Int, _ column: Int) -> String {
        let content = text.htmlEscaped.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "<br>")
        if column == 0 { return "<th scope=\"row\">\(content)</th>" }
        var attributes = table.columns[column].isNumber ? " class=\"n\"" : ""
        if !table.tints.isEmpty, table.tints[row][column] > 0 {
            let share = OutputFormat.fixed(8 + 67 * table.tints[row][column], 0)
            let kind = row + 1 == column ? "good" : "bad"
            attributes = " class=\"n \(kind)\" style=\"--share:\(share)%\""
        }
        return "<td\(attributes)>\(content)</td>"
    }
}

extension Document.Block {
    fileprivate var isPlot: Bool {
        if case .plot = self { true } else { false }
    }
}
