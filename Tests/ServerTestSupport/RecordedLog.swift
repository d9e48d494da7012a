package import Logging
internal import Synchronization

/// The events of a logger.
package final class RecordedLog: Sendable {
    private struct Event {
        var level: Logger.Level
        var message: String
        var metadata: Logger.Metadata
    }

    private let events = Mutex<[Event]>([])

    /// Nothing yet.
    package init() {}

    /// A line for each event so far, with its level, message and metadata.
    package var lines: [String] {
        events.withLock { $0.map { "\($0.level) \($0.message) \($0.metadata)" } }
    }

    /// The metadata of the last event with this message.
    package func metadata(of message: String) -> Logger.Metadata? {
        events.withLock { $0.last { $0.message == message }?.metadata }
    }

    /// A logger whose events are kept here.
    package var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let members = metadata.merging(event.metadata ?? [:]) { _, new in new }
            log.events.withLock {
                $0.append(Event(level: event.level, message: "\(event.message)", metadata: members))
            }
        }
    }
}

extension String {
    /// Whether eight characters of a secret that follow one another are in this text; line ends do not count.
    package func holdsPart(of secret: String) -> Bool {
        let (text, secret) = (
            Array(filter { !$0.isNewline }.utf8), Array(secret.filter { !$0.isNewline }.utf8)
        )
        guard secret.count >= 8, text.count >= 8 else { return false }
        let parts = Set((0...secret.count - 8).map { Array(secret[$0..<$0 + 8]) })
        return (0...text.count - 8).contains { parts.contains(Array(text[$0..<$0 + 8])) }
    }

    /// The Base64 lines of a PEM text, what makes the secret of a key.
    package var withoutPEMFrame: String {
        split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
    }
}
