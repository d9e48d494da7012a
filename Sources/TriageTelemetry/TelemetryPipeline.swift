internal import CoreMetrics
internal import Instrumentation
package import Logging
internal import Synchronization
package import TriageData

/// The metrics and traces of a service.
package struct TelemetryPipeline: Sendable {
    package let metrics: PrometheusRegistry
    package let tracer: TriageTracer
    /// Sends spans while the service runs it; nil without a collector.
    package let exporter: SpanExporter?

    /// Metrics without spans.
    package init() {
        metrics = PrometheusRegistry()
        tracer = TriageTracer()
        exporter = nil
    }

    /// Metrics, and spans sent to a collector.
    ///
    /// - Throws: `TelemetryError` when the options cannot be used.
    package init(sending options: TraceOptions, pace: SpanExporter.Pace = .init(), logger: Logger)
        throws(TelemetryError)
    {
        metrics = PrometheusRegistry()
        let exporter = try SpanExporter(options, pace: pace, logger: logger, metrics: metrics)
        self.exporter = exporter
        tracer = TriageTracer(sampler: TraceSampler(ratio: options.sampleRatio), exporter: exporter)
    }

    /// Installs the process's log on standard error, its metrics and its tracer.
    ///
    /// Call it once in a process, before anything creates a logger or a metric's handle. Without `options` no spans are
    /// sent.
    ///
    /// - Throws: `TelemetryError` when the options cannot be used.
    package static func start(
        level: Logger.Level, format: LineLogHandler.Format = .json, sending options: TraceOptions?
    ) throws(TelemetryError) -> TelemetryPipeline {
        LoggingSystem.bootstrap(
            { LineLogHandler(label: $0, level: level, format: format, provider: $1) },
            metadataProvider: TriageTracer.logMetadata)
        let telemetry =
            if let options {
                try TelemetryPipeline(sending: options, logger: Logger(label: "triage.traces"))
            } else {
                TelemetryPipeline()
            }
        telemetry.metrics.countDroppedLines(of: .standardError)
        MetricsSystem.bootstrap(telemetry.metrics)
        InstrumentationSystem.bootstrap(telemetry.tracer)
        return telemetry
    }
}

extension PrometheusRegistry {
    /// Counts a log's dropped lines in `triage_log_lines_dropped_total`.
    func countDroppedLines(of sink: LogSink) {
        let counter = makeCounter(label: MetricCatalog.droppedLines.name, dimensions: [])
        let counted = Mutex(0)
        beforeReading {
            counted.withLock { counted in
                let dropped = sink.droppedLines
                counter.increment(by: Int64(dropped - counted))
                counted = dropped
            }
        }
    }
}

/// A setting of traces that cannot be used; errors do not quote addresses or headers, which may hold a secret.
package enum TelemetryError: Error, Equatable {
    /// The collector's address is not an http or https URL.
    case badEndpoint
    /// An entry of the collector's headers, counted from 1, is not `name=value`.
    case badHeader(position: Int)
    /// A file of certificates cannot be read.
    case badCertificates(path: String)
}

extension TelemetryError: DescribedError {
    package var description: String {
        switch self {
        case .badEndpoint:
            "the collector's address is not an http or https URL; give one such as http://127.0.0.1:4318"
        case .badHeader(let position):
            "entry \(position) of the collector's headers is not name=value; give pairs with commas between, "
                + "values percent-encoded"
        case .badCertificates(let path):
            "\(path): no certificate in PEM can be read; give a PEM file of whole certificates"
        }
    }
}
