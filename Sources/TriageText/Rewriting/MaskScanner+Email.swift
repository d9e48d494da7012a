/// E-mail addresses, also with quotes, in return paths and disguised as "ann (at) example (dot) org".
extension MaskScanner {
    private static let maximumLocalPart = 128

    /// An e-mail address around the "@" at `index`.
    mutating func email(at index: Int) -> Int? {
        guard index > floor, isOn(.email) else { return nil }
        if let next = spacedEmail(at: index) { return next }
        guard let end = endOfMailDomain(from: index + 1) else { return nil }
        let isForeign = text.isForeign(at: index + 1)
        guard let start = startOfMailbox(before: index, isForeign: isForeign) else { return nil }
        // "git@host:path" names a repository and a service account, not a person's mailbox.
        if index - start == 3, text.hasWord("git", at: start), text.peek(end) == ASCII.colon { return nil }
        return take(.email, start..<end)
    }

    /// An address with blanks or brackets around its "@": "ann.lee @ example.org", "ann.lee[@]example.org".
    private mutating func spacedEmail(at index: Int) -> Int? {
        let isSpaced = text[index - 1] == ASCII.space && text.peek(index + 1) == ASCII.space
        guard isSpaced || Self.isBracketPair(text[index - 1], text.peek(index + 1)) else { return nil }
        let end = index - 1 > floor && text[index - 2] == ASCII.space ? index - 2 : index - 1
        let limit = max(floor, end - Self.maximumLocalPart)
        var start = text.startOfWord(endingAt: end, to: limit, or: Self.isMailboxMark)
        while start < end, !ASCII.isWord(text[start]) { start += 1 }
        // "Lunch @ example.org" is a place.
        guard start < end, !isSpaced || text[start..<end].contains(where: Self.isMailboxMark),
            let domain = endOfDomain(from: text.skip(from: index + 2, while: ASCII.isBlank)), domain.isKnown
        else { return nil }
        return take(.email, start..<domain.end)
    }

    private static func isBracketPair(_ open: UInt8, _ close: UInt8) -> Bool {
        switch open {
        case ASCII.openParen: close == ASCII.closeParen
        case ASCII.openBracket: close == ASCII.closeBracket
        case ASCII.openBrace: close == ASCII.closeBrace
        default: false
        }
    }

    // MARK: - The part before the "@"

    /// The start of the local part that ends at `index`, or nil if none can be one.
    private func startOfMailbox(before index: Int, isForeign: Bool) -> Int? {
        if text[index - 1] == ASCII.quote { return startOfQuotedMailbox(before: index) }
        let limit = max(floor, index - Self.maximumLocalPart)
        var start = text.startOfWord(endingAt: index, to: limit, or: Self.isMailboxMark)
        if start == index || isForeign { start = startOfForeignMailbox(before: index, to: limit) }
        if start == limit, limit > floor, text.endsWord(before: start) { return nil }
        while start < index, !ASCII.isWord(text[start]), text[start] != ASCII.underscore { start += 1 }
        guard start < index, text[index - 1] != ASCII.dot else { return nil }
        return startOfReturnPath(before: start, at: index, to: limit)
    }

    /// "ann lee"@example.org: from the opening quote, on the same line.
    private func startOfQuotedMailbox(before index: Int) -> Int? {
        let limit = max(floor, index - 66)
        let start = text.skipBack(from: index - 1, to: limit) { $0 != ASCII.quote && $0 >= 0x20 }
        return start > limit && start < index - 1 && text[start - 1] == ASCII.quote ? start - 1 : nil
    }

    /// A name in a script that writes spaces, such as Cyrillic: others would take the sentence along.
    private func startOfForeignMailbox(before index: Int, to limit: Int) -> Int {
        var start = index
        while start > limit {
            let previous = text.startOfScalar(before: start)
            guard previous >= limit else { break }
            let byte = text[previous]
            let isPart =
                byte < 0x80
                ? ASCII.isAlphanumeric(byte) || Self.isMailboxMark(byte) : text.isSpacedLetter(at: previous)
            guard isPart else { break }
            start = previous
        }
        return start
    }

    /// Steps over the sender's address inside a return path: "bounce+ann=example.org@", "SRS0=x=y=org=ann@".
    private func startOfReturnPath(before start: Int, at index: Int, to limit: Int) -> Int {
        var position = start
        var accepted = start
        for _ in 0..<5 {
            guard position > limit, text[position - 1] == ASCII.equals else { break }
            let next = text.startOfWord(endingAt: position - 1, to: limit, or: Self.isMailboxMark)
            guard next < position - 1 else { break }
            if isReturnPath(next..<position - 1, address: position..<index) { accepted = next }
            position = next
        }
        return accepted
    }

