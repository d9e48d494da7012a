package import Logging
internal import TriageData

/// Writes each log event as one line with one JSON object.
///
/// The members are `ts` (RFC 3339, milliseconds, UTC), `level`, `message`, `logger`, after dropped lines their number
/// as `log_lines_dropped`, then the metadata in order of name: dictionaries flattened to `outer.inner`, numbers and
/// booleans as such. Metadata with one of the first five names gets an underscore behind it. Of an error only its type
/// is written, since the text of another library's error may quote what it was given. Text over 4,096 bytes is cut.
package struct JSONLogHandler: LogHandler {
    /// What every event of this logger carries.
    package var metadata: Logger.Metadata = [:]
    /// Asked at each event for more metadata, such as the current trace.
    package var metadataProvider: Logger.MetadataProvider?
    /// Events below are not written.
    package var logLevel: Logger.Level
    private let label: String
    private let sink: LogSink

    /// A handler for the logger `label`.
    ///
    /// - Parameters:
    ///   - label: the logger's name, written as `logger`.
    ///   - level: the level from which events are written.
    ///   - sink: where lines go.
    ///   - provider: asked at each event for more metadata.
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
    ///
    /// What the event carries counts before what the provider gives, and that before the logger's.
    package func log(event: LogEvent) {
        let members = event.members(of: metadata, metadataProvider)
        sink.write { dropped in bytes(event, members, dropped) }
    }

    private func bytes(_ event: LogEvent, _ members: Logger.Metadata, _ dropped: Int) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("ts")
            writer.string(Timestamp.now.text)
            writer.key("level")
            writer.string(event.level.rawValue)
            writer.key("message")
            writer.string(Self.limited(event.message.description))
            writer.key("logger")
            writer.string(label)
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
    private static let longestText = 4096

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
        guard text.utf8.count > longestText else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: longestText)
        while end.samePosition(in: text.unicodeScalars) == nil { text.utf8.formIndex(before: &end) }
        return String(text[..<end]) + "…"
    }
}
