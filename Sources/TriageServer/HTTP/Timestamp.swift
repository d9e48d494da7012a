internal import Foundation

/// Times on the wire: RFC 3339 in UTC with milliseconds.
enum Timestamp {
    /// Milliseconds since 1970 as text.
    static func text(_ milliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
