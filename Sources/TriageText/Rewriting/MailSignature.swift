/// A signature: the name of the author with title, company and addresses.
///
/// A closing formula alone is none, and what stands below it is own text unless it shows several features of
/// a signature.
struct MailSignature {
    /// The lines of the signature, with the closing formula or the delimiter directly above it.
    let lines: Range<Int>
    /// Whether a closing formula or a delimiter announces it.
    let isAnnounced: Bool

    private static let maximumLines = 24

    // MARK: - At the end of an author's words

    /// Looks for a signature that ends before line `end`, in lines at or after `start`.
    init?(_ mail: MailLines, endingAt end: Int, from start: Int) {
        var top = end
        var filled = 0
        while top > start, filled < Self.maximumLines, end - top < 2 * Self.maximumLines {
            let line = top - 1
            if mail.isBlank(line) {
                top -= 1
            } else if Self.isFormula(mail, line) || Self.isDelimiter(mail, line) {
                guard let first = Self.first(mail, below: line, to: end),
                    Self.endOfEvidence(mail, first..<end) == end
                else { return nil }
                lines = first..<end
                isAnnounced = true
                return
            } else if SignatureLine(mail, line) != nil {
                filled += 1
                top -= 1
            } else {
                break
            }
        }
        guard let first = Self.firstWithoutFormula(mail, top..<end, from: start),
            Self.endOfEvidence(mail, first..<end) == end
        else { return nil }
        lines = first..<end
        isAnnounced = false
    }

    /// Where the signature below a formula or a delimiter starts, if what is there is one.
    private static func first(_ mail: MailLines, below line: Int, to end: Int) -> Int? {
        let below = mail.nextFilled(from: line + 1)
        guard below < end, let first = SignatureLine(mail, below) else { return nil }
        // A mail closed by its author, with the signature of a mail program below.
        if isFormula(mail, line), first.isName, first.features.isDisjoint(with: .strong),
            let next = paragraph(mail, after: below, to: end)
        {
            if Boilerplate(mail, next..<end).isKnown { return nil }
            if let name = SignatureLine(mail, next), name.isFullName, isStrong(mail, next..<end, minimum: 2) {
                return next
            }
        }
        guard first.lowerWords < 2 else { return nil }
        return isStrong(mail, below..<end, minimum: first.isName ? 1 : 2) ? line : nil
    }

    /// The first line of the paragraph below a paragraph of one line.
    private static func paragraph(_ mail: MailLines, after line: Int, to end: Int) -> Int? {
        guard line + 1 < end, mail.isBlank(line + 1) else { return nil }
        let next = mail.nextFilled(from: line + 1)
        return next < end ? next : nil
    }

    /// Where a signature starts that nothing announces: below a blank line, with a full name first.
    private static func firstWithoutFormula(_ mail: MailLines, _ block: Range<Int>, from start: Int) -> Int? {
        for line in block where line > start && mail.isBlank(line - 1) && !mail.isBlank(line) {
            guard let first = SignatureLine(mail, line), first.isFullName else { continue }
            guard isClosed(mail, before: line, from: start) else { return nil }
            if isStrong(mail, line..<block.upperBound, minimum: 2) { return line }
        }
        return nil
    }

    /// Whether the text before a line is finished, so that the lines below are no answer to it.
    private static func isClosed(_ mail: MailLines, before line: Int, from start: Int) -> Bool {
        guard let last = mail.lastFilled(before: line, from: start) else { return false }
        switch mail.lastByte(last) {
        case ASCII.dot, ASCII.bang, ASCII.question, ASCII.closeParen: return true
        case ASCII.colon: return false
        case ASCII.comma: return isFormula(mail, last) || mail.trimmed(last).count <= 24
        default:
            if isFormula(mail, last) { return true }
            // A name alone, as the end of the author's words.
            guard let name = SignatureLine(mail, last), name.isName, mail.trimmed(last).count <= 40,
                let above = mail.lastFilled(before: last, from: start)
            else { return false }
            // "Good luck" and a name are a closing, too.
            let isClosing =
                above == last - 1 && above > start && mail.isBlank(above - 1)
                && mail.trimmed(above).count <= 24
            return isFormula(mail, above) || isClosing
                || mail.isBlank(last - 1) && ".!?".utf8.contains(mail.lastByte(above))
        }
    }

