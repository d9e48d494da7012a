import Foundation
import TriageData
import TriageTelemetry

/// A socket that keeps the bounds of what is written, so that one read is one `write(2)`.
final class LineSocket: Sendable {
    let sink: LogSink
    private let ends: [Int32]

    init() {
        var ends: [Int32] = [0, 0]
        let result = socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &ends)
        precondition(result == 0, "socketpair: \(errno)")
        self.ends = ends
        sink = LogSink(descriptor: ends[0])
    }

    deinit { ends.forEach { close($0) } }

    /// What the next write wrote; nil when there was none.
    func write() -> String? {
        sink.flush(within: .seconds(10))
        var bytes = [UInt8](repeating: 0, count: 262_144)
        let count = recv(ends[1], &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    /// The object that the next write holds.
    func object() -> JSONValue? { write().flatMap { JSONValue(parsing: $0.utf8) } }
}
