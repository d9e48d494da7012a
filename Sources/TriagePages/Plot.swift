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
