/// Finds the bytes of JSON text that are not plain, eight at a time.
///
/// The tests for a byte in a word are those of https://graphics.stanford.edu/~seander/bithacks.html: the lowest byte that
/// they mark is one, marks above it may be wrong.
enum JSONBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always) private static func quotesOrBackslashes(_ word: UInt64) -> UInt64 {
        let quotes = word ^ 0x2222_2222_2222_2222
        let backslashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
        return ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes) & highBits
    }

    @inline(__always) private static func controls(_ word: UInt64) -> UInt64 {
        (word &- 0x2020_2020_2020_2020) & ~word & highBits
    }

    @inline(__always) private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        return UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// The first place from `start` on of a quote or a backslash; the end when there is none.
    static func endOfText(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place + 8 <= bytes.count {
            let found = quotesOrBackslashes(word(bytes, place))
            if found != 0 { return place + found.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < bytes.count, bytes[place] != 0x22, bytes[place] != 0x5C { place += 1 }
        return place
    }

    /// The first place from `start` on of a quote, a backslash or a control character, the end when there is none; and
    /// whether all bytes before it are ASCII.
    static func endOfPlainText(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (end: Int, isASCII: Bool) {
        var place = start
        var seen: UInt64 = 0
        while place + 8 <= bytes.count {
            let word = word(bytes, place)
            let found = quotesOrBackslashes(word) | controls(word)
            if found != 0 {
                let count = found.trailingZeroBitCount / 8
                seen |= word & ~(UInt64.max << UInt64(8 * count))
                return (place + count, seen & highBits == 0)
            }
            seen |= word
            place += 8
        }
        while place < bytes.count, bytes[place] != 0x22, bytes[place] != 0x5C, bytes[place] >= 0x20 {
            seen |= UInt64(bytes[place])
            place += 1
        }
        return (place, seen & highBits == 0)
    }
}
