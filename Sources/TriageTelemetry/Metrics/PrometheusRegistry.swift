package import CoreMetrics
internal import Synchronization

/// A backend of swift-metrics whose metrics Prometheus can read.
///
/// Counting takes no lock; finding a handle takes two short ones, so hot code should keep its handles. Timers and
/// aggregating recorders are histograms, other recorders are gauges. Names get the suffix that Prometheus requires of
/// their kind. A metric has at most `seriesLimit` series; further label values share one series labelled `other` and
/// count in `triage_metrics_refused_total`.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private let families: Mutex<[String: MetricFamily]>
    private let collectors = Mutex<[@Sendable () async -> Void]>([])
    private let descriptions: [String: MetricDescription]
    private let refusals: MetricFamily
    private let seriesLimit: Int

    /// A registry with the metrics of `catalog`; other metrics are added at their first use.
    package init(catalog: [MetricDescription] = MetricCatalog.all, seriesLimit: Int = 1000) {
        precondition(seriesLimit > 0, "a metric needs room for a series, not \(seriesLimit)")
        self.seriesLimit = seriesLimit
        descriptions = Dictionary(catalog.map { ($0.name, $0) }) { first, _ in first }
        var known = descriptions.mapValues { MetricFamily($0, limit: seriesLimit) }
        let refusals = known[MetricCatalog.refusals.name] ?? MetricFamily(MetricCatalog.refusals, limit: 2)
        known[refusals.name] = refusals
        self.refusals = refusals
        families = Mutex(known)
    }

    /// Registers code that runs before each reading, to set gauges whose values are not counted.
    package func beforeReading(_ body: @escaping @Sendable () async -> Void) {
        collectors.withLock { $0.append(body) }
    }

    /// All metrics and those of the process, as text.
    package func exposition(_ format: ExpositionFormat = .prometheus) async -> String {
        var exposition = Exposition(format)
        for metric in await snapshot() { exposition.write(metric) }
        exposition.end()
        return exposition.text
    }

    /// All metrics in order of their names, then those of the process.
    func snapshot() async -> [MetricSnapshot] {
        for collect in collectors.withLock({ $0 }) { await collect() }
        return families.withLock { $0 }.values.sorted { $0.name < $1.name }.map(\.snapshot)
            + ProcessMetrics.snapshot
    }

    /// What a histogram has counted in all its series; nil where the registry has no such histogram.
    package func histogram(_ name: String) -> HistogramReading? {
        families.withLock { $0[name] }?.reading
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, .counter, dimensions, else: CounterSeries())
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        find(label, .counter, dimensions, else: CounterSeries())
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, .gauge, dimensions, else: GaugeSeries())
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return find(label, .histogram, dimensions, else: HistogramSeries(bounds: [])) }
        return find(label, .gauge, dimensions, else: GaugeSeries())
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("_seconds") ? label : label + "_seconds"
        return find(name, .histogram, dimensions, else: HistogramSeries(bounds: []))
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The series of a metric; `unseen`, which is never read, when the name has another kind.
    private func find<Handler: Series>(
        _ label: String, _ kind: MetricDescription.Kind, _ dimensions: [(String, String)],
        else unseen: Handler
    ) -> Handler {
        var name = Exposition.metricName(label)
        if kind == .counter, !name.hasSuffix("_total") { name += "_total" }
        let family = families.withLock { families in
            if let found = families[name] { return found }
            let made = MetricFamily(
                descriptions[name]
                    ?? MetricDescription(
                        name, kind, "Not described.",
                        bounds: kind == .histogram ? MetricCatalog.requestSeconds : []), limit: seriesLimit)
            families[name] = made
            return made
        }
        let (series, isOverflow) = family.find(dimensions)
        guard let series = series as? Handler else {
            refuse("kind")
            return unseen
        }
        if isOverflow { refuse("series") }
        return series
    }

    private func refuse(_ reason: String) {
        (refusals.find([("reason", reason)]).series as? CounterSeries)?.increment(by: Int64(1))
    }

    private func remove(_ handler: AnyObject) {
        guard let series = handler as? any Series else { return }
        for family in families.withLock({ $0 }).values { family.remove(series) }
    }
}

/// All series of one metric, in a bounded number: further ones share a series labelled `other`.
final class MetricFamily: Sendable {
    let name: String
    let kind: MetricDescription.Kind
    private let help: String
    private let bounds: [Double]
    private let limit: Int
    private let series = Mutex<[String: Labelled]>([:])
    private let overflow = Mutex<[String: Labelled]>([:])

    /// A series with its labels.
    private struct Labelled {
        let labels: SeriesLabels
        let series: any Series
    }

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

    /// The series with these labels, or the shared one.
    func find(_ dimensions: [(String, String)]) -> (series: any Series, isOverflow: Bool) {
        let labels = SeriesLabels(dimensions)
        let own = series.withLock { series -> (any Series)? in
            if let found = series[labels.text] { return found.series }
            guard series.count < limit else { return nil }
            let made = Labelled(labels: labels, series: make())
            series[labels.text] = made
            return made.series
        }
        if let own { return (own, false) }
        let others = SeriesLabels(dimensions.map { ($0.0, "other") })
        if let shared = series.withLock({ $0[others.text] }) { return (shared.series, true) }
        return overflow.withLock { overflow in
            if let found = overflow[others.text] { return (found.series, true) }
            let made = Labelled(labels: others, series: make())
            // One for each set of label names; a second set is a programming error, and bounded too.
            if overflow.count < 8 { overflow[others.text] = made }
            return (made.series, true)
        }
    }

    /// The counts of all series of a histogram; nil for another kind.
    var reading: HistogramReading? {
        guard kind == .histogram else { return nil }
        let all = Array(series.withLock { $0 }.values) + Array(overflow.withLock { $0 }.values)
        let empty = HistogramReading(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1))
        return all.compactMap { ($0.series as? HistogramSeries)?.reading }.reduce(empty) { $0.adding($1) }
    }

    /// Removes a series; its handle may still count, but nobody reads it.
    func remove(_ gone: any Series) {
        series.withLock { series in
            if let labels = series.first(where: { $0.value.series === gone })?.key { series[labels] = nil }
        }
    }

    /// The values of all series, in order of their labels.
    var snapshot: MetricSnapshot {
        let all = series.withLock { $0 }.merging(overflow.withLock { $0 }) { own, _ in own }
        return MetricSnapshot(
            name: name, kind: kind, help: help,
            points: all.sorted { $0.key < $1.key }.map {
                .init(labels: $0.value.labels, value: $0.value.series.value)
            })
    }

    private func make() -> any Series {
        switch kind {
        case .counter: CounterSeries()
        case .gauge: GaugeSeries()
        case .histogram: HistogramSeries(bounds: bounds)
        }
    }
}
