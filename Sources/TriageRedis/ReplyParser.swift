internal import CHiredis

/// Replies out of a stream of bytes, read by hiredis.
struct ReplyParser: ~Copyable {
    /// Bytes of one unfinished reply that are held at most.
    static let largestReply = 1 << 20

    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        guard let reader = redisReaderCreate() else {
            preconditionFailure("no memory for a reader of replies")
        }
        self.reader = reader
    }

    deinit { redisReaderFree(reader) }

    /// Takes the next bytes of the stream.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        guard let start = bytes.baseAddress else { return }
        guard reader.pointee.len - reader.pointee.pos + bytes.count <= Self.largestReply else {
            throw .malformed(reason: "a reply of over \(Self.largestReply) bytes")
        }
        let code = redisReaderFeed(reader, start.assumingMemoryBound(to: CChar.self), bytes.count)
        guard code == REDIS_OK else { throw .malformed(reason: fault) }
    }

    /// The next whole reply; nil when more bytes are needed.
    func next() throws(RedisError) -> RedisReply? {
        var found: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &found) == REDIS_OK else { throw .malformed(reason: fault) }
        guard let found else { return nil }
        defer { freeReplyObject(found) }
        return RedisReply(found.assumingMemoryBound(to: redisReply.self).pointee)
    }

    /// The parser's own words for what is wrong.
    private var fault: String {
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
