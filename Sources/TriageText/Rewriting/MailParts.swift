/// Which lines of a text are the author's own, and which are quoted mail, signatures and boilerplate.
///
/// Text is set aside only on strong evidence. The walk goes from the top: a complete head of a mail closes a
/// segment, the words of one author. What is at the edges of a segment is then looked at from outside
/// inwards: banners above, signatures and footers below.
struct MailParts {
    let mail: MailLines
    private let options: Cleaner.Options
    let repeated: RepeatedParagraphs

    /// What each line is, nil for own text; empty as long as all is own text.
    private var kinds: [SetAside.Kind?] = []
    /// What is read of lines that are set aside: subjects of forwarded mail, and own words beside boilerplate.
    private var kept: [Range<Int>] = []
    /// Own words beside boilerplate in the open segment.
    private var wordsKept = 0
    private let subject: TicketSubject
    /// Whether no mail was kept as a forwarded one so far, so that the ticket's subject is that of the next.
    private var isFirstMail = true

    // Paragraphs longer than these limits are nobody's footer, and no mail has more footers; the limits keep
    // the cost in proportion to the length.
    static let maximumLines = 60
    private static let maximumBytes = 6000
    private static let maximumParts = 24

    private var segmentStart = 0
    /// Whether the walk is between two lines of "```".
    private var isFenced = false
    /// Whether a head announced the lines with ">", so that all of them are somebody else's.
    private var isQuoting = false
    /// Lines with ">" that nothing announced.
    private var unannounced: [Range<Int>] = []
    /// Own words above the open segment, and those of the segment above it.
    private var wordsAbove = 0
    private var lastSegment = (lines: 0..<0, words: 0)
    /// How often the open segment names disclaimers and banners, once that was counted.
    private var topics: Int?
    /// The first line of a paragraph that was looked at for a banner, and its signs.
    private var firstLine: (line: Int, part: Boilerplate)?
    private let cited: [Range<Int>]
    /// The first citation that does not end above the walk.
    private var citation = 0

    /// Finds the parts of valid text with plain line ends.
    init(
        _ bytes: [UInt8], cited: [Range<Int>], subject: [UInt8], options: Cleaner.Options,
        repeated: RepeatedParagraphs
    ) {
        self.subject = TicketSubject(subject)
        self.options = options
        self.repeated = repeated
        self.cited = cited
        mail = MailLines(bytes)
        if mail.count > 1 {
            if options.quotes { findQuotes() }
            closeSegment(before: mail.count)
            keepSomething()
        }
        if options.signatures {
            if isOnlyBoilerplate {
                setBoilerplate(0..<mail.count)
            } else if mail.count == 1 {
                _ = setMarkAside(0)
            }
        }
    }

    /// The ranges to set aside, in order, each with its kind.
    var setAside: [(range: Range<Int>, kind: SetAside.Kind)] {
        var parts: [(range: Range<Int>, kind: SetAside.Kind)] = []
        let kept = kept.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        var line = 0
        while line < kinds.count {
            guard let kind = kinds[line] else {
                line += 1
                continue
            }
            var end = line + 1
            while end < kinds.count, kinds[end] == kind { end += 1 }
            var rest = mail.span(line..<end)
            while next < kept.count, kept[next].lowerBound < rest.upperBound {
                if kept[next].lowerBound > rest.lowerBound {
                    parts.append((rest.lowerBound..<kept[next].lowerBound, kind))
                }
                rest = min(max(rest.lowerBound, kept[next].upperBound), rest.upperBound)..<rest.upperBound
                next += 1
            }
            if !rest.isEmpty { parts.append((rest, kind)) }
            line = end
        }
        return parts
    }

    private mutating func set(_ lines: Range<Int>, to kind: SetAside.Kind) {
        guard !lines.isEmpty else { return }
        if kinds.isEmpty { kinds = Array(repeating: nil, count: mail.count) }
        for line in lines { kinds[line] = kind }
    }

