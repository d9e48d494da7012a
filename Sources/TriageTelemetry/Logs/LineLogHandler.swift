package import Logging
package import TriageData

/// Writes each log event as one line, and hands it to an exporter.
///
/// The members of JSON are `ts` (RFC 3339, milliseconds, UTC), `level`, `message`, `logger`, after dropped lines their
/// number as `log_lines_dropped`, then the metadata sorted by name: dictionaries are flattened to `outer.inner`, numbers
/// and booleans keep their type. Metadata with one of the first five names gets an underscore suffix. Text over 4,096
/// bytes is cut. A line of text has time, level, logger and message, then the metadata as `name=value`, without
/// characters that steer a terminal. The formats of Google Cloud and of Elastic have the names of those.
///
/// Of an error only the type is written, because the text of another library's error may quote its input.
package struct LineLogHandler: LogHandler {
    package enum Format: Sendable, Equatable {
        case json
        case text
        /// Google Cloud's structured logging, with the project that keeps the traces.
        case googleCloud(project: String?)
        /// The Elastic Common Schema, with the service's name.
        case commonSchema(service: String)
    }

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let format: Format
    private let sink: LogSink
    private let exporter: LogExporter?
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - label: The logger's name.
    ///   - level: Events below it are not written.
    ///   - format: How a line is written.
    ///   - sink: Where lines go.
    ///   - exporter: Sends the events to a collector too; nil sends none.
    ///   - provider: Metadata of the current task.
    ///   - clock: The time of an event.
    package init(
        label: String, level: Logger.Level = .info, format: Format = .json, sink: LogSink = .standardError,
        exporter: LogExporter? = nil, provider: Logger.MetadataProvider? = nil,
        clock: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.sink = sink
        self.exporter = exporter
        self.metadataProvider = provider
        self.clock = clock
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Of equal names the event's metadata win over the provider's, and those over the logger's.
    package func log(event: LogEvent) {
        var members = metadata
        if let provided = metadataProvider?.get(), !provided.isEmpty {
            members.merge(provided) { _, new in new }
        }
        if let metadata = event.metadata { members.merge(metadata) { _, new in new } }
        if let error = event.error { members["error_type"] = .string(String(reflecting: type(of: error))) }
        var line = LogLine(
            time: clock(), level: event.level, label: label, message: event.message.description,
            metadata: members)
        exporter?.export(LogRecord(line))
        sink.write { dropped in
            line.dropped = dropped
            return bytes(line)
        }
    }

    private func bytes(_ line: LogLine) -> [UInt8] {
        switch format {
        case .json: line.json
        case .text: line.text
        case .googleCloud(let project): line.googleCloud(project: project)
        case .commonSchema(let service): line.commonSchema(service: service)
        }
    }
}
