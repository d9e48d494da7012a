/// Passwords, codes and keys after their names: "password: x", "api_key=x", "login: ann / x".
extension MaskScanner {
    private static let maximumValueBytes = 512

    /// The name of a secret in the text, and what may follow it.
    struct SecretName {
        var range: Range<Int>
        /// Whether digits alone are a secret: "PIN", "verification code".
        var isCode = false
        /// Whether other words stand between the name and the separator: "password for the vault:".
        var hasComplement = false
    }

    // MARK: - After a separator

    /// A value after a secret's name and the ":" or "=" at `index`.
    mutating func assignedSecret(at index: Int) -> Int? {
        guard isOn(.secret), index > floor else { return nil }
        guard let name = secretName(endingAt: index) else {
            return loginPair(after: index) ?? keyLines(after: index)
        }
        if let next = namedPair(name, after: index) { return next }
        guard var start = startOfAssigned(index) else { return nil }
        let opening = text.peek(start)
        let isQuoted = opening == ASCII.quote || opening == ASCII.apostrophe || opening == ASCII.backtick
        if isQuoted { start = text.skip(from: start + 1, while: ASCII.isBlank) }
        start = afterScheme(start)
        let end =
            isQuoted
            ? endOfQuoted(from: start, opening)
            : endOfValue(from: start, inQuery: text[index] == ASCII.equals)
        guard isPlausibleSecret(start..<end, name: name, isQuoted: isQuoted, separator: text[index]) else {
            return nil
        }
        return take(.secret, start..<end)
    }

    /// The start of the value behind the separator at `index`, or behind ":-" and ":=".
    private func startOfAssigned(_ index: Int) -> Int? {
        var start = index + 1
        let next = text.peek(start)
        if next == ASCII.greater || next == ASCII.equals && text[index] == ASCII.equals { return nil }
        if text[index] == ASCII.colon, next == ASCII.dash || next == ASCII.equals { start += 1 }
        let limit = start + 4
        while start < limit, ASCII.isBlank(text.peek(start)) { start += 1 }
        return start
    }

    /// The end of a quoted value, without blanks before the closing quote.
    private func endOfQuoted(from start: Int, _ opening: UInt8) -> Int {
        let limit = min(text.count, start + Self.maximumValueBytes)
        var end = start
        while end < limit, text[end] != opening, text[end] >= 0x20 { end += 1 }
        return text.skipBack(from: end, to: start, while: ASCII.isBlank)
    }

    /// The end of a value that ends at a blank, a bracket, a comma or a letter of another script.
    func endOfValue(from start: Int, inQuery: Bool) -> Int {
        let limit = min(text.count, start + Self.maximumValueBytes)
        let isForeign = text.isSpacedLetter(at: start)
        var end = start
        while end < limit,
            ASCII.isAlphanumeric(text[end]) || isValue(at: end, inQuery: inQuery, isForeign: isForeign)
        {
            end += 1
        }
        return withoutSentenceEnd(start..<end)
    }

    // MARK: - Names

    /// The name before a separator, without blanks, quotes and a remark in parentheses after it.
    private func secretName(endingAt separator: Int) -> SecretName? {
        var end = separator
        while end > max(floor, separator - 2), ASCII.isBlank(text[end - 1]) { end -= 1 }
        if end > floor, text[end - 1] == ASCII.quote || text[end - 1] == ASCII.apostrophe { end -= 1 }
        if end > floor, text[end - 1] == ASCII.closeParen {
            let open = text.skipBack(from: end, to: max(floor, end - 24)) { $0 != ASCII.openParen }
            if open > floor, text[open - 1] == ASCII.openParen { end = open - 1 }
            while end > floor, ASCII.isBlank(text[end - 1]) { end -= 1 }
        }
        guard end > floor, ASCII.isWord(text[end - 1]) else { return nil }
        if let name = secretName(before: end) { return name }
        guard text[separator] == ASCII.colon else { return nil }
        return nameWithAdjective(endingAt: end) ?? nameWithComplement(endingAt: end)
    }

    /// "mot de passe actuel", "password monouso", "pincode alarm": a name with one word after it.
    private func nameWithAdjective(endingAt end: Int) -> SecretName? {
        let start = text.skipBack(from: end, to: max(floor, end - 16), while: ASCII.isWord)
        guard start < end, start > floor, text[start - 1] == ASCII.space,
            let name = secretName(before: start - 1)
        else { return nil }
        if SecretWords.links.contains(text, start..<end) { return name }
        let isState =
            SecretWords.states.contains(text, start..<end)
            || SecretWords.emptyValues.contains(text, start..<end)
        return name.isCode && !isState ? name : nil
    }

