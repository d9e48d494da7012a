import CoreMetrics
import Foundation
import HTTPTypes
import Logging
import NIOSSL
import ServiceContextModule
import ServerTestSupport
import ServiceLifecycle
import Testing
import Tracing
import TriageData
import TriageTelemetry

@Suite(.timeLimit(.minutes(2)))
struct SpanExporterTests {
    private let registry = PrometheusRegistry()
    private let log = LineSocket()

    private var pace: SpanExporter.Pace {
        var pace = SpanExporter.Pace()
        pace.delay = .milliseconds(20)
        pace.firstPause = .milliseconds(20)
        pace.shutdownTimeout = .seconds(3)
        return pace
    }

    private func count(_ outcome: String) async -> Int {
        let line = await registry.exposition().split(separator: "\n")
            .first { $0.hasPrefix("triage_spans_total{outcome=\"\(outcome)\"}") }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? -1
    }

    /// Runs an exporter while `body` uses its tracer, then shuts it down gracefully.
    private func exporting(
        _ options: CollectorOptions, _ pace: SpanExporter.Pace? = nil, ratio: Double = 1,
        _ body: (TriageTracer) async throws -> Void
    ) async throws {
        let sink = log.sink
        let logger = Logger(label: "triage.traces") { LineLogHandler(label: $0, sink: sink) }
        let exporter = try SpanExporter(options, pace: pace ?? self.pace, logger: logger, metrics: registry)
        let services = ServiceGroup(configuration: .init(services: [exporter], logger: logger))
        let running = Task { try await services.run() }
        try await body(TriageTracer(sampler: TraceSampler(ratio: ratio), exporter: exporter))
        await services.triggerGracefulShutdown()
        try await running.value
    }

    private func end(_ count: Int, _ tracer: TriageTracer) {
        for number in 0..<count { tracer.startSpan("span \(number)").end() }
    }