    private static func isStrong(_ mail: MailLines, _ lines: Range<Int>, minimum: Int) -> Bool {
        var features: SignatureFeature = []
        for line in lines where !mail.isBlank(line) {
            if let signature = SignatureLine(mail, line) { features.formUnion(signature.features) }
        }
        return features.intersection(.strong).rawValue.nonzeroBitCount >= minimum
    }

    /// The line after the last paragraph that belongs to the signature in some lines.
    ///
    /// The first has the name. What stands behind an empty line is the author's own text unless it shows by itself
    /// what it is.
    private static func endOfEvidence(_ mail: MailLines, _ lines: Range<Int>) -> Int {
        var start = lines.lowerBound
        if isFormula(mail, start) || isDelimiter(mail, start) { start = mail.nextFilled(from: start + 1) }
        var end = start
        while end < lines.upperBound, !mail.isBlank(end) { end += 1 }
        var position = mail.nextFilled(from: end)
        while position < lines.upperBound {
            let paragraph = position..<endOfParagraph(mail, from: position, to: lines.upperBound)
            if isEvident(mail, paragraph) { end = paragraph.upperBound }
            position = mail.nextFilled(from: paragraph.upperBound)
        }
        return end
    }

    private static func endOfParagraph(_ mail: MailLines, from line: Int, to limit: Int) -> Int {
        var end = line
        while end < limit, !mail.isBlank(end) { end += 1 }
        return end
    }

    /// Whether a paragraph is a signature's, wherever it stands: one line shows it, and none tells something.
    private static func isEvident(_ mail: MailLines, _ paragraph: Range<Int>) -> Bool {
        var isEvident = false
        for line in paragraph {
            guard let part = SignatureLine(mail, line) else { return false }
            if part.isEvident {
                isEvident = true
            } else {
                let isLink = isEvident && part.features.contains(.web) && part.plainWords <= 3
                guard part.plainWords == 0 || isLink else { return false }
            }
        }
        return isEvident
    }

    // MARK: - Above more words of the author

    /// Looks below a closing formula at `line` for a signature with words or addresses of its author, which
    /// further text may follow.
    init?(_ mail: MailLines, below line: Int, to limit: Int) {
        guard Self.isFormula(mail, line) || Self.isDelimiter(mail, line) else { return nil }
        var features: SignatureFeature = []
        var end = line + 1
        var position = mail.nextFilled(from: line + 1)
        guard position < limit, let name = SignatureLine(mail, position), name.isName else { return nil }
        while position < min(limit, line + Self.maximumLines), let part = SignatureLine(mail, position) {
            features.formUnion(part.features)
            end = position + 1
            position = end
            if position < limit, mail.isBlank(position) {
                position = mail.nextFilled(from: position)
                let below = position..<Self.endOfParagraph(mail, from: position, to: limit)
                guard below.count <= Self.maximumLines, Self.isEvident(mail, below) else { break }
            }
        }
        let isReachable = !features.isDisjoint(with: [.phone, .email, .web])
        let hasPlace = !features.isDisjoint(with: [.organisation, .company])
        guard features.intersection(.strong).rawValue.nonzeroBitCount >= 2, isReachable || hasPlace else {
            return nil
        }
        lines = line..<end
        isAnnounced = true
    }

    // MARK: - Lines

    /// A closing formula alone on its line, such as "Kind regards,".
    static func isFormula(_ mail: MailLines, _ line: Int) -> Bool {
        let range = mail.trimmed(line)
        guard range.count >= 2, range.count <= 72, mail.bytes[range.upperBound - 1] != ASCII.question else {
            return false
        }
        var hasNoun = false
        var others = 0
        var reader = MailWords(mail.bytes, range)
        var words = 0
        while let word = reader.next() {
            words += 1
            if word.hasDigit { return false }
            let hash = MailLetter.hash(mail.bytes, word.range)
            if MailVocabulary.closingNouns.contains(hash: hash) {
                hasNoun = true
            } else if !MailVocabulary.closingWords.contains(hash: hash) {
                others += 1
                if others > 1 { return false }
            }
        }
        return hasNoun && words <= 10 && (others == 0 || words >= 4)
    }

