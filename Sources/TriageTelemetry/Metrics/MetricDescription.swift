/// What is known of a metric before anything was measured: what dashboards and alert rules build upon.
package struct MetricDescription: Sendable, Equatable {
    /// How a metric's values behave.
    package enum Kind: String, Sendable {
        /// Only grows, until the process ends.
        case counter
        /// Goes up and down.
        case gauge
        /// How many values fell under each of the bounds, and their sum.
        case histogram
    }

    /// In snake case, with the base unit and, for a counter, `_total` at its end.
    package let name: String
    /// How its values behave.
    package let kind: Kind
    /// One sentence for people.
    package let help: String
    /// The names of its labels.
    package let labels: [String]
    /// Upper bounds of a histogram's buckets, rising, in the metric's unit; empty for other kinds.
    package let bounds: [Double]
    /// Values of `labels` whose series stand at zero from the start, so that a rate sees the first event.
    package let initial: [[String]]

    init(
        _ name: String, _ kind: Kind, _ help: String, labels: [String] = [], bounds: [Double] = [],
        initial: [[String]] = []
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
        self.bounds = bounds
        self.initial = initial
    }
}