    @Test func `spans arrive as the protocol says, the child under its parent`() async throws {
        let collector = Collector()
        try await collector.serving { base in
            let options = try CollectorOptions(endpoint: base, headers: { "api-key=secret" })
            try await exporting(options) { tracer in
                var caller = ServiceContext.topLevel
                caller.traceContext = TraceContext(
                    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=1")
                tracer.withSpan("POST /v1/triage", context: caller, ofKind: .server) { span in
                    span.attributes["http.request.method"] = "POST"
                    span.attributes["http.response.status_code"] = 503
                    span.attributes["ratio"] = 0.5
                    span.attributes["list"] = ["a", "b"]
                    span.attributes["on"] = true
                    span.setStatus(.init(code: .error, message: "why"))
                    tracer.withSpan("decide") { $0.addEvent(SpanEvent(name: "found", attributes: ["n": 3])) }
                }
            }
        }
        let request = try #require(collector.requests.first)
        #expect(request.path == "/v1/traces")
        #expect(request.headers[.contentType] == "application/json")
        #expect(request.headers[HTTPField.Name("api-key")!] == "secret")
        let resource = try #require(request.body?["resourceSpans"]?.elements?.first?["resource"])
        #expect(
            resource["attributes"]
                == JSONValue(
                    parsing: #"[{"key":"service.name","value":{"stringValue":"ticket-triage"}}]"#.utf8))
        let spans = collector.spans
        #expect(spans.map { $0["name"]?.text } == ["decide", "POST /v1/triage"])
        let (child, server) = (try #require(spans.first), try #require(spans.last))
        #expect(server["traceId"]?.text == "0af7651916cd43dd8448eb211c80319c")
        #expect(server["parentSpanId"]?.text == "b7ad6b7169203331")
        #expect(server["traceState"]?.text == "a=1")
        #expect(server["kind"] == .integer(2))
        #expect(child["kind"] == .integer(1))
        #expect(child["traceId"] == server["traceId"])
        #expect(child["parentSpanId"] == server["spanId"])
        #expect(child["spanId"] != server["spanId"])
        #expect(server["status"] == JSONValue(parsing: #"{"code":2,"message":"why"}"#.utf8))
        #expect(
            server["attributes"]
                == JSONValue(
                    parsing: #"""
                        [{"key":"http.request.method","value":{"stringValue":"POST"}},
                         {"key":"http.response.status_code","value":{"intValue":"503"}},
                         {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}},
                         {"key":"on","value":{"boolValue":true}}, {"key":"ratio","value":{"doubleValue":0.5}}]
                        """#.utf8))
        #expect(child["events"]?.elements?.first?["name"]?.text == "found")
        let start = try #require(server["startTimeUnixNano"]?.text.flatMap { UInt64($0) })
        let end = try #require(server["endTimeUnixNano"]?.text.flatMap { UInt64($0) })
        #expect(start <= end && end - start < 10_000_000_000)
        #expect(abs(Double(start) / 1e9 - Date().timeIntervalSince1970) < 60)
        #expect(await count("exported") == 2)
    }

    @Test func `an error that leaves a span is told by its type only`() async throws {
        struct Quoting: Error, CustomStringConvertible { let description = "hunter2" }
        let collector = Collector()
        try await collector.serving { base in
            try await exporting(CollectorOptions(endpoint: base)) { tracer in
                #expect(throws: Quoting.self) { try tracer.withSpan("work") { _ in throw Quoting() } }
            }
        }
        let text = try #require(collector.requests.first).text
        #expect(text.contains("exception.type") && text.contains("Quoting"))
        #expect(text.contains("hunter2") == false)
        #expect(collector.spans.first?["status"]?["code"] == .integer(2))
    }

    @Test func `a collector that is busy is asked again, one that refuses is not`() async throws {
        let collector = Collector([
            .init(status: .serviceUnavailable), .init(status: .tooManyRequests, headers: [.retryAfter: "0"]),
            .init(status: .ok), .init(status: .badRequest),
        ])
        try await collector.serving { base in
            try await exporting(CollectorOptions(endpoint: base)) { tracer in
                end(3, tracer)
                #expect(await eventually { collector.requests.count == 3 })
                #expect(await eventually { await count("exported") == 3 })
                end(2, tracer)
                #expect(await eventually { await count("failed") == 2 })
            }
        }
        #expect(collector.requests.count == 4)
        let line = try #require(log.object())
        #expect(line["level"]?.text == "warning")
        #expect(line["reason"]?.text == "status 400")
        #expect(line["spans"] == .integer(2))
    }

    @Test func `spans that the collector rejects count as failed`() async throws {
        let collector = Collector([.init(body: #"{"partialSuccess":{"rejectedSpans":"2"}}"#)])
        try await collector.serving { base in
            try await exporting(CollectorOptions(endpoint: base)) { end(5, $0) }
        }
        #expect(await count("exported") == 3)
        #expect(await count("failed") == 2)
    }

    @Test func `a full queue drops, and says how many`() async throws {
        let collector = Collector()
        var pace = self.pace
        pace.queue = 10
        pace.batch = 4
        pace.delay = .seconds(60)
        try await collector.serving { [pace] base in
            let options = try CollectorOptions(endpoint: base)
            let exporter = try SpanExporter(
                options, pace: pace, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
                metrics: registry)
            // Nothing is sent before the exporter runs.
            end(25, TriageTracer(exporter: exporter))
            #expect(await count("dropped") == 15)
            let services = ServiceGroup(
                configuration: .init(services: [exporter], logger: Logger(label: "t")))
            let running = Task { try await services.run() }
            #expect(await eventually { await count("exported") == 10 })
            await services.triggerGracefulShutdown()
            try await running.value
        }
        #expect(collector.requests.map { $0.body?["resourceSpans"] != nil } == [true, true, true])
    }

    @Test func `a collector that never answers holds up neither spans nor the end`() async throws {
        let collector = Collector([.init(wait: .seconds(2)), .init(wait: .seconds(2))])
        var pace = self.pace
        pace.attempts = 2
        pace.shutdownTimeout = .milliseconds(200)
        try await collector.serving { [pace] base in
            var options = try CollectorOptions(endpoint: base)
            options.timeout = .milliseconds(100)
            try await exporting(options, pace) { tracer in
                end(1, tracer)
                #expect(await eventually { await count("failed") == 1 })
            }
        }
    }

    @Test func `a collector that is not there is no error of the service`() async throws {
        var pace = self.pace
        pace.attempts = 1
        try await exporting(CollectorOptions(endpoint: "http://127.0.0.1:9"), pace) { tracer in
            end(1, tracer)
            #expect(await eventually { await count("failed") == 1 })
        }
        #expect(log.object()?["message"]?.text == "spans could not be sent to the collector")
    }

    @Test func `a share of traces is recorded, but always those of a sampled caller`() async throws {
        let collector = Collector()
        let id = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"
        try await collector.serving { base in
            try await exporting(CollectorOptions(endpoint: base), ratio: 0) { tracer in
                end(10, tracer)
                for flags in ["00", "01"] {
                    var caller = ServiceContext.topLevel
                    caller.traceContext = TraceContext(traceparent: id + flags)
                    let span = tracer.startSpan("called \(flags)", context: caller)
                    // The trace goes on either way.
                    #expect(span.context.traceContext?.traceIDText == "0af7651916cd43dd8448eb211c80319c")
                    span.end()
                }
            }
        }
        #expect(collector.spans.map { $0["name"]?.text } == ["called 01"])
        var kept = 0
        try await exporting(CollectorOptions(endpoint: "http://127.0.0.1:9"), ratio: 0.25) { tracer in
            for _ in 0..<2000 where tracer.startSpan("s").isRecording { kept += 1 }
        }
        #expect((400...600).contains(kept))
    }

    @Test func `the collector's certificate is verified`() async throws {
        let keys = try Certificates()
        let collector = Collector()
        let tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(keys.chain).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: keys.key, format: .pem)))
        var pace = self.pace
        pace.attempts = 1
        try await collector.serving(tls) { [pace] base in
            try await exporting(CollectorOptions(endpoint: base), pace) { tracer in
                end(1, tracer)
                #expect(await eventually { await count("failed") == 1 })
            }
            #expect(collector.requests.isEmpty)
            var trusting = try CollectorOptions(endpoint: base)
            trusting.certificates = keys.authority
            try await exporting(trusting, pace) { end(1, $0) }
            #expect(collector.requests.count == 1)
        }
        #expect(await count("exported") == 1)
        var absent = try CollectorOptions(endpoint: "https://127.0.0.1:1")
        absent.certificates = keys.authority + ".absent"
        var words = ""
        do throws(TelemetryError) {
            _ = try SpanExporter(absent, logger: Logger(label: "t"))
        } catch { words = error.description }
        #expect(words.contains(".absent: no certificate in PEM can be read"))
    }
}
