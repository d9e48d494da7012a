/// A line that starts someone else's mail; `end` is the line after what belongs to the mark itself.
enum ReplyBoundary {
    /// "---------- Forwarded message ----------" with the head below it.
    case forwarded(end: Int)
    /// "-----Original Message-----" or a head alone, as written for replies and forwards alike.
    case original(end: Int)
    /// "On … wrote:".
    case attribution(end: Int)

    private static let forwardPhrases: [StaticString] = [
        "forwarded message", "begin forwarded message", "forwarded by", "weitergeleitete nachricht",
        "anfang der weitergeleiteten", "message transféré", "début du message transféré",
        "début du message réexpédié",
        "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada",
        "início da mensagem encaminhada", "início da mensagem reencaminhada",
    ]
    private static let originalPhrases: [StaticString] = [
        "original message", "ursprüngliche nachricht", "original-nachricht", "originalnachricht",
        "message d'origine",
        "message d’origine", "message original", "mensaje original", "mensagem original", "message initial",
    ]
    /// How an attribution starts, and the verb that must follow, by language.
    private static let attributions: [(start: StaticString, verb: StaticString)] = [
        ("on ", "wrote"), ("am ", "schrieb"), ("le ", "a écrit"), ("el ", "escribió"), ("em ", "escreveu"),
        ("a ", "escreveu"),
    ]

    /// Reads the mark at a line whose first byte is `first`; nil if there is none.
    init?(_ mail: QuotedReplyRemover, at line: Int, first: UInt8) {
        let range = mail.trimmed(line)
        switch ASCII.lower(first) {
        case ASCII.dash, ASCII.underscore:
            guard let mark = Self.ruled(mail, line, range) else { return nil }
            self = mark
        case 0x62, 0x64, 0x69:  // b, d, i: "Begin …", "Début …", "De:", "Inicio …"
            if Self.startsWithAny(Self.forwardPhrases, mail, range.lowerBound),
                mail.bytes[range].last == ASCII.colon
            {
                self = .forwarded(end: ForwardedHeaders.end(mail, after: line))
                return
            }
            guard let end = ForwardedHeaders.end(mail, at: line) else { return nil }
            self = .original(end: end)
        case 0x66, 0x76, ASCII.star, 0x72:  // f, v, *, r: "From:", "Von:", "*From:*", "Remetente:"
            guard let end = ForwardedHeaders.end(mail, at: line) else { return nil }
            self = .original(end: end)
        case 0x6F, 0x61, 0x6C, 0x65:  // o, a, l, e: "On …", "Am …", "Anfang …", "Le …", "El …", "Em …"
            if Self.startsWithAny(Self.forwardPhrases, mail, range.lowerBound),
                mail.bytes[range].last == ASCII.colon
            {
                self = .forwarded(end: ForwardedHeaders.end(mail, after: line))
                return
            }
            guard let end = Self.endOfAttribution(mail, line) else { return nil }
            self = .attribution(end: end)
        default: return nil
        }
    }

    /// A phrase after dashes, or a line of underscores above a head.
    private static func ruled(_ mail: QuotedReplyRemover, _ line: Int, _ range: Range<Int>) -> ReplyBoundary?
    {
        let start = mail.bytes.skip(from: range.lowerBound) {
            $0 == ASCII.dash || $0 == ASCII.underscore || ASCII.isBlank($0)
        }
        guard start - range.lowerBound >= 2 else { return nil }
        if start >= range.upperBound {
            let next = line + 1
            guard range.count >= 8, next < mail.lines.count else { return nil }
            return ForwardedHeaders.end(mail, at: next).map { .original(end: $0) }
        }
        if startsWithAny(forwardPhrases, mail, start) {
            return .forwarded(end: ForwardedHeaders.end(mail, after: line))
        }
        if startsWithAny(originalPhrases, mail, start) {
            return .original(end: ForwardedHeaders.end(mail, after: line))
        }
        return nil
    }

    private static func startsWithAny(_ phrases: [StaticString], _ mail: QuotedReplyRemover, _ index: Int)
        -> Bool
    {
        phrases.contains { mail.bytes.hasWord($0, at: index) }
    }