    /// "-- ", "--", "—" or a longer rule alone on its line.
    static func isDelimiter(_ mail: MailLines, _ line: Int) -> Bool {
        let range = mail.trimmed(line)
        guard !range.isEmpty, range.count <= 80 else { return false }
        switch mail.bytes[range.lowerBound] {
        case ASCII.dash, ASCII.underscore, ASCII.equals, ASCII.star:
            return range.count >= 2 && mail.bytes[range].allSatisfy { $0 == mail.bytes[range.lowerBound] }
        case 0xE2: return range.count == 3 && mail.bytes.peek(range.lowerBound + 1) == 0x80
        default: return false
        }
    }
}

extension SignatureFeature {
    /// Features that few sentences have.
    static let strong: SignatureFeature = [
        .title, .organisation, .company, .phone, .email, .web, .address, .social,
    ]
}

/// One line of a signature.
struct SignatureLine {
    private(set) var features: SignatureFeature = []
    /// Capitalised words that are no title, company or place.
    private var names = 0
    private(set) var lowerWords = 0
    /// Those of the words in small letters that are no labels either, such as "phone".
    private(set) var plainWords = 0
    /// Verbs and denials, which only sentences have.
    private var statements = 0
    private var startsAsSentence = false
    private var hasLongNumber = false
    private var isPicture = false
    private var words = 0
    private var hasDigits = false
    private var hasLabel = false
    private var startsWithTitle = false
    private var lineStart = 0

    private static let maximumBytes = 140
    /// A line with so many words in small letters is a sentence.
    private static let maximumLowerWords = 6
    private static let connectors = PlainWordSet(
        "of and the for to at in der die das des von van de der den und la le les du des da do dos das e y el los "
            + "del i an "
            + "zu zur im am für & et d l a ter ten te op it a s x"
    )
    private static let prefixes = PlainWordSet(
        "dr dra prof professor mr mrs ms miss herr frau hr fr sr sra drs ir ing dipl mag lic i a v ppa m mme dott "
            + "dssa rag sig"
    )

    /// Whether the line can be the author's name: a few capitalised words.
    var isName: Bool { names >= 1 && lowerWords == 0 && !hasDigits && names <= 8 || isFullName }
    /// Whether the line holds a company's name.
    var isCompany: Bool { features.contains(.company) && lowerWords == 0 }
    /// Whether the line holds a first and a last name, before what else it holds.
    private(set) var isFullName = false

    /// Reads a line; nil when it is a sentence, a question, a list item or data of something else.
    init?(_ mail: MailLines, _ line: Int) {
        let range = mail.trimmed(line)
        guard !range.isEmpty, range.count <= Self.maximumBytes else { return nil }
        let bytes = mail.bytes
        isPicture = Self.isPicture(bytes, range)
        if isPicture || Self.isMotto(mail, line) { return }
        guard !Self.isOther(bytes, range) else { return nil }
        readWords(bytes, range)
        guard lowerWords < Self.maximumLowerWords, !isSentence(bytes, range) else { return nil }
        readAddresses(bytes, range)
        guard fits(bytes, range) else { return nil }
    }

