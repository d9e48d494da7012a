/// Characters that people and mail programs put where numbers, addresses and quotes have an ASCII one.
package enum Confusables {
    /// The text as the scanner reads it, with a map to the source; without such a character the source itself.
    ///
    /// Digits of every script, full-width letters, wide and typographic spaces, dashes and quotes become their
    /// ASCII equivalents, and invisible characters go. Full-width commas, semicolons and exclamation marks stay:
    /// they end an identifier, which their ASCII equivalents do not always.
    package static func fold(_ text: [UInt8]) -> MappedText {
        guard text.reduce(0, |) >= 0x80 else { return MappedText(text) }
        var rewriter = Rewriter(text)
        var index = 0
        while index < text.count {
            guard mayFold[Int(text[index])], let (length, byte) = equivalent(in: text, at: index) else {
                index = text[index] < 0x80 ? text.skipPrintable(from: index + 1) : index + 1
                continue
            }
            if byte == invisible {
                rewriter.drop(index..<index + length)
            } else {
                rewriter.replace(index..<index + length, with: CollectionOfOne(byte))
            }
            index += length
        }
        return rewriter.finish()
    }

    /// The equivalent of characters that are not seen.
    private static let invisible: UInt8 = 0

    /// The leading bytes of characters that may have an equivalent.
    private static let mayFold: [Bool] = (0..<256).map {
        [0xC2, 0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0].contains($0)
    }

    /// The length of the character at `index` and its ASCII equivalent, if it has one.
    private static func equivalent(in text: [UInt8], at index: Int) -> (length: Int, byte: UInt8)? {
        let second = text.peek(index + 1)
        let third = text.peek(index + 2)
        switch text[index] {
        case 0xC2: return latinMark(second).map { (2, $0) }
        // Arabic-Indic, Extended Arabic-Indic and N'Ko digits.
        case 0xD9: return digit(second, after: 0xA0).map { (2, $0) }
        case 0xDB: return digit(second, after: 0xB0).map { (2, $0) }
        case 0xDF: return digit(second, after: 0x80).map { (2, $0) }
        case 0xE0: return indicDigit(second, third).map { (3, $0) }
        case 0xE1: return southEastAsianDigit(second, third).map { (3, $0) }
        case 0xE2: return punctuation(second, third).map { (3, $0) }
        case 0xE3: return ideographicMark(in: text, at: index).map { (3, $0) }
        case 0xEF: return wideForm(second, third).map { (3, $0) }
        // Mathematical digits, U+1D7CE to U+1D7FF: five sets of ten.
        case 0xF0:
            guard second == 0x9D, third == 0x9F, text.peek(index + 3) &- 0x8E < 50 else { return nil }
            return (4, ASCII.zero + (text[index + 3] &- 0x8E) % 10)
        default: return nil
        }
    }

    /// The digit whose last byte lies at most nine after that of its script's zero.
    private static func digit(_ byte: UInt8, after zero: UInt8) -> UInt8? {
        byte &- zero < 10 ? ASCII.zero + (byte &- zero) : nil
    }

    /// No-break space, soft hyphen and guillemets.
    private static func latinMark(_ second: UInt8) -> UInt8? {
        switch second {
        case 0xA0: ASCII.space
        case 0xAD: invisible
        case 0xAB, 0xBB: ASCII.quote
        default: nil
        }
    }

    /// Digits of the Indian scripts (U+0966, U+09E6, … U+0DE6), of Thai, Lao and Tibetan.
    private static func indicDigit(_ second: UInt8, _ third: UInt8) -> UInt8? {
        switch second {
        case 0xA5...0xB7 where second & 1 == 1: digit(third, after: 0xA6)
        case 0xB9, 0xBB: digit(third, after: 0x90)
        case 0xBC: digit(third, after: 0xA0)
        default: nil
        }
    }

    /// Digits of Myanmar, Khmer and Mongolian.
    private static func southEastAsianDigit(_ second: UInt8, _ third: UInt8) -> UInt8? {
        switch second {
        case 0x81: digit(third, after: 0x80)
        case 0x9F: digit(third, after: 0xA0)
        case 0xA0: digit(third, after: 0x90)
        default: nil
        }
    }

    /// General punctuation (U+2000 to U+206F) and the minus sign.
    private static func punctuation(_ second: UInt8, _ third: UInt8) -> UInt8? {
        switch (second, third) {
        case (0x80, 0x80...0x8A), (0x80, 0xAF), (0x81, 0x9F): ASCII.space
        case (0x80, 0x8B...0x8F), (0x80, 0xAA...0xAE), (0x81, 0xA0...0xAF): invisible
        case (0x80, 0x90...0x95), (0x88, 0x92): ASCII.dash
        case (0x80, 0x98...0x9B), (0x80, 0xB9...0xBA): ASCII.apostrophe
        case (0x80, 0x9C...0x9F): ASCII.quote
        case (0x80, 0xA8...0xA9): ASCII.newline
        default: nil
        }
    }

    /// The ideographic space, corner brackets, and the long-vowel mark where it stands as a dash between digits.
    private static func ideographicMark(in text: [UInt8], at index: Int) -> UInt8? {
        switch (text.peek(index + 1), text.peek(index + 2)) {
        case (0x80, 0x80): ASCII.space
        case (0x80, 0x8C...0x8F): ASCII.quote
        case (0x83, 0xBC) where isWideOrPlainDigit(text, at: index + 3): ASCII.dash
        default: nil
        }
    }

    private static func isWideOrPlainDigit(_ text: [UInt8], at index: Int) -> Bool {
        ASCII.isDigit(text.peek(index))
            || text.peek(index) == 0xEF && text.peek(index + 1) == 0xBC && text.peek(index + 2) &- 0x90 < 10
    }

    /// Full-width letters and digits and the marks that stand inside identifiers, small forms, the byte order mark.
    private static func wideForm(_ second: UInt8, _ third: UInt8) -> UInt8? {
        let plain: UInt8
        switch (second, third) {
        case (0xBB, 0xBF): return invisible
        case (0xB9, 0xA3): return ASCII.dash
        case (0xB9, 0xAB): return ASCII.at
        case (0xBC, 0x81...0xBF): plain = third &- 0x60
        case (0xBD, 0x80...0x9E): plain = third &- 0x20
        default: return nil
        }
        switch plain {
        case ASCII.at, ASCII.colon, ASCII.dash, ASCII.dot, ASCII.slash, ASCII.underscore, ASCII.plus,
            ASCII.equals,
            ASCII.hash, ASCII.percent, ASCII.ampersand, ASCII.openParen, ASCII.closeParen:
            return plain
        default: return ASCII.isAlphanumeric(plain) ? plain : nil
        }
    }
}