    /// Sets boilerplate aside without the author's own sentences before and behind it on the same lines.
    private mutating func setBoilerplate(_ lines: Range<Int>) {
        set(lines, to: .boilerplate)
        let first = mail.nextFilled(from: lines.lowerBound)
        guard let last = mail.lastFilled(before: lines.upperBound, from: first) else { return }
        let text = mail.trimmed(first).lowerBound..<mail.trimmed(last).upperBound
        guard text.count <= Self.maximumBytes, !isRepeated(first..<last + 1),
            let part = MailSentences(mail.bytes, text).boilerplate(mail)
        else { return }
        keep(mail.lines[first].lowerBound..<part.lowerBound)
        keep(part.upperBound..<mail.span(first..<last + 1).upperBound)
    }

    /// Sets aside "[EXTERNAL]" before own words on the same line.
    private mutating func setMarkAside(_ line: Int) -> Bool {
        let range = mail.trimmed(line)
        guard range.count > 5, mail.bytes[range.lowerBound] == ASCII.openBracket,
            let close = mail.bytes.firstIndex(
                of: ASCII.closeBracket, in: range.lowerBound..<min(range.upperBound, range.lowerBound + 40)),
            close + 1 < range.upperBound,
            SafetyNotice(mail.bytes, range.lowerBound..<close + 1).isMark,
            Boilerplate.topics(mail, line..<line + 1) == 0
        else { return false }
        set(line..<line + 1, to: .boilerplate)
        keep(mail.bytes.skip(from: close + 1, while: ASCII.isBlank)..<mail.span(line..<line + 1).upperBound)
        return true
    }

    /// Keeps a piece of lines that are set aside, with the blanks around it.
    private mutating func keep(_ range: Range<Int>) {
        var words = MailWords(mail.bytes, range)
        var count = 0
        while words.next() != nil { count += 1 }
        guard count > 0 else { return }
        kept.append(range)
        wordsKept += count
    }

    private func isOwn(_ line: Int) -> Bool { kinds.isEmpty || kinds[line] == nil }

    // MARK: - Quoted mail

    private mutating func findQuotes() {
        var line = 0
        while line < mail.count {
            while citation < cited.count, cited[citation].upperBound <= line { citation += 1 }
            if citation < cited.count, cited[citation].lowerBound <= line,
                let next = quoteCitation(line..<cited[citation].upperBound)
            {
                line = next
                continue
            }
            line = quote(at: line) ?? line + 1
        }
        quoteInlineQuestions()
    }

    /// Sets aside what starts at a line, if anything does, and gives the line after it.
    private mutating func quote(at line: Int) -> Int? {
        let range = mail.trimmed(line)
        guard !range.isEmpty else { return nil }
        let first = mail.bytes[range.lowerBound]
        if first == ASCII.backtick, mail.bytes.hasWord("```", at: range.lowerBound) { isFenced.toggle() }
        if isFenced { return nil }
        if first == ASCII.greater { return quoteMarked(at: line) }
        guard let boundary = ReplyBoundary(mail, at: line, range, from: segmentStart) else { return nil }
        switch boundary {
        case .forwarded(let head): return keepForward(head)
        case .original(let head):
            closeSegment(before: head.lines.lowerBound)
            return isForward(head) ? keepForward(head) : quoteRest(from: head.lines.lowerBound)
        case .attribution(let start, let end):
            closeSegment(before: start)
            return quoteAttribution(start..<end)
        case .replyMarker(let end):
            closeSegment(before: line)
            guard wordsAbove > 0 else {
                set(line..<end, to: .boilerplate)
                segmentStart = end
                return end
            }
            return quoteRest(from: line)
        }
    }

    /// Sets aside "On …, NAME wrote:" and what it announces: lines with ">", or the rest of the mail.
    private mutating func quoteAttribution(_ lines: Range<Int>) -> Int {
        let next = mail.nextFilled(from: lines.upperBound)
        set(lines, to: .quoted)
        segmentStart = lines.upperBound
        if next < mail.count, mail.isMarked(next) {
            isQuoting = true
            return lines.upperBound
        }
        if citation < cited.count, cited[citation].contains(next) {
            segmentStart = cited[citation].upperBound
            set(next..<segmentStart, to: .quoted)
            return segmentStart
        }
        guard wordsAbove > 0, !passesOn else { return lines.upperBound }
        return quoteRest(from: lines.lowerBound)
    }

