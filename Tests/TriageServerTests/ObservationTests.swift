import Foundation
import Logging
import ServerTestSupport
import Testing
import TriageData
import TriageEngine
import TriageStore
import TriageTelemetry

@testable import TriageServer
import TriageTickets

struct ObservationTests {
    private let ticket = #"{"id":"T-1","subject":"Locked out","body":"My account is locked."}"#

    /// Runs a service whose log is kept.
    private func observed(
        _ telemetry: TelemetryPipeline = TelemetryPipeline(), level: Logger.Level = .trace,
        _ body: @Sendable @escaping (LiveServer) async throws -> Void
    ) async throws -> [JSONValue] {
        let scratch = try Scratch()
        let path = scratch.file("log")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let sink = LogSink(descriptor: descriptor)
        try await LiveServer.run {
            $0.logger = Logger(label: "triage") {
                LineLogHandler(label: $0, level: level, sink: sink, provider: TriageTracer.logMetadata)
            }
            $0.telemetry = telemetry
        } _: {
            try await body($0)
        }
        sink.flush(within: .seconds(10))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").map { JSONValue(parsing: $0.utf8) ?? .null }
    }

    private func requests(_ log: [JSONValue]) -> [JSONValue] {
        log.filter { $0["message"]?.text == "request" }
    }

    @Test func `each request is one line, with its route's template and without its text`() async throws {
        let log = requests(
            try await observed { server in
                _ = try await server.ask("POST", "/v1/triage?explain=true", json: ticket)
                _ = try await server.ask("GET", "/no/such/path?query=x")
                _ = try await server.ask("POST", "/v1/triage", json: "{")
            })
        #expect(log.map { $0["route"]?.text } == ["/v1/triage", "unmatched", "/v1/triage"])
        #expect(log.map { $0["status"] } == [.integer(200), .integer(404), .integer(400)])
        #expect(log.map { $0["method"]?.text } == ["POST", "GET", "POST"])
        #expect(log.allSatisfy { ($0["duration_ms"]?.double ?? 0) > 0 && ($0["bytes"]?.double ?? 0) > 50 })
        #expect(Set(log.map { $0["request_id"]?.text ?? "" }).count == 3)
        #expect(log.allSatisfy { "\($0)".contains("Locked") == false && "\($0)".contains("query") == false })
    }

    @Test(arguments: [
        ("abc-123_X.y", true), (String(repeating: "a", count: 64), true),
        (String(repeating: "a", count: 65), false),
        ("two words", false), ("my@mail.example", false), ("\"", false),
    ])
    func `a sane request id is kept and answered`(given: String, isKept: Bool) async throws {
        let log = requests(
            try await observed { server in
                let answer = try await server.ask(
                    "POST", "/v1/triage", json: "{", headers: ["X-Request-Id": given])
                let id = try #require(answer.headers["x-request-id"])
                #expect((id == given) == isKept)
                #expect(answer.object["request_id"] as? String == id)
            })
        #expect((log.first?["request_id"]?.text == given) == isKept)
    }

    @Test func `probes are told at debug, requests by level`() async throws {
        let log = try await observed(level: .info) { server in
            _ = try await server.ask("GET", "/health")
            _ = try await server.ask("GET", "/metrics")
            _ = try await server.ask("GET", "/v1/models")
        }
        #expect(requests(log).map { $0["route"]?.text } == ["/v1/models"])
    }

