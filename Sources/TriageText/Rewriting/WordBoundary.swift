/// Where the word around an identifier goes on, and where another script ends it.
///
/// Identifiers are written with ASCII letters and digits, and accented Latin letters belong to the same words:
/// "é1234" is one word. A Chinese, Thai, Arabic or Cyrillic letter beside a number or an address does not
/// continue it, and neither does a symbol such as "€" or "。": texts without spaces put them side by side.
extension [UInt8] {
    /// Whether a Latin letter, a mark on one, or an ASCII digit starts at `index`.
    @inline(__always) func startsWord(at index: Int) -> Bool {
        let byte = peek(index)
        return byte < 0x80 ? ASCII.isAlphanumeric(byte) : isLatin(at: index)
    }

    /// Whether a Latin letter, a mark on one, or an ASCII digit ends at `index`.
    @inline(__always) func endsWord(before index: Int) -> Bool {
        let byte = peek(index - 1)
        return byte < 0x80 ? ASCII.isAlphanumeric(byte) : isLatin(at: startOfScalar(before: index))
    }

    /// Whether a character outside ASCII that is no Latin letter starts at `index`: it ends every identifier.
    func isForeign(at index: Int) -> Bool { peek(index) >= 0x80 && !isLatin(at: index) }

    /// Whether a letter or digit of another script starts at `index`, and no mark such as "。" or "€".
    func isForeignLetter(at index: Int) -> Bool {
        guard isForeign(at: index) else { return false }
        let kind = Scalars.scalarClass(Scalars.decode(self, at: index).scalar)
        return kind == .word || kind == .ideograph
    }

    /// Whether the letters on both sides of `index` belong to one word: of the same kind, in a script with spaces.
    func isInsideWord(at index: Int) -> Bool {
        if endsWord(before: index) { return startsWord(at: index) }
        guard index > 0, index < count, isSpacedLetter(at: index) else { return false }
        return isSpacedLetter(at: startOfScalar(before: index))
    }

    /// Whether a letter of another script that separates its words by spaces starts at `index`.
    func isSpacedLetter(at index: Int) -> Bool { isForeignLetter(at: index) && !isUnspaced(at: index) }

    /// Whether the script of the character at `index` is written without spaces or joins its particles to words:
    /// Thai, Lao, Myanmar, Khmer, Chinese, Japanese, Korean.
    func isUnspaced(at index: Int) -> Bool {
        let second = peek(index + 1)
        switch peek(index) {
        case 0xE0: return second >= 0xB8 && second <= 0xBB
        case 0xE1: return second >= 0x80 && second <= 0x87 || second == 0x9E || second == 0x9F
        case 0xE3...0xED: return true
        case 0xF0: return second >= 0xA0 && second <= 0xAF
        default: return false
        }
    }

    /// The end of the ASCII letters from `index` on, sixteen at most.
    func endOfLetters(from index: Int) -> Int {
        var end = index
        while end < index + 16, ASCII.isLetter(peek(end)) { end += 1 }
        return end
    }

    /// The start of the ASCII letters that end at `index`, sixteen at most.
    func startOfLetters(before index: Int, to limit: Int) -> Int {
        skipBack(from: index, to: Swift.max(limit, index - 16), while: ASCII.isLetter)
    }

    /// The end of the character at `index`.
    func endOfScalar(at index: Int) -> Int {
        var end = index + 1
        while end < index + 4, peek(end) & 0xC0 == 0x80 { end += 1 }
        return end
    }

    /// The end of the run from `index` of Latin letters, ASCII digits and the ASCII bytes that satisfy `isPart`.
    func endOfWord(from index: Int, to limit: Int, or isPart: (UInt8) -> Bool) -> Int {
        var position = index
        while position < limit {
            let byte = self[position]
            if byte < 0x80 {
                guard ASCII.isAlphanumeric(byte) || isPart(byte) else { break }
                position += 1
            } else {
                guard isLatin(at: position) else { break }
                position = endOfScalar(at: position)
            }
        }
        return Swift.min(position, limit)
    }

    /// The start of the run that ends at `index`, as `endOfWord` finds its end.
    func startOfWord(endingAt index: Int, to limit: Int, or isPart: (UInt8) -> Bool) -> Int {
        var position = index
        while position > limit {
            let byte = self[position - 1]
            if byte < 0x80 {
                guard ASCII.isAlphanumeric(byte) || isPart(byte) else { break }
                position -= 1
            } else {
                let start = startOfScalar(before: position)
                guard start >= limit, isLatin(at: start) else { break }
                position = start
            }
        }
        return position
    }

    /// The first byte of the character that ends at `index`; of broken text, the byte before `index`.
    func startOfScalar(before index: Int) -> Int {
        var start = index - 1
        while start > index - 4, peek(start) & 0xC0 == 0x80 { start -= 1 }
        return peek(start) >= 0xC0 ? start : index - 1
    }

    /// Whether the character outside ASCII at `index` is a Latin letter or a combining mark.
    ///
    /// U+00C0 to U+036F without the signs for times and divided by, U+1D00 to U+1EFF, the ligatures from U+FB00,
    /// and the ordinal indicators and the micro sign.
    private func isLatin(at index: Int) -> Bool {
        let second = peek(index + 1)
        switch peek(index) {
        case 0xC2: return second == 0xAA || second == 0xB5 || second == 0xBA
        case 0xC3: return second != 0x97 && second != 0xB7
        case 0xC4...0xCC: return true
        case 0xCD: return second < 0xB0
        case 0xE1: return second >= 0xB4 && second <= 0xBB
        case 0xEF: return second == 0xAC && peek(index + 2) < 0x87
        default: return false
        }
    }
}
