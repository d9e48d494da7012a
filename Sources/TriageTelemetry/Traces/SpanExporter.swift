package import CoreMetrics
package import Logging

/// Sends finished spans to an OpenTelemetry collector, as OTLP over HTTP in JSON; counts them in `triage_spans_total`.
package typealias SpanExporter = BatchExporter<FinishedSpan>

extension BatchExporter where Item == FinishedSpan {
    /// An exporter of spans that sends while `run()` runs; run it once.
    ///
    /// `metrics` counts the spans; nil for the process's own metrics.
    ///
    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    package convenience init(
        _ options: CollectorOptions, pace: Pace = Pace(), logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) throws(TelemetryError) {
        let resource = options.resource
        let kind = Kind(
            signal: .traces, counter: MetricCatalog.spans.name, noun: "spans", member: "spans",
            encode: { SpanEncoder.request($0, resource: resource) })
        try self.init(kind, options, pace: pace, logger: logger, metrics: metrics)
    }
}
