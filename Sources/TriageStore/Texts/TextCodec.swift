internal import CZlib
internal import TriageTickets

/// How a kept text lies in its row; each row names its own, so that rows of older versions stay readable.
enum TextCodec: Int, Sendable {
    /// Subject, body and answer in a column each, as they are.
    case plain = 0
    /// All three in the column `answer`: their lengths and bytes in one raw DEFLATE stream (RFC 1951) with the first
    /// dictionary, behind the number of bytes that it unpacks to.
    case deflate = 1
}

extension TextCodec {
    /// Level 1 gives 4 % more bytes than level 4 on tickets of 100 words, in three quarters of the time.
    private static let level: Int32 = 1
    /// A window of 8 KB, of which the dictionary and a usual text take half; negative for a stream without header.
    private static let windowBits: Int32 = -13
    /// A text with its answer is smaller by far: the request that it came with was.
    private static let maximumBytes = 1 << 30
    private static let lengthBytes = 4

    /// The bytes of a packed text; nil when there is no memory for that.
    static func pack(_ record: TextRecord) -> [UInt8]? {
        let fields = record.text.masked
        var plain: [UInt8] = []
        plain.reserveCapacity(
            2 * lengthBytes + fields.subject.count + fields.body.count + record.answer.count)
        append(fields.subject.count, to: &plain)
        append(fields.body.count, to: &plain)
        plain += fields.subject
        plain += fields.body
        plain += record.answer
        return deflate(plain)
    }

    /// The text of packed bytes; nil when they were damaged.
    static func unpack(_ packed: [UInt8], wasCut: Bool) -> TextRecord? {
        guard let plain = inflate(packed), plain.count >= 2 * lengthBytes else { return nil }
        let subject = 2 * lengthBytes + length(plain, at: 0)
        let body = subject + length(plain, at: lengthBytes)
        guard body <= plain.count else { return nil }
        return TextRecord(
            subject: Array(plain[2 * lengthBytes..<subject]), body: Array(plain[subject..<body]),
            wasCut: wasCut, answer: Array(plain[body...]))
    }

    private static func append(_ count: Int, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func length(_ bytes: [UInt8], at place: Int) -> Int {
        (0..<lengthBytes).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }

    private static func deflate(_ plain: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(&stream, level, Z_DEFLATED, windowBits, 6, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        deflateSetDictionary(&stream, TextDictionary.first, UInt32(TextDictionary.first.count))
        var packed: [UInt8] = []
        append(plain.count, to: &packed)
        let bound = Int(deflateBound(&stream, UInt(plain.count)))
        return packed + run(&stream, plain, capacity: bound) { CZlib.deflate(&$0, Z_FINISH) }
    }

    private static func inflate(_ packed: [UInt8]) -> [UInt8]? {
        guard packed.count > lengthBytes else { return nil }
        let count = length(packed, at: 0)
        guard count <= maximumBytes else { return nil }
        var stream = z_stream()
        guard
            inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        inflateSetDictionary(&stream, TextDictionary.first, UInt32(TextDictionary.first.count))
        var outcome = Z_OK
        let plain = run(&stream, Array(packed[lengthBytes...]), capacity: count) {
            outcome = CZlib.inflate(&$0, Z_FINISH)
        }
        return outcome == Z_STREAM_END && plain.count == count ? plain : nil
    }

    /// What a stream makes of `input`, at most `capacity` bytes.
    private static func run(
        _ stream: inout z_stream, _ input: [UInt8], capacity: Int, _ body: (inout z_stream) -> Void
    ) -> [UInt8] {
        var input = input
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, written in
            input.withUnsafeMutableBufferPointer { input in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(capacity))
                body(&stream)
                written = capacity - Int(stream.avail_out)
            }
        }
    }
}
