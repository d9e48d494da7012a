internal import Tracing
internal import TriageData

/// Spans as OTLP writes them in JSON: ids in hexadecimal, 64-bit integers as text.
///
/// Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding and `opentelemetry/proto/trace/v1`.
enum SpanEncoder {
    /// An `ExportTraceServiceRequest` with all of `spans`, made by the process that `resource` describes.
    static func request(_ spans: [FinishedSpan], resource: [CollectorOptions.Pair]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("resourceSpans") { writer in
                writer.object { writer in
                    writer.object("resource") { writer in
                        writer.array("attributes", resource) {
                            attribute($1.name, .string($1.value), to: &$0)
                        }
                    }
                    writer.array("scopeSpans") { writer in
                        writer.object { writer in
                            writer.object("scope") { writer in
                                writer.string("name", "ticket-triage")
                            }
                            writer.array("spans", spans) { span($1, to: &$0) }
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func span(_ span: FinishedSpan, to writer: inout JSONWriter) {
        writer.object { writer in
            identity(span.context, to: &writer)
            if let parent = span.parentID {
                writer.string("parentSpanId", TraceContext.text(parent))
            }
            writer.integer("flags", span.context.isSampled ? 1 : 0)
            writer.string("name", span.name)
            writer.integer("kind", number(span.kind))
            writer.string("startTimeUnixNano", String(span.start))
            writer.string("endTimeUnixNano", String(span.end))
            attributes(span.attributes, to: &writer)
            writer.array("events", span.events) { writer, event in
                writer.object { writer in
                    writer.string("timeUnixNano", String(event.nanosecondsSinceEpoch))
                    writer.string("name", event.name)
                    attributes(event.attributes, to: &writer)
                }
            }
            links(span.links, to: &writer)
            writer.key("status")
            status(span.status, to: &writer)
        }
    }

    private static func identity(_ context: TraceContext, to writer: inout JSONWriter) {
        writer.string("traceId", context.traceIDText)
        writer.string("spanId", context.spanIDText)
        if let state = context.state {
            writer.string("traceState", state)
        }
    }

    private static func links(_ links: [SpanLink], to writer: inout JSONWriter) {
        writer.array("links", links.filter { $0.context.traceContext != nil }) { writer, link in
            writer.object { writer in
                if let context = link.context.traceContext { identity(context, to: &writer) }
                attributes(link.attributes, to: &writer)
            }
        }
    }

    private static func status(_ status: SpanStatus?, to writer: inout JSONWriter) {
        writer.object { writer in
            guard let status else { return }
            writer.integer("code", status.code == .ok ? 1 : 2)
            if let message = status.message {
                writer.string("message", message)
            }
        }
    }

    /// `SpanKind` of the protocol.
    private static func number(_ kind: SpanKind) -> Int {
        switch kind {
        case .internal: 1
        case .server: 2
        case .client: 3
        case .producer: 4
        case .consumer: 5
        }
    }

    private static func attributes(_ attributes: SpanAttributes, to writer: inout JSONWriter) {
        var pairs: [(String, SpanAttribute)] = []
        attributes.forEach { pairs.append(($0, $1)) }
        writer.array("attributes", pairs.sorted { $0.0 < $1.0 }) { attribute($1.0, $1.1, to: &$0) }
    }

    private static func attribute(_ name: String, _ value: SpanAttribute, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.string("key", name)
            writer.key("value")
            any(value, to: &writer)
        }
    }

    /// `AnyValue` of the protocol.
    private static func any(_ value: SpanAttribute, to writer: inout JSONWriter) {
        func list(_ values: [SpanAttribute]) {
            writer.object { writer in
                writer.object("arrayValue") { writer in
                    writer.array("values", values) { any($1, to: &$0) }
                }
            }
        }
        func single(_ kind: String, _ body: (inout JSONWriter) -> Void) {
            writer.object { writer in
                writer.key(named: kind)
                body(&writer)
            }
        }
        switch value {
        case .string(let text): single("stringValue") { $0.string(text) }
        case .bool(let value): single("boolValue") { $0.bool(value) }
        case .int32(let number): single("intValue") { $0.string(String(number)) }
        case .int64(let number): single("intValue") { $0.string(String(number)) }
        case .double(let number) where number.isFinite: single("doubleValue") { $0.number(number) }
        case .double(let number): single("stringValue") { $0.string(String(number)) }
        case .stringConvertible(let value): single("stringValue") { $0.string(value.description) }
        case .stringArray(let values): list(values.map { .string($0) })
        case .boolArray(let values): list(values.map { .bool($0) })
        case .int32Array(let values): list(values.map { .int32($0) })
        case .int64Array(let values): list(values.map { .int64($0) })
        case .doubleArray(let values): list(values.map { .double($0) })
        case .stringConvertibleArray(let values): list(values.map { .string($0.description) })
        default: single("stringValue") { $0.string("") }
        }
    }
}
