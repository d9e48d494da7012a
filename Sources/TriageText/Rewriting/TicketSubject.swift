/// What a ticket's subject shows of its mail: an answer or a forward, and to which subject.
struct TicketSubject {
    private let bytes: [UInt8]
    /// What is left without "RE:" and "[#4711]".
    private let matter: Range<Int>
    private let first: Prefix?
    /// "VS:", with which Finns answer and Danes and Norwegians pass on.
    private let isAmbiguous: Bool

    private enum Prefix { case answer, forward }

    /// More prefixes and numbers in brackets are not looked at.
    private static let maximumPrefixes = 12
    /// Subjects that mail programs break or cut are compared by their beginning if it is so long.
    private static let minimumBeginning = 24

    init(_ subject: [UInt8]) {
        bytes = subject
        var rest = Self.withoutTags(subject, subject.indices)
        var first: Prefix?
        var isAmbiguous = false
        for _ in 0..<Self.maximumPrefixes {
            guard let (prefix, name, next) = Self.prefix(subject, rest) else { break }
            if first == nil { isAmbiguous = subject.hasWord("vs", at: name.lowerBound) }
            first = first ?? prefix
            rest = Self.withoutTags(subject, next)
        }
        (self.first, self.isAmbiguous, matter) = (first, isAmbiguous, rest)
    }

    /// Whether the ticket passes the mail below on.
    var isForward: Bool { first == .forward && !isAmbiguous }

    /// Whether the ticket answers a mail with such a head.
    func answers(_ head: MailHead, _ mail: MailLines) -> Bool {
        guard first == .answer, !(isAmbiguous && head.isScandinavian(mail)) else { return false }
        guard let subject = head.subject else { return true }
        let other = TicketSubject(Array(mail.bytes[subject]))
        return isSame(other.bytes, other.matter)
    }

    private func isSame(_ other: [UInt8], _ range: Range<Int>) -> Bool {
        let (own, theirs) = (letters(bytes, matter), letters(other, range))
        if own == theirs { return true }
        let (short, long) = own.count < theirs.count ? (own, theirs) : (theirs, own)
        return short.count >= Self.minimumBeginning && long.starts(with: short)
    }

    /// The letters and digits of a subject, whatever its blanks, case and accents.
    private func letters(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        MailLetter.plain(Array(bytes[range]).filter(ASCII.isWord))
    }

    /// "RE:", "AW[2]:" or "回复：" at the start of a subject, and what follows.
    private static func prefix(_ bytes: [UInt8], _ range: Range<Int>) -> (Prefix, Range<Int>, Range<Int>)? {
        var words = MailWords(bytes, range)
        guard var name = words.next()?.range, name.lowerBound == range.lowerBound else { return nil }
        // The colon of full width counts as a part of the word.
        if let wide = name.first(where: { bytes.hasWord("：", at: $0) }) { name = name.lowerBound..<wide }
        var end = name.upperBound
        if bytes.peek(end) == ASCII.openBracket || bytes.peek(end) == ASCII.openParen {
            end = bytes.skip(from: end + 1, while: ASCII.isDigit) + 1
        }
        end = bytes.skip(from: end, while: ASCII.isBlank)
        let length = bytes.peek(end) == ASCII.colon ? 1 : bytes.hasWord("：", at: end) ? 3 : 0
        guard length > 0, end + length <= range.upperBound else { return nil }
        let rest = bytes.skip(from: end + length, while: ASCII.isBlank)..<range.upperBound
        if MailVocabulary.replyPrefixes.contains(bytes, name) { return (.answer, name, rest) }
        return MailVocabulary.forwardPrefixes.contains(bytes, name) ? (.forward, name, rest) : nil
    }

    /// What follows "[#4711]" and "[EXTERNAL]" at the start of a subject.
    private static func withoutTags(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var start = min(bytes.skip(from: range.lowerBound, while: ASCII.isBlank), range.upperBound)
        for _ in 0..<maximumPrefixes {
            guard start < range.upperBound, bytes[start] == ASCII.openBracket,
                let close = bytes.firstIndex(of: ASCII.closeBracket, in: start..<range.upperBound)
            else { break }
            start = min(bytes.skip(from: close + 1, while: ASCII.isBlank), range.upperBound)
        }
        return start..<range.upperBound
    }
}
