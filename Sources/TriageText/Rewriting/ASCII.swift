internal import Glibc

/// Names and classes for the bytes the rewriting stages look at.
///
/// `isWord` counts bytes of 0x80 and above as letters, which finds whole words of any script. Where an identifier
/// may begin or end is another question: see `startsWord(at:)` and `endsWord(before:)`.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let newline: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let hash: UInt8 = 0x23
    static let dollar: UInt8 = 0x24
    static let percent: UInt8 = 0x25
    static let ampersand: UInt8 = 0x26
    static let apostrophe: UInt8 = 0x27
    static let openParen: UInt8 = 0x28
    static let closeParen: UInt8 = 0x29
    static let star: UInt8 = 0x2A
    static let plus: UInt8 = 0x2B
    static let comma: UInt8 = 0x2C
    static let dash: UInt8 = 0x2D
    static let dot: UInt8 = 0x2E
    static let slash: UInt8 = 0x2F
    static let zero: UInt8 = 0x30
    static let one: UInt8 = 0x31
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let less: UInt8 = 0x3C
    static let equals: UInt8 = 0x3D
    static let greater: UInt8 = 0x3E
    static let question: UInt8 = 0x3F
    static let bang: UInt8 = 0x21
    static let at: UInt8 = 0x40
    static let openBracket: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closeBracket: UInt8 = 0x5D
    static let underscore: UInt8 = 0x5F
    static let backtick: UInt8 = 0x60
    static let openBrace: UInt8 = 0x7B
    static let pipe: UInt8 = 0x7C
    static let closeBrace: UInt8 = 0x7D
    static let tilde: UInt8 = 0x7E

    /// The byte with an ASCII capital letter made small; other bytes unchanged.
    @inline(__always) static func lower(_ byte: UInt8) -> UInt8 {
        isUpper(byte) ? byte | 0x20 : byte
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always) static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

    @inline(__always) static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    @inline(__always) static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }

    /// An ASCII letter or digit, or any byte of a character outside ASCII.
    @inline(__always) static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte >= 0x80 }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    @inline(__always) static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == space || byte &- 0x09 < 5
    }
}

extension [UInt8] {
    /// The byte at `index`, or 0 outside the array: lets patterns look around without range checks.
    @inline(__always) func peek(_ index: Int) -> UInt8 {
        index >= 0 && index < count ? self[index] : 0
    }

    /// The four bytes that end at `end`, packed little-endian with ASCII letters small; zeros before the first byte.
    ///
    /// Other bytes are changed too: only keys made the same way can be compared.
    @inline(__always) func lastFour(before end: Int) -> UInt32 {
        guard end >= 4, end <= count else { return lastFourNearStart(end) }
        let four = span.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: end - 4, as: UInt32.self)
        return UInt32(littleEndian: four) | 0x2020_2020
    }

    private func lastFourNearStart(_ end: Int) -> UInt32 {
        (end - 4..<end).reduce(0) { $0 >> 8 | UInt32(peek($1) | 0x20) << 24 }
    }

    /// Whether the bytes from `index` on are `text`, which must be given in small letters, ignoring ASCII case.
    @inline(__always) func hasWord(_ text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index >= 0, index + length <= count else { return false }
        // Nearly all that is compared differs in its first byte.
        return length == 0
            || ASCII.lower(self[index]) == text.utf8Start.pointee && hasRest(of: text, at: index)
    }

    private func hasRest(of text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { wanted in
            for offset in 1..<wanted.count where ASCII.lower(self[index + offset]) != wanted[offset] {
                return false
            }
            return true
        }
    }

    /// Whether the bytes of `range` end with `text` (small letters), ignoring ASCII case.
    @inline(__always) func hasWord(_ text: StaticString, endingAt end: Int) -> Bool {
        hasWord(text, at: end - text.utf8CodeUnitCount)
    }

    /// The first index at or after `index` whose byte does not satisfy `condition`.
    @inline(__always) func skip(from index: Int, while condition: (UInt8) -> Bool) -> Int {
        precondition(index >= 0)
        let bytes = span
        var position = index
        while position < bytes.count, condition(bytes[unchecked: position]) { position += 1 }
        return position
    }

    /// The end of the printable ASCII from `index` on, in steps of eight bytes: where it ends, fewer may follow.
    @inline(__always) func skipPrintable(from index: Int) -> Int {
        let bytes = span.bytes
        var position = index
        while position + 8 <= count {
            let group = StableHash.group(bytes, position, 8)
            // The high bit of a byte outside ASCII, of one below the space, and of 0x7F.
            let other = group | (group &- 0x2020_2020_2020_2020) | (group &+ 0x0101_0101_0101_0101)
            guard other & 0x8080_8080_8080_8080 == 0 else { break }
            position += 8
        }
        return position
    }

    /// The first index at or after `index` that holds `byte`.
    ///
    /// The C library reads many bytes at once: several times faster than a loop.
    func firstIndex(of byte: UInt8, from index: Int) -> Int? {
        firstIndex(of: byte, in: index..<Swift.max(index, count))
    }

    /// The first index in a range that holds `byte`.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard range.lowerBound >= 0, range.upperBound <= count, !range.isEmpty else { return nil }
        return withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = memchr(base + range.lowerBound, Int32(byte), range.count)
            else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Whether `condition` holds at an index in a range that holds `byte`.
    func contains(_ byte: UInt8, in range: Range<Int>, where condition: (Int) -> Bool) -> Bool {
        var start = range.lowerBound
        while let index = firstIndex(of: byte, in: start..<range.upperBound) {
            if condition(index) { return true }
            start = index + 1
        }
        return false
    }

    /// The start of the run of bytes satisfying `condition` that ends at `index`, not going below `limit`.
    @inline(__always) func skipBack(from index: Int, to limit: Int, while condition: (UInt8) -> Bool) -> Int {
        var position = index
        while position > limit, condition(self[position - 1]) { position -= 1 }
        return position
    }
}

extension Span<UInt8> {
    /// The end of the ASCII letters that begin at `index`.
    ///
    /// Eight bytes are tested at a time, without a branch for each letter.
    @inline(__always) func skipLetters(from index: Int) -> Int {
        var position = index
        while position + 8 <= count {
            let group = StableHash.group(bytes, position, 8) | 0x2020_2020_2020_2020
            let low = group & 0x7F7F_7F7F_7F7F_7F7F
            // The high bit of each byte from "a" on, and of each behind "z".
            let (fromA, behindZ) = (low &+ 0x1F1F_1F1F_1F1F_1F1F, low &+ 0x0505_0505_0505_0505)
            let others = (~fromA | behindZ | group) & 0x8080_8080_8080_8080
            guard others == 0 else { return position + others.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count, ASCII.isLetter(self[unchecked: position]) { position += 1 }
        return position
    }

    /// The byte at `index`, or 0 outside the bytes.
    @inline(__always) func peek(_ index: Int) -> UInt8 {
        index >= 0 && index < count ? self[unchecked: index] : 0
    }
}
