import Foundation
import Logging
import Testing
import TriageData
import TriageTelemetry

/// Lines for Google Cloud and for Elastic, byte by byte.
struct LogFormatTests {
    private let socket = LineSocket()
    private let request: Logger.Metadata = [
        "route": "/v1/tickets/{id}", "method": "POST", "status": .stringConvertible(201),
        "bytes": .stringConvertible(512), "duration_ms": .stringConvertible(12.345),
        "request_id": "r-1", "key_id": "k-1", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "span_id": "00f067aa0ba902b7",
    ]

    private func logger(_ format: LineLogHandler.Format) -> Logger {
        Logger(label: "triage.test") { label in
            LineLogHandler(
                label: label, level: .trace, format: format, sink: socket.sink,
                clock: { Timestamp(milliseconds: 1_767_323_045_042) })
        }
    }

    @Test func `a request for Google Cloud is a log entry with its request and trace`() {
        logger(.googleCloud(project: "desk-123")).info("request", metadata: request)
        #expect(
            socket.write()
                == #"{"severity":"INFO","message":"request","timestamp":"2026-01-02T03:04:05.042Z","#
                + #""httpRequest":{"requestMethod":"POST","requestUrl":"/v1/tickets/{id}","status":201,"#
                + #""responseSize":"512","latency":"0.012345s"},"logging.googleapis.com/spanId":"00f067aa0ba902b7","#
                + #""logging.googleapis.com/trace":"projects/desk-123/traces/4bf92f3577b34da6a3ce929d0e0e4736","#
                + #""logger":"triage.test","key_id":"k-1","request_id":"r-1"}"# + "\n")
    }

    @Test func `without a project the field has the trace's id alone, and other events have no request`() {
        logger(.googleCloud(project: nil)).notice(
            "started", metadata: ["trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "route": "/x"])
        #expect(
            socket.write()
                == #"{"severity":"NOTICE","message":"started","timestamp":"2026-01-02T03:04:05.042Z","#
                + #""logging.googleapis.com/trace":"4bf92f3577b34da6a3ce929d0e0e4736","logger":"triage.test","#
                + #""route":"/x"}"# + "\n")
    }

    @Test(arguments: [
        (Logger.Level.trace, "DEBUG"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "NOTICE"),
        (.warning, "WARNING"), (.error, "ERROR"), (.critical, "CRITICAL"),
    ])
    func `each level has a severity of Google Cloud`(level: Logger.Level, severity: String) {
        logger(.googleCloud(project: nil)).log(level: level, "m")
        #expect(socket.object()?["severity"]?.text == severity)
    }

    @Test func `metadata cannot take a field of a log entry`() {
        let names = ["severity", "timestamp", "time", "httpRequest", "logging.googleapis.com/labels"]
        let metadata = Dictionary(uniqueKeysWithValues: names.map { ($0, Logger.MetadataValue.string("x")) })
        logger(.googleCloud(project: nil)).info("m", metadata: metadata)
        let line = socket.object()
        #expect(line?["severity"]?.text == "INFO")
        for name in names { #expect(line?[name + "_"]?.text == "x", "\(name)") }
        #expect(line?["time"] == nil && line?["logging.googleapis.com/labels"] == nil)
    }

    @Test func `a request for Elastic has the names of the common schema`() {
        logger(.commonSchema(service: "desk")).warning("request", metadata: request)
        #expect(
            socket.write()
                == #"{"@timestamp":"2026-01-02T03:04:05.042Z","log.level":"warning","message":"request","#
                + #""ecs.version":"8.11.0","log.logger":"triage.test","service.name":"desk","#
                + #""event.dataset":"triage","http.response.body.bytes":512,"event.duration":12345000,"#
                + #""triage.key_id":"k-1","http.request.method":"POST","http.request.id":"r-1","#
                + #""triage.route":"/v1/tickets/{id}","span.id":"00f067aa0ba902b7","#
                + #""http.response.status_code":201,"trace.id":"4bf92f3577b34da6a3ce929d0e0e4736"}"# + "\n")
    }

    @Test func `an error for Elastic gives its type, and other metadata a name below triage`() {
        struct Quoting: Error, CustomStringConvertible { let description = "my password is hunter2" }
        logger(.commonSchema(service: "desk")).error(
            "failed", error: Quoting(), metadata: ["error": "store", "message": "mine", "a": ["b": "c"]])
        let line = socket.object()
        #expect(line?["error.type"]?.text?.hasSuffix("Quoting") == true)
        #expect(line?["error.message"]?.text == "store")
        #expect(line?["triage.message"]?.text == "mine" && line?["triage.a.b"]?.text == "c")
        #expect(line?["message"]?.text == "failed")
    }
}
