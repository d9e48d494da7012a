/// Secrets in sentences, forms and tables: "the new password will be x", "Kennwort lautet x", "Password" and the
/// value on the next line. The value leads: a word with a digit, a mark at its end or quotes around it.
extension MaskScanner {
    /// What the words before a value are.
    private struct SecretContext {
        var name: SecretName
        /// Whether a verb or a colon stands between the name and the value.
        var hasVerb: Bool
        /// Whether the value begins the line after the name.
        var isOnNextLine: Bool
    }

    /// A value with the digit at `index` in it.
    mutating func spokenSecret(around index: Int) -> Int? {
        guard isOn(.secret), index >= judgedValueEnd else { return nil }
        let start = text.skipBack(from: index, to: max(floor, index - 48), while: Self.isInsideValue)
        let first = startOfLatin(start, index)
        guard mayStartValue(first) else { return nil }
        let end = endOfValue(from: first, inQuery: false)
        judgedValueEnd = max(index + 1, end)
        guard end > index, let context = secretContext(before: first) else { return nil }
        return isSpoken(first..<end, context) ? take(.secret, first..<end) : nil
    }

    /// A word that ends with the "!" at `index`: "the password is Sunshine!".
    mutating func exclaimedSecret(at index: Int) -> Int? {
        guard isOn(.secret), index >= judgedValueEnd, ASCII.isLetter(text.peek(index - 1)) else { return nil }
        let start = text.skipBack(from: index, to: max(floor, index - 32), while: ASCII.isLetter)
        guard index - start >= 4, ASCII.isUpper(text[start]), mayStartValue(start) else { return nil }
        guard !SecretWords.states.contains(text, start..<index),
            !SecretWords.emptyValues.contains(text, start..<index),
            let context = secretContext(before: start), context.hasVerb, isPasswordName(context.name.range)
        else { return nil }
        let end = text.skip(from: index) { $0 == ASCII.bang }
        return text.startsWord(at: end) ? nil : take(.secret, start..<end)
    }

    /// A value in the quotes that open at `index`.
    mutating func quotedSecret(at index: Int) -> Int? {
        let opening = text[index]
        guard isOn(.secret), index > floor, !ASCII.isWord(text[index - 1]) || text[index - 1] >= 0x80 else {
            return nil
        }
        guard text.peek(index + 1) != opening, let context = secretContext(before: index), context.hasVerb
        else {
            return nil
        }
        let start = text.skip(from: index + 1, while: ASCII.isBlank)
        let limit = min(text.count, start + 65)
        var close = start
        while close < limit, text[close] != opening, text[close] >= 0x20 { close += 1 }
        let end = text.skipBack(from: close, to: start, while: ASCII.isBlank)
        guard close < limit, text[close] == opening, end - start >= 4, isPasswordName(context.name.range)
        else { return nil }
        let isPhrase = !context.name.isCode && isPhrase(start..<end)
        return isPhrase || isQuotedWord(start..<end) ? take(.secret, start..<end) : nil
    }

    private func isQuotedWord(_ range: Range<Int>) -> Bool {
        !text[range].contains(ASCII.space) && !text[range].contains(ASCII.openParen)
            && !text[range].contains(ASCII.openBracket) && !SecretWords.states.contains(text, range)
            && !SecretWords.emptyValues.contains(text, range)
    }

    // MARK: - Where a value starts