    /// The name of a secret that ends at `end`.
    func secretName(before end: Int) -> SecretName? {
        guard SecretWords.endings.mayMatch(text, endingAt: end) else { return nil }
        let limit = max(floor, end - 48)
        let start = text.skipBack(from: end, to: limit) {
            ASCII.isWord($0) || $0 == ASCII.underscore || $0 == ASCII.dash
        }
        // "p/w" ends with a letter alone.
        guard end - start >= 2 || text.peek(start - 1) == ASCII.slash else { return nil }
        if SecretWords.codes.contains(text, start..<end) {
            return SecretName(range: start..<end, isCode: true)
        }
        if let code = SecretWords.codeNames.start(in: text, endingAt: end, to: limit) {
            return SecretName(range: code..<end, isCode: true)
        }
        guard let name = SecretWords.names.start(in: text, endingAt: end, to: limit) else { return nil }
        return SecretName(range: min(start, name)..<end)
    }

    /// A name with up to five words after it that say what it is for: "password for the vault".
    func nameWithComplement(endingAt end: Int) -> SecretName? {
        var position = end
        for _ in 0..<5 {
            let start = text.skipBack(from: position, to: max(floor, position - 24)) {
                ASCII.isWord($0) || $0 == ASCII.apostrophe || $0 == ASCII.dash
            }
            guard start < position, start > floor, text[start - 1] == ASCII.space,
                !text[start..<position].contains(where: ASCII.isDigit)
            else { return nil }
            if SecretWords.prepositions.contains(text, start..<position),
                var name = secretName(before: start - 1)
            {
                name.hasComplement = true
                return name
            }
            position = start - 1
        }
        return nil
    }

    /// Steps over "Bearer " and its like.
    private func afterScheme(_ start: Int) -> Int {
        for scheme in ["bearer ", "basic ", "token ", "digest ", "apikey "] as [StaticString]
        where text.hasWord(scheme, at: start) {
            return start + scheme.utf8CodeUnitCount
        }
        return start
    }

    // MARK: - Pairs and blocks

    /// The password in "Login: ann / Winter24" after the separator at `index`.
    private mutating func loginPair(after index: Int) -> Int? {
        guard SecretWords.logins.mayEnd(text, at: index) else { return commandPair(after: index) }
        let nameStart = text.skipBack(from: index, to: max(floor, index - 24)) {
            ASCII.isWord($0) || $0 == ASCII.slash
        }
        let labelEnd = text.skipBack(from: index, to: nameStart, while: ASCII.isBlank)
        guard SecretWords.logins.contains(text, nameStart..<labelEnd) else {
            return commandPair(after: index)
        }
        return pair(after: index, isForm: SecretWords.userNames.contains(text, nameStart..<labelEnd))
    }

    /// "User / Password: ann / Winter24": two names with a slash, then two values.
    private mutating func namedPair(_ name: SecretName, after index: Int) -> Int? {
        let slash = text.skipBack(from: name.range.lowerBound, to: floor, while: ASCII.isBlank)
        guard slash > floor, text[slash - 1] == ASCII.slash else { return nil }
        let end = text.skipBack(from: slash - 1, to: floor, while: ASCII.isBlank)
        let start = text.skipBack(from: end, to: max(floor, end - 24), while: ASCII.isWord)
        guard SecretWords.logins.contains(text, start..<end) else { return nil }
        return pair(after: index, isForm: false)
    }

    /// "Credentials ann:Winter24".
    private func isAfterCredentials(_ userStart: Int) -> Bool {
        let end = text.skipBack(from: userStart, to: floor, while: ASCII.isBlank)
        guard end < userStart, end > floor else { return false }
        let start = text.skipBack(from: end, to: max(floor, end - 24), while: ASCII.isWord)
        return SecretWords.logins.contains(text, start..<end)
            && !SecretWords.userNames.contains(text, start..<end)
    }

