internal import Logging
internal import TriageData

/// Lines with the names of the Elastic Common Schema.
///
/// Sources: https://www.elastic.co/docs/reference/ecs/ecs-field-reference, version 8.11, and for the order and the dotted
/// names https://www.elastic.co/docs/reference/ecs/logging/intro.
extension LogLine {
    /// The schema's fields first, `service` as the service's name, then the other metadata under `triage.`.
    func commonSchema(service: String) -> [UInt8] {
        JSONWriter.lineBytes { writer in
            writer.object { writer in
                writer.string("@timestamp", time.text)
                writer.string("log.level", level.rawValue)
                writer.string("message", Self.limited(message))
                writer.string("ecs.version", "8.11.0")
                writer.string("log.logger", label)
                writer.string("service.name", service)
                writer.string("event.dataset", "triage")
                if dropped > 0 {
                    writer.key(named: "triage.\(LogSink.droppedName)")
                    writer.integer(dropped)
                }
                for member in members {
                    let known = Self.commonSchemaNames[member.name]
                    if member.name == "duration_ms", let milliseconds = member.value.number {
                        writer.integer("event.duration", Int((milliseconds * 1_000_000).rounded()))
                    } else {
                        writer.key(named: known ?? "triage.\(member.name)")
                        Self.write(member.value, to: &writer)
                    }
                }
            }
        }
    }

    /// The schema's field for each metadata that it has one for; `event.duration` counts nanoseconds.
    private static let commonSchemaNames = [
        "bytes": "http.response.body.bytes", "error": "error.message", "error_type": "error.type",
        "method": "http.request.method", "request_id": "http.request.id", "span_id": "span.id",
        "status": "http.response.status_code", "trace_id": "trace.id",
    ]
}
