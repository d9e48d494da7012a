/// Passwords and keys, found by the word before them or by their issuer's prefix.
extension MaskScanner {
    private static let maximumValueBytes = 512

    /// Names ending so hold a secret: "db_password", "apiKey", "X-Auth-Token".
    private static let secretEndings: [StaticString] = [
        "password", "passwort", "passwd", "passphrase", "passcode", "pwd", "kennwort", "contraseña", "senha",
        "secret",
        "token", "apikey", "api_key", "api-key", "accesskey", "access_key", "access-key", "secretkey",
        "secret_key",
        "privatekey", "private_key", "authorization", "mot de passe", "wachtwoord",
    ]

    /// Whole names that hold a secret.
    private static let secretNames = KeywordSet("pass pw pin puk cvv cvc tan otp")

    /// Values that are types, states or nothing rather than secrets.
    private static let emptyValues = KeywordSet(
        "string str text none null nil undefined true false required optional any number int bool boolean object token "
            + "password secret yes no empty missing invalid incorrect wrong expired reset changed unknown value example "
            + "function char bytes float double void self this new await async return const var let type the a an my "
            + "it is was not"
    )

    /// Words of a quoted phrase that says how a password is, or is to be, rather than what it is.
    private static let stateWords = KeywordSet(
        "not too wrong incorrect invalid expired expire expires required missing empty blank locked blocked reset "
            + "changed needed must cannot can't please enter your password username characters already sensitive same "
            + "default unknown forgotten mandatory nicht falsch abgelaufen ungültig gesperrt bitte ihr passwort"
    )

    /// A value after a secret's name and the ":" or "=" at `index`.
    mutating func assignedSecret(at index: Int) -> Int? {
        guard isOn(.secret), index > floor, let name = secretName(endingAt: index) else { return nil }
        var start = index + 1
        if text.peek(start) == ASCII.equals || text.peek(start) == ASCII.greater { return nil }
        while start < index + 4, ASCII.isBlank(text.peek(start)) { start += 1 }
        let opening = text.peek(start)
        let isQuoted = opening == ASCII.quote || opening == ASCII.apostrophe || opening == ASCII.backtick
        if isQuoted { start += 1 }
        start = afterScheme(start)
        let limit = min(text.count, start + Self.maximumValueBytes)
        var end = start
        let inQuery = text[index] == ASCII.equals
        while end < limit,
            isQuoted ? text[end] != opening && text[end] >= 0x20 : isValue(at: end, inQuery: inQuery)
        {
            end += 1
        }
        if !isQuoted { end = withoutSentenceEnd(start..<end) }
        guard isPlausibleSecret(start..<end, name: name, isQuoted: isQuoted, separator: text[index]) else {
            return nil
        }
        return take(.secret, start..<end)
    }

    /// "password is Winter2024": a spoken password, taken only when it does not look like a word.
    mutating func spokenPassword(at index: Int) -> Int? {
        guard isOn(.secret), !text.endsWord(before: index) else { return nil }
        guard text.hasWord("password", at: index) || text.hasWord("passwort", at: index) else { return nil }
        guard var start = afterVerb(index + 8) else { return nil }
        let opening = text.peek(start)
        let limit = min(text.count, start + 65)
        if opening == ASCII.quote || opening == ASCII.apostrophe {
            start += 1
            let close = text[..<limit].dropFirst(start).firstIndex { $0 == opening || $0 < 0x20 } ?? limit
            if isPhrase(start..<close) { return take(.secret, start..<close) }
        }
        var end = start
        while end < limit, isValue(at: end, inQuery: false) { end += 1 }
        end = withoutSentenceEnd(start..<end)
        let value = text[start..<end]
        guard value.count >= 6, value.contains(where: ASCII.isDigit), value.contains(where: ASCII.isLetter)
        else {
            return nil
        }
        return value.contains(ASCII.openParen) ? nil : take(.secret, start..<end)
    }

    private func afterVerb(_ start: Int) -> Int? {
        for verb in [" is ", " ist ", " lautet "] as [StaticString] where text.hasWord(verb, at: start) {
            return start + verb.utf8CodeUnitCount
        }
        return nil
    }

    /// Whether the text up to a closing quote is several words, none of which says how a password is.
    private func isPhrase(_ range: Range<Int>) -> Bool {
        let closing = text.peek(range.upperBound)
        guard closing == ASCII.quote || closing == ASCII.apostrophe || closing == ASCII.backtick else {
            return false
        }
        let words = text[range].split(separator: ASCII.space).map(\.indices)
        return words.count > 1 && !words.contains { Self.stateWords.contains(text, $0) }
            && !range.contains {
                text[$0] == ASCII.openParen || IdentifierKind.endOfPlaceholder(in: text, at: $0) != nil
            }
    }

    // MARK: - Names and values

