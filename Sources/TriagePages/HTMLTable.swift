/// A table of a page; the first cell of a row is its heading.
package struct HTMLTable: Sendable {
    package struct Column: Sendable {
        package var name: String
        package var isNumber: Bool

        package init(_ name: String, isNumber: Bool = false) { (self.name, self.isNumber) = (name, isNumber) }
    }

    package var caption: String?
    package var columns: [Column]
    package var rows: [[HTML]]
    /// A row below a line, such as a total.
    package var footer: [HTML]
    /// Classes of the style sheet: `stack`, `matrix`, `wide`.
    package var style: String?

    package init(
        caption: String? = nil, _ columns: [Column], _ rows: [[HTML]], footer: [HTML] = [],
        style: String? = nil
    ) {
        (self.caption, self.columns, self.rows) = (caption, columns, rows)
        (self.footer, self.style) = (footer, style)
    }

    /// A table whose rows become blocks on a narrow screen, with the name of its column before each cell.
    package static func stacked(_ names: [String], _ rows: [[HTML]]) -> HTML {
        HTMLTable(names.map { Column($0) }, rows, style: "stack wide").html()
    }

    /// The table; `classes` gives a cell of `rows` further classes.
    package func html(_ classes: (_ row: Int, _ column: Int) -> String? = { _, _ in nil }) -> HTML {
        let head = columns.map { column in
            HTML.tag(
                "th", ["scope": "col", "class": column.isNumber ? "n" : nil],
                .tag("span", [:], HTML(column.name)))
        }
        let body = rows.enumerated().map { number, cells in row(cells) { classes(number, $0) } }
        return .tag(
            "table", ["class": style], caption.map { .tag("caption", [:], HTML($0)) } ?? "",
            .tag("thead", [:], .tag("tr", [:], HTML(head))), .tag("tbody", [:], HTML(body)),
            footer.isEmpty ? "" : .tag("tfoot", [:], row(footer) { _ in nil }))
    }

    private func row(_ cells: [HTML], _ classes: (Int) -> String?) -> HTML {
        let cells = zip(columns, cells).enumerated().map { place, cell in
            let (column, content) = cell
            let name = style?.hasPrefix("stack") == true ? column.name : nil
            if place == 0 { return HTML.tag("th", ["scope": "row", "data-name": name], content) }
            let all = [column.isNumber ? "n" : nil, classes(place)].compactMap(\.self).joined(separator: " ")
            return .tag("td", ["class": all.isEmpty ? nil : all, "data-name": name], content)
        }
        return .tag("tr", [:], HTML(cells))
    }
}