    /// The password of "curl -u ann:Winter24", the colon at `index`.
    private mutating func commandPair(after index: Int) -> Int? {
        let userStart = text.skipBack(from: index, to: max(floor, index - 32)) {
            ASCII.isWord($0) || $0 == ASCII.dot || $0 == ASCII.dash || $0 == ASCII.underscore
        }
        guard userStart < index, index + 1 < text.count, text[index + 1] > ASCII.space else { return nil }
        let isOption =
            text.hasWord(" -u ", endingAt: userStart) || text.hasWord(" --user ", endingAt: userStart)
        guard isOption || isAfterCredentials(userStart) else { return nil }
        let end = endOfValue(from: index + 1, inQuery: false)
        let value = text[index + 1..<max(end, index + 1)]
        guard value.count >= 4, value.contains(where: ASCII.isLetter),
            value.contains(where: { ASCII.isDigit($0) || Self.isStrongMark($0) })
        else { return nil }
        return take(.secret, index + 1..<end)
    }

    /// The password of a user and a password with a slash between, after the separator at `index`.
    private mutating func pair(after index: Int, isForm: Bool) -> Int? {
        let userStart = text.skip(from: index + 1, while: ASCII.isBlank)
        let limit = min(text.count, userStart + 64)
        var userEnd = userStart
        while userEnd < limit, Self.isUserByte(text[userEnd]) { userEnd += 1 }
        guard userEnd > userStart, userEnd < limit else { return nil }
        let slash = text.skip(from: userEnd, while: ASCII.isBlank)
        guard text.peek(slash) == ASCII.slash || text.peek(slash) == ASCII.pipe,
            text.peek(slash + 1) != ASCII.slash
        else {
            return nil
        }
        let start = text.skip(from: slash + 1, while: ASCII.isBlank)
        let end = endOfValue(from: start, inQuery: false)
        let value = text[start..<end]
        guard value.count >= 4, value.contains(where: ASCII.isLetter), !value.contains(ASCII.slash) else {
            return nil
        }
        // "User: Max / Room12" is a form; after "Login:" a word with a digit is a password.
        guard value.contains(where: { Self.isStrongMark($0) || !isForm && ASCII.isDigit($0) }) else {
            return nil
        }
        return take(.secret, start..<end)
    }

    private static func isUserByte(_ byte: UInt8) -> Bool {
        byte > ASCII.space && byte != ASCII.slash && byte != ASCII.pipe && byte != ASCII.comma
    }

    /// The lines of a PuTTY private key after "Private-Lines: 8".
    private mutating func keyLines(after index: Int) -> Int? {
        guard text.hasWord("private-lines", endingAt: index) else { return nil }
        let numberStart = text.skip(from: index + 1, while: ASCII.isBlank)
        let start = text.skip(from: numberStart, while: ASCII.isDigit)
        guard start > numberStart, text.peek(start) == ASCII.newline else { return nil }
        var end = start
        while text.peek(end) == ASCII.newline {
            let lineEnd = text.skip(from: end + 1) {
                ASCII.isAlphanumeric($0) || $0 == ASCII.plus || $0 == ASCII.slash || $0 == ASCII.equals
            }
            guard lineEnd - end > 8, lineEnd == text.count || text[lineEnd] == ASCII.newline else { break }
            end = lineEnd
        }
        return end > start ? take(.secret, start + 1..<end) : nil
    }

    // MARK: - Values

    func isValue(at index: Int, inQuery: Bool, isForeign: Bool) -> Bool {
        switch text[index] {
        case 0...0x20, ASCII.quote, ASCII.apostrophe, ASCII.backtick, ASCII.less, ASCII.greater, ASCII.comma,
            ASCII.semicolon, ASCII.closeParen, ASCII.closeBrace, ASCII.closeBracket, ASCII.pipe:
            false
        case ASCII.openParen: !text.isForeign(at: index + 1)
        case ASCII.ampersand: !inQuery || !isParameter(at: index + 1)
        case ASCII.openBracket: IdentifierKind.endOfPlaceholder(in: text, at: index) == nil
        case 0xC2...0xFF:
            isForeign
                ? text.isForeignLetter(at: index) || !text.isForeign(at: index) : !text.isForeign(at: index)
        default: true
        }
    }

    /// Whether "name=" stands at `index`, as after the "&" of a query.
    private func isParameter(at index: Int) -> Bool {
        let end = text.skip(from: index) {
            ASCII.isWord($0) || $0 == ASCII.underscore || $0 == ASCII.dash || $0 == ASCII.dot
        }
        return end > index && text.peek(end) == ASCII.equals
    }

    func withoutSentenceEnd(_ range: Range<Int>) -> Int {
        text.skipBack(from: range.upperBound, to: range.lowerBound) {
            $0 == ASCII.dot || $0 == ASCII.question
        }
    }

