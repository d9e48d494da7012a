/// The signature at the end of one author's words.
struct MailSignature {
    /// The line where the signature starts; it goes to the end of the segment.
    private(set) var start: Int?

    /// A line such as "Sent from my phone" that goes alone.
    private(set) var deviceLine: Int?

    private static let maximumTail = 10
    private static let maximumMarkedTail = 40
    private static let maximumLineBytes = 90

    /// Closing formulas, also with a name after a comma.
    private static let formulas = KeywordSet(phrases: [
        "kind regards", "best regards", "warm regards", "warmest regards", "regards", "with kind regards",
        "with best regards", "kindest regards", "sincerely", "yours sincerely", "yours faithfully",
        "sincerely yours",
        "best wishes", "thanks and regards", "thanks & regards", "many thanks and kind regards",
        "respectfully",
        "cheers", "best", "thanks", "thank you", "many thanks", "thanks in advance", "thank you in advance",
        "thanks again", "thanks and best regards", "thank you and best regards", "thank you and kind regards",
        "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichen grüssen",
        "mit freundlichem gruß",
        "mit besten grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße", "beste grüße",
        "liebe grüße",
        "schöne grüße", "herzliche grüße", "mfg", "vg", "lg", "hochachtungsvoll", "vielen dank", "danke",
        "danke im voraus", "vielen dank im voraus", "vielen dank und freundliche grüße", "gruß", "grüße",
        "cordialement",
        "bien cordialement", "très cordialement", "sincères salutations", "meilleures salutations", "merci",
        "salutations distinguées", "bien à vous", "merci d'avance", "respectueusement", "saludos",
        "saludos cordiales", "un saludo", "un cordial saludo", "atentamente", "cordialmente", "gracias",
        "muchas gracias", "gracias de antemano", "atenciosamente", "cumprimentos",
        "com os melhores cumprimentos",
        "melhores cumprimentos", "obrigado", "obrigada", "muito obrigado", "muito obrigada", "att", "grato",
        "grata",
    ])

    /// Lines that mail programs on phones add.
    private static let deviceLines: [StaticString] = [
        "sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo mail", "sent via ",
        "get outlook for ",
        "von meinem iphone gesendet", "von meinem ipad gesendet", "gesendet von ",
        "diese nachricht wurde von meinem",
        "envoyé de mon ", "envoyé depuis mon ", "enviado desde mi ", "enviado do meu ",
        "enviado a partir do ",
        "holen sie sich outlook", "télécharger outlook", "obtener outlook", "obter o outlook",
    ]

    /// Looks for a signature in the last lines of a segment.
    init(_ mail: QuotedReplyRemover, in segment: Range<Int>) {
        var filled = 0
        var bytes = 0
        var mayBeTail = true
        var line = segment.upperBound - 1
        while line >= segment.lowerBound, filled < Self.maximumMarkedTail {
            let range = mail.trimmed(line)
            if Self.isDelimiter(mail, line), mayBeTail || mail.lines[line].count == 3 {
                start = line
            } else if mayBeTail, !range.isEmpty {
                if Self.isDeviceLine(mail, range) { deviceLine = line }
                if Self.isFormula(mail, range) { start = line }
            }
            if !range.isEmpty {
                filled += 1
                bytes += range.count
                if Self.isContent(mail, range) || filled > Self.maximumTail || bytes > 500 {
                    mayBeTail = false
                }
            }
            line -= 1
        }
        if let start, !Self.hasWords(mail, segment.lowerBound..<start) { self.start = nil }
    }

    /// Whether a line is more than names and addresses: a sentence, a question, a heading, code.
    private static func isContent(_ mail: QuotedReplyRemover, _ range: Range<Int>) -> Bool {
        if range.count > maximumLineBytes || mail.bytes[range].last == ASCII.question { return true }
        switch mail.bytes[range.lowerBound] {
        case ASCII.hash, ASCII.backtick, ASCII.equals, ASCII.openBrace, ASCII.closeBrace, ASCII.dollar:
            return true
        default: return false
        }
    }

    /// "-- " or "--" alone on its line.
    private static func isDelimiter(_ mail: QuotedReplyRemover, _ line: Int) -> Bool {
        let range = mail.lines[line]
        guard range.count == 2 || range.count == 3 && mail.bytes[range.upperBound - 1] == ASCII.space else {
            return false
        }
        return mail.bytes[range.lowerBound] == ASCII.dash && mail.bytes[range.lowerBound + 1] == ASCII.dash
    }

    private static func isDeviceLine(_ mail: QuotedReplyRemover, _ range: Range<Int>) -> Bool {
        switch ASCII.lower(mail.bytes[range.lowerBound]) {
        case 0x73, 0x67, 0x76, 0x65, 0x64, 0x68, 0x74, 0x6F:
            range.count <= 80 && deviceLines.contains { mail.bytes.hasWord($0, at: range.lowerBound) }
        default: false
        }
    }

    /// A closing formula alone, or with a short name after a comma.
    private static func isFormula(_ mail: QuotedReplyRemover, _ range: Range<Int>) -> Bool {
        guard range.count <= 72 else { return false }
        let end = mail.bytes.skipBack(from: range.upperBound, to: range.lowerBound) { !ASCII.isWord($0) }
        if formulas.contains(mail.bytes, range.lowerBound..<end) { return true }
        guard let comma = mail.bytes[range].firstIndex(of: ASCII.comma), end - comma <= 40 else {
            return false
        }
        return formulas.contains(mail.bytes, range.lowerBound..<comma)
    }

    private static func hasWords(_ mail: QuotedReplyRemover, _ lines: Range<Int>) -> Bool {
        lines.contains { line in mail.bytes[mail.lines[line]].contains(where: ASCII.isWord) }
    }
}
