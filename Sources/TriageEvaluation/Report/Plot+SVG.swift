internal import TriageData

extension Document.Plot {
    private static let size = (width: 480.0, height: 306.0)
    private static let frame = (left: 60.0, right: 464.0, top: 34.0, bottom: 262.0)
    private static let ticks = 5

    /// The diagram as a figure, named for readers that cannot see it.
    func svg(id: String) -> String {
        let title = title.htmlEscaped
        let frame = Self.frame
        var parts = [
            "<figure><svg viewBox=\"0 0 \(Int(Self.size.width)) \(Int(height))\" role=\"img\" "
                + "aria-labelledby=\"\(id)-title \(id)-words\">",
            "<title id=\"\(id)-title\">\(title)</title>",
            "<desc id=\"\(id)-words\">\(words.htmlEscaped)</desc>",
            "<text class=\"title\" x=\"\(Self.number(frame.left))\" y=\"18\">\(title)</text>",
        ]
        parts += grid()
        parts += series.map { draw($0) }
        parts += legend()
        return parts.joined(separator: "\n") + "\n</svg></figure>"
    }

    /// The legend, if any, has a line for each series.
    private var height: Double { Self.size.height + (series.count > 1 ? 17 * Double(series.count) : 0) }

    /// What the diagram shows, in words.
    private var words: String {
        "\(y.name) over \(x.name). "
            + series.compactMap { series in
                if case .reference = series.style { return nil }
                guard let first = series.points.first, let last = series.points.last else { return nil }
                return "\(series.name): from \(value(first.y, y)) at \(value(first.x, x)) to "
                    + "\(value(last.y, y)) at \(value(last.x, x))."
            }.joined(separator: " ")
    }

    private func value(_ value: Double, _ axis: Axis) -> String {
        OutputFormat.fixed(value, axis.isShare ? 2 : 0)
    }

    private func place(_ point: (x: Double, y: Double)) -> String {
        let frame = Self.frame
        func position(_ value: Double, _ axis: Axis, _ from: Double, _ to: Double) -> Double {
            let span = axis.high - axis.low
            let share = span > 0 ? min(1, max(0, (value - axis.low) / span)) : 0
            return from + share * (to - from)
        }
        return Self.number(position(point.x, x, frame.left, frame.right)) + ","
            + Self.number(position(point.y, y, frame.bottom, frame.top))
    }

    private static func number(_ value: Double) -> String {
        let text = OutputFormat.fixed(value, 1)
        return text.hasPrefix("−") ? "-" + text.dropFirst() : text
    }

    private func grid() -> [String] {
        let frame = Self.frame
        var parts: [String] = []
        for tick in 0...Self.ticks {
            let share = Double(tick) / Double(Self.ticks)
            let across = Self.number(frame.left + share * (frame.right - frame.left))
            let up = Self.number(frame.bottom - share * (frame.bottom - frame.top))
            let (left, right) = (Self.number(frame.left), Self.number(frame.right))
            parts.append("<line class=\"grid\" x1=\"\(left)\" x2=\"\(right)\" y1=\"\(up)\" y2=\"\(up)\"/>")
            parts.append(
                "<text x=\"\(Self.number(frame.left - 6))\" y=\"\(up)\" dy=\"4\" text-anchor=\"end\">"
                    + value(y.low + share * (y.high - y.low), y) + "</text>")
            parts.append(
                "<text x=\"\(across)\" y=\"\(Self.number(frame.bottom + 16))\" text-anchor=\"middle\">"
                    + value(x.low + share * (x.high - x.low), x) + "</text>")
        }
        let middle = Self.number((frame.left + frame.right) / 2)
        parts.append(
            "<text x=\"\(middle)\" y=\"\(Self.number(frame.bottom + 34))\" text-anchor=\"middle\">"
                + x.name.htmlEscaped + "</text>")
        let half = Self.number((frame.top + frame.bottom) / 2)
        parts.append(
            "<text transform=\"translate(14 \(half)) rotate(-90)\" text-anchor=\"middle\">"
                + y.name.htmlEscaped + "</text>")
        return parts
    }

    private func draw(_ series: Series) -> String {
        let points = series.points.map { place($0) }
        switch series.style {
        // A line of one point is not to be seen.
        case .line where points.count > 1:
            return "<polyline class=\"line\" points=\"\(points.joined(separator: " "))\"/>"
        case .reference: return "<polyline class=\"reference\" points=\"\(points.joined(separator: " "))\"/>"
        case .band(let upper):
            let back = zip(series.points, upper).map { place(($0.x, $1)) }.reversed()
            return "<polygon class=\"band\" points=\"\((points + back).joined(separator: " "))\"/>"
        case .dots, .line:
            let dots = points.map { point in
                let parts = point.split(separator: ",")
                return "<circle class=\"dot\" cx=\"\(parts[0])\" cy=\"\(parts[1])\" r=\"3.5\"/>"
            }
            return "<polyline class=\"line\" points=\"\(points.joined(separator: " "))\"/>" + dots.joined()
        }
    }

    /// The series' names with their marks, when there are several.
    private func legend() -> [String] {
        guard series.count > 1 else { return [] }
        return series.enumerated().map { line, series in
            let mark: String
            switch series.style {
            case .band: mark = "<rect class=\"band\" x=\"0\" y=\"-9\" width=\"16\" height=\"10\"/>"
            case .reference: mark = "<line class=\"reference\" x1=\"0\" x2=\"16\" y1=\"-4\" y2=\"-4\"/>"
            case .line: mark = "<line class=\"line\" x1=\"0\" x2=\"16\" y1=\"-4\" y2=\"-4\"/>"
            case .dots: mark = "<circle class=\"dot\" cx=\"8\" cy=\"-4\" r=\"3.5\"/>"
            }
            let place =
                "\(Self.number(Self.frame.left)) \(Self.number(Self.frame.bottom + 56 + 17 * Double(line)))"
            return "<g transform=\"translate(\(place))\">\(mark)"
                + "<text x=\"22\" y=\"0\">\(series.name.htmlEscaped)</text></g>"
        }
    }
}
