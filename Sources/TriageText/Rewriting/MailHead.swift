/// The head of a mail as text: "From: …", "Sent: …", "To: …", "Subject: …".
struct MailHead {
    /// The lines of the head, with a rule or a mark above it.
    private(set) var lines: Range<Int>
    /// Where the text of the subject is, which says what a forwarded mail is about.
    private(set) var subject: Range<Int>?
    /// The value of the sender's field.
    private var sender: Range<Int>?

    private static let maximumLines = 14
    private static let maximumNameBytes = 28

    private enum Field { case sender, sent, date, subject, receiver, other }

    /// A complete head that starts at `line`: an author, a date, and a receiver or a subject.
    ///
    /// The field "Sent" has only one meaning; a field "Date" must hold a year or a time, because forms for
    /// journeys and moves have it too.
    init?(_ mail: MailLines, at line: Int) {
        guard line < mail.count, Self.field(mail, line) != nil else { return nil }
        self.init(mail, from: line, requiresEvidence: true)
    }

    /// Whether a line has a colon where the first field of a head has it.
    static func mayStart(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let name = range.lowerBound..<min(range.upperBound, range.lowerBound + maximumNameBytes)
        return bytes.firstIndex(of: ASCII.colon, in: name) != nil
            || bytes.contains(0xEF, in: name, where: { colonLength(bytes, at: $0) > 0 })
    }

    /// The length of the colon at `index`, which East Asian programs write in full width; else 0.
    private static func colonLength(_ bytes: [UInt8], at index: Int) -> Int {
        if bytes[index] == ASCII.colon { return 1 }
        return bytes[index] == 0xEF && bytes.hasWord("：", at: index) ? 3 : 0
    }

    /// The mark at `line` with the head below it, blank lines between; the mark alone if there is none.
    init(_ mail: MailLines, below line: Int) {
        let next = mail.nextFilled(from: line + 1)
        if next < mail.count, next <= line + 3, Self.field(mail, next) != nil,
            let head = MailHead(mail, from: next, requiresEvidence: false)
        {
            self = head.starting(at: line)
        } else {
            lines = line..<line + 1
        }
    }

    /// This head with the lines above it from `line` on.
    func starting(at line: Int) -> MailHead {
        var head = self
        head.lines = line..<lines.upperBound
        return head
    }

    private init?(_ mail: MailLines, from line: Int, requiresEvidence: Bool) {
        var end = line
        var hasSender = false
        var hasDate = false
        var fields = 0
        var position = line
        let isMarked = mail.isMarked(line)
        // A line that is not a field is the rest of the one before, if another field follows.
        while position < min(mail.count, line + Self.maximumLines), position <= end + 2 {
            guard mail.isMarked(position) == isMarked, !mail.content(position).isEmpty else { break }
            if let (field, value) = Self.field(mail, position) {
                fields += 1
                end = position + 1
                switch field {
                case .sender:
                    sender = sender ?? value
                    hasSender = hasSender || mail.bytes[value].contains { ASCII.isLetter($0) || $0 >= 0x80 }
                case .sent: hasDate = true
                case .date:
                    let signs = DateSigns(mail.bytes, value)
                    if signs.hasDay || signs.hasTime { hasDate = true }
                case .subject: subject = subject ?? value
                case .receiver, .other: break
                }
            }
            position += 1
        }
        lines = line..<end
        guard fields > 0 else { return nil }
        if requiresEvidence, !(hasSender && hasDate && fields >= 3) { return nil }
    }

    /// Whether the subject shows that the mail is an answer.
    func isAnswer(_ mail: MailLines) -> Bool {
        guard let subject else { return false }
        var words = MailWords(mail.bytes, subject)
        guard let word = words.next(), word.range.lowerBound == subject.lowerBound else { return false }
        return mail.bytes.peek(word.range.upperBound) == ASCII.colon
            && MailVocabulary.replyPrefixes.contains(mail.bytes, word.range)
    }

    /// Whether the sender's field is named "Fra", as in Danish and Norwegian.
    func isScandinavian(_ mail: MailLines) -> Bool {
        lines.contains { mail.bytes.hasWord("fra:", at: mail.content($0).lowerBound) }
    }

    /// Whether the sender has an address outside, as mail programs do not show for colleagues.
    func hasAddress(_ mail: MailLines) -> Bool {
        sender.map { mail.bytes[$0].contains(ASCII.at) } ?? false
    }

    /// Whether the sender is a support desk or another service.
    func isFromAgent(_ mail: MailLines) -> Bool {
        guard let sender else { return false }
        var words = MailWords(mail.bytes, sender)
        while let word = words.next() {
            if MailVocabulary.agents.contains(mail.bytes, word.range) { return true }
        }
        return false
    }

    /// Which field a line is, and its value; of a name with several words the first counts ("Enviado el:").
    private static func field(_ mail: MailLines, _ line: Int) -> (Field, value: Range<Int>)? {
        var range = mail.content(line)
        while range.count > 1, mail.bytes[range.lowerBound] == ASCII.star {
            range = range.lowerBound + 1..<range.upperBound
        }
        let limit = min(range.upperBound, range.lowerBound + maximumNameBytes)
        let name = range.lowerBound..<limit
        guard let colon = name.first(where: { colonLength(mail.bytes, at: $0) > 0 }) else { return nil }
        var words = MailWords(mail.bytes, range.lowerBound..<colon)
        guard let word = words.next(), word.range.lowerBound == range.lowerBound else { return nil }
        var field = field(named: word.range, mail.bytes)
        // Korean, Arabic and Vietnamese names tell the date by their second word, Korean ones the sender, too.
        if mail.bytes[word.range.lowerBound] >= 0xC4, let second = words.next() {
            if MailVocabulary.sentFields.contains(mail.bytes, second.range) {
                field = .sent
            } else if field == nil, mail.bytes[word.range.lowerBound] >= 0xE0 {
                field = Self.field(named: second.range, mail.bytes)
            }
        }
        guard let field else { return nil }
        let end = colon + colonLength(mail.bytes, at: colon)
        let start = mail.bytes.skip(from: end) { ASCII.isBlank($0) || $0 == ASCII.star }
        return (field, min(start, range.upperBound)..<range.upperBound)
    }

    private static func field(named name: Range<Int>, _ bytes: [UInt8]) -> Field? {
        if MailVocabulary.senderFields.contains(bytes, name) { return .sender }
        if MailVocabulary.sentFields.contains(bytes, name) { return .sent }
        if MailVocabulary.dateFields.contains(bytes, name) { return .date }
        if MailVocabulary.subjectFields.contains(bytes, name) { return .subject }
        if MailVocabulary.receiverFields.contains(bytes, name) { return .receiver }
        return MailVocabulary.otherFields.contains(bytes, name) ? .other : nil
    }
}
