import CoreMetrics
import Foundation
import HTTPTypes
import Logging
import ServerTestSupport
import ServiceLifecycle
import Testing
import TriageData
import TriageTelemetry

/// Metrics and log events as a collector receives them; `scripts/ops/check_platforms` decodes a running service's with
/// OpenTelemetry's own library.
@Suite(.timeLimit(.minutes(2)))
struct OTLPTests {
    private let registry = PrometheusRegistry()
    private let log = LineSocket()

    private var logger: Logger {
        Logger(label: "triage.otlp") { LineLogHandler(label: $0, sink: log.sink) }
    }

    private func count(_ sample: String) async -> Int {
        let line = await registry.exposition().split(separator: "\n").first { $0.hasPrefix(sample + " ") }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? -1
    }

    /// Runs an exporter while `body` runs, then shuts it down gracefully.
    private func running(_ service: any Service, _ body: () async throws -> Void) async throws {
        let services = ServiceGroup(configuration: .init(services: [service], logger: logger))
        let running = Task { try await services.run() }
        try await body()
        await services.triggerGracefulShutdown()
        try await running.value
    }

    private func options(_ base: String) throws -> CollectorOptions {
        var options = try CollectorOptions(endpoint: base, headers: { "api-key=secret" })
        options.metricInterval = .milliseconds(30)
        options.serviceInstance = "one"
        return options
    }

    // MARK: - Metrics