    /// "[cid:logo.png@01D]" and "[A picture of a logo]<https://…>".
    private static func isPicture(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound] == ASCII.openBracket else { return false }
        let last = bytes[range.upperBound - 1]
        return last == ASCII.closeBracket
            || last == ASCII.greater && bytes[range].contains(ASCII.closeBracket)
    }

    /// A saying between quotation marks.
    private static func isMotto(_ mail: MailLines, _ line: Int) -> Bool {
        guard mail.startsWithQuotationMark(line) else { return false }
        let range = mail.trimmed(line)
        let last = max(range.lowerBound + 1, range.upperBound - 3)
        return (last..<range.upperBound).contains { QuotationMark(mail.bytes, at: $0) != nil }
    }

    /// Questions, quoted lines, headings, code, list items and postscripts.
    private static func isOther(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        if bytes[range.upperBound - 1] == ASCII.question { return true }
        switch bytes[range.lowerBound] {
        case ASCII.greater, ASCII.hash, ASCII.backtick, ASCII.equals, ASCII.openBrace, ASCII.closeBrace,
            ASCII.dollar,
            ASCII.dash, ASCII.star, ASCII.less:
            return true
        default: return isPostscript(bytes, range)
        }
    }

    /// Whether a line starts a postscript, such as "PS: …".
    static func isPostscript(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let start = range.lowerBound
        if bytes.hasWord("p.s", at: start) || bytes.hasWord("p.d.", at: start) { return true }
        let isPair = bytes.hasWord("ps", at: start) || bytes.hasWord("pd", at: start)
        return isPair && !ASCII.isWord(bytes.peek(start + 2))
    }

    private mutating func readWords(_ bytes: [UInt8], _ range: Range<Int>) {
        var reader = MailWords(bytes, range)
        var leading = 0
        var isLeading = true
        var end = range.lowerBound
        while let word = reader.next() {
            if hasSeparator(bytes, end..<word.range.lowerBound) { isLeading = false }
            end = word.range.upperBound
            words += 1
            switch read(word, bytes) {
            case .name: leading += isLeading ? 1 : 0
            case .other: isLeading = false
            case .neutral: break
            }
            // No line of a signature holds so many.
            if lowerWords >= Self.maximumLowerWords { return }
        }
        isFullName = leading >= 2 && leading <= 5 && features.isDisjoint(with: [.company]) && lowerWords == 0
    }

    /// A bar, a comma or a dash between two words.
    private func hasSeparator(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        gap.contains { bytes[$0] == ASCII.pipe || bytes[$0] == ASCII.comma || bytes[$0] == ASCII.dash }
    }

    /// Whether a word belongs to a mail or web address.
    private func isAddressPart(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        let before = bytes.peek(range.lowerBound - 1)
        let after = bytes.peek(range.upperBound)
        if before == ASCII.at || before == ASCII.slash || after == ASCII.at || after == ASCII.slash {
            return true
        }
        if after == ASCII.colon { return bytes.peek(range.upperBound + 1) == ASCII.slash }
        return before == ASCII.dot && ASCII.isAlphanumeric(bytes.peek(range.lowerBound - 2))
            || after == ASCII.dot && ASCII.isAlphanumeric(bytes.peek(range.upperBound + 1))
    }

    /// What a word is to a name: a part of it, a word that may stand inside it, or one that ends it.
    private enum NamePart { case name, neutral, other }

    private mutating func read(_ word: MailWords.Word, _ bytes: [UInt8]) -> NamePart {
        let isCapital = MailLetter.isCapital(bytes, at: word.range.lowerBound)
        let hash = MailLetter.hash(bytes, word.range)
        if words == 1, isCapital { startsAsSentence = MailVocabulary.sentenceOpeners.contains(hash: hash) }
        let isConnector = !isCapital && Self.connectors.contains(hash: hash)
        let part: NamePart = isCapital || isConnector ? .neutral : .other
        if word.hasDigit {
            hasDigits = true
            return part
        }
        let isLabel = MailVocabulary.contactLabels.contains(hash: hash) && Self.isLabel(word.range, bytes)
        if isLabel { hasLabel = true }
        let isCompany = MailVocabulary.companyForms.contains(hash: hash)
        guard isCapital else {
            if isCompany, word.range.count >= 3 {
                features.insert(.company)
            } else if bytes.peek(word.range.upperBound) == ASCII.dot,
                MailVocabulary.addressAbbreviations.contains(hash: hash)
            {
                features.insert(.address)
            } else if isAddressPart(word.range, bytes) {
                return part
            } else if isVerb(word, bytes) {
                statements += 1
                plainWords += 1
                if !isConnector { lowerWords += 1 }
            } else if !isConnector {
                lowerWords += 1
                plainWords += isLabel ? 0 : 1
            }
            return part
        }
        let found = MailVocabulary.titles.features(bytes, word)
        features.formUnion(found)
        if words == 1, found.contains(.title) { startsWithTitle = true }
        // "ООО" stands before the name.
        if isCompany, words > 1 || bytes[word.range.lowerBound] >= 0xD0 {
            features.insert(.company)
            return part
        }
        guard found.isEmpty, !isLabel, !Self.prefixes.contains(hash: hash) else { return part }
        names += 1
        return .name
    }

    /// Whether what a label stands before is a number or an address: "Phone 4711 without a tone" tells of a phone.
    private func hasValue(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        if hasLongNumber || !features.isDisjoint(with: [.web, .company, .social, .contactHours]) {
            return true
        }
        if features.contains(.email) { return hasLabel || plainWords <= 1 }
        if hasLabel { return plainWords == 0 }
        // "Printer in room 204 prints black".
        let isPlaceOnly = features == .address && hasDigits && !bytes[range].contains(ASCII.comma)
        return !isPlaceOnly || plainWords <= 1
    }

    /// Whether a label of one letter has a mark or a number behind it: "E: …" and "T +44 …", but not "E-17".
    private static func isLabel(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        if range.count > 1 { return true }
        let next = bytes.peek(range.upperBound)
        if ASCII.isBlank(next) {
            let value = bytes.peek(bytes.skip(from: range.upperBound, while: ASCII.isBlank))
            return ASCII.isDigit(value) || value == ASCII.plus || value == ASCII.openParen
                || value == ASCII.pipe
        }
        return ":.|)]".utf8.contains(next)
    }

    /// Whether a word in small letters is a verb or a denial, which the "no" of a number is not.
    private func isVerb(_ word: MailWords.Word, _ bytes: [UInt8]) -> Bool {
        let range = word.range
        // "è" and "é", which are written as connectors without their accents.
        if range.count == 2, bytes[range.lowerBound] == 0xC3 {
            return 0xA8...0xA9 ~= bytes[range.lowerBound + 1]
        }
        if MailVocabulary.sentenceWords.contains(bytes, range) { return true }
        guard MailVocabulary.safety.features(bytes, word).contains(.statement) else { return false }
        let next = bytes.skip(from: range.upperBound, while: ASCII.isBlank)
        return range.count > 2
            || !(bytes.peek(range.upperBound) == ASCII.dot || ASCII.isDigit(bytes.peek(next)))
    }

    /// Whether the line tells something: a verb beside other words, the first word of a sentence, or a sentence's end.
    private func isSentence(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard plainWords >= 1 else { return false }
        if startsAsSentence { return true }
        let last = bytes[range.upperBound - 1]
        let isEnded = last == ASCII.dot || last == ASCII.bang
        if statements >= 1, plainWords >= 2 || isEnded || features.isEmpty && words <= 3 { return true }
        let hasEndInside = range.dropLast().contains {
            (bytes[$0] == ASCII.bang || bytes[$0] == ASCII.question) && ASCII.isBlank(bytes[$0 + 1])
        }
        return hasEndInside || isEnded && plainWords >= 2 && features.isDisjoint(with: [.company])
    }

    /// Whether the line alone shows that it belongs to a signature: a way to reach the author with hardly a word
    /// beside it, a company, a title or a place without any, a picture.
    var isEvident: Bool {
        if isPicture { return true }
        guard statements == 0, !features.isEmpty else { return false }
        if hasLongNumber || !features.isDisjoint(with: [.email, .web]) { return plainWords <= 1 }
        if features == .phone { return plainWords == 0 && names == 0 }
        return plainWords == 0
            && (!hasDigits || !features.isDisjoint(with: [.address, .contactHours, .company]))
    }

    private mutating func readAddresses(_ bytes: [UInt8], _ range: Range<Int>) {
        lineStart = range.lowerBound
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == ASCII.at {
                let isAddress = index > range.lowerBound && ASCII.isAlphanumeric(bytes[index - 1])
                features.insert(isAddress ? .email : .social)
            } else if bytes.hasWord("www.", at: index) || bytes.hasWord("://", at: index) {
                features.insert(.web)
            } else if ASCII.isDigit(byte) || byte == ASCII.plus {
                index = readNumber(bytes, from: index, to: range.upperBound)
                continue
            }
            index += 1
        }
        if isCompanyWithStops(bytes, range) { features.insert(.company) }
        if bytes[range].contains(where: { $0 >= 0xE2 }) { readUnspaced(bytes, range) }
    }

    /// Companies and addresses in scripts without spaces.
    private mutating func readUnspaced(_ bytes: [UInt8], _ range: Range<Int>) {
        for index in range where bytes[index] >= 0xE2 || bytes[index] == ASCII.openParen {
            if MailVocabulary.unspacedCompanies.contains(where: { bytes.hasWord($0, at: index) }) {
                features.insert(.company)
            }
            // The mark of a postcode, and "号" behind a number.
            if bytes.hasWord("〒", at: index)
                || bytes.hasWord("号", at: index) && ASCII.isDigit(bytes.peek(index - 1))
            {
                features.insert(.address)
            }
        }
    }

    /// Reads a number with its blanks and marks, as telephone numbers and postcodes are written.
    private mutating func readNumber(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
        var digits = 0
        var last = 0
        var index = start
        while index < end {
            let byte = bytes[index]
            if ASCII.isDigit(byte) {
                digits += 1
                last += 1
            } else if byte >= 0x80 || !" -./()+".utf8.contains(byte) {
                // A no-break space goes on.
                guard byte == 0xC2, bytes.peek(index + 1) == 0xA0 else { break }
                index += 1
            }
            if !ASCII.isDigit(byte), index + 1 < end, ASCII.isDigit(bytes[index + 1]) { last = 0 }
            index += 1
        }
        let isAlone = words == 0 || start <= lineStart + 1 && index >= end
        let opens =
            bytes[start] == ASCII.plus || bytes[start] == ASCII.zero
            || bytes.peek(start - 1) == ASCII.openParen
        if digits >= 7, opens || hasLabel || isAlone && digits >= 8 {
            features.insert(.phone)
            hasLongNumber = true
        }
        if digits >= 3, digits < 7, hasLabel { features.insert(.phone) }
        if last == 5, index < end, MailLetter.isCapital(bytes, at: index) { features.insert(.address) }
        return max(index, start + 1)
    }

    /// "S.A.", "S.L.", "B.V.", "d.o.o." at the end of a name.
    private func isCompanyWithStops(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound + 2
        while index + 3 < range.upperBound {
            if bytes[index - 1] == ASCII.space, ASCII.isLetter(bytes[index]), bytes[index + 1] == ASCII.dot,
                ASCII.isLetter(bytes[index + 2]), bytes[index + 3] == ASCII.dot
            {
                var letters = [ASCII.lower(bytes[index]), ASCII.lower(bytes[index + 2])]
                if ASCII.isLetter(bytes.peek(index + 4)), bytes.peek(index + 5) == ASCII.dot {
                    letters.append(ASCII.lower(bytes[index + 4]))
                }
                if MailVocabulary.companyForms.contains(letters, letters.indices) { return true }
            }
            index += 1
        }
        return false
    }

    private func fits(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let isContact = !features.isDisjoint(with: [.phone, .email, .web])
        if lowerWords >= (isContact || startsWithTitle ? Self.maximumLowerWords : 4) { return false }
        if isContact, plainWords >= 4 { return false }
        guard hasValue(bytes, range) else { return false }
        let last = bytes[range.upperBound - 1]
        let isMarked = last == ASCII.dot || last == ASCII.bang || last == ASCII.colon
        if isMarked, lowerWords >= 1, !isContact, features.isDisjoint(with: [.company]) { return false }
        if hasForeignLabel(bytes, range) { return false }
        // "Pier 3, Harbourtown" is a place.
        let isPlace = lowerWords == 0 && names >= 2 && bytes[range].contains(ASCII.comma)
        if hasDigits, features.isEmpty, !hasLabel, !isPlace { return false }
        if ASCII.isDigit(bytes[range.lowerBound]), lowerWords >= 2, !isContact { return false }
        return names > 0 || !features.isEmpty || hasLabel || words <= 3
    }

    /// "Item: black kettle": a field of a form that is no way to reach the author.
    private func hasForeignLabel(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let limit = min(range.upperBound, range.lowerBound + 28)
        guard let colon = bytes[range.lowerBound..<limit].firstIndex(of: ASCII.colon),
            bytes.peek(colon + 1) != ASCII.slash
        else { return false }
        return !hasLabel && features.isDisjoint(with: [.social, .contactHours, .phone])
    }
}
