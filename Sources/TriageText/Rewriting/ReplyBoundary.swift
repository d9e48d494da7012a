/// Lines that start somebody else's mail; `end` is the line after what belongs to the mark itself.
enum ReplyBoundary {
    /// "---------- Forwarded message ----------" with the head below it.
    case forwarded(MailHead)
    /// A complete head, with or without "-----Original Message-----", as programs write it for
    /// replies and forwards alike.
    case original(MailHead)
    /// "On …, NAME <address> wrote:", which starts at `start`.
    case attribution(start: Int, end: Int)
    /// "##- Please type your reply above this line -##".
    case replyMarker(end: Int)

    /// Reads the mark at a line, of which the part behind ">" counts; nil if there is none.
    ///
    /// An attribution may be broken over three lines, the first not above `limit`, and is found at
    /// its last.
    init?(_ mail: MailLines, at line: Int, from limit: Int) {
        self.init(mail, at: line, mail.content(line), from: limit)
    }

    /// The same for a line whose part behind ">" is known.
    init?(_ mail: MailLines, at line: Int, _ range: Range<Int>, from limit: Int) {
        guard !range.isEmpty else { return nil }
        let first = mail.bytes[range.lowerBound]
        if first == ASCII.dash || first == ASCII.underscore || first == ASCII.equals || first == ASCII.hash {
            guard let mark = Self.ruled(mail, line, range) else { return nil }
            self = mark
        } else if Self.endsInColon(mail.bytes, range) {
            if Self.startsWithAny(MailVocabulary.forwardMarks, mail, range.lowerBound) {
                self = .forwarded(MailHead(mail, below: line))
            } else if let start = Attribution.start(mail, endingAt: line, from: limit) {
                self = .attribution(start: start, end: line + 1)
            } else {
                guard let head = MailHead(mail, at: line) else { return nil }
                self = .original(head)
            }
        } else if ASCII.lower(first) == 0x6D, mail.bytes.hasWord("message du ", at: range.lowerBound),
            DateSigns(mail.bytes, range).hasDay
        {
            self = .original(MailHead(mail, below: line))
        } else {
            guard MailHead.mayStart(mail.bytes, range), let head = MailHead(mail, at: line) else {
                return nil
            }
            self = .original(head)
        }
    }

    /// Whether a line ends in a colon of plain or of full width.
    private static func endsInColon(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let last = bytes[range.upperBound - 1]
        return last == ASCII.colon
            || last == 0x9A && range.count > 3 && bytes.hasWord("：", at: range.upperBound - 3)
    }

    /// A phrase between dashes, or a line of dashes or underscores above a head.
    private static func ruled(_ mail: MailLines, _ line: Int, _ range: Range<Int>) -> ReplyBoundary? {
        let isMark: (UInt8) -> Bool = {
            $0 == ASCII.dash || $0 == ASCII.underscore || $0 == ASCII.equals || $0 == ASCII.hash
                || ASCII.isBlank($0)
        }
        let start = min(mail.bytes.skip(from: range.lowerBound, while: isMark), range.upperBound)
        guard start - range.lowerBound >= 2 else { return nil }
        if start == range.upperBound {
            guard range.count >= 8, line + 1 < mail.count else { return nil }
            return MailHead(mail, at: line + 1).map { .original($0.starting(at: line)) }
        }
        if startsWithAny(MailVocabulary.forwardMarks, mail, start) {
            return .forwarded(MailHead(mail, below: line))
        }
        if startsWithAny(MailVocabulary.originalMarks, mail, start) {
            return .original(MailHead(mail, below: line))
        }
        let end = mail.bytes.skipBack(from: range.upperBound, to: start, while: isMark)
        guard range.upperBound - end >= 2, end - start <= 200 else { return nil }
        if Attribution.isComplete(mail, [start..<end], next: line + 1) {
            return .attribution(start: line, end: line + 1)
        }
        return isReplyMarker(mail, start..<end) ? .replyMarker(end: line + 1) : nil
    }

    /// "Please type your reply above this line" between marks.
    private static func isReplyMarker(_ mail: MailLines, _ range: Range<Int>) -> Bool {
        var found: MailFeature = []
        var words = MailWords(mail.bytes, range)
        while let word = words.next() {
            found.formUnion(MailVocabulary.features.features(mail.bytes, word))
        }
        return found.isSuperset(of: [.reply, .above, .line])
    }

    /// The first four bytes of all marks.
    private static let markBeginnings = EndingFilter(
        (MailVocabulary.forwardMarks + MailVocabulary.originalMarks).map { mark in
            mark.withUTF8Buffer { Array($0.prefix(4)) }
        })

    private static func startsWithAny(_ phrases: [StaticString], _ mail: MailLines, _ index: Int) -> Bool {
        markBeginnings.mayMatch(mail.bytes, endingAt: index + 4)
            && phrases.contains { mail.bytes.hasWord($0, at: index) }
    }
}

/// "On …, NAME <address> wrote:" in the forms of the mail programs.
enum Attribution {
    private static let maximumLines = 3
    private static let maximumBytes = 300

    /// The first line of the attribution that ends at `line`, if there is one.
    static func start(_ mail: MailLines, endingAt line: Int, from limit: Int) -> Int? {
        guard mayEnd(mail, line) else { return nil }
        var parts: [Range<Int>] = []
        var bytes = 0
        let isMarked = mail.isMarked(line)
        for first in stride(from: line, through: max(limit, line - maximumLines + 1), by: -1) {
            let part = mail.content(first)
            guard !part.isEmpty, mail.isMarked(first) == isMarked else { return nil }
            bytes += part.count
            guard bytes <= maximumBytes else { return nil }
            parts.insert(part, at: 0)
            if isComplete(mail, parts, next: line + 1) { return first }
        }
        return nil
    }

