internal import TriagePages

extension Document {
    /// The document as one HTML file that needs no other; plots are SVG.
    package func html() -> String {
        var parts: [HTML] = [.tag("h1", [:], HTML(title))]
        var plots: [HTML] = []
        func endPlots() {
            guard !plots.isEmpty else { return }
            parts.append(.tag("div", ["class": "plots"], HTML(plots)))
            plots = []
        }
        for (number, block) in blocks.enumerated() {
            if case .plot(let plot) = block {
                plots.append(
                    plot.html(id: "plot\(number)", description: description(plot)) {
                        OutputFormat.fixed($0, $1 ? 2 : 0)
                    })
                continue
            }
            endPlots()
            parts.append(Document.html(block))
        }
        endPlots()
        return HTMLPage(title: title, main: HTML(parts, separator: "\n")).text
    }

    /// What a diagram shows, in words.
    private func description(_ plot: Plot) -> String {
        func value(_ value: Double, _ axis: Plot.Axis) -> String {
            OutputFormat.fixed(value, axis.isShare ? 2 : 0)
        }
        return "\(plot.y.name) over \(plot.x.name). "
            + plot.series.compactMap { series in
                if case .reference = series.style { return nil }
                guard let first = series.points.first, let last = series.points.last else { return nil }
                return "\(series.name): from \(value(first.y, plot.y)) at \(value(first.x, plot.x)) to "
                    + "\(value(last.y, plot.y)) at \(value(last.x, plot.x))."
            }.joined(separator: " ")
    }

    private static func html(_ block: Block) -> HTML {
        switch block {
        case .heading(2, let text): .tag("h2", [:], HTML(text))
        case .heading(_, let text): .tag("h3", [:], HTML(text))
        case .text(let text, _): .p(HTML(text))
        case .table(let table): html(table)
        case .plot: ""
        }
    }

    private static func html(_ table: Table) -> HTML {
        let columns = table.columns.map { HTMLTable.Column($0.name, isNumber: $0.isNumber) }
        let rows = table.rows.map { $0.map { HTML(lines: $0) } }
        let prose = table.columns.contains(where: \.isNumber) ? nil : "stack"
        let style = table.tints.isEmpty ? prose : "matrix"
        let html = HTMLTable(caption: table.caption, columns, rows, style: style).html { row, column in
            guard !table.tints.isEmpty, table.tints[row][column] > 0 else { return nil }
            let step = Int((table.tints[row][column] * Double(HTMLPage.shareSteps)).rounded())
            return (row + 1 == column ? "good" : "bad") + " share\(step)"
        }
        // A table that is wider than the screen must be reachable by keyboard.
        let scroll = HTML.tag(
            "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": table.caption], html)
        guard table.isLong else { return scroll }
        let summary = HTML.tag("summary", [:], "\(table.caption): \(table.rows.count) rows")
        return .tag("details", [:], summary, scroll)
    }
}
