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
        var first = startOfLatin(start, index)
        // "Лошадь99", but not "пароль99".
        if first > start, first == index, text.isSpacedLetter(at: start), secretName(before: first) == nil {
            first = start
        }
        guard mayStartValue(first) else { return nil }
        let end = endOfValue(from: first, inQuery: false)
        judgedValueEnd = max(index + 1, end)
        guard end > index else { return nil }
        guard let context = secretContext(before: first) else {
            if isNamedAround(first..<end) { return take(.secret, first..<end) }
            return optionValue(first..<end).flatMap { take(.secret, $0) }
        }
        return isSpoken(first..<end, context) ? take(.secret, first..<end) : nil
    }

    // MARK: - Names further away

    /// Whether a value that hardly anything but a password looks like has a password's name in its sentence:
    /// "the password I was given is x", "x is my password".
    private func isNamedAround(_ range: Range<Int>) -> Bool {
        let value = text[range]
        guard value.count >= 6, value.count <= 64, let first = value.first,
            first >= 0x80 || ASCII.isAlphanumeric(first),
            value.contains(where: { ASCII.isLower($0) || $0 >= 0x80 }), value.contains(where: ASCII.isDigit),
            !value.contains(where: Self.isAddressMark)
        else { return false }
        let isMarked = value.dropLast().contains(where: Self.isRareMark)
        guard isMarked else { return isNamedBehind(range.upperBound, isMarked: false) && isCoined(range) }
        return isNamedBehind(range.upperBound, isMarked: true) || isNamedBefore(range.lowerBound)
    }

    private static func isRareMark(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.bang, ASCII.question, ASCII.dollar, ASCII.star, 0x5E: true
        default: false
        }
    }

    private static func isAddressMark(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.slash, ASCII.backslash, ASCII.equals, ASCII.openParen, ASCII.openBracket, ASCII.colon: true
        default: false
        }
    }

    /// A password's name in the 64 bytes before, in the same sentence or the line of a table.
    private func isNamedBefore(_ start: Int) -> Bool {
        let limit = max(floor, start - 64)
        var end = start
        while end > limit {
            let byte = text[end - 1]
            if ASCII.isWord(byte) {
                if let name = secretName(before: end), !name.isCode, isPasswordName(name.range) {
                    return isWhole(name)
                }
                end = text.skipBack(from: end, to: limit, while: ASCII.isWord)
                continue
            }
            let isEnd = byte == ASCII.dot || byte == ASCII.bang || byte == ASCII.question
            if isEnd || byte == ASCII.newline && text.peek(end) != ASCII.pipe { return false }
            end -= 1
        }
        return false
    }

    /// "x is my password", "x as the password": the name within four words after the value.
    ///
    /// Without a mark in the value only words such as "my" and "new" may stand before the name.
    private func isNamedBehind(_ end: Int, isMarked: Bool) -> Bool {
        var position = end
        for count in 0..<5 {
            let start = text.skip(from: position) {
                ASCII.isBlank($0) || $0 == ASCII.openParen || $0 == ASCII.quote || $0 == ASCII.apostrophe
            }
            position = text.skip(from: start, while: ASCII.isWord)
            guard position > start, position - start <= 24 else { return false }
            if count == 0, !SecretWords.copulas.contains(text, start..<position),
                text.peek(start - 1) != ASCII.openParen
            {
                return false
            }
            if let name = secretName(before: position), name.range.lowerBound >= end {
                return !name.isCode && isPasswordName(name.range)
            }
            if !isMarked, count > 0, !SecretWords.possessives.contains(text, start..<position) {
                return false
            }
        }
        return false
    }

    /// The password in "mysql -pWinter24" or "sqlcmd -P Winter24": an option on the line of a program that takes one.
    private func optionValue(_ range: Range<Int>) -> Range<Int>? {
        var start = range.lowerBound
        let isJoined = text[start] == ASCII.dash
        if isJoined {
            guard text.hasWord("-p", at: start) else { return nil }
            start += text.peek(start + 2) == ASCII.equals ? 3 : 2
        } else {
            guard text.peek(start - 1) == ASCII.space else { return nil }
            let options: [StaticString] = [" -p ", " -pw ", " -w "]
            guard options.contains(where: { text.hasWord($0, endingAt: start) }) else { return nil }
        }
        let value = text[start..<max(start, range.upperBound)]
        guard value.count >= 6, value.contains(where: ASCII.isLetter),
            !value.contains(where: Self.isAddressMark)
        else { return nil }
        let programs = isJoined ? SecretWords.joinedPrograms : SecretWords.spacedPrograms
        var end = range.lowerBound
        let limit = max(0, end - 96)
        while end > limit, text[end - 1] != ASCII.newline {
            let wordStart = text.skipBack(from: end, to: limit) { ASCII.isWord($0) }
            if wordStart < end, programs.contains(text, wordStart..<end) {
                return start..<range.upperBound
            }
            end = min(wordStart, end - 1)
        }
        return nil
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
        guard text.peek(index + 1) != opening, let context = secretContext(before: index) else { return nil }
        let start = text.skip(from: index + 1, while: ASCII.isBlank)
        let limit = min(text.count, start + 65)
        var close = start
        while close < limit, text[close] != opening, text[close] >= 0x20 { close += 1 }
        let end = text.skipBack(from: close, to: start, while: ASCII.isBlank)
        guard close < limit, text[close] == opening, end - start >= 4, isPasswordName(context.name.range)
        else { return nil }
        // Without a verb the quotes may hold any word of the talk, such as a button's name.
        guard context.hasVerb || isMixed(start..<end) else { return nil }
        let isPhrase = !context.name.isCode && isPhrase(start..<end)
        return isPhrase || isQuotedWord(start..<end) ? take(.secret, start..<end) : nil
    }

    /// A word of letters and digits, with a mark or in both cases, and no number of an article or a device.
    private func isMixed(_ range: Range<Int>) -> Bool {
        let value = text[range]
        guard value.count >= 6, value.contains(where: ASCII.isLower) else { return false }
        let hasDigit = value.contains(where: ASCII.isDigit)
        if value.dropLast().contains(where: Self.isStrongMark) { return true }
        return hasDigit && (value.contains(where: ASCII.isUpper) || value.contains(where: Self.isStrongMark))
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
            if text[position - 1] < 0x80 {
                position -= 1
                continue
            }
            let previous = text.startOfScalar(before: position)
            if text.isForeign(at: previous) { break }
            position = max(previous, start)
        }
        return position
    }

    private func mayStartValue(_ start: Int) -> Bool {
        switch text.peek(start - 1) {
        case ASCII.space, ASCII.tab, ASCII.newline, ASCII.openParen, ASCII.pipe, ASCII.quote,
            ASCII.apostrophe,
            ASCII.backtick, ASCII.less, ASCII.greater, ASCII.openBracket, ASCII.semicolon:
            start > floor
        case 0x80...0xFF: start > floor
        case 0: start == 0
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
        var needsVerb = false
        // "from x to y", "old: x, new: y": the second value, whose name stands before the first.
        let isSecond =
            limit == floor && spans.last.map { $0.kind == .secret && $0.range.upperBound == floor } == true
        for _ in 0..<6 {
            while end > limit {
                if let mark = startOfMark(endingAt: end) {
                    end = mark
                    continue
                }
                if ASCII.isWord(text[end - 1]) { break }
                switch text[end - 1] {
                case ASCII.newline:
                    // One empty line at most.
                    if hasLineBreak, text.peek(end) != ASCII.newline { return nil }
                    hasLineBreak = true
                case ASCII.space, ASCII.tab, ASCII.openParen, ASCII.quote, ASCII.star, ASCII.pipe: break
                case ASCII.apostrophe, ASCII.backtick, ASCII.less, ASCII.openBracket: break
                case ASCII.semicolon where end == start: break
                case ASCII.semicolon where isSecond: break
                case ASCII.comma where isSecond: break
                case ASCII.dot where text.peek(end) == ASCII.dot || text.peek(end) == ASCII.colon: break
                // A comparison, not an assignment.
                case ASCII.equals where text.peek(end - 2) == ASCII.equals: return nil
                case ASCII.colon, ASCII.equals: hasVerb = true
                case ASCII.dash, ASCII.greater: break
                case ASCII.comma where hasVerb: break
                // "The password you sent me, x, is refused."
                case ASCII.comma where end == start - 1 && !hasLineBreak: needsVerb = true
                default: return nil
                }
                end -= 1
            }
            guard end > limit else {
                guard isSecond, !hasLineBreak, end < start - 1, let last = spans.last else { return nil }
                let name = SecretName(range: last.range)
                return SecretContext(name: name, hasVerb: false, isOnNextLine: false)
            }
            if let name = secretName(before: end), isWhole(name) {
                if needsVerb, !hasVerb { return nil }
                return SecretContext(name: name, hasVerb: hasVerb, isOnNextLine: hasLineBreak)
            }
            guard let linkStart = startOfLink(endingAt: end, to: limit, isVerb: &hasVerb) else {
                guard !hasLineBreak, !needsVerb, let name = nameWithComplement(endingAt: end) else {
                    return nil
                }
                return SecretContext(name: name, hasVerb: hasVerb, isOnNextLine: false)
            }
            // "Password is", and the value below.
            if hasLineBreak, !hasVerb { return nil }
            end = linkStart
        }
        return nil
    }

    /// The start of a quotation mark outside ASCII or an arrow that ends at `end`.
    private func startOfMark(endingAt end: Int) -> Int? {
        guard end >= 2, text[end - 1] & 0xC0 == 0x80 else { return nil }
        for mark in ["—", "–", "“", "”", "„", "‘", "’", "‚", "‹", "«", "´", "→"] as [StaticString]
        where text.hasWord(mark, endingAt: end) {
            return end - mark.utf8CodeUnitCount
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
        if text[end - 1] >= 0x80 {
            for link in SecretWords.unspacedLinks where text.hasWord(link, endingAt: end) {
                isVerb = true
                return end - link.utf8CodeUnitCount
            }
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
        guard value.count >= 6,
            value.contains(where: ASCII.isLetter) || text.isSpacedLetter(at: range.lowerBound),
            isAlone(range, context)
        else { return false }
        if context.hasVerb || context.isOnNextLine {
            return !context.name.hasComplement || !isCodeLike(value)
        }
        if SecretWords.shortNames.contains(text, context.name.range) { return !isCodeLike(value) }
        if context.name.hasComplement { return value.contains(where: Self.isStrongMark) }
        if text.hasWord("--", at: context.name.range.lowerBound) { return true }
        guard isPasswordName(context.name.range) else { return hasMark(value) || isLongKey(value) }
        return hasMark(value) || !context.name.isCode && isCoined(range)
    }

    /// Digits and letters as passwords mix them: "Wombat4471x", "hunter22", "Лошадь99", but neither "Windows11" nor
    /// "KB5041585", "2fa" or "srv014".
    private func isCoined(_ range: Range<Int>) -> Bool {
        let value = text[range]
        guard value.contains(where: { ASCII.isLower($0) || $0 >= 0x80 }), let first = value.first,
            value.allSatisfy({ ASCII.isWord($0) || $0 == ASCII.dash || $0 == ASCII.underscore })
        else { return false }
        let digits = value.count(where: ASCII.isDigit)
        let stemEnd = text.skip(from: range.lowerBound) { ASCII.isWord($0) && !ASCII.isDigit($0) }
        let stem = range.lowerBound..<stemEnd
        guard digits >= 2, value.count - digits >= 3 else { return false }
        // "HP4050dn" is a model.
        let capitals = text.skip(from: range.lowerBound, while: ASCII.isUpper)
        if capitals - range.lowerBound >= 2, capitals == stemEnd { return false }
        // "24hours" is a number with its unit.
        if ASCII.isDigit(first), !value.drop(while: ASCII.isDigit).contains(where: ASCII.isDigit) {
            return false
        }
        return !SecretWords.numberedThings.contains(text, stem)
    }

    /// A key of letters and digits that is longer than the numbers of things.
    private func isLongKey(_ value: ArraySlice<UInt8>) -> Bool {
        value.count >= 20 && value.count(where: ASCII.isDigit) >= 4 && value.allSatisfy(ASCII.isAlphanumeric)
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