    @Test func `metrics arrive as cumulative sums, gauges and histograms`() async throws {
        let spent = FloatingPointCounter(
            label: "triage_llm_cost_total", dimensions: [("model", "m")], factory: registry)
        spent.increment(by: 0.75)
        let decided = Counter(
            label: "triage_known_issues_total", dimensions: [("known", "true")], factory: registry)
        decided.increment(by: 41)
        Gauge(label: "triage_queue_oldest_seconds", factory: registry).record(2.5)
        let timer = CoreMetrics.Timer(label: "triage_decision_duration_seconds", factory: registry)
        timer.recordNanoseconds(7000)
        timer.recordSeconds(5)
        let collector = Collector()
        try await collector.serving { [self] base in
            let exporter = try MetricExporter(registry, options(base), logger: logger)
            try await running(exporter) {
                #expect(await eventually { collector.requests.count >= 2 })
                #expect(await eventually { await count(#"triage_metric_pushes_total{outcome="ok"}"#) >= 2 })
            }
        }
        let request = try #require(collector.requests.last)
        #expect(request.path == "/v1/metrics")
        #expect(request.headers[.contentType] == "application/x-protobuf")
        #expect(request.headers[HTTPField.Name("api-key")!] == "secret")
        let resource = Message(request.bytes)[1][1]
        #expect(resource.all(1).map { $0[1].text } == ["service.name", "service.instance.id"])
        #expect(resource.all(1).map { $0[2][1].text } == ["ticket-triage", "one"])
        let metrics = Message(request.bytes)[1][2].all(2)
        func metric(_ name: String) throws -> Message { try #require(metrics.first { $0[1].text == name }) }

        let cost = try metric("triage_llm_cost_total")
        #expect(cost[7].number(2) == 2 && cost[7].number(3) == 1)
        #expect(cost[7][1].double(4) == 0.75)
        #expect(cost[7][1][7][1].text == "model" && cost[7][1][7][2][1].text == "m")
        let known = try metric("triage_known_issues_total")[7].all(1)
        #expect(known.map { $0.number(6) } == [0, 41])
        let start = try #require(known[1].number(2))
        let time = try #require(known[1].number(3))
        #expect(start <= time && abs(Double(time) / 1e9 - Date().timeIntervalSince1970) < 60)
        let oldest = try metric("triage_queue_oldest_seconds")
        #expect(oldest[5][1].double(4) == 2.5 && oldest[3].text == "s")
        let duration = try metric("triage_decision_duration_seconds")[9]
        #expect(duration.number(2) == 2)
        #expect(duration[1].number(4) == 2 && duration[1].double(5) == 5.000007)
        #expect(duration[1].packed(6) == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(duration[1].packed(7).map { Double(bitPattern: $0) }.prefix(2) == [0.000005, 0.00001])
        #expect(try metric("process_resident_memory_bytes")[3].text == "By")
    }

    @Test func `the last push has what was counted before the end`() async throws {
        let collector = Collector()
        try await collector.serving { [self] base in
            var options = try options(base)
            options.metricInterval = .seconds(3600)
            try await running(try MetricExporter(registry, options, logger: logger)) {
                Counter(label: "triage_late_total", factory: registry).increment(by: 9)
            }
        }
        #expect(collector.requests.count == 1)
        let metrics = Message(try #require(collector.requests.first).bytes)[1][2].all(2)
        #expect(metrics.first { $0[1].text == "triage_late_total" }?[7][1].number(6) == 9)
    }

    @Test func `many series go in several requests, and none is lost`() async throws {
        for metric in 0..<5 {
            for series in 0..<900 {
                Counter(
                    label: "triage_many_\(metric)_total", dimensions: [("n", "\(series)")], factory: registry
                ).increment()
            }
        }
        let collector = Collector()
        try await collector.serving { [self] base in
            var options = try options(base)
            options.metricInterval = .seconds(3600)
            try await running(try MetricExporter(registry, options, logger: logger)) {}
        }
        #expect(collector.requests.count >= 3)
        let points = collector.requests.flatMap { Message($0.bytes)[1][2].all(2) }
            .filter { $0[1].text?.hasPrefix("triage_many_") == true }.map { $0[7].all(1).count }
        #expect(points == [900, 900, 900, 900, 900])
    }

    @Test func `pushes are retried, counted when they fail, and logged with the reason`() async throws {
        let collector = Collector([
            .init(status: .serviceUnavailable), .init(status: .ok), .init(status: .badRequest),
            // An ExportMetricsServiceResponse whose partial success rejects three data points.
            .init(body: "\u{0A}\u{02}\u{08}\u{03}"),
        ])
        try await collector.serving { [self] base in
            let exporter = try MetricExporter(
                registry, options(base), logger: logger, firstPause: .milliseconds(10))
            try await running(exporter) {
                #expect(
                    await eventually { await count(#"triage_metric_pushes_total{outcome="failed"}"#) >= 2 })
            }
        }
        #expect(await count(#"triage_metric_pushes_total{outcome="ok"}"#) >= 1)
        let line = try #require(log.object())
        #expect(line["message"]?.text == "metrics could not be sent to the collector")
        #expect(line["reason"]?.text == "status 400")
        #expect(log.object()?["reason"]?.text == "the collector rejected 3 series")
    }

    @Test func `a collector that never answers does not hold up the end`() async throws {
        let collector = Collector(Array(repeating: .init(wait: .seconds(3)), count: 4))
        try await collector.serving { [self] base in
            var options = try options(base)
            options.metricInterval = .seconds(3600)
            let exporter = try MetricExporter(
                registry, options, logger: logger, shutdownTimeout: .milliseconds(200))
            try await running(exporter) {}
        }
        // The push was given up before its answer came.
        #expect(await count(#"triage_metric_pushes_total{outcome="failed"}"#) == 1)
        #expect(await count(#"triage_metric_pushes_total{outcome="ok"}"#) == 0)
    }

    // MARK: - Logs

    private func exporter(_ options: CollectorOptions, queue: Int = 2048) throws -> LogExporter {
        var pace = LogExporter.Pace()
        pace.delay = .milliseconds(20)
        pace.firstPause = .milliseconds(10)
        pace.attempts = 2
        pace.queue = queue
        return try LogExporter(options, pace: pace, logger: logger, metrics: registry)
    }

    private func sent(_ exporter: LogExporter, _ label: String) -> Logger {
        Logger(label: label) {
            LineLogHandler(
                label: $0, level: .trace, sink: LineSocket().sink, exporter: exporter,
                clock: { Timestamp(milliseconds: 1_767_323_045_042) })
        }
    }

    @Test func `log events arrive with level, time, trace and typed attributes`() async throws {
        let collector = Collector()
        try await collector.serving { [self] base in
            let exporter = try exporter(options(base))
            try await running(exporter) {
                sent(exporter, "triage").info(
                    "request",
                    metadata: [
                        "status": .stringConvertible(200), "duration_ms": .stringConvertible(1.5),
                        "aborted": .stringConvertible(true), "route": "/v1/triage",
                        "delta": .stringConvertible(-3), "list": ["a", "b"], "outer": ["inner": "x"],
                        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
                    ])
                sent(exporter, "triage.store").critical("full")
                #expect(
                    await eventually { await count(#"triage_log_records_total{outcome="exported"}"#) == 2 })
            }
        }
        let scopes = collector.requests.flatMap { Message($0.bytes)[1].all(2) }
        #expect(collector.requests.allSatisfy { $0.path == "/v1/logs" })
        #expect(Set(scopes.map { $0[1][1].text }) == ["triage", "triage.store"])
        let record = try #require(scopes.first { $0[1][1].text == "triage" })[2]
        #expect(record.number(1) == 1_767_323_045_042_000_000 && record.number(11) == record.number(1))
        #expect(record.number(2) == 9 && record[3].text == "info" && record[5][1].text == "request")
        #expect(Hexadecimal.text(record[9].bytes) == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(Hexadecimal.text(record[10].bytes) == "00f067aa0ba902b7")
        let attributes = Dictionary(
            uniqueKeysWithValues: record.all(6).map { ($0[1].text ?? "", $0[2]) })
        #expect(
            attributes.keys.sorted() == [
                "aborted", "delta", "duration_ms", "list", "outer.inner", "route", "status",
            ])
        #expect(attributes["status"]?.number(3) == 200 && attributes["aborted"]?.number(2) == 1)
        #expect(attributes["delta"]?.number(3).map { Int64(bitPattern: $0) } == -3)
        #expect(attributes["duration_ms"]?.double(4) == 1.5)
        #expect(attributes["list"]?[5].all(1).map { $0[1].text } == ["a", "b"])
        #expect(attributes["outer.inner"]?[1].text == "x")
        let full = try #require(scopes.first { $0[1][1].text == "triage.store" })[2]
        #expect(full.number(2) == 18)
    }

    @Test func `a full queue drops events and counts them, and large events lose their attributes`()
        async throws
    {
        let collector = Collector()
        try await collector.serving { [self] base in
            let exporter = try exporter(options(base), queue: 3)
            let logger = sent(exporter, "t")
            let values = (0..<20).map { _ in Logger.MetadataValue.string(String(repeating: "x", count: 4000))
            }
            logger.info("large", metadata: ["list": .array(values)])
            for _ in 0..<9 { logger.info("small") }
            #expect(await count(#"triage_log_records_total{outcome="dropped"}"#) == 7)
            try await running(exporter) {}
        }
        let records = collector.requests.flatMap { Message($0.bytes)[1].all(2) }.flatMap { $0.all(2) }
        #expect(records.map { $0[5][1].text } == ["large", "small", "small"])
        #expect(records.allSatisfy { $0.all(6).isEmpty })
        #expect(await count(#"triage_log_records_total{outcome="exported"}"#) == 3)
    }

    @Test func `events that cannot be sent are counted and logged once a batch, elsewhere`() async throws {
        let collector = Collector([.init(status: .unauthorized)])
        try await collector.serving { [self] base in
            let exporter = try exporter(options(base))
            try await running(exporter) {
                for _ in 0..<5 { sent(exporter, "t").info("m") }
                #expect(
                    await eventually { await count(#"triage_log_records_total{outcome="failed"}"#) >= 1 })
            }
        }
        let line = try #require(log.object())
        #expect(line["message"]?.text == "log records could not be sent to the collector")
        #expect(line["reason"]?.text == "status 401" && line["logger"]?.text == "triage.otlp")
    }

    @Test func `of an error only the type is sent`() async throws {
        struct Quoting: Error, CustomStringConvertible { let description = "hunter2" }
        let collector = Collector()
        try await collector.serving { [self] base in
            let exporter = try exporter(options(base))
            try await running(exporter) { sent(exporter, "t").error("failed", error: Quoting()) }
        }
        let text = try #require(collector.requests.first).text
        #expect(text.contains("Quoting") && !text.contains("hunter2"))
    }

    // MARK: - What is sent

    @Test func `only the signals that are named are sent`() async throws {
        let collector = Collector()
        try await collector.serving { [self] base in
            for signals: Set<CollectorSignal> in [[], [.metrics], [.logs, .traces], [.traces]] {
                var options = try options(base)
                options.signals = signals
                let pipeline = try TelemetryPipeline(sending: options, logger: logger)
                #expect(pipeline.exporters.count == signals.count)
                #expect(pipeline.tracer.isRecording == signals.contains(.traces))
            }
        }
        #expect(collector.requests.isEmpty)
        #expect(TelemetryPipeline().exporters.isEmpty)
    }
}

/// A message of Protocol Buffers by the numbers of its fields; what is not there is empty.
private struct Message {
    let bytes: [UInt8]

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    subscript(field: Int) -> Message { all(field).first ?? Message([]) }

    var text: String? { String(validating: bytes, as: UTF8.self) }

    func all(_ field: Int) -> [Message] {
        ProtobufReader(bytes).compactMap { found, value in
            if case .data(let data) = value, found == field { Message(data) } else { nil }
        }
    }

    func number(_ field: Int) -> UInt64? {
        ProtobufReader(bytes).lazy.compactMap { found, value -> UInt64? in
            switch value {
            case .varint(let number), .fixed64(let number): found == field ? number : nil
            default: nil
            }
        }.first
    }

    func double(_ field: Int) -> Double? { number(field).map { Double(bitPattern: $0) } }

    func packed(_ field: Int) -> [UInt64] {
        let data = self[field].bytes
        return stride(from: 0, to: data.count, by: 8).map { place in
            data[place..<min(place + 8, data.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
