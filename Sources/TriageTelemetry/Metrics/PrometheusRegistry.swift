package import CoreMetrics
internal import Synchronization

/// The process's metrics, for Prometheus to read: a backend of swift-metrics.
///
/// Handles are atomics: counting takes no lock, finding a handle takes two short ones, so keep handles where it counts
/// often. A timer and an aggregating recorder are histograms; other recorders are gauges. Names get the ending that
/// Prometheus asks of their kind. A metric has at most `seriesLimit` series; further label values share one series
/// whose labels say `other`, and `triage_metrics_refused_total` tells.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private let families: Mutex<[String: MetricFamily]>
    private let collectors = Mutex<[@Sendable () async -> Void]>([])
    private let descriptions: [String: MetricDescription]
    private let refusals: MetricFamily
    private let seriesLimit: Int

    /// A registry that knows the metrics of `catalog`; others are made as they come.
    ///
    /// - Parameters:
    ///   - catalog: help, buckets and first series by metric.
    ///   - seriesLimit: the most series of one metric.
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

    /// Has `body` called before each reading, to set gauges whose value is found rather than counted.
    package func beforeReading(_ body: @escaping @Sendable () async -> Void) {
        collectors.withLock { $0.append(body) }
    }

    /// All metrics as text, with those of the process.
    package func exposition(_ format: ExpositionFormat = .prometheus) async -> String {
        for collect in collectors.withLock({ $0 }) { await collect() }
        var exposition = Exposition(format)
        for family in families.withLock({ $0 }).values.sorted(by: { $0.name < $1.name }) {
            family.write(to: &exposition)
        }
        ProcessMetrics.write(to: &exposition)
        exposition.end()
        return exposition.text
    }

    /// A counter's handle.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, .counter, dimensions, else: CounterSeries())
    }

    /// A handle that counts amounts with fraction.
    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        find(label, .counter, dimensions, else: CounterSeries())
    }

    /// A gauge's handle.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, .gauge, dimensions, else: GaugeSeries())
    }

    /// A histogram's handle, or a gauge's when values are not to be aggregated.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return find(label, .histogram, dimensions, else: HistogramSeries(bounds: [])) }
        return find(label, .gauge, dimensions, else: GaugeSeries())
    }

    /// The handle of a histogram of seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let name = label.hasSuffix("_seconds") ? label : label + "_seconds"
        return find(name, .histogram, dimensions, else: HistogramSeries(bounds: []))
    }

    /// Takes the series out of what is told.
    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Takes the series out of what is told.
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    /// Takes the series out of what is told.
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Takes the series out of what is told.
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Takes the series out of what is told.
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The series of that name and kind; `unseen` when the name has another kind.
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
