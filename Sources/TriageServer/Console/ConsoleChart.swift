internal import TriagePages

/// Charts of the console; each has a table with the same numbers.
enum ConsoleChart {
    /// A bar for each value.
    static func bars(_ values: [Int], _ name: String) -> HTML {
        let (height, top) = (100, max(1, values.max() ?? 1))
        let width = 600.0 / Double(max(1, values.count))
        let rects = values.enumerated().map { place, value in
            let high = Double(value) / Double(top) * Double(height)
            return HTML.tag(
                "rect",
                [
                    "class": "for", "x": number(Double(place) * width), "y": number(Double(height) - high),
                    "width": number(max(0.5, width - 1)), "height": number(high),
                ])
        }
        let ground = HTML.tag("line", ["class": "grid", "x1": "0", "x2": "600", "y1": "99.5", "y2": "99.5"])
        let label = HTML.tag("figcaption", ["class": "quiet"], "0–\(top)")
        return .tag(
            "figure", ["class": "bars"], label,
            .tag(
                "svg", ["viewBox": "0 0 600 \(height)", "role": "img", "aria-label": name], ground,
                HTML(rects)))
    }

    /// A bar inside a table's cell, of a share of its width.
    static func bar(_ share: Double, _ style: String = "for") -> HTML {
        .tag(
            "svg", ["viewBox": "0 0 100 8", "preserveAspectRatio": "none", "aria-hidden": "true"],
            .tag(
                "rect",
                ["class": style, "width": "\(Int((min(1, max(0, share)) * 100).rounded()))", "height": "8"]))
    }

    /// Lines over two axes, with numbers in the page's language.
    static func lines(_ plot: Plot, id: String, _ words: ConsoleWords) -> HTML {
        .tag(
            "div", ["class": "plots"],
            plot.html(id: id, description: plot.title) { number, isShare in
                isShare ? ConsoleFrame.percent(Float(number)) : words.number(number, 0)
            })
    }

    /// A chart's table, folded away.
    static func folded(_ table: HTMLTable, _ words: ConsoleWords) -> HTML {
        .tag("details", [:], .tag("summary", [:], HTML(words.table)), table.html())
    }

    private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