    private mutating func quoteRest(from line: Int) -> Int {
        set(line..<mail.count, to: .quoted)
        segmentStart = mail.count
        return mail.count
    }

    /// Sets the head of a forwarded mail aside and keeps its subject; the text below is a new segment.
    private mutating func keepForward(_ head: MailHead) -> Int {
        closeSegment(before: head.lines.lowerBound)
        set(head.lines, to: .quoted)
        if let subject = head.subject, !subject.isEmpty { kept.append(subject) }
        isFirstMail = false
        segmentStart = head.lines.upperBound
        return head.lines.upperBound
    }

    /// Sets aside what the HTML of a mail program marks as another mail, unless it is a forwarded one.
    private mutating func quoteCitation(_ lines: Range<Int>) -> Int? {
        let first = mail.nextFilled(from: lines.lowerBound)
        guard first < lines.upperBound else { return nil }
        if case .forwarded? = ReplyBoundary(mail, at: first, from: segmentStart) { return nil }
        closeSegment(before: lines.lowerBound)
        guard wordsAbove > 0 else { return nil }
        set(lines, to: .quoted)
        segmentStart = lines.upperBound
        return lines.upperBound
    }

    // MARK: - Lines with ">"

    /// Reads a block of lines with ">" and sets it aside when a head announces it.
    private mutating func quoteMarked(at line: Int) -> Int {
        let end = endOfBlock(from: line)
        let block = line..<end
        let isAnnounced = isAnnouncedInside(block)
        if isAnnounced { isQuoting = true }
        guard isQuoting else {
            unannounced.append(block)
            return end
        }
        if !isAnnounced, let last = mail.lastFilled(before: line, from: segmentStart), isOwn(last),
            mail.lastByte(last) == ASCII.colon
        {
            return end
        }
        closeSegment(before: line)
        set(block, to: .quoted)
        segmentStart = end
        return end
    }

