internal import CoreMetrics
package import Logging
internal import ServiceLifecycle
internal import Tracing
internal import TriageData

/// Pushes all metrics to an OpenTelemetry collector at regular times, as OTLP over HTTP in Protocol Buffers.
///
/// Values are cumulative, so that a push that fails loses nothing that the next one does not have; nothing waits in memory.
/// Pushes are counted in `triage_metric_pushes_total`, and a failing one is logged.
package final class MetricExporter: Service {
    private let registry: PrometheusRegistry
    private let options: CollectorOptions
    private let logger: Logger
    private let client: CollectorClient
    private let shutdownTimeout: Duration
    private let pushed: Counter
    private let failed: Counter
    private let start = DefaultTracerClock.now.nanosecondsSinceEpoch

    /// An exporter that pushes while `run()` runs; run it once.
    ///
    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    package init(
        _ registry: PrometheusRegistry, _ options: CollectorOptions, logger: Logger,
        firstPause: Duration = .seconds(1), attempts: Int = 5, shutdownTimeout: Duration = .seconds(5)
    ) throws(TelemetryError) {
        self.registry = registry
        self.options = options
        self.logger = logger
        self.shutdownTimeout = shutdownTimeout
        func counter(_ outcome: String) -> Counter {
            Counter(
                label: MetricCatalog.metricPushes.name, dimensions: [("outcome", outcome)], factory: registry)
        }
        pushed = counter("ok")
        failed = counter("failed")
        client = try CollectorClient(options, .metrics, firstPause: firstPause, attempts: attempts)
    }

    /// Pushes until the service shuts down, and then once more.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown { [self] in
            while true {
                try await Task.sleep(for: options.metricInterval)
                await push()
            }
        }
        await withinTime(shutdownTimeout) { await self.push() }
        await client.shutdown()
    }

    private func push() async {
        let metrics = await registry.snapshot()
        let encoder = MetricEncoder(
            resource: options.resource, start: start, time: DefaultTracerClock.now.nanosecondsSinceEpoch)
        for request in encoder.requests(metrics) {
            switch await client.send(request) {
            case .sent(rejected: 0):
                pushed.increment()
                if client.isChange(to: nil) { logger.info("metrics reach the collector again") }
            case .sent(let rejected): fail("the collector rejected \(rejected) series")
            case .failed(let reason): return fail(reason)
            }
        }
    }

    private func fail(_ reason: String) {
        failed.increment()
        guard client.isChange(to: reason) else { return }
        logger.warning(
            "metrics could not be sent to the collector", metadata: ["reason": .string(reason)])
    }
}
