internal import CoreMetrics
internal import Instrumentation
package import Logging
package import ServiceLifecycle
internal import Synchronization
package import TriageData

/// The metrics, traces and logs of a service.
package struct TelemetryPipeline: Sendable {
    package let metrics: PrometheusRegistry
    package let tracer: TriageTracer
    /// What sends to a collector while the service runs it; empty without a collector.
    package let exporters: [any Service]
    private let logExporter: LogExporter?

    /// Metrics without a collector.
    package init() {
        metrics = PrometheusRegistry()
        tracer = TriageTracer()
        exporters = []
        logExporter = nil
    }

    /// Metrics, and what the options name sent to a collector.
    ///
    /// The log events of `logger` are not sent.
    ///
    /// - Throws: `TelemetryError` when the options cannot be used.
    package init(sending options: CollectorOptions, pace: SpanExporter.Pace = .init(), logger: Logger)
        throws(TelemetryError)
    {
        let registry = PrometheusRegistry()
        metrics = registry
        var exporters: [any Service] = []
        var logExporter: LogExporter?
        if options.signals.contains(.logs) {
            let exporter = try LogExporter(options, logger: logger, metrics: registry)
            exporters.append(exporter)
            logExporter = exporter
        }
        if options.signals.contains(.metrics) {
            exporters.append(try MetricExporter(registry, options, logger: logger))
        }
        if options.signals.contains(.traces) {
            let exporter = try SpanExporter(options, pace: pace, logger: logger, metrics: registry)
            exporters.append(exporter)
            tracer = TriageTracer(sampler: TraceSampler(ratio: options.sampleRatio), exporter: exporter)
        } else {
            tracer = TriageTracer()
        }
        self.exporters = exporters
        self.logExporter = logExporter
    }

    /// Installs the process's log on standard error, its metrics and its tracer.
    ///
    /// Call it once in a process, before anything creates a logger or a metric's handle. Without `options` nothing is
    /// sent.
    ///
    /// - Throws: `TelemetryError` when the options cannot be used.
    package static func start(
        level: Logger.Level, format: LineLogHandler.Format = .json, sending options: CollectorOptions?
    ) throws(TelemetryError) -> TelemetryPipeline {
        // Its own failures go to standard error alone: sent to the collector, each would be a new event that fails.
        let logger = Logger(label: "triage.otlp") { LineLogHandler(label: $0, level: level, format: format) }
        let telemetry =
            if let options {
                try TelemetryPipeline(sending: options, logger: logger)
            } else {
                TelemetryPipeline()
            }
        let exporter = telemetry.logExporter
        LoggingSystem.bootstrap(
            { LineLogHandler(label: $0, level: level, format: format, exporter: exporter, provider: $1) },
            metadataProvider: TriageTracer.logMetadata)
        telemetry.metrics.countDroppedLines(of: .standardError)
        MetricsSystem.bootstrap(telemetry.metrics)
        InstrumentationSystem.bootstrap(telemetry.tracer)
        return telemetry
    }
}

/// Services that end side by side, so that the shutdown waits once for a collector that does not answer.
package struct ConcurrentServices: Service {
    private let services: [any Service]

    package init(_ services: [any Service]) { self.services = services }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            try await group.waitForAll()
        }
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

/// A setting of the collector that cannot be used; errors do not quote addresses or headers, which may hold a secret.
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
