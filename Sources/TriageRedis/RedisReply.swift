internal import CHiredis

package enum RedisReply: Sendable, Equatable {
    /// A short word such as OK.
    case status(String)
    case bytes([UInt8])
    case integer(Int64)
    case null
    case array([RedisReply])
    /// An error that begins with its code, such as `WRONGPASS …`.
    case error(String)

    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    package var elements: [RedisReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

/// Parses replies from a stream of bytes, with hiredis.
struct ReplyParser: ~Copyable {
    /// The limit of one unfinished reply, in bytes.
    static let maximumReply = 1 << 20

    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        guard let reader = redisReaderCreate() else {
            preconditionFailure("no memory for a parser of replies")
        }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard let start = bytes.baseAddress else { return }
        guard reader.pointee.len - reader.pointee.pos + bytes.count <= Self.maximumReply else {
            throw .malformed(reason: "a reply over \(Self.maximumReply) bytes")
        }
        let code = redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count)
        guard code == REDIS_OK else { throw .malformed(reason: errorMessage) }
    }

    /// The next whole reply; nil when more bytes are needed.
    func next() throws(RedisError) -> RedisReply? {
        var found: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &found) == REDIS_OK else { throw .malformed(reason: errorMessage) }
        guard let found else { return nil }
        defer { freeReplyObject(found) }
        return RedisReply(found.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var errorMessage: String {
        withUnsafeBytes(of: reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension RedisReply {
    init(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_STATUS: self = .status(reply.text)
        case REDIS_REPLY_ERROR: self = .error(reply.text)
        case REDIS_REPLY_STRING: self = .bytes(reply.bytes)
        case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: reply.elements)
            self = .array(elements.map { $0.map { RedisReply($0.pointee) } ?? .null })
        default: self = .null
        }
    }
}

extension redisReply {
    fileprivate var bytes: [UInt8] {
        str.map { Array(UnsafeRawBufferPointer(start: $0, count: len)) } ?? []
    }

    fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}
