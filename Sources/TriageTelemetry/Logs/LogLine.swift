internal import Logging
internal import TriageData

/// One log event with what a line of it shows.
struct LogLine {
    let time: Timestamp
    let level: Logger.Level
    let label: String
    let message: String
    /// The event's, the provider's and the logger's metadata together.
    let metadata: Logger.Metadata
    /// Lines that were dropped before this one.
    var dropped = 0

    /// The longest text of a member, in bytes.
    private static let maximumText = 4096

    /// Text, cut where it is too long.
    static func limited(_ text: String) -> String {
        guard text.utf8.count > maximumText else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: maximumText)
        while end.samePosition(in: text.unicodeScalars) == nil { text.utf8.formIndex(before: &end) }
        return String(text[..<end]) + "…"
    }

    /// The metadata in order of their names, dictionaries flattened to `outer.inner`.
    var members: [Member] { Self.flattened(metadata) }

    /// A name and its value, which is no dictionary.
    typealias Member = (name: String, value: Logger.MetadataValue)

    static func flattened(_ metadata: Logger.Metadata) -> [Member] {
        var members: [Member] = []
        members.reserveCapacity(metadata.count)
        flatten(metadata, under: "", into: &members)
        return members
    }

    private static func flatten(
        _ metadata: Logger.Metadata, under prefix: String,
        into members: inout [Member]
    ) {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let name = prefix.isEmpty ? key : "\(prefix).\(key)"
            if case .dictionary(let inner) = value {
                flatten(inner, under: name, into: &members)
            } else {
                members.append((name, value))
            }
        }
    }
}

extension Logger.MetadataValue {
    /// As a whole number; nil for other values.
    var integer: Int? {
        switch self {
        case .stringConvertible(let value): value as? Int
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// As a number; nil for other values.
    var number: Double? {
        if let integer { return Double(integer) }
        if case .stringConvertible(let value) = self { return value as? Double }
        return nil
    }
}

// MARK: - Text and JSON

extension LogLine {
    /// Time, level, logger and message, then `name=value`, without characters that steer a terminal.
    var text: [UInt8] {
        var parts = [time.text, level.rawValue, "\(label):", message]
        parts += metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if dropped > 0 { parts.append("\(LogSink.droppedName)=\(dropped)") }
        return Array((parts.joined(separator: " ").shown + "\n").utf8)
    }

    /// The members `ts`, `level`, `message`, `logger`, after dropped lines their number, then the metadata.
    var json: [UInt8] {
        JSONWriter.lineBytes { writer in
            writer.object { writer in
                writer.string("ts", time.text)
                writer.string("level", level.rawValue)
                writer.string("message", Self.limited(message))
                writer.string("logger", label)
                writeDropped(to: &writer)
                Self.write(members, to: &writer) { Self.ownNames.contains($0) ? $0 + "_" : $0 }
            }
        }
    }

    private static let ownNames: Set = ["ts", "level", "message", "logger", LogSink.droppedName]

    func writeDropped(to writer: inout JSONWriter) {
        guard dropped > 0 else { return }
        writer.key(named: LogSink.droppedName)
        writer.integer(dropped)
    }

    /// Writes members under the names that `name` gives them.
    static func write(
        _ members: [Member], to writer: inout JSONWriter, as name: (String) -> String
    ) {
        for member in members {
            writer.key(named: name(member.name))
            write(member.value, to: &writer)
        }
    }

    static func write(_ value: Logger.MetadataValue, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.string(limited(text))
        case .stringConvertible(let value): write(value, to: &writer)
        case .array(let values): writer.array(values) { write($1, to: &$0) }
        case .dictionary(let inner): writer.object { write(flattened(inner), to: &$0) { $0 } }
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
}
