internal import CoreMetrics
internal import Instrumentation
package import Logging
internal import Synchronization

/// The metrics and traces of a service.
package struct Telemetry: Sendable {
    /// What `/metrics` tells.
    package let metrics: PrometheusRegistry
    /// What makes spans and carries trace context.
    package let tracer: TriageTracer
    /// What sends spans, to be run with the service; nil when none are sent.
    package let exporter: SpanExporter?

    /// Metrics in a registry of their own, and no spans.
    package init() {
        metrics = PrometheusRegistry()
        tracer = TriageTracer()
        exporter = nil
    }

    /// Metrics, and spans that go to a collector.
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

    /// Makes lines on standard error the process's log, and metrics and tracer the process's own.
    ///
    /// To be called once in a process, before anything makes a logger or a metric's handle.
    ///
    /// - Parameters:
    ///   - level: the level from which events are logged.
    ///   - asText: lines for people instead of JSON.
    ///   - options: where spans go; nil for nowhere.
    /// - Returns: Metrics and tracer, for the service.
    /// - Throws: `TelemetryError` when the options cannot be used.
    package static func start(
        level: Logger.Level, asText: Bool = false, sending options: TraceOptions?
    ) throws(TelemetryError) -> Telemetry {
        LoggingSystem.bootstrap(
            { label, provider -> any LogHandler in
                if asText { return TextLogHandler(label: label, level: level, provider: provider) }
                return JSONLogHandler(label: label, level: level, provider: provider)
            },
            metadataProvider: TriageTracer.logMetadata)
        let telemetry =
            if let options {
                try Telemetry(sending: options, logger: Logger(label: "triage.traces"))
            } else {
                Telemetry()
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
        let told = Mutex(0)
        beforeReading {
            told.withLock { told in
                let dropped = sink.droppedLines
                counter.increment(by: Int64(dropped - told))
                told = dropped
            }
        }
    }
}
