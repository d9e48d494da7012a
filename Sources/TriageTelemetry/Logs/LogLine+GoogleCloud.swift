internal import Logging
internal import TriageData

/// Lines with the fields that Google Cloud's logging agents move into a log entry.
///
/// Source: https://cloud.google.com/logging/docs/structured-logging#special-payload-fields; `httpRequest` and the severities:
/// https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry.
extension LogLine {
    /// The fields of a log entry first, then the other metadata, which becomes the payload.
    ///
    /// `project` keeps the traces; without it the field has the trace's id alone.
    func googleCloud(project: String?) -> [UInt8] {
        let members = members
        let request = HTTPRequest(members)
        return JSONWriter.lineBytes { writer in
            writer.object { writer in
                writer.string("severity", severity)
                writer.string("message", Self.limited(message))
                writer.string("timestamp", time.text)
                if let request { request.write(to: &writer) }
                var used = request == nil ? [] : HTTPRequest.names
                for (name, value) in members {
                    guard case .string(let text) = value else { continue }
                    if name == "trace_id" {
                        let trace = project.map { "projects/\($0)/traces/\(text)" } ?? text
                        writer.string("logging.googleapis.com/trace", trace)
                    } else if name == "span_id" {
                        writer.string("logging.googleapis.com/spanId", text)
                    } else {
                        continue
                    }
                    used.insert(name)
                }
                writer.string("logger", label)
                writeDropped(to: &writer)
                let rest = members.filter { !used.contains($0.name) }
                Self.write(rest, to: &writer) { Self.isGoogleCloudName($0) ? $0 + "_" : $0 }
            }
        }
    }

    /// `LogSeverity` has no level below DEBUG.
    private var severity: String {
        switch level {
        case .trace, .debug: "DEBUG"
        case .info: "INFO"
        case .notice: "NOTICE"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }

    /// Whether an agent gives a member of this name a meaning of its own, or this format does.
    private static func isGoogleCloudName(_ name: String) -> Bool {
        name.hasPrefix("logging.googleapis.com/") || googleCloudNames.contains(name)
    }

    private static let googleCloudNames: Set = [
        "severity", "message", "timestamp", "time", "timestampSeconds", "timestampNanos", "httpRequest",
        "logger",
        "log", LogSink.droppedName,
    ]

    /// `HttpRequest` of a log entry, from the metadata of a request's line; its URL is the route's template.
    private struct HTTPRequest {
        static let names: Set = ["method", "route", "status", "bytes", "duration_ms"]
        private let method: String
        private let route: String?
        private let status: Int
        private let bytes: Int?
        private let milliseconds: Double?

        init?(_ members: [Member]) {
            let found = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
            guard case .string(let method) = found["method"], let status = found["status"]?.integer else {
                return nil
            }
            self.method = method
            self.status = status
            if case .string(let route) = found["route"] { self.route = route } else { route = nil }
            bytes = found["bytes"]?.integer
            milliseconds = found["duration_ms"]?.number
        }

        func write(to writer: inout JSONWriter) {
            writer.object("httpRequest") { writer in
                writer.string("requestMethod", method)
                if let route { writer.string("requestUrl", route) }
                writer.integer("status", status)
                // 64-bit integers are text in Protocol Buffers' JSON, and durations are seconds with their unit.
                if let bytes { writer.string("responseSize", String(bytes)) }
                if let milliseconds { writer.string("latency", Self.seconds(milliseconds)) }
            }
        }

        /// Such as `0.012345s`.
        private static func seconds(_ milliseconds: Double) -> String {
            let micros = Int((milliseconds * 1000).rounded())
            let fraction = String(micros % 1_000_000)
            return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count)
                + "\(fraction)s"
        }
    }
}
