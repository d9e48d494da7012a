/// Text that an export wrote with entities, such as "I can&#39;t log in", although it has no tags.
///
/// A text may also talk about entities. An escape is all or nothing: where the same character stands in plain beside
/// its entity, or an entity stands alone like a word, in quotes or in code, the text stays as it is.
struct EscapedText {
    /// Whether entities are evidently not the author's.
    static func isEvident(_ bytes: [UInt8]) -> Bool {
        guard bytes.firstIndex(of: ASCII.ampersand, from: 0) != nil else { return false }
        var text = EscapedText(bytes)
        guard text.readEntities(), text.score >= minimumScore, !text.hasPlainTwins() else { return false }
        return text.score >= minimumScoreOfTalk || !talksAboutCharacters(bytes)
    }

    /// The text with each entity as its character, once.
    static func decoded(_ bytes: [UInt8]) -> MappedText {
        var rewriter = Rewriter(bytes)
        var index = 0
        while index < bytes.count {
            if bytes[index] == ASCII.ampersand, let entity = HTMLEntity(bytes, at: index) {
                rewriter.replace(index..<entity.end, with: entity.utf8)
                index = entity.end
            } else {
                index += 1
            }
        }
        return rewriter.finish()
    }

    /// Two entities, or one inside a word.
    private static let minimumScore = 2
    /// A text that names characters or encodings needs as many as a text throughout escaped has.
    private static let minimumScoreOfTalk = 8
    /// Two entities with so little between them, each like a word, are listed: "&amp; and &lt;".
    private static let maximumListGap = 7

    private let bytes: [UInt8]
    private var score = 0
    /// How often each character is written as an entity.
    private var counts: [UInt32: Int] = [:]
    private var plainAmpersands = 0
    private var lastWord = -maximumListGap

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads all entities; false when one lies in code.
    private mutating func readEntities() -> Bool {
        var index = 0
        var isCode = false
        while index < bytes.count {
            if bytes[index] == ASCII.backtick { isCode.toggle() }
            guard bytes[index] == ASCII.ampersand else {
                index += 1
                continue
            }
            guard let entity = HTMLEntity(bytes, at: index) else {
                plainAmpersands += 1
                index += 1
                continue
            }
            if isCode { return false }
            counts[entity.scalar.value, default: 0] += 1
            score += evidence(entity, at: index)
            index = entity.end
        }
        return true
    }

    /// What one entity adds to the score; a mention takes away.
    private mutating func evidence(_ entity: HTMLEntity, at index: Int) -> Int {
        let (before, after) = (bytes.peek(index - 1), bytes.peek(entity.end))
        if Self.encloses(before, after) { return -3 }
        if before <= ASCII.space, Self.endsWord(after) {
            defer { lastWord = entity.end }
            return wordEvidence(entity, at: index, after)
        }
        if ASCII.isAlphanumeric(before) || ASCII.isAlphanumeric(after) {
            return isInsideWord(entity, before, after) ? 2 : 1
        }
        return 1
    }

    /// An entity that stands like a word: a sign may, a quote, an apostrophe or most letters may not.
    private func wordEvidence(_ entity: HTMLEntity, at index: Int, _ after: UInt8) -> Int {
        if entity.scalar == " " {
            return bytes.peek(index - 1) == ASCII.space || after == ASCII.space ? 0 : 1
        }
        if index - lastWord <= Self.maximumListGap || after > ASCII.space { return -2 }
        if entity.scalar == "&", isBetweenNames(index..<entity.end) { return 2 }
        return Self.evidenceOfWord(entity.scalar.value)
    }

    /// Whether the words on both sides have a capital, as in "Sales &amp; Support".
    private func isBetweenNames(_ range: Range<Int>) -> Bool {
        let end = max(range.lowerBound - 1, 0)
        let start = bytes.skipBack(from: end, to: max(0, end - 32), while: ASCII.isWord)
        return start < end && ASCII.isUpper(bytes[start]) && ASCII.isUpper(bytes.peek(range.upperBound + 1))
    }

