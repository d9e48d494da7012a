package import CoreMetrics
package import Logging
internal import TriageData

/// Sends log events to an OpenTelemetry collector, as OTLP over HTTP in Protocol Buffers; counts them in
/// `triage_log_records_total`.
package typealias LogExporter = BatchExporter<LogRecord>

extension BatchExporter where Item == LogRecord {
    /// An exporter of log events that sends while `run()` runs; run it once.
    ///
    /// The events of `logger` must not come back to the exporter: each failure would be a new event. `metrics` counts the
    /// events; nil for the process's own metrics.
    ///
    /// - Throws: `TelemetryError` when the file of certificates cannot be read.
    package convenience init(
        _ options: CollectorOptions, pace: Pace = Pace(), logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) throws(TelemetryError) {
        let resource = options.resource
        let kind = Kind(
            signal: .logs, counter: MetricCatalog.logRecords.name, noun: "log records", member: "records",
            encode: { LogRecord.request($0, resource: resource) })
        try self.init(kind, options, pace: pace, logger: logger, metrics: metrics)
    }
}

/// One log event as OTLP's `LogRecord`.
///
/// Source: `opentelemetry/proto/logs/v1` and https://opentelemetry.io/docs/specs/otel/logs/data-model/.
package struct LogRecord: Sendable {
    /// The logger's name, which is the record's instrumentation scope.
    let logger: String
    /// The record's fields.
    let bytes: [UInt8]

    /// The most that a record may take; a larger one is sent without its attributes.
    private static let maximumBytes = 32 << 10

    init(_ line: LogLine) {
        logger = line.label
        let whole = Self.bytes(line, line.members)
        bytes = whole.count <= Self.maximumBytes ? whole : Self.bytes(line, [])
    }

    /// An `ExportLogsServiceRequest` with the records of each logger in one `ScopeLogs`.
    static func request(_ records: [LogRecord], resource: [CollectorOptions.Pair]) -> [UInt8] {
        let loggers = Dictionary(grouping: records, by: \.logger).sorted { $0.key < $1.key }
        return ProtobufWriter.message { writer in
            writer.message(1) { writer in
                writer.resource(1, resource)
                for (logger, records) in loggers {
                    writer.message(2) { writer in
                        writer.scope(1, logger)
                        for record in records { writer.data(2, record.bytes) }
                    }
                }
            }
        }
    }

    private static func bytes(_ line: LogLine, _ members: [LogLine.Member]) -> [UInt8] {
        ProtobufWriter.message { writer in
            let time = UInt64(max(0, line.time.milliseconds)) * 1_000_000
            writer.fixed64(1, time)
            writer.varint(2, severity(line.level))
            writer.string(3, line.level.rawValue)
            writer.message(5) { $0.string(1, LogLine.limited(line.message)) }
            for (name, value) in members {
                if case .string(let text) = value, let id = id(text, name) {
                    writer.data(name == "trace_id" ? 9 : 10, id)
                } else {
                    writer.attribute(6, name) { write(value, to: &$0) }
                }
            }
            writer.fixed64(11, time)
        }
    }

    /// The bytes of a trace's or a span's id; nil for other metadata.
    private static func id(_ text: String, _ name: String) -> [UInt8]? {
        let lengths = ["trace_id": 16, "span_id": 8]
        guard let length = lengths[name], let bytes = Hexadecimal.bytes(text), bytes.count == length else {
            return nil
        }
        return bytes
    }

    /// `SeverityNumber`: levels with the names of syslog's have the numbers of those, by appendix B of the data model.
    private static func severity(_ level: Logger.Level) -> UInt64 {
        switch level {
        case .trace: 1
        case .debug: 5
        case .info: 9
        case .notice: 10
        case .warning: 13
        case .error: 17
        case .critical: 18
        }
    }

    /// The field of an `AnyValue`.
    private static func write(_ value: Logger.MetadataValue, to writer: inout ProtobufWriter) {
        switch value {
        case .string(let text): writer.string(1, LogLine.limited(text))
        case .stringConvertible(let value): write(value, to: &writer)
        case .array(let values):
            writer.message(5) { writer in
                for value in values { writer.message(1) { write(value, to: &$0) } }
            }
        case .dictionary(let members):
            writer.message(6) { writer in
                for (name, value) in LogLine.flattened(members) {
                    writer.attribute(1, name) { write(value, to: &$0) }
                }
            }
        }
    }

    private static func write(_ value: any CustomStringConvertible, to writer: inout ProtobufWriter) {
        switch value {
        case let number as Double: writer.double(4, number)
        case let number as Float: writer.double(4, Double(number))
        case let value as Bool: writer.varint(2, value ? 1 : 0)
        case let number as any BinaryInteger:
            if let number = Int64(exactly: number) {
                writer.varint(3, UInt64(bitPattern: number))
            } else {
                writer.string(1, number.description)
            }
        default: writer.string(1, LogLine.limited(value.description))
        }
    }
}
