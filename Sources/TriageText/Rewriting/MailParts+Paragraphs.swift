/// Where the paragraphs of a mail start and end.
extension MailParts {
    func endOfParagraph(from line: Int, to limit: Int) -> Int {
        var end = line + 1
        while end < limit, end - line < Self.maximumLines, !mail.isBlank(end) { end += 1 }
        return end
    }

    func startOfParagraph(endingAt end: Int, from limit: Int) -> Int {
        var start = end - 1
        while start > limit, end - start < Self.maximumLines, !mail.isBlank(start - 1) { start -= 1 }
        return start
    }

    /// "-----BEGIN PGP SIGNATURE-----" and its kin; keys are not meant.
    func isArmour(_ line: Int) -> Bool {
        let start = mail.trimmed(line).lowerBound
        return mail.bytes.hasWord("-----begin pgp sign", at: start)
            || mail.bytes.hasWord("-----end pgp signature", at: start)
    }

    func startOfArmour(_ paragraph: Range<Int>, _ segment: Range<Int>) -> Int {
        for line in segment.prefix(upTo: paragraph.upperBound).suffix(60).reversed()
        where mail.bytes.hasWord("-----begin pgp signature", at: mail.trimmed(line).lowerBound) {
            return line
        }
        return paragraph.lowerBound
    }

    /// Whether a line is written in capitals.
    func isHeading(_ line: Int) -> Bool {
        let range = mail.trimmed(line)
        return range.count >= 4 && range.count <= 60 && !mail.bytes[range].contains(where: ASCII.isLower)
    }

    /// Whether a line goes on with the sentence of the line above.
    func continuesSentence(_ line: Int, _ paragraph: Range<Int>) -> Bool {
        guard line < paragraph.upperBound else { return false }
        let last = mail.lastByte(line - 1)
        if last == ASCII.dot || last == ASCII.bang || last == ASCII.closeBracket || last == ASCII.star {
            return false
        }
        let range = mail.content(line)
        return !range.isEmpty && ASCII.isLower(mail.bytes[range.lowerBound])
    }

    func belongsToFooter(_ line: Int) -> Bool {
        if mail.isRule(line) || isHeading(line) || SignatureLine(mail, line)?.isCompany == true {
            return true
        }
        let part = Boilerplate(mail, line..<line + 1)
        if part.isPersonal { return false }
        if part.hasSigns { return true }
        return mail.lines[line].count >= 50 && continuesSentence(line + 1, line..<line + 2)
    }

    /// Whether the last line of a paragraph, or its first two below a rule, show a sign of boilerplate.
    func hasSigns(_ paragraph: Range<Int>, _ lastLine: Boilerplate) -> Bool {
        if lastLine.hasAnySign { return true }
        let last = paragraph.upperBound - 1
        guard let first = paragraph.first(where: { !mail.isRule($0) }), first < last else { return false }
        var part = signs(of: first)
        if first + 1 < last { part.read(mail, first + 1) }
        return part.hasAnySign
    }

    /// Whether a line below a signature invites to something, or is a piece of the company's registration.
    func mayFollowSignature(_ line: Int) -> Bool {
        let part = Boilerplate(mail, line..<line + 1)
        let range = mail.trimmed(line)
        let isLink = mail.bytes.contains(ASCII.colon, in: range) { mail.bytes.hasWord("://", at: $0) }
        guard part.mayFollowSignature, isLink || !SafetyNotice(mail.bytes, range).tells else { return false }
        if part.isPromotion { return true }
        let digits = mail.bytes[range].count(where: ASCII.isDigit)
        return digits >= 6 || mail.bytes[range].contains { $0 == ASCII.colon || $0 == ASCII.pipe }
    }

    /// Whether a line that speaks of signatures announces a signature by a colon: the author asks for it.
    func isWanted(_ signature: MailSignature, _ segment: Range<Int>) -> Bool {
        guard let last = mail.lastFilled(before: signature.lines.lowerBound, from: segment.lowerBound),
            mail.lastByte(last) == ASCII.colon
        else { return false }
        var reader = MailWords(mail.bytes, mail.trimmed(last))
        while let word = reader.next() {
            if MailVocabulary.signatureWords.contains(mail.bytes, word.range) { return true }
        }
        return false
    }

    /// The line after a warning or a scanner's line above the author's words: the paragraph's or that of its first line.
    func endOfSafetyNotice(_ paragraph: Range<Int>, _ segment: Range<Int>) -> Int? {
        let first = paragraph.lowerBound
        let below = mail.nextFilled(from: paragraph.upperBound)
        if below < segment.upperBound, SafetyNotice(mail, paragraph).isKnown { return paragraph.upperBound }
        guard paragraph.count > 1, !continuesSentence(first + 1, paragraph) else { return nil }
        return SafetyNotice(mail, first..<first + 1).isKnown ? first + 1 : nil
    }

    /// Whether a paragraph of its own is a notice about safety, with words of the author above it.
    func isSafetyNotice(_ paragraph: Range<Int>, _ lastLine: Boilerplate, _ segment: Range<Int>) -> Bool {
        guard SafetyNotice.fits(mail, paragraph),
            mail.lastFilled(before: paragraph.lowerBound, from: segment.lowerBound) != nil
        else { return false }
        // Words are read only where something else shows that it could be one.
        let mayHoldContact = mail.bytes[mail.span(paragraph)].contains { $0 == ASCII.at || ASCII.isDigit($0) }
        guard mayHoldContact || hasSigns(paragraph, lastLine) else { return false }
        let notice = SafetyNotice(mail, paragraph)
        return notice.isKnown || notice.isPolicy
    }

    /// Where a postscript starts with which a segment ends, else the segment's end.
    func startOfPostscript(_ segment: Range<Int>) -> Int {
        guard let last = mail.lastFilled(before: segment.upperBound, from: segment.lowerBound) else {
            return segment.upperBound
        }
        let start = startOfParagraph(endingAt: last + 1, from: segment.lowerBound)
        return SignatureLine.isPostscript(mail.bytes, mail.trimmed(start)) ? start : segment.upperBound
    }

    /// Whether a colon above introduces a paragraph as a citation.
    func isIntroduced(_ line: Int, _ segment: Range<Int>) -> Bool {
        guard let last = mail.lastFilled(before: line, from: segment.lowerBound) else { return false }
        return mail.lastByte(last) == ASCII.colon && !MailSignature.isFormula(mail, last)
    }
}
