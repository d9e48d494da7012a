package import Logging
internal import Synchronization

/// What a logger was given: a line for each event, with its level, message and metadata.
package final class RecordedLog: Sendable {
    private let held = Mutex<[String]>([])

    /// Nothing yet.
    package init() {}

    /// The lines so far.
    package var lines: [String] { held.withLock { $0 } }

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
            log.held.withLock { $0.append("\(event.level) \(event.message) \(members)") }
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
