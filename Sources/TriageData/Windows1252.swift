/// The encoding that Windows programs in Western Europe and America save text in, a byte a character.
///
/// Latin-1 is the same but for the bytes 0x80 to 0x9F, which are control characters there and in no text.
package enum Windows1252 {
    /// The characters of the bytes 0x80 to 0x9F; 0 where there is none.
    private static let characters: [UInt16] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
        0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0, 0x017E, 0x0178,
    ]

    /// The text in UTF-8; nil when it has a byte without a character.
    package static func utf8(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 8)
        for byte in text {
            let isTyped = (0x80...0x9F).contains(byte)
            let value = isTyped ? characters[Int(byte) - 0x80] : UInt16(byte)
            guard value > 0 || byte == 0, let scalar = Unicode.Scalar(value) else { return nil }
            UTF8.encode(scalar).map { result.append(contentsOf: $0) }
        }
        return result
    }

    // MARK: - Whether text is in this encoding

    /// The bytes beyond ASCII of a text, and how many of them stand where this encoding's characters do not.
    struct Fit {
        var bytes = 0
        var odd = 0

        /// Nine of ten have their place: pairs of bytes (GBK, Shift-JIS), other alphabets and the encodings of DOS and
        /// of old Macs leave far more without one.
        var isGood: Bool { bytes > 0 && odd * 10 <= bytes }

        static func + (first: Fit, second: Fit) -> Fit {
            Fit(bytes: first.bytes + second.bytes, odd: first.odd + second.odd)
        }
    }

    static func fit(_ text: [UInt8]) -> Fit {
        var fit = Fit()
        var start = 0
        while let first = text[start...].firstIndex(where: { $0 >= 0x80 }) {
            let end = text[first...].firstIndex { $0 < 0x80 } ?? text.count
            fit = fit + Fit(bytes: end - first, odd: odd(text, first..<end))
            start = end
        }
        return fit
    }

    /// The odd bytes of a run beyond ASCII.
    private static func odd(_ text: [UInt8], _ run: Range<Int>) -> Int {
        let before = run.lowerBound > 0 ? text[run.lowerBound - 1] : 0x20
        let after = run.upperBound < text.count ? text[run.upperBound] : 0x20
        let first = text[run.lowerBound]
        if run.count > 1, text[run].allSatisfy(isGermanic) { return 0 }
        // A line of dashes or bullets is a long run too.
        if run.count > 3, text[run].contains(where: { $0 != first }) { return run.count }
        let isWord = run.count > 1 && text[run].allSatisfy(isLetter)
        if isWord, !isLetterOfASCII(before), !isLetterOfASCII(after) { return run.count }
        return run.count { place in
            let before = place > run.lowerBound ? text[place - 1] : before
            let after = place + 1 < run.upperBound ? text[place + 1] : after
            return isOdd(text[place], between: before, and: after)
        }
    }

    /// Ä Å Æ Ö Ø Ü ä å æ ö ø ü ß, which stand in a row where people write of these letters; in the Cyrillic encoding of
    /// Windows they are few of many letters.
    private static func isGermanic(_ byte: UInt8) -> Bool {
        switch byte & ~0x20 {
        case 0xC4, 0xC5, 0xC6, 0xD6, 0xD8, 0xDC: true
        default: byte == 0xDF
        }
    }

    private static func isOdd(_ byte: UInt8, between before: UInt8, and after: UInt8) -> Bool {
        let isInside = isLetterOfASCII(before)
        switch byte {
        // No character, or one that nobody types: ƒ ˆ ˜ ÿ.
        case 0x81, 0x8D, 0x8F, 0x90, 0x9D, 0x83, 0x88, 0x98, 0xFF: return true
        // A capital letter behind a small one.
        case 0x8A, 0x8C, 0x8E, 0x9F, 0xC0...0xD6, 0xD8...0xDE: return (0x61...0x7A).contains(before)
        case _ where isLetter(byte): return false
        // A quote that opens low stands before a word.
        case 0x82, 0x84: return isInside || !(isLetterOfASCII(after) || isLetter(after) || isDigit(after))
        case 0x80: return isInside || isLetter(before)
        // Dots, apostrophes, dashes and spaces may stand inside a word.
        case 0x85, 0x91, 0x92, 0x96, 0x97, 0xA0, 0xAD, 0xB4, 0xB7: return false
        default: return isInside && isLetterOfASCII(after)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F: true
        case 0xC0...0xFE: byte != 0xD7 && byte != 0xF7
        default: false
        }
    }

    private static func isLetterOfASCII(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
