internal import Synchronization

/// All series of one metric.
///
/// Their number is bounded: what comes after shares one series whose labels say `other`.
final class MetricFamily: Sendable {
    let name: String
    let kind: MetricDescription.Kind
    private let help: String
    private let bounds: [Double]
    private let limit: Int
    private let series = Mutex<[String: any Series]>([:])
    private let overflow = Mutex<[String: any Series]>([:])

    init(_ description: MetricDescription, limit: Int) {
        name = description.name
        kind = description.kind
        help = description.help
        bounds = description.bounds
        self.limit = limit
        for values in description.initial {
            _ = find(Array(zip(description.labels, values)))
        }
    }

    /// The series with these labels, and whether it is the one that many share.
    func find(_ dimensions: [(String, String)]) -> (series: any Series, isOverflow: Bool) {
        let labels = Exposition.labels(dimensions)
        let own = series.withLock { series -> (any Series)? in
            if let found = series[labels] { return found }
            guard series.count < limit else { return nil }
            let made = make()
            series[labels] = made
            return made
        }
        if let own { return (own, false) }
        let others = Exposition.labels(dimensions.map { ($0.0, "other") })
        if let shared = series.withLock({ $0[others] }) { return (shared, true) }
        return overflow.withLock { overflow in
            if let found = overflow[others] { return (found, true) }
            let made = make()
            // One for each set of label names: a second set is a programmer's doing, and bounded too.
            if overflow.count < 8 { overflow[others] = made }
            return (made, true)
        }
    }

    /// Forgets a series; its handle counts on, unseen.
    func remove(_ gone: any Series) {
        series.withLock { series in
            if let labels = series.first(where: { $0.value === gone })?.key { series[labels] = nil }
        }
    }

    /// Writes the metric and all its series, in order of labels.
    func write(to exposition: inout Exposition) {
        exposition.begin(name, kind, help: help)
        let all = series.withLock { $0 }.merging(overflow.withLock { $0 }) { own, _ in own }
        for (labels, series) in all.sorted(by: { $0.key < $1.key }) {
            series.write(to: &exposition, name: name, labels: labels)
        }
    }

    private func make() -> any Series {
        switch kind {
        case .counter: CounterSeries()
        case .gauge: GaugeSeries()
        case .histogram: HistogramSeries(bounds: bounds)
        }
    }
}