    /// The name before a separator if it is one of a secret, without spaces and quotes after it.
    private func secretName(endingAt separator: Int) -> Range<Int>? {
        var end = separator
        if end > floor, ASCII.isBlank(text[end - 1]) { end -= 1 }
        if end > floor, text[end - 1] == ASCII.quote || text[end - 1] == ASCII.apostrophe { end -= 1 }
        let start = text.skipBack(from: end, to: max(floor, end - 48)) {
            ASCII.isWord($0) || $0 == ASCII.underscore || $0 == ASCII.dash
        }
        guard end - start >= 2 else { return nil }
        if Self.secretNames.contains(text, start..<end) { return start..<end }
        let isSecret = Self.secretEndings.contains { text.hasWord($0, endingAt: end) }
        return isSecret ? start..<end : nil
    }

    /// Steps over "Bearer " and its like.
    private func afterScheme(_ start: Int) -> Int {
        for scheme in ["bearer ", "basic ", "token ", "digest ", "apikey "] as [StaticString]
        where text.hasWord(scheme, at: start) {
            return start + scheme.utf8CodeUnitCount
        }
        return start
    }

    private func isValue(at index: Int, inQuery: Bool) -> Bool {
        switch text[index] {
        case 0...0x20, ASCII.quote, ASCII.apostrophe, ASCII.backtick, ASCII.less, ASCII.greater, ASCII.comma,
            ASCII.semicolon, ASCII.closeParen, ASCII.closeBrace, ASCII.closeBracket, ASCII.pipe:
            false
        case ASCII.ampersand: !inQuery || !isParameter(at: index + 1)
        case ASCII.openBracket: IdentifierKind.endOfPlaceholder(in: text, at: index) == nil
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

    private func withoutSentenceEnd(_ range: Range<Int>) -> Int {
        text.skipBack(from: range.upperBound, to: range.lowerBound) {
            $0 == ASCII.dot || $0 == ASCII.question
        }
    }

    /// Whether a value could be a secret rather than a type, a variable or the next word of a sentence.
    private func isPlausibleSecret(_ range: Range<Int>, name: Range<Int>, isQuoted: Bool, separator: UInt8)
        -> Bool
    {
        guard range.count >= 3, let first = text[range].first else { return false }
        switch first {
        case ASCII.dollar, ASCII.openBrace, ASCII.percent, ASCII.less, ASCII.openParen, ASCII.openBracket,
            ASCII.equals, ASCII.ampersand, ASCII.colon:
            return false
        default: break
        }
        let value = text[range]
        if value.contains(ASCII.openParen) || value.allSatisfy({ $0 == first }) { return false }
        if isQuoted, value.contains(ASCII.space) {
            return isPasswordName(name) && !Self.secretNames.contains(text, name) && isPhrase(range)
        }
        if Self.emptyValues.contains(text, range) { return false }
        let digits = value.reduce(0) { $0 + (ASCII.isDigit($1) ? 1 : 0) }
        if digits == value.count { return isNumericSecret(range, name: name) }
        let symbols = value.contains {
            !ASCII.isWord($0) && $0 != ASCII.dot && $0 != ASCII.underscore && $0 != ASCII.dash
        }
        if digits == 0, value.contains(ASCII.slash) { return false }
        if digits > 0 || symbols { return !isPath(value) }
        return isWordSecret(range, name: name, isQuoted: isQuoted, separator: separator)
    }

    private func isPath(_ value: ArraySlice<UInt8>) -> Bool {
        let first = value[value.startIndex]
        return first == ASCII.slash || first == ASCII.dot
    }

    /// Digits alone are a secret after "PIN" or "password", hardly after "token".
    private func isNumericSecret(_ range: Range<Int>, name: Range<Int>) -> Bool {
        if Self.secretNames.contains(text, name) { return range.count <= 8 }
        return range.count >= 4 && !text.hasWord("token", endingAt: name.upperBound)
    }

    /// Letters alone are a secret only after a password's name, and not when a sentence goes on.
    private func isWordSecret(_ range: Range<Int>, name: Range<Int>, isQuoted: Bool, separator: UInt8) -> Bool
    {
        guard isPasswordName(name) else { return false }
        let least = separator == ASCII.equals && !Self.secretNames.contains(text, name) ? 3 : 4
        guard range.count >= least, !text[range].contains(ASCII.dot), !text[range].contains(ASCII.underscore)
        else {
            return false
        }
        if text[range].elementsEqual(text[name]) { return false }
        let next = text.peek(range.upperBound)
        if isQuoted { return true }
        let rest = text.skip(from: range.upperBound) { ASCII.isBlank($0) || $0 == ASCII.dot }
        let endsLine = rest == text.count || text[rest] == ASCII.newline || text[rest] == ASCII.carriageReturn
        if separator == ASCII.equals {
            return endsLine || next == ASCII.space || next == ASCII.ampersand || next == ASCII.semicolon
        }
        return endsLine && text.peek(range.lowerBound - 1) != ASCII.newline
    }

    /// Whether a name is one of a password, a passphrase, a pwd: it has a "p" or a "w".
    private func isPasswordName(_ name: Range<Int>) -> Bool {
        text[name].contains { ASCII.lower($0) == 0x70 || $0 == 0x77 }
    }
}
