/// What a Redis server answers.
package enum RedisReply: Sendable, Equatable {
    /// A short word such as OK.
    case status(String)
    /// Bytes.
    case bytes([UInt8])
    /// A whole number.
    case integer(Int64)
    /// Nothing.
    case null
    /// Several replies.
    case array([RedisReply])
    /// An error, first its kind, such as `WRONGPASS …`.
    case error(String)

    /// The number, when this is one.
    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// Several replies, when this is that.
    package var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
