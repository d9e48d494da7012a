/// A metric with the values of its series at one moment.
struct MetricSnapshot: Sendable {
    let name: String
    let kind: MetricDescription.Kind
    let help: String
    /// In order of their labels.
    let points: [Point]

    struct Point: Sendable {
        let labels: SeriesLabels
        let value: SeriesValue
    }
}

/// The labels of one series, sorted by name.
struct SeriesLabels: Sendable {
    let pairs: [(name: String, value: String)]
    /// As `Exposition` writes them.
    let text: String

    /// Legal names and values of bounded length; the last of two equal names counts.
    init(_ dimensions: [(String, String)]) {
        var pairs: [(name: String, value: String)] = []
        for (name, value) in dimensions {
            let name = Exposition.labelName(name)
            pairs.removeAll { $0.name == name }
            pairs.append((name, Exposition.limited(value)))
        }
        pairs.sort { $0.name < $1.name }
        self.pairs = pairs
        text = pairs.map { "\($0.name)=\"\(Exposition.escaped($0.value, quotes: true))\"" }.joined(
            separator: ",")
    }
}

enum SeriesValue: Sendable {
    case whole(Int)
    case real(Double)
    case histogram(Histogram)

    struct Histogram: Sendable {
        /// Ascending upper bounds of the buckets but the last.
        let bounds: [Double]
        /// The number of values in each bucket, one more than bounds.
        let counts: [Int]
        let sum: Double
    }
}