    private static func isInsideValue(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, ASCII.quote, ASCII.apostrophe, ASCII.backtick, ASCII.less, ASCII.greater, ASCII.comma,
            ASCII.semicolon, ASCII.openParen, ASCII.closeParen, ASCII.openBrace, ASCII.closeBrace,
            ASCII.openBracket,
            ASCII.closeBracket, ASCII.pipe, ASCII.colon, ASCII.equals:
            false
        default: true
        }
    }

    /// The start of the value without letters of another script before it.
    private func startOfLatin(_ start: Int, _ index: Int) -> Int {
        var position = index
        while position > start {
            let previous = text.startOfScalar(before: position)
            if text.isForeign(at: previous) { break }
            position = max(previous, start)
        }
        return position
    }

    private func mayStartValue(_ start: Int) -> Bool {
        switch text.peek(start - 1) {
        case ASCII.space, ASCII.tab, ASCII.newline, ASCII.openParen, ASCII.pipe: start > floor
        case 0x80...0xFF: start > floor
        default: false
        }
    }

    // MARK: - The words before

    /// The name of a secret before `start`, over verbs, adjectives and one line break, 96 bytes back at most.
    private func secretContext(before start: Int) -> SecretContext? {
        let limit = max(floor, start - 96)
        var end = start
        var hasVerb = false
        var hasLineBreak = false
        for _ in 0..<6 {
            while end > limit, !ASCII.isWord(text[end - 1]) {
                switch text[end - 1] {
                case ASCII.newline:
                    if hasLineBreak { return nil }
                    hasLineBreak = true
                case ASCII.space, ASCII.tab, ASCII.openParen, ASCII.quote, ASCII.star, ASCII.pipe: break
                // A comparison, not an assignment.
                case ASCII.equals where text.peek(end - 2) == ASCII.equals: return nil
                case ASCII.colon, ASCII.equals: hasVerb = true
                case ASCII.dash, ASCII.greater: break
                case ASCII.comma where hasVerb: break
                default: return nil
                }
                end -= 1
            }
            guard end > limit else { return nil }
            if let name = secretName(before: end), isWhole(name) {
                return SecretContext(name: name, hasVerb: hasVerb, isOnNextLine: hasLineBreak)
            }
            guard let linkStart = startOfLink(endingAt: end, to: limit, isVerb: &hasVerb) else {
                guard !hasLineBreak, let name = nameWithComplement(endingAt: end) else { return nil }
                return SecretContext(name: name, hasVerb: hasVerb, isOnNextLine: false)
            }
            if hasLineBreak { return nil }
            end = linkStart
        }
        return nil
    }

    /// "the new one will be": only where a password was named shortly before.
    private func isWhole(_ name: SecretName) -> Bool {
        guard text.hasWord("new one", endingAt: name.range.upperBound) else { return true }
        let limit = max(floor, name.range.lowerBound - 96)
        return (limit..<name.range.lowerBound).contains { text.hasWord("passw", at: $0) }
    }

    private func startOfLink(endingAt end: Int, to limit: Int, isVerb: inout Bool) -> Int? {
        for link in SecretWords.unspacedLinks where text.hasWord(link, endingAt: end) {
            isVerb = true
            return end - link.utf8CodeUnitCount
        }
        let start = text.skipBack(from: end, to: limit) { ASCII.isWord($0) || $0 == ASCII.apostrophe }
        guard SecretWords.links.contains(text, start..<end) else { return nil }
        if SecretWords.verbs.contains(text, start..<end) { isVerb = true }
        return start
    }

    // MARK: - Judging

    private func isSpoken(_ range: Range<Int>, _ context: SecretContext) -> Bool {
        let value = text[range]
        guard !value.contains(ASCII.openParen), !value.contains(ASCII.openBracket) else { return false }
        guard let first = value.first, first != ASCII.slash, first != ASCII.dot else { return false }
        if value.allSatisfy(ASCII.isDigit) { return context.name.isCode && isSpokenCode(range, context) }
        guard value.count >= 6, value.contains(where: ASCII.isLetter), isAlone(range, context) else {
            return false
        }
        if context.hasVerb || context.isOnNextLine {
            return !context.name.hasComplement || !isCodeLike(value)
        }
        if SecretWords.shortNames.contains(text, context.name.range) { return !isCodeLike(value) }
        return context.name.hasComplement ? value.contains(where: Self.isStrongMark) : hasMark(value)
    }

    /// Three to eight digits, unless "pass" or "tan" without a verb is another word.
    private func isSpokenCode(_ range: Range<Int>, _ context: SecretContext) -> Bool {
        guard range.count >= 3, range.count <= 8, !text.startsWord(at: range.upperBound) else { return false }
        let isAmbiguous = ["pass", "tan", "pw"].contains { (word: StaticString) in
            context.name.range.count == word.utf8CodeUnitCount
                && text.hasWord(word, at: context.name.range.lowerBound)
        }
        return (context.hasVerb || !isAmbiguous) && isAlone(range, context)
    }

    /// On the line after its name a value stands alone.
    private func isAlone(_ range: Range<Int>, _ context: SecretContext) -> Bool {
        guard context.isOnNextLine else { return true }
        let next = text.skip(from: range.upperBound) {
            ASCII.isBlank($0) || $0 == ASCII.dot || $0 == ASCII.pipe
        }
        return next == text.count || text[next] == ASCII.newline
    }

    /// Capitals and digits, as in "KB5041585" or "LT-1919".
    private func isCodeLike(_ value: ArraySlice<UInt8>) -> Bool {
        !value.contains(where: ASCII.isLower) && !value.contains(where: Self.isStrongMark)
    }

    /// A mark inside or behind letters and digits: right after a name without a verb a word alone could be anything.
    private func hasMark(_ value: ArraySlice<UInt8>) -> Bool {
        if value.contains(where: Self.isStrongMark) { return true }
        let hasJoint = value.contains { $0 == ASCII.underscore || $0 == ASCII.dash }
        return hasJoint && value.contains(where: ASCII.isUpper) && value.contains(where: ASCII.isLower)
    }
}