    @Test func `requests, decisions and the bundle are in the metrics`() async throws {
        let telemetry = TelemetryPipeline()
        _ = try await observed(telemetry) { server in
            for _ in 0..<3 { _ = try await server.ask("POST", "/v1/triage", json: ticket) }
            _ = try await server.ask("POST", "/triage", json: #"{"description":"VPN is down"}"#)
            let lines = Array(repeating: ticket, count: 10).joined(separator: "\n")
            _ = try await server.ask("POST", "/v1/triage/batch", Array(lines.utf8))
            _ = try await server.ask("DELETE", "/v1/triage")
            let answer = try await server.ask("GET", "/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let count = "triage_http_request_duration_seconds_count"
            #expect(answer.text.contains(#"\#(count){method="POST",route="/v1/triage",status="200"} 3"#))
            #expect(
                answer.text.contains(#"\#(count){method="POST",route="/v1/triage/batch",status="200"} 1"#))
            #expect(answer.text.contains(#"\#(count){method="DELETE",route="unmatched",status="405"} 1"#))
            #expect(answer.text.contains("triage_http_requests_in_flight 1\n"))
            #expect(answer.text.contains("triage_decision_duration_seconds_count 14\n"))
            let known = answer.text.split(separator: "\n").filter {
                $0.hasPrefix("triage_known_issues_total{")
            }
            #expect(known.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +) == 14)
            #expect(answer.text.contains(#"triage_decisions_total{field="category",label="Login","#))
            #expect(answer.text.contains(#"triage_model_info{name="starter",sha256=""#))
            let open = try await server.ask(
                "GET", "/metrics", headers: ["Accept": "application/openmetrics-text;version=1.0.0"])
            #expect(open.text.hasSuffix("# EOF\n"))
            #expect(open.headers["content-type"]?.hasPrefix("application/openmetrics-text") == true)
        }
        #expect(await telemetry.metrics.exposition().contains("triage_http_requests_in_flight 0\n"))
    }

    @Test func `a request given up while it is answered is ended too`() async throws {
        let telemetry = TelemetryPipeline()
        let lines = Array(repeating: ticket, count: 20_000).joined(separator: "\n")
        let log = requests(
            try await observed(telemetry) { server in
                let task = Task { _ = try? await server.ask("POST", "/v1/triage/batch", Array(lines.utf8)) }
                try await Task.sleep(for: .milliseconds(200))
                task.cancel()
                await task.value
                #expect(
                    await ServerTestSupport.eventually {
                        await telemetry.metrics.exposition().contains("triage_http_requests_in_flight 0\n")
                    })
            })
        #expect(log.first?["route"]?.text == "/v1/triage/batch")
    }

    @Test func `the queue and the store's writes are in the metrics`() async throws {
        let scratch = try Scratch()
        let store = try TicketStore(scratch.file("store"))
        try await LiveServer.run {
            $0.store = store
        } _: { server in
            _ = try await server.ask("POST", "/v1/triage", json: ticket)
            let taken = try await server.ask("POST", "/v1/tickets", json: ticket)
            #expect(taken.status == 202)
            #expect(
                await ServerTestSupport.eventually {
                    let text = (try? await server.ask("GET", "/metrics"))?.text ?? ""
                    return text.contains(#"triage_queue_depth{state="done"} 1"#)
                        && text.contains("triage_queue_oldest_seconds 0\n")
                        && text.contains(#"triage_queue_depth{state="dead"} 0"#)
                        && text.contains("triage_store_write_duration_seconds_count 1\n")
                        && text.contains(#"triage_store_writes_total{outcome="error"} 0"#)
                        && text.contains(#"triage_store_writes_total{outcome="ok"} "#)
                        && !text.contains("triage_store_writes_total{outcome=\"ok\"} 0\n")
                })
        }
        try store.close()
    }

    @Test func `a request is one span in its caller's trace, named for its route`() async throws {
        let collector = Collector()
        let id = "0af7651916cd43dd8448eb211c80319c"
        try await collector.serving { base in
            var pace = SpanExporter.Pace()
            pace.delay = .milliseconds(50)
            let telemetry = try TelemetryPipeline(
                sending: try CollectorOptions(endpoint: base), pace: pace, logger: Logger(label: "test"))
            let log = requests(
                try await observed(telemetry) { server in
                    _ = try await server.ask(
                        "POST", "/v1/triage?explain=true", json: ticket,
                        headers: ["traceparent": "00-\(id)-b7ad6b7169203331-01", "X-Request-Id": "r-1"])
                    #expect(await ServerTestSupport.eventually { collector.spans.count == 1 })
                })
            #expect(log.first?["trace_id"]?.text == id)
            #expect(log.first?["span_id"] == collector.spans.first?["spanId"])
        }
        let span = try #require(collector.spans.first)
        #expect(span["name"]?.text == "POST /v1/triage")
        #expect(span["traceId"]?.text == id)
        #expect(span["parentSpanId"]?.text == "b7ad6b7169203331")
        #expect(span["kind"] == .integer(2))
        var attributes: [String: String] = [:]
        for pair in span["attributes"]?.elements ?? [] {
            attributes[pair["key"]?.text ?? ""] = pair["value"]?.members?.first?.value.text
        }
        attributes["http.response.body.size"] = nil
        #expect(
            attributes == [
                "http.request.method": "POST", "http.route": "/v1/triage", "url.scheme": "http",
                "http.response.status_code": "200", "triage.request_id": "r-1",
            ])
    }
}
