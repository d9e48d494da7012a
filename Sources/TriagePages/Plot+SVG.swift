extension Plot {
    private static let size = (width: 480.0, height: 306.0)
    private static let frame = (left: 60.0, right: 464.0, top: 34.0, bottom: 262.0)
    private static let ticks = 5

    /// The diagram as a figure, with its description for readers that cannot see it.
    ///
    /// `format` writes a number, which may be a share.
    package func html(
        id: String, description: String, format: (_ number: Double, _ isShare: Bool) -> String
    ) -> HTML {
        let frame = Self.frame
        func value(_ value: Double, _ axis: Axis) -> String { format(value, axis.isShare) }
        let parts: [HTML] =
            [
                .tag("title", ["id": "\(id)-title"], HTML(title)),
                .tag("desc", ["id": "\(id)-words"], HTML(description)),
                .tag("text", ["class": "title", "x": Self.number(frame.left), "y": "18"], HTML(title)),
            ] + grid(value) + series.map { draw($0) } + legend()
        let box = "0 0 \(Int(Self.size.width)) \(Int(height))"
        let labels = "\(id)-title \(id)-words"
        return .tag(
            "figure", [:],
            .tag(
                "svg", ["viewBox": box, "role": "img", "aria-labelledby": labels],
                HTML(parts, separator: "\n")))
    }

    /// The legend, if any, has a line for each series.
    private var height: Double { Self.size.height + (series.count > 1 ? 17 * Double(series.count) : 0) }

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

    /// A coordinate with one decimal.
    private static func number(_ value: Double) -> String { "\((value * 10).rounded() / 10 + 0)" }

    private func grid(_ value: (Double, Axis) -> String) -> [HTML] {
        let frame = Self.frame
        var parts: [HTML] = []
        for tick in 0...Self.ticks {
            let share = Double(tick) / Double(Self.ticks)
            let across = frame.left + share * (frame.right - frame.left)
            let up = Self.number(frame.bottom - share * (frame.bottom - frame.top))
            parts.append(line("grid", (frame.left, frame.right), y: up))
            parts.append(
                .tag(
                    "text", ["x": Self.number(frame.left - 6), "y": up, "dy": "4", "text-anchor": "end"],
                    HTML(value(y.low + share * (y.high - y.low), y))))
            parts.append(text(value(x.low + share * (x.high - x.low), x), x: across, y: frame.bottom + 16))
        }
        parts.append(text(x.name, x: (frame.left + frame.right) / 2, y: frame.bottom + 34))
        let turn = "translate(14 \(Self.number((frame.top + frame.bottom) / 2))) rotate(-90)"
        parts.append(.tag("text", ["transform": turn, "text-anchor": "middle"], HTML(y.name)))
        return parts
    }

    private func text(_ text: String, x: Double, y: Double) -> HTML {
        .tag("text", ["x": Self.number(x), "y": Self.number(y), "text-anchor": "middle"], HTML(text))
    }

    private func line(_ style: String, _ x: (Double, Double), y: String) -> HTML {
        .tag("line", ["class": style, "x1": Self.number(x.0), "x2": Self.number(x.1), "y1": y, "y2": y])
    }

    private func shape(_ name: StaticString, _ style: String, _ points: [String]) -> HTML {
        .tag(name, ["class": style, "points": points.joined(separator: " ")])
    }

    private func dot(x: some StringProtocol, y: some StringProtocol) -> HTML {
        .tag("circle", ["class": "dot", "cx": String(x), "cy": String(y), "r": "3.5"])
    }

    private func draw(_ series: Series) -> HTML {
        let points = series.points.map { place($0) }
        switch series.style {
        // A line of one point is not to be seen.
        case .line where points.count > 1: return shape("polyline", "line", points)
        case .reference: return shape("polyline", "reference", points)
        case .band(let upper):
            let back = zip(series.points, upper).map { place(($0.x, $1)) }.reversed()
            return shape("polygon", "band", points + back)
        case .dots, .line:
            let dots = points.map { point in
                let parts = point.split(separator: ",")
                return dot(x: parts[0], y: parts[1])
            }
            return HTML([shape("polyline", "line", points)] + dots)
        }
    }

    /// The series' names with their marks, when there are several.
    private func legend() -> [HTML] {
        guard series.count > 1 else { return [] }
        return series.enumerated().map { number, series in
            let mark: HTML =
                switch series.style {
                case .band:
                    .tag("rect", ["class": "band", "x": "0", "y": "-9", "width": "16", "height": "10"])
                case .reference: line("reference", (0, 16), y: "-4")
                case .line: line("line", (0, 16), y: "-4")
                case .dots: dot(x: "8", y: "-4")
                }
            let y = Self.number(Self.frame.bottom + 56 + 17 * Double(number))
            return .tag(
                "g", ["transform": "translate(\(Self.number(Self.frame.left)) \(y))"], mark,
                .tag("text", ["x": "22", "y": "0"], HTML(series.name)))
        }
    }
}