    /// The line after an attribution, which may be broken over up to three lines.
    private static func endOfAttribution(_ mail: QuotedReplyRemover, _ line: Int) -> Int? {
        let start = mail.trimmed(line).lowerBound
        guard let language = attributions.first(where: { mail.bytes.hasWord($0.start, at: start) }) else {
            return nil
        }
        for last in line..<min(line + 3, mail.lines.count) {
            let range = start..<max(start, mail.trimmed(last).upperBound)
            guard range.count <= 300, mail.firstByte(of: last) != 0 else { return nil }
            guard mail.bytes[range].last == ASCII.colon else { continue }
            let hasDate = mail.bytes[range].contains(where: ASCII.isDigit)
            let end = mail.bytes.skipBack(from: range.upperBound, to: start) { !ASCII.isWord($0) }
            // German puts the name after the verb.
            let isLoose = mail.bytes.hasWord("am ", at: start)
            let hasVerb =
                isLoose
                ? range.contains { mail.bytes.hasWord(language.verb, at: $0) }
                : mail.bytes.hasWord(language.verb, endingAt: end)
            return hasDate && hasVerb ? last + 1 : nil
        }
        return nil
    }
}

/// The head of a mail as text: "From: …", "Sent: …", "To: …", "Subject: …", in five languages.
enum ForwardedHeaders {
    private static let senders = KeywordSet("from von de da expéditeur remetente")
    private static let subjects = KeywordSet("subject betreff objet asunto assunto")
    private static let others = KeywordSet(
        "sent date to cc bcc reply-to importance priority attachments gesendet datum an kopie antwort envoyé à enviado "
            + "fecha para cc data enviada enviado anlagen wichtigkeit cc: organization"
    )
    private static let maximumHeadLines = 14

    private enum Field { case sender, subject, other }

    /// The line after the head at `line`: sender first, a subject, three fields at least.
    static func end(_ mail: QuotedReplyRemover, at line: Int) -> Int? {
        guard field(mail, line) == .sender else { return nil }
        let head = scan(mail, from: line)
        return head.fields >= 3 && head.hasSubject ? head.end : nil
    }

    /// The line after the head below a mark at `line`, blank lines between; the mark alone if there is none.
    static func end(_ mail: QuotedReplyRemover, after line: Int) -> Int {
        let next = mail.nextFilledLine(from: line + 1)
        guard next < mail.lines.count, next <= line + 3, field(mail, next) != nil else { return line + 1 }
        return scan(mail, from: next).end
    }

    private static func scan(_ mail: QuotedReplyRemover, from line: Int) -> (
        end: Int, fields: Int, hasSubject: Bool
    ) {
        var end = line
        var fields = 0
        var hasSubject = false
        var position = line
        // A line that is not a field is the rest of the one before, if another field follows.
        while position < min(mail.lines.count, line + maximumHeadLines), position <= end + 2 {
            if mail.firstByte(of: position) == 0 { break }
            if let field = field(mail, position) {
                fields += 1
                if field == .subject { hasSubject = true }
                end = position + 1
            }
            position += 1
        }
        return (end, fields, hasSubject)
    }

    /// What field a line is; the name is one word, or its first word counts ("Enviado el:").
    private static func field(_ mail: QuotedReplyRemover, _ line: Int) -> Field? {
        var range = mail.trimmed(line)
        while range.count > 1, mail.bytes[range.lowerBound] == ASCII.star {
            range = range.lowerBound + 1..<range.upperBound
        }
        let limit = min(range.upperBound, range.lowerBound + 24)
        guard let colon = mail.bytes[range.lowerBound..<limit].firstIndex(of: ASCII.colon) else { return nil }
        let wordEnd = mail.bytes.skip(from: range.lowerBound) { ASCII.isWord($0) || $0 == ASCII.dash }
        guard wordEnd <= colon else { return nil }
        let word = range.lowerBound..<wordEnd
        if senders.contains(mail.bytes, word) { return .sender }
        if subjects.contains(mail.bytes, word) { return .subject }
        return others.contains(mail.bytes, word) ? .other : nil
    }
}