    /// Whether `name` is one of a return path's own words, or ends with a mailbox whose domain follows the "=".
    private func isReturnPath(_ name: Range<Int>, address: Range<Int>) -> Bool {
        for word in ["srs0", "srs1", "prvs", "msprvs", "btv1"] as [StaticString]
        where text.hasWord(word, at: name.lowerBound) {
            return true
        }
        let dot = text.skipBack(from: address.upperBound, to: address.lowerBound) { $0 != ASCII.dot }
        guard dot > address.lowerBound, TopLevelDomains.contains(text, dot..<address.upperBound) else {
            return false
        }
        return text[name].contains { $0 == ASCII.plus || $0 == ASCII.dash }
    }

    private static func isMailboxMark(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.dot, ASCII.dash, ASCII.underscore, ASCII.plus, ASCII.percent, ASCII.apostrophe: true
        default: false
        }
    }

    // MARK: - The part behind the "@"

    /// The end of a mail domain, which may stand on the next line.
    private func endOfMailDomain(from start: Int) -> Int? {
        guard let lineEnd = afterLineBreak(start) else {
            return endOfDomain(from: start)?.end ?? endOfMachine(from: start)
        }
        guard let domain = endOfDomain(from: lineEnd), domain.isKnown else { return nil }
        return domain.end
    }

    /// The end of a machine's name without a dot, which system mails have: "root@localhost", "root@srv-mail01".
    private func endOfMachine(from start: Int) -> Int? {
        let end = text.endOfWord(from: start, to: min(text.count, start + 64)) { $0 == ASCII.dash }
        // "root@srv-1:~" is the prompt of a shell.
        guard text.peek(end) != ASCII.colon else { return nil }
        guard text.peek(end) != ASCII.dot || !text.startsWord(at: end + 1) else { return nil }
        if end - start == 9, text.hasWord("localhost", at: start) { return end }
        let name = text[start..<end]
        guard name.count >= 6, name.prefix(3).allSatisfy(ASCII.isLetter), let last = name.last else {
            return nil
        }
        return ASCII.isDigit(last) && name.contains(ASCII.dash) ? end : nil
    }

    private func afterLineBreak(_ start: Int) -> Int? {
        let lineEnd = text.skip(from: start, while: ASCII.isBlank)
        guard lineEnd - start <= 2, text.peek(lineEnd) == ASCII.newline else { return nil }
        let next = text.skip(from: lineEnd + 1, while: ASCII.isBlank)
        return next - lineEnd <= 9 ? next : nil
    }

    /// An address whose "@" is written "(at)" or "[at]", the sign at `index`.
    mutating func disguisedEmail(at index: Int) -> Int? {
        guard isOn(.email), let domainStart = endOfSign("at", at: index) ?? endOfSign("arroba", at: index)
        else {
            return nil
        }
        let end = index > floor && ASCII.isBlank(text[index - 1]) ? index - 1 : index
        let limit = max(floor, end - Self.maximumLocalPart)
        var start = text.startOfWord(endingAt: end, to: limit, or: Self.isMailboxMark)
        while start < end, !ASCII.isWord(text[start]) { start += 1 }
        guard start < end,
            let domainEnd = endOfDisguisedDomain(from: text.skip(from: domainStart, while: ASCII.isBlank))
        else { return nil }
        return take(.email, start..<domainEnd)
    }

    /// The end of "example (dot) org", "example[.]org" or "example.org" with a real top level.
    private func endOfDisguisedDomain(from start: Int) -> Int? {
        var labelStart = start
        var best: Int?
        for count in 0..<6 {
            let end = endOfLabel(from: labelStart, to: min(text.count, start + 253))
            guard end > labelStart else { break }
            if count > 0, let topLevel = topLevel(in: labelStart..<end), topLevel.isKnown {
                best = topLevel.end
            }
            let sign = text.skip(from: end, while: ASCII.isBlank)
            if text.peek(end) == ASCII.dot {
                labelStart = end + 1
            } else if sign <= end + 1, let next = endOfSign("dot", at: sign) ?? endOfSign(".", at: sign) {
                labelStart = text.skip(from: next, while: ASCII.isBlank)
            } else {
                break
            }
        }
        return best
    }

    /// The end of a word in parentheses or brackets at `index`.
    private func endOfSign(_ word: StaticString, at index: Int) -> Int? {
        let close: UInt8
        switch text.peek(index) {
        case ASCII.openParen: close = ASCII.closeParen
        case ASCII.openBracket: close = ASCII.closeBracket
        case ASCII.openBrace: close = ASCII.closeBrace
        default: return nil
        }
        let end = index + 1 + word.utf8CodeUnitCount
        return text.hasWord(word, at: index + 1) && text.peek(end) == close ? end + 1 : nil
    }
}
