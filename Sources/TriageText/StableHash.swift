/// The hash that turns n-grams into buckets.
///
/// Frozen: changing a constant breaks every saved bundle.
///
/// Input bytes are taken eight at a time, little-endian, the last group padded with zeros; the length at the end
/// tells padding from NUL bytes. Each group is mixed by a multiplication and a shift that folds the high half down;
/// the top bits are the best ones, so a table of 2^b buckets uses `hash >> (64 - b)`.
package enum StableHash {
    /// The contract's name, written to each bundle's manifest.
    package static let contract = "triage-hash-1"

    /// What is hashed; equal bytes of different kinds land in different buckets.
    package enum Kind: UInt64, Sendable {
        case word = 0x8F3A_91D6_5C07_E2B5
        /// Two adjacent words.
        case wordPair = 0x3C6E_F372_FE94_F82B
        /// Some characters inside a word.
        case characters = 0xA54F_F53A_5F1D_36F1
        /// One word of the subject, kept apart from the body's.
        case subjectWord = 0x510E_527F_ADE6_82D1
    }

    @inline(__always)
    static func mix(_ state: UInt64, _ group: UInt64) -> UInt64 {
        let product = (state ^ group) &* 0x9FB2_1C65_1E98_DF25
        return product ^ (product >> 32)
    }

    @inline(__always)
    static func finish(_ state: UInt64, length: Int) -> UInt64 {
        let product = (state ^ UInt64(truncatingIfNeeded: length)) &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 32)
    }

    /// The hash of up to eight bytes packed little-endian into `packed`; bytes past `length` are zero.
    @inline(__always)
    static func hash(packed: UInt64, length: Int, kind: Kind) -> UInt64 {
        finish(mix(kind.rawValue, packed), length: length)
    }

    /// The hash of `bytes`: the same as `hash(packed:length:kind:)` where both apply.
    package static func hash(_ bytes: some Collection<UInt8>, kind: Kind) -> UInt64 {
        var hash = Accumulator(kind)
        for byte in bytes { hash.add(byte) }
        return hash.finished
    }

    /// The hash of the bytes `range` of a buffer that goes on for eight more: the same as `hash(_:kind:)`.
    @inline(__always)
    static func hash(_ range: Range<Int>, of buffer: RawSpan, kind: Kind) -> UInt64 {
        var state = kind.rawValue
        var start = range.lowerBound
        while range.upperBound - start > 8 {
            state = mix(state, group(buffer, start, 8))
            start += 8
        }
        return finish(mix(state, group(buffer, start, range.upperBound - start)), length: range.count)
    }

    /// `count` bytes, at most eight, little-endian, padded with zeros; the buffer goes on for eight bytes from `start`.
    @inline(__always)
    static func group(_ buffer: RawSpan, _ start: Int, _ count: Int) -> UInt64 {
        precondition(start >= 0 && start + 8 <= buffer.byteCount, "byte \(start) of \(buffer.byteCount)")
        let eight = UInt64(
            littleEndian: buffer.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self))
        return count < 8 ? eight & (1 << UInt64(8 * count) - 1) : eight
    }

    /// Bytes that arrive one by one.
    struct Accumulator {
        private var state: UInt64
        private var group: UInt64 = 0
        private var length = 0

        init(_ kind: Kind) { state = kind.rawValue }

        @inline(__always)
        mutating func add(_ byte: UInt8) {
            group |= UInt64(byte) << UInt64(8 * (length & 7))
            length += 1
            if length & 7 == 0 {
                state = mix(state, group)
                group = 0
            }
        }

        var finished: UInt64 {
            let isPartial = length & 7 != 0 || length == 0
            return finish(isPartial ? mix(state, group) : state, length: length)
        }
    }

    /// The hash of two adjacent words from the hashes of each.
    @inline(__always)
    package static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        finish(mix(mix(Kind.wordPair.rawValue, first), second), length: 2)
    }
}
