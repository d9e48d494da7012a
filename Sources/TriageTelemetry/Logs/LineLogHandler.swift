package import Logging
internal import TriageData

/// Writes each log event as one line, as JSON or as text.
///
/// The members of JSON are `ts` (RFC 3339, milliseconds, UTC), `level`, `message`, `logger`, after dropped lines their
/// number as `log_lines_dropped`, then the metadata sorted by name: dictionaries are flattened to `outer.inner`, numbers
/// and booleans keep their type. Metadata with one of the first five names gets an underscore suffix. Text over 4,096
/// bytes is cut. A line of text has time, level, logger and message, then the metadata as `name=value`, without
/// characters that steer a terminal.
///
/// Of an error only the type is written, because the text of another library's error may quote its input.
package struct LineLogHandler: LogHandler {
    package enum Format: Sendable {
        case json
        case text
    }

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let format: Format
    private let sink: LogSink

    package init(
        label: String, level: Logger.Level = .info, format: Format = .json, sink: LogSink = .standardError,
        provider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.sink = sink
        self.metadataProvider = provider
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
        sink.write { dropped in
            format == .json ? json(event, members, dropped) : text(event, members, dropped)
        }
    }

    private func text(_ event: LogEvent, _ members: Logger.Metadata, _ dropped: Int) -> [UInt8] {
        var parts = [Timestamp.now.text, event.level.rawValue, "\(label):", event.message.description]
        parts += members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if dropped > 0 { parts.append("\(LogSink.droppedName)=\(dropped)") }
        return Array((parts.joined(separator: " ").shown + "\n").utf8)
    }
}

// MARK: - JSON

extension LineLogHandler {
    private func json(_ event: LogEvent, _ members: Logger.Metadata, _ dropped: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.string("ts", Timestamp.now.text)
            writer.string("level", event.level.rawValue)
            writer.string("message", Self.limited(event.message.description))
            writer.string("logger", label)
            if dropped > 0 {
                writer.key(named: LogSink.droppedName)
                writer.integer(dropped)
            }
            Self.write(members, under: "", to: &writer)
        }
        writer.newline()
        return writer.bytes
    }

    private static let ownNames: Set = ["ts", "level", "message", "logger", LogSink.droppedName]
    private static let maximumText = 4096

    private static func write(_ members: Logger.Metadata, under prefix: String, to writer: inout JSONWriter) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            let name = prefix.isEmpty ? (ownNames.contains(key) ? key + "_" : key) : "\(prefix).\(key)"
            if case .dictionary(let inner) = value {
                write(inner, under: name, to: &writer)
            } else {
                writer.key(named: name)
                write(value, to: &writer)
            }
        }
    }

    private static func write(_ value: Logger.MetadataValue, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.string(limited(text))
        case .stringConvertible(let value): write(value, to: &writer)
        case .array(let values): writer.array(values) { write($1, to: &$0) }
        case .dictionary(let members): writer.object { write(members, under: "", to: &$0) }
        }
    }

    private static func write(_ value: any CustomStringConvertible, to writer: inout JSONWriter) {
        switch value {
        case let number as Int: writer.integer(number)
        case let number as Double: writer.number(number)
        case let value as Bool: writer.bool(value)
        case let number as any BinaryInteger:
            if let number = Int(exactly: number) {
                writer.integer(number)
            } else {
                writer.string(number.description)
            }
        case let number as Float: writer.number(number)
        default: writer.string(limited(value.description))
        }
    }

    private static func limited(_ text: String) -> String {
        guard text.utf8.count > maximumText else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: maximumText)
        while end.samePosition(in: text.unicodeScalars) == nil { text.utf8.formIndex(before: &end) }
        return String(text[..<end]) + "…"
    }
}