    /// The line after a block of lines with ">", with lines between that lost their mark when they
    /// were wrapped.
    private func endOfBlock(from line: Int) -> Int {
        var end = line + 1
        while end < mail.count {
            if mail.isMarked(end) {
                end += 1
            } else if isWrapped(end) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    /// Whether a line without ">" goes on from a long quoted line above it, with a quoted line
    /// directly below.
    private func isWrapped(_ line: Int) -> Bool {
        guard isQuoting, line + 1 < mail.count, !mail.isBlank(line), mail.isMarked(line + 1) else {
            return false
        }
        let above = mail.trimmed(line - 1)
        let last = mail.bytes[above.upperBound - 1]
        return above.count >= 50 && mail.trimmed(line).count <= 30 && last != ASCII.dot
            && last != ASCII.question
            && last != ASCII.bang && last != ASCII.colon
    }

    /// Whether the first lines of a quoted block are the head of a mail.
    private func isAnnouncedInside(_ block: Range<Int>) -> Bool {
        var read = 0
        for line in block where !mail.content(line).isEmpty {
            switch ReplyBoundary(mail, at: line, from: block.lowerBound) {
            case .attribution?, .original?: return true
            default: break
            }
            read += 1
            if read == 3 { break }
        }
        return false
    }

    /// Sets aside questions with ">" that the author answers between the lines, also without a head.
    ///
    /// Most blocks must end in a question, an answer must follow each, and no block may be announced by a
    /// colon: steps, error text and other passages that the author sets off stay.
    private mutating func quoteInlineQuestions() {
        guard !unannounced.isEmpty, !isQuoting else { return }
        var questions = 0
        for block in unannounced {
            let next = mail.nextFilled(from: block.upperBound)
            let last = mail.lastFilled(before: block.lowerBound, from: 0)
            if let last, mail.lastByte(last) == ASCII.colon { return }
            guard next < mail.count else { continue }
            if block.contains(where: { mail.lastByte($0) == ASCII.question }) { questions += 1 }
        }
        let isFirst = mail.nextFilled(from: 0) == unannounced[0].lowerBound
        guard 2 * questions > unannounced.count, unannounced.count >= 2 || isFirst else { return }
        for block in unannounced { set(block, to: .quoted) }
    }

    // MARK: - Reply or forward

    /// Whether the words before an old mail are so few, or so chosen, that the old mail is the matter.
    ///
    /// An answer goes to a service or has "RE:" in its subject. A colleague's mail that nobody answered yet,
    /// and that shows no address because it came from inside, is passed on.
    private func isForward(_ head: MailHead) -> Bool {
        let words = lastSegment.words
        if lastSegmentHolds(MailVocabulary.passingOnWords) || isFirstMail && subject.isForward { return true }
        if isFirstMail, words > 0, subject.answers(head, mail), !lastSegmentPoints { return false }
        // However short the author's words are, they answer a mail whose subject says so.
        if head.isAnswer(mail), words > 0, !lastSegmentPoints { return false }
        if head.isFromAgent(mail) { return words < 3 }
        if words < (head.isAnswer(mail) ? 8 : 13) { return true }
        if words <= 30, lastSegmentHolds(MailVocabulary.forwardingWords) { return true }
        if words <= 40, !head.isAnswer(mail), lastSegmentHolds(MailVocabulary.receiptWords) { return true }
        return !head.isAnswer(mail) && !head.hasAddress(mail)
    }

    /// Whether the few words above a reply's head pass the mail on.
    private var passesOn: Bool {
        lastSegment.words <= 12 && lastSegmentHolds(MailVocabulary.passingOnWords)
    }

    /// Whether the few words above a head point at the mail below.
    private var lastSegmentPoints: Bool {
        lastSegment.words < 8 && lastSegmentHolds(MailVocabulary.pointingWords)
    }

    private func lastSegmentHolds(_ set: PlainWordSet) -> Bool {
        lastSegment.lines.contains { line in
            guard isOwn(line) else { return false }
            var reader = MailWords(mail.bytes, mail.lines[line])
            while let word = reader.next() {
                if set.contains(mail.bytes, word.range) { return true }
            }
            return false
        }
    }

    private func words(in lines: Range<Int>) -> Int {
        lines.reduce(0) { count, line in
            guard isOwn(line) else { return count }
            var reader = MailWords(mail.bytes, mail.lines[line])
            var words = 0
            while reader.next() != nil { words += 1 }
            return count + words
        }
    }

    // MARK: - The edges of a segment

    /// Ends the open segment before a line: looks at its edges and counts the words that are left.
    private mutating func closeSegment(before end: Int) {
        guard segmentStart < end else { return }
        if options.signatures { setEdgesAside(segmentStart..<end) }
        // Words are counted where something below has to be weighed against them.
        if end < mail.count {
            lastSegment = (segmentStart..<end, words(in: segmentStart..<end) + wordsKept)
            wordsAbove += lastSegment.words
        }
        topics = nil
        wordsKept = 0
        segmentStart = end
    }

    private mutating func setEdgesAside(_ segment: Range<Int>) {
        let start = setBannersAside(segment)
        setFootersAside(start..<segment.upperBound)
    }

    /// Sets aside banners above the author's words and gives the line after them.
    private mutating func setBannersAside(_ segment: Range<Int>) -> Int {
        var start = segment.lowerBound
        while true {
            let first = mail.nextFilled(from: start)
            guard first < segment.upperBound else { return start }
            let end = endOfParagraph(from: first, to: segment.upperBound)
            guard let found = banner(first..<end, segment) else {
                return setMarkAside(first) ? first : start
            }
            setBoilerplate(start..<found)
            start = found
        }
    }

    /// The line after the boilerplate that a paragraph starts with.
    private mutating func banner(_ paragraph: Range<Int>, _ segment: Range<Int>) -> Int? {
        guard segment.count > 1 else { return nil }
        if let end = endOfRepeated(paragraph) { return end }
        if isArmour(paragraph.lowerBound) { return paragraph.upperBound }
        if mail.isRule(paragraph.lowerBound), paragraph.count > 1 {
            return banner(paragraph.lowerBound + 1..<paragraph.upperBound, segment)
        }
        var part = Boilerplate()
        for line in paragraph.prefix(8) {
            guard mail.lines[line].count <= Self.maximumBytes else { return nil }
            part.read(mail, line)
            if line == paragraph.lowerBound { firstLine = (line, part) }
            guard part.hasAnySign || mail.isRule(line) else { return nil }
            if line == paragraph.lowerBound, let end = endOfSafetyNotice(paragraph, segment) { return end }
            guard part.isKnownAbove, !continuesSentence(line + 1, paragraph) else { continue }
            return isTopic(part, segment) ? nil : endOfBanner(from: line + 1, paragraph)
        }
        return nil
    }

    private func endOfBanner(from line: Int, _ paragraph: Range<Int>) -> Int {
        var end = line
        while end < paragraph.upperBound, mail.isRule(end) || Boilerplate(mail, end..<end + 1).continuesBanner
        {
            end += 1
        }
        return end
    }

    /// Sets aside signatures and footers below the author's words.
    private mutating func setFootersAside(_ segment: Range<Int>) {
        var end = startOfPostscript(segment)
        var hasSignature = false
        var hasFooter = false
        for _ in 0..<Self.maximumParts {
            guard let last = mail.lastFilled(before: end, from: segment.lowerBound) else { break }
            let part = footer(endingAt: last + 1, segment, hasFooter: hasFooter, hasSignature: hasSignature)
            guard let (start, kind) = part else { break }
            if kind == .boilerplate { setBoilerplate(start..<end) } else { set(start..<end, to: kind) }
            if kind == .signature { hasSignature = true } else { hasFooter = true }
            end = start
        }
        if !hasSignature { setInnerSignatureAside(segment.lowerBound..<end) }
    }

    /// The part that ends before a line, if it is not the author's own text.
    private mutating func footer(
        endingAt end: Int, _ segment: Range<Int>, hasFooter: Bool, hasSignature: Bool
    ) -> (
        start: Int, kind: SetAside.Kind
    )? {
        let last = end - 1
        if hasFooter || hasSignature, MailSignature.isDelimiter(mail, last) { return (last, .boilerplate) }
        let start = startOfParagraph(endingAt: end, from: segment.lowerBound)
        let isIntroduced = isIntroduced(start, segment)
        let isShort = mail.lines[last].count <= Self.maximumBytes
        let lastLine = isShort ? Boilerplate(mail, last..<end) : Boilerplate()
        if lastLine.isProgramLine, last > segment.lowerBound, !isIntroduced { return (last, .boilerplate) }
        let signature = hasSignature ? nil : MailSignature(mail, endingAt: end, from: segment.lowerBound)
        if let signature, isWanted(signature, segment) { return nil }
        if let signature, signature.isAnnounced { return (signature.lines.lowerBound, .signature) }
        if !isIntroduced, let first = footer(start..<end, lastLine, segment, hasFooter) {
            return (first, .boilerplate)
        }
        if let signature { return (signature.lines.lowerBound, .signature) }
        return hasSignature || !lastLine.mayFollowSignature ? nil : promotions(endingAt: end, segment)
    }

    /// Lines that invite to something, with a signature above them.
    private func promotions(endingAt end: Int, _ segment: Range<Int>) -> (start: Int, kind: SetAside.Kind)? {
        var line = end
        for _ in 0..<3 {
            guard let last = mail.lastFilled(before: line, from: segment.lowerBound),
                mayFollowSignature(last)
            else { return nil }
            line = last
            if MailSignature(mail, endingAt: line, from: segment.lowerBound) != nil {
                return (line, .boilerplate)
            }
        }
        return nil
    }

    /// The first line of the boilerplate with which a paragraph ends.
    private mutating func footer(
        _ paragraph: Range<Int>, _ lastLine: Boilerplate, _ segment: Range<Int>, _ hasFooter: Bool
    ) -> Int? {
        guard paragraph.lowerBound > segment.lowerBound || paragraph.count > 1 else { return nil }
        if isArmour(paragraph.upperBound - 1) { return startOfArmour(paragraph, segment) }
        if let start = startOfRepeated(paragraph) { return start }
        if isSafetyNotice(paragraph, lastLine, segment) { return paragraph.lowerBound }
        if paragraph.count == 1 || mail.span(paragraph).count <= Self.maximumBytes {
            let whole =
                paragraph.count == 1 || !hasSigns(paragraph, lastLine)
                ? lastLine : Boilerplate(mail, paragraph)
            if whole.isKnown || hasFooter && whole.continues {
                return isTopic(whole, segment) ? nil : startOfFooter(paragraph)
            }
        }
        guard paragraph.count > 1 else { return nil }
        let last = paragraph.upperBound - 1
        let isFooter =
            lastLine.isKnown && !isTopic(lastLine, segment)
            || lastLine.hasAnySign && SafetyNotice(mail, last..<last + 1).isScanLine
        return isFooter ? last : nil
    }

    /// The first line of a paragraph that belongs to the boilerplate at its end: own lines above it stay.
    ///
    /// The fewest last lines that are a known form are taken, and those above that carry signs or go on over
    /// the line's end.
    private func startOfFooter(_ paragraph: Range<Int>) -> Int {
        var start = paragraph.upperBound - 1
        while start > paragraph.lowerBound, paragraph.upperBound - start < 8,
            !Boilerplate(mail, start..<paragraph.upperBound).isKnown
        {
            start -= 1
        }
        if !Boilerplate(mail, start..<paragraph.upperBound).isKnown { return paragraph.lowerBound }
        while start > paragraph.lowerBound, !mail.isRule(start), belongsToFooter(start - 1) { start -= 1 }
        return start
    }

    /// Sets aside a signature with text below it, such as a postscript.
    private mutating func setInnerSignatureAside(_ lines: Range<Int>) {
        for line in lines.suffix(40).dropLast() where isOwn(line) && mail.trimmed(line).count <= 72 {
            guard let signature = MailSignature(mail, below: line, to: lines.upperBound) else { continue }
            if isWanted(signature, lines) { return }
            set(signature.lines, to: .signature)
            return
        }
    }

    // MARK: - Against setting aside

    /// Whether the other lines of the open segment are about disclaimers, banners or footers.
    private mutating func isTopic(_ part: Boilerplate, _ segment: Range<Int>) -> Bool {
        let all = topics ?? Boilerplate.topics(mail, segment)
        topics = all
        return all > part.topics
    }

    /// The signs of a line alone.
    func signs(of line: Int) -> Boilerplate {
        if let firstLine, firstLine.line == line { return firstLine.part }
        return Boilerplate(mail, line..<line + 1)
    }

    /// Restores parts when no word would be left: all but boilerplate first, then all.
    private mutating func keepSomething() {
        guard !kinds.isEmpty, !hasWords else { return }
        for line in kinds.indices where kinds[line] != .boilerplate { kinds[line] = nil }
        if !hasWords {
            kinds = []
            kept = []
        }
    }

    /// Whether a text of few paragraphs holds nothing but evident boilerplate: its author wrote nothing.
    private var isOnlyBoilerplate: Bool {
        var line = mail.nextFilled(from: 0)
        guard line < mail.count, kept.isEmpty, Boilerplate.mayStart(mail, line) else { return false }
        for _ in 0..<4 {
            let end = endOfParagraph(from: line, to: mail.count)
            guard mail.span(line..<end).count <= Self.maximumBytes,
                Boilerplate(mail, line..<end).isKnownAlone,
                (line..<end).dropFirst().allSatisfy(belongsToFooter)
            else { return false }
            line = mail.nextFilled(from: end)
            if line == mail.count { return true }
        }
        return false
    }

    private var hasWords: Bool {
        if !kept.isEmpty { return true }
        return mail.lines.indices.contains { isOwn($0) && !mail.isBlank($0) && !mail.isRule($0) }
    }
}