    private static func evidenceOfWord(_ value: UInt32) -> Int {
        switch value {
        case 0x26, 0x3C, 0x3E, 0x2013, 0x2014, 0x2022, 0x2026, 0x20AC: 1
        // Words of one letter: à, á, è, é, ì, í, ò and ó in French, Italian, Portuguese, Spanish and Czech.
        case 0xC0, 0xC1, 0xC8, 0xC9, 0xE0, 0xE1, 0xE8, 0xE9, 0xEC, 0xED, 0xF2, 0xF3: 1
        case 0x22, 0x27, 0xAD, 0x200C, 0x200D, 0x2018...0x201E: -2
        // The addresses of variables look alike: "p = &times;".
        default: Scalars.scalarClass(value) == .word ? -2 : 0
        }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.comma, ASCII.dot, ASCII.colon, ASCII.semicolon, ASCII.question, ASCII.bang,
            ASCII.closeParen:
            true
        default: byte <= ASCII.space
        }
    }

    /// Whether quotes or brackets stand on both sides.
    private static func encloses(_ before: UInt8, _ after: UInt8) -> Bool {
        switch (before, after) {
        case (ASCII.quote, ASCII.quote), (ASCII.apostrophe, ASCII.apostrophe),
            (ASCII.openParen, ASCII.closeParen),
            (ASCII.openBracket, ASCII.closeBracket):
            true
        // The last bytes of “, „, « and the first of ”, “, ».
        case (0x9C, 0xE2), (0x9E, 0xE2), (0xAB, 0xC2): true
        default: false
        }
    }

    /// Whether a letter, an apostrophe, an "&" or a hyphen nobody sees stands inside a word, where no author writes
    /// its entity.
    private func isInsideWord(_ entity: HTMLEntity, _ before: UInt8, _ after: UInt8) -> Bool {
        let isEnclosed = ASCII.isAlphanumeric(before) && ASCII.isAlphanumeric(after)
        switch entity.scalar.value {
        case 0x26:
            // "&amp;#39;" was escaped twice: the ";" of "&amp;" takes the place of the second "&".
            let isDouble = HTMLEntity(bytes, at: entity.end - 1) != nil
            return isDouble ? ASCII.isAlphanumeric(before) : isEnclosed
        case 0x27, 0xAD, 0x200B...0x200D, 0x2019: return isEnclosed
        default: return Scalars.scalarClass(entity.scalar.value) == .word
        }
    }

    // MARK: - What speaks against an escape

    /// Whether characters stand in plain too, at least a quarter as often as their entities.
    private func hasPlainTwins() -> Bool {
        var plain: [UInt32: Int] = [0x26: plainAmpersands]
        var index = 0
        while index < bytes.count {
            let (scalar, length) = Scalars.decode(bytes, at: index)
            if counts[scalar] != nil, scalar > 0x20, scalar != 0x26, !isQuoteMark(scalar, at: index) {
                plain[scalar, default: 0] += 1
            }
            index += length
        }
        return plain.contains { scalar, count in count > 0 && count * 4 >= counts[scalar] ?? .max / 4 }
    }

    /// Whether a ">" marks a quoted line.
    private func isQuoteMark(_ scalar: UInt32, at index: Int) -> Bool {
        guard scalar == 0x3E else { return false }
        let before = bytes.peek(index - 1)
        return before == 0 || before == ASCII.newline || before == ASCII.greater
    }

    /// Words for encodings and for the characters that are escaped, in several languages.
    private static let talk: [StaticString] = [
        "entit", "encod", "escap", "charset", "umlaut", "sonderzeichen", "special char", "html code",
        "html-code",
        "ampersand", "apostroph", "quotation mark", "guillemet", "caractères sp", "caracteres esp",
        "caratteri spec",
        "leestekens", "htmlspecialchars",
    ]

    private static func talksAboutCharacters(_ bytes: [UInt8]) -> Bool {
        bytes.indices.contains { index in
            ASCII.isLetter(bytes[index]) && !ASCII.isWord(bytes.peek(index - 1))
                && talk.contains { bytes.hasWord($0, at: index) }
        }
    }
}