    /// Marks that people put into passwords and hardly elsewhere inside a word.
    static func isStrongMark(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.bang, ASCII.hash, ASCII.dollar, ASCII.percent, ASCII.ampersand, ASCII.star, ASCII.plus,
            ASCII.question, ASCII.at, ASCII.tilde, 0x5E:
            true
        default: false
        }
    }

    /// Whether a value could be a secret rather than a type, a variable or the next word of a sentence.
    private func isPlausibleSecret(_ range: Range<Int>, name: SecretName, isQuoted: Bool, separator: UInt8)
        -> Bool
    {
        guard range.count >= 3, let first = text[range].first, !Self.isPlaceholderStart(first) else {
            return false
        }
        let value = text[range]
        if value.contains(ASCII.openParen) || value.allSatisfy({ $0 == first }) { return false }
        if isQuoted, value.contains(ASCII.space) {
            return isPasswordName(name.range) && !name.isCode && isPhrase(range)
        }
        if SecretWords.emptyValues.contains(text, range) { return false }
        let digits = value.reduce(0) { $0 + (ASCII.isDigit($1) ? 1 : 0) }
        if digits == value.count { return isNumericSecret(range, name: name) }
        let symbols = value.contains {
            !ASCII.isWord($0) && $0 != ASCII.dot && $0 != ASCII.underscore && $0 != ASCII.dash
        }
        if digits == 0, value.contains(ASCII.slash) { return false }
        if digits > 0 || symbols { return !isPath(value) }
        if name.hasComplement, !value.contains(ASCII.dash) { return false }
        return isWordSecret(range, name: name, isQuoted: isQuoted, separator: separator)
    }

    private static func isPlaceholderStart(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.dollar, ASCII.openBrace, ASCII.percent, ASCII.less, ASCII.openParen, ASCII.openBracket,
            ASCII.equals, ASCII.ampersand, ASCII.colon:
            true
        default: false
        }
    }

    private func isPath(_ value: ArraySlice<UInt8>) -> Bool {
        let first = value[value.startIndex]
        return first == ASCII.slash || first == ASCII.dot
    }

    /// Digits alone are a secret after "PIN" or "password", hardly after "token".
    private func isNumericSecret(_ range: Range<Int>, name: SecretName) -> Bool {
        if name.isCode { return range.count <= 8 }
        return range.count >= 4 && !text.hasWord("token", endingAt: name.range.upperBound)
    }

    /// Letters alone are a secret only after a password's name, and not when a sentence goes on.
    private func isWordSecret(_ range: Range<Int>, name: SecretName, isQuoted: Bool, separator: UInt8) -> Bool
    {
        // "Parole" is a password in Latvian only.
        guard isPasswordName(name.range), !text.hasWord("parole", endingAt: name.range.upperBound) else {
            return false
        }
        let least = separator == ASCII.equals && !name.isCode ? 3 : 4
        guard range.count >= least, !text[range].contains(ASCII.dot), !text[range].contains(ASCII.underscore)
        else {
            return false
        }
        if text[range].elementsEqual(text[name.range]) { return false }
        let next = text.peek(range.upperBound)
        if isQuoted { return true }
        let rest = text.skip(from: range.upperBound) { ASCII.isBlank($0) || $0 == ASCII.dot }
        let endsLine = rest == text.count || text[rest] == ASCII.newline || text[rest] == ASCII.carriageReturn
        if separator == ASCII.equals {
            return endsLine || next == ASCII.space || next == ASCII.ampersand || next == ASCII.semicolon
        }
        return endsLine && text.peek(range.lowerBound - 1) != ASCII.newline
    }

    /// Whether people choose the secret of this name, as they do passwords but not keys and tokens.
    func isPasswordName(_ name: Range<Int>) -> Bool {
        for word in ["token", "key", "secret", "authorization", "токен", "令牌", "密钥", "トークン"] as [StaticString]
        where text.hasWord(word, endingAt: name.upperBound) {
            return false
        }
        return true
    }

    /// Whether the text up to a closing quote is several words, none of which says how a password is.
    func isPhrase(_ range: Range<Int>) -> Bool {
        let closing = text.peek(text.skip(from: range.upperBound, while: ASCII.isBlank))
        guard closing == ASCII.quote || closing == ASCII.apostrophe || closing == ASCII.backtick else {
            return false
        }
        let words = text[range].split(separator: ASCII.space).map(\.indices)
        return words.count > 1 && !words.contains { SecretWords.states.contains(text, $0) }
            && !range.contains {
                text[$0] == ASCII.openParen || IdentifierKind.endOfPlaceholder(in: text, at: $0) != nil
            }
    }
}
