/// The sentences in some lines of a mail: an author writes on behind a disclaimer without an empty line between.
struct MailSentences {
    private(set) var ranges: [Range<Int>] = []

    /// More sentences are not told apart: the last has the rest.
    private static let maximumCount = 64
    /// More sentences of the author's own are not looked for at one edge: each asks for the rest to be read again.
    private static let maximumOwn = 8

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound, ranges.count < Self.maximumCount {
            guard let end = Self.end(bytes, at: index, to: range.upperBound) else {
                index += 1
                continue
            }
            ranges.append(start..<end)
            (start, index) = (end, end)
        }
        if start < range.upperBound { ranges.append(start..<range.upperBound) }
    }

    /// Where the sentence that a mark at `index` ends is over, with the blanks behind it; nil where it goes on.
    private static func end(_ bytes: [UInt8], at index: Int, to limit: Int) -> Int? {
        if let length = wideMark(bytes, at: index) {
            return min(bytes.skip(from: index + length, while: ASCII.isWhitespace), limit)
        }
        guard isMark(bytes[index]) else { return nil }
        let last = bytes.skip(from: index + 1) { isMark($0) || $0 == ASCII.closeParen || $0 == ASCII.quote }
        let next = bytes.skip(from: last, while: ASCII.isWhitespace)
        guard next > last, next < limit, !ASCII.isLower(bytes[next]) else { return nil }
        return bytes[index] == ASCII.dot && isAbbreviation(bytes, endingAt: index, before: next) ? nil : next
    }

    /// Whether a full stop ends an abbreviation, such as that of "number" or "doctor".
    private static func isAbbreviation(_ bytes: [UInt8], endingAt end: Int, before next: Int) -> Bool {
        let start = bytes.skipBack(from: end, to: max(0, end - 4), while: ASCII.isWord)
        let before = bytes.peek(start - 1)
        guard start == 0 || ASCII.isWhitespace(before) || before == ASCII.dot || before == ASCII.openParen
        else {
            return false
        }
        switch end - start {
        case 1: return !ASCII.isDigit(bytes[start])
        case 2:
            return ASCII.isUpper(bytes[start]) || ASCII.isLetter(bytes[start]) && ASCII.isDigit(bytes[next])
        case 3, 4: return ASCII.isLetter(bytes[start]) && ASCII.isDigit(bytes[next])
        default: return false
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == ASCII.dot || byte == ASCII.bang || byte == ASCII.question
    }

    /// The length of a full stop, an exclamation or a question mark of East Asian width at `index`.
    private static func wideMark(_ bytes: [UInt8], at index: Int) -> Int? {
        switch bytes[index] {
        case 0xE3 where bytes.hasWord("。", at: index): 3
        case 0xEF where bytes.hasWord("！", at: index) || bytes.hasWord("？", at: index): 3
        default: nil
        }
    }

    // MARK: - Boilerplate among them

    /// From the first sentence to the last that belongs to the boilerplate of these lines; nil if these are all.
    ///
    /// Sentences before and behind it without its signs are the author's own, as long as the rest is still boilerplate.
    func boilerplate(_ mail: MailLines) -> Range<Int>? {
        guard ranges.count > 1, let first = ranges.first, let last = ranges.last else { return nil }
        let whole = first.lowerBound..<last.upperBound
        guard Self.isProse(mail, whole) else { return nil }
        var rest = ranges[...]
        while rest.count > 1, ranges.endIndex - rest.endIndex < Self.maximumOwn,
            !Self.belongs(mail, rest[rest.endIndex - 1]),
            Self.isProse(mail, rest[rest.startIndex].lowerBound..<rest[rest.endIndex - 2].upperBound)
        {
            rest.removeLast()
        }
        while rest.count > 1, rest.startIndex < Self.maximumOwn, !Self.startsBoilerplate(mail, rest),
            Self.isProse(mail, rest[rest.startIndex + 1].lowerBound..<rest[rest.endIndex - 1].upperBound)
        {
            rest.removeFirst()
        }
        let found = rest[rest.startIndex].lowerBound..<rest[rest.endIndex - 1].upperBound
        return found == whole ? nil : found
    }

    /// Whether boilerplate starts with the first of these sentences: "Confidential." starts own words, too.
    private static func startsBoilerplate(_ mail: MailLines, _ sentences: ArraySlice<Range<Int>>) -> Bool {
        guard let first = sentences.first, belongs(mail, first) else { return false }
        var words = MailWords(mail.bytes, first)
        _ = (words.next(), words.next())
        return words.next() != nil || sentences.dropFirst().first.map { belongs(mail, $0) } ?? true
    }

    private static func isProse(_ mail: MailLines, _ range: Range<Int>) -> Bool {
        Boilerplate(mail.bytes, range).isProse || SafetyNotice(mail.bytes, range).isKnown
    }

    /// Whether a sentence at the edge of boilerplate belongs to it: it has signs, a condition for all, or thanks alone.
    private static func belongs(_ mail: MailLines, _ sentence: Range<Int>) -> Bool {
        let notice = SafetyNotice(mail.bytes, sentence)
        if notice.isConditionForAll { return true }
        let weight =
            Boilerplate(mail.bytes, sentence).weight - (notice.tells && !notice.isConditional ? 2 : 0)
        return weight >= 1 || isThanks(mail.bytes, sentence)
    }

    private static func isThanks(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var words = MailWords(bytes, range)
        while let word = words.next() {
            let hash = MailLetter.hash(bytes, word.range)
            guard
                MailVocabulary.closingNouns.contains(hash: hash)
                    || MailVocabulary.closingWords.contains(hash: hash)
            else { return false }
        }
        return true
    }
}
