package import TriagePages

/// A report as a sequence of blocks, which Markdown, HTML and the terminal show in the same order.
package struct Document: Sendable {
    package var title: String
    package var blocks: [Block] = []

    package init(title: String, blocks: [Block] = []) { (self.title, self.blocks) = (title, blocks) }

    package enum Block: Sendable {
        /// A heading of level 2 or 3.
        case heading(Int, String)
        /// A paragraph; a terminal shows it when it is a headline.
        case text(String, isHeadline: Bool = false)
        case table(Table)
        case plot(Plot)
    }

    /// A table; the first column names its rows.
    package struct Table: Sendable {
        package var caption: String
        package var columns: [Column]
        package var rows: [[String]]
        /// How strongly each cell is tinted, 0 … 1; empty for none.
        package var tints: [[Double]] = []
        /// Long tables are folded away in HTML.
        package var isLong = false
        /// Whether a terminal shows it.
        package var isHeadline = false

        package init(
            caption: String, columns: [Column], rows: [[String]], tints: [[Double]] = [],
            isLong: Bool = false, isHeadline: Bool = false
        ) {
            (self.caption, self.columns, self.rows) = (caption, columns, rows)
            (self.tints, self.isLong, self.isHeadline) = (tints, isLong, isHeadline)
        }
    }

    package struct Column: Sendable, ExpressibleByStringLiteral {
        package var name: String
        package var isNumber = true

        package init(_ name: String, isNumber: Bool = true) { (self.name, self.isNumber) = (name, isNumber) }
        package init(stringLiteral name: String) { self.init(name) }
        package static func text(_ name: String) -> Column { Column(name, isNumber: false) }
    }
}

/// Numbers as a report shows them; "–" where there is none.
package enum OutputFormat {
    package static let nothing = "–"

    package static func figure(_ value: Double?, decimals: Int = 3) -> String {
        guard let value, value.isFinite else { return nothing }
        return fixed(value, decimals)
    }

    package static func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return nothing }
        return fixed(value * 100, 1) + " %"
    }

    /// A figure and its interval.
    package static func cells(_ estimate: Estimate?) -> [String] {
        [figure(estimate?.value), interval(estimate)]
    }

    package static func interval(_ estimate: Estimate?, decimals: Int = 3) -> String {
        guard let low = estimate?.low, let high = estimate?.high else { return nothing }
        return "\(fixed(low, decimals)) to \(fixed(high, decimals))"
    }

    package static func pValue(_ value: Double) -> String { value < 0.001 ? "below 0.001" : fixed(value, 3) }

    /// Fixed decimals, without a Locale; zero has no sign.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        guard abs(value) * scale < 1e15 else { return String(value) }
        let units = Int((abs(value) * scale).rounded())
        let sign = value < 0 && units > 0 ? "−" : ""
        guard decimals > 0 else { return "\(sign)\(units)" }
        let digits = String(units)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}

extension Document.Table {
    /// Measures with value and interval, shown in a terminal too.
    static func measures(_ caption: String, _ rows: [[String]]) -> Document.Table {
        Document.Table(
            caption: caption, columns: [.text("Measure"), "Value", "95 % interval"], rows: rows,
            isHeadline: true)
    }

    private static let maximumLabels = 20

    /// A confusion matrix, tinted by the share of each row, at most twenty labels of it.
    package static func matrix(
        _ confusion: ConfusionMatrix, caption: String, means: String, corner: String
    ) -> Document.Table {
        let places = confusion.mostConfused(maximumLabels)
        let part = places.count < confusion.scores.count
        let rows = places.map { gold in places.map { confusion[gold, $0] } }
        let tints = rows.map { counts in
            let sum = Double(max(counts.reduce(0, +), 1))
            return [0] + counts.map { Double($0) / sum }
        }
        return Document.Table(
            caption: caption + (part ? ": the \(places.count) labels with most mistakes" : "") + "; \(means)",
            columns: [.text(corner)] + places.map { Document.Column(confusion.labels[$0]) },
            rows: zip(places, rows).map { place, counts in
                [confusion.labels[place]] + counts.map { $0 == 0 ? "·" : "\($0)" }
            }, tints: tints)
    }
}
