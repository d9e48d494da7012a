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

    /// A diagram of lines and bands over two axes.
    package struct Plot: Sendable {
        package var title: String
        package var x: Axis
        package var y: Axis
        package var series: [Series]

        package init(title: String, x: Axis, y: Axis, series: [Series]) {
            (self.title, self.x, self.y, self.series) = (title, x, y, series)
        }

        package struct Axis: Sendable {
            package var name: String
            package var low: Double
            package var high: Double
            package var isShare = true

            package init(name: String, low: Double, high: Double, isShare: Bool = true) {
                (self.name, self.low, self.high, self.isShare) = (name, low, high, isShare)
            }

            /// An axis of five round steps that holds all values and zero.
            package init(name: String, around values: [Double]) {
                let (least, most) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
                var step = 1.0
                let factors = [2.0, 2.5, 2.0]
                var turn = 0
                func low(_ step: Double) -> Double { (least / step).rounded(.down) * step }
                while low(step) + 5 * step < most {
                    step *= factors[turn % 3]
                    turn += 1
                }
                self.init(name: name, low: low(step), high: low(step) + 5 * step, isShare: false)
            }
        }

        package struct Series: Sendable {
            package enum Style: Sendable {
                case line
                case dots
                case reference
                /// Between `points` and the upper edge.
                case band(upper: [Double])
            }

            package var name: String
            package var style: Style
            package var points: [(x: Double, y: Double)]

            package init(name: String, style: Style, points: [(x: Double, y: Double)]) {
                (self.name, self.style, self.points) = (name, style, points)
            }
        }
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