    /// Whether a line that ends in a colon holds one of the verbs or an address.
    private static func mayEnd(_ mail: MailLines, _ line: Int) -> Bool {
        let range = mail.content(line)
        guard range.count <= maximumBytes else { return false }
        if mail.bytes[range].contains(ASCII.at) { return true }
        var words = MailWords(mail.bytes, range)
        while let word = words.next() {
            if MailVocabulary.wroteVerbs.contains(mail.bytes, word.range) { return true }
        }
        return false
    }

    /// Whether these pieces of text name an author and a date as a mail program writes them.
    static func isComplete(_ mail: MailLines, _ parts: [Range<Int>], next: Int) -> Bool {
        let evidence = Evidence(mail, parts)
        let below = mail.nextFilled(from: next)
        let isFollowedByMarks = below < mail.count && mail.isMarked(below)
        if evidence.hasAngledAddress {
            if evidence.verbs > 1, evidence.hasNarrator { return false }
            if evidence.hasVerb { return evidence.hasDay || evidence.hasTime }
            if evidence.hasQuotingVerb { return isFollowedByMarks }
            return evidence.hasDay && (evidence.startsAsEntry || evidence.hasTime && isFollowedByMarks)
        }
        guard evidence.hasVerb, !evidence.hasNarrator, evidence.words <= 16 else { return false }
        if evidence.hasAddress { return evidence.hasDay || evidence.hasTime }
        guard evidence.hasDay, evidence.hasTime || isFollowedByMarks else { return false }
        return below < mail.count && !mail.startsWithQuotationMark(below)
    }

    /// What an attribution shows.
    private struct Evidence {
        var verbs = 0
        var hasVerb: Bool { verbs > 0 }
        var hasQuotingVerb = false
        var hasNarrator = false
        var hasAddress = false
        var hasAngledAddress = false
        /// A year or a date of three numbers.
        var hasDay = false
        var hasTime = false
        /// Whether it starts with a digit or a star, as programs for terminals do.
        var startsAsEntry = false
        var words = 0

        init(_ mail: MailLines, _ parts: [Range<Int>]) {
            let first = mail.bytes[parts[0].lowerBound]
            startsAsEntry = first == ASCII.star || ASCII.isDigit(first)
            for part in parts {
                readWords(mail.bytes, part)
                let date = DateSigns(mail.bytes, part)
                if date.hasDay { hasDay = true }
                if date.hasTime { hasTime = true }
            }
            guard let end = parts.last?.upperBound else { return }
            readAddresses(mail.bytes, parts[0].lowerBound..<end)
        }

        /// Looks for "<name@example.org>", which may be broken behind its "<".
        private mutating func readAddresses(_ bytes: [UInt8], _ range: Range<Int>) {
            var open = -1
            for index in range {
                switch bytes[index] {
                case ASCII.less, ASCII.openBracket: open = index
                case ASCII.at:
                    hasAddress = true
                    if open >= 0, index - open <= 80 { hasAngledAddress = true }
                case ASCII.space where open >= 0 && ASCII.isWord(bytes[index - 1]): open = -1
                default: break
                }
            }
        }

        private mutating func readWords(_ bytes: [UInt8], _ range: Range<Int>) {
            var reader = MailWords(bytes, range)
            while let word = reader.next() {
                words += 1
                if MailVocabulary.wroteVerbs.contains(bytes, word.range) { verbs += 1 }
                if MailVocabulary.quotingVerbs.contains(bytes, word.range) { hasQuotingVerb = true }
                if MailVocabulary.narrators.contains(bytes, word.range) { hasNarrator = true }
            }
        }
    }
}

/// Whether a piece of text holds a date with its year, and a time of day.
struct DateSigns {
    private(set) var hasDay = false
    private(set) var hasTime = false

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            guard ASCII.isDigit(bytes[index]) else {
                index += 1
                continue
            }
            index = readNumbers(bytes, from: index, to: range.upperBound)
        }
    }

    /// Reads numbers joined by single marks, such as "13/01/2026" and "10:02".
    private mutating func readNumbers(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var index = start
        var lengths: [Int] = []
        var separator: UInt8 = 0
        while true {
            let numberStart = index
            while index < end, ASCII.isDigit(bytes[index]) { index += 1 }
            let length = index - numberStart
            if length == 4, bytes.hasWord("19", at: numberStart) || bytes.hasWord("20", at: numberStart) {
                hasDay = true
            }
            lengths.append(length)
            if separator == ASCII.colon, length == 2, lengths[lengths.count - 2] <= 2 { hasTime = true }
            if lengths.count >= 3, lengths.suffix(3).allSatisfy({ $0 <= 4 }), separator != ASCII.colon {
                hasDay = true
            }
            let next = bytes.peek(index)
            // Czechs write "05. 03. 24".
            if next == ASCII.dot, length <= 2, index + 2 < end, bytes[index + 1] == ASCII.space,
                ASCII.isDigit(bytes[index + 2])
            {
                index += 1
            }
            guard index + 1 < end, ASCII.isDigit(bytes[index + 1]), lengths.count < 8,
                next == ASCII.dot || next == ASCII.slash || next == ASCII.dash || next == ASCII.colon
            else { return max(index, start + 1) }
            separator = next
            index += 1
        }
    }
}
