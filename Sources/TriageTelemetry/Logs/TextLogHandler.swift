package import Logging
internal import TriageData

/// Writes each log event as one line for people: time, level, logger, message, then the metadata as `name=value`.
///
/// Of an error only its type is written, and nothing in a line can steer a terminal.
package struct TextLogHandler: LogHandler {
    /// What every event of this logger carries.
    package var metadata: Logger.Metadata = [:]
    /// Asked at each event for more metadata, such as the current trace.
    package var metadataProvider: Logger.MetadataProvider?
    /// Events below are not written.
    package var logLevel: Logger.Level
    private let label: String
    private let sink: LogSink

    /// A handler for the logger `label`; the parameters are those of `JSONLogHandler`.
    package init(
        label: String, level: Logger.Level = .info, sink: LogSink = .standardError,
        provider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.logLevel = level
        self.sink = sink
        self.metadataProvider = provider
    }

    /// What this logger's events carry under `key`.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    package func log(event: LogEvent) {
        let members = event.members(of: metadata, metadataProvider)
        sink.write { dropped in
            var parts = [Timestamp.now.text, event.level.rawValue, "\(label):", event.message.description]
            parts += members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            if dropped > 0 { parts.append("\(LogSink.droppedName)=\(dropped)") }
            return Array((parts.joined(separator: " ").shown + "\n").utf8)
        }
    }
}

extension LogEvent {
    /// Metadata of the event, before that of the provider, before that of the logger; of an error its type.
    func members(of logger: Logger.Metadata, _ provider: Logger.MetadataProvider?) -> Logger.Metadata {
        var members = logger
        if let provided = provider?.get(), !provided.isEmpty { members.merge(provided) { _, new in new } }
        if let metadata { members.merge(metadata) { _, new in new } }
        if let error { members["error_type"] = .string(String(reflecting: type(of: error))) }
        return members
    }
}
