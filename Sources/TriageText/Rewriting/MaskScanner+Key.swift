/// Keys that are known by their own form: issuers' prefixes, JSON web tokens, PEM blocks, random text.
extension MaskScanner {
    /// Prefixes that end with the "-", "_" or "." that starts the closer look, with the least length of the rest.
    private static let prefixes: [(StaticString, Int)] = [
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20),
        ("glpat-", 16),
        ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xapp-", 10), ("sk-", 16),
        ("pk_live_", 12), ("sk_live_", 12), ("rk_live_", 12), ("sk_test_", 12), ("pk_test_", 12),
        ("npm_", 30),
        ("hf_", 24), ("dop_v1_", 32), ("doo_v1_", 32), ("pypi-", 40), ("whsec_", 20), ("shpat_", 24),
        ("shpss_", 24),
        ("shpca_", 24), ("shppa_", 24), ("dckr_pat_", 16), ("nrak-", 20), ("sq0atp-", 16), ("sq0csp-", 20),
        ("key-", 32), ("lin_api_", 20), ("rk_test_", 12), ("xoxe-", 10), ("sntrys_", 20), ("gsk_", 30),
        ("sg.", 20), ("hvs.", 20), ("hvb.", 20), ("hvr.", 20), ("ya29.", 20),
    ]

    /// A key with an issuer's prefix whose last byte is at `index`.
    mutating func prefixedSecret(endingAt index: Int) -> Int? {
        guard isOn(.secret), Self.prefixEndings.mayMatch(text, endingAt: index + 1) else { return nil }
        // A prefix starts its token.
        let limit = max(0, index - Self.maximumPrefix)
        let start = text.skipBack(from: index, to: limit, while: Self.isTokenByte)
        let length = index + 1 - start
        guard start >= floor, length <= Self.maximumPrefix,
            let least = Self.prefixes.first(where: {
                $0.0.utf8CodeUnitCount == length && text.hasWord($0.0, at: start)
            })?.1
        else { return nil }
        let isDotted = text[index] == ASCII.dot
        var end = text.skip(from: index + 1) { Self.isTokenByte($0) || isDotted && $0 == ASCII.dot }
        if isDotted { end = withoutSentenceEnd(index + 1..<end) }
        let rest = text[index..<end]
        // A long prefix is no word's beginning.
        let isMixed = length > 4 && rest.contains(where: ASCII.isUpper) && rest.contains(where: ASCII.isLower)
        guard end - index - 1 >= least, isMixed || rest.contains(where: ASCII.isDigit) else { return nil }
        return take(.secret, start..<end)
    }

    /// The length of the longest prefix.
    private static let maximumPrefix = 11
    private static let prefixEndings = EndingFilter(prefixes.map(\.0))

    /// AWS access keys and Google API keys, which start with the "A" at `index`.
    mutating func cloudKey(at index: Int) -> Int? {
        guard isOn(.secret), !text.endsWord(before: index) else { return nil }
        let end: Int
        switch (text.peek(index + 1), text.peek(index + 2), text.peek(index + 3)) {
        case (0x4B, 0x49, 0x41), (0x53, 0x49, 0x41):
            end = text.skip(from: index) { ASCII.isUpper($0) || ASCII.isDigit($0) }
            guard end - index == 20 else { return nil }
        case (0x49, 0x7A, 0x61):
            end = text.skip(from: index, while: Self.isTokenByte)
            guard end - index >= 35 else { return nil }
        default: return nil
        }
        return text.startsWord(at: end) ? nil : take(.secret, index..<end)
    }

    /// The token after "Bearer " or "Basic " at `index`, if it is long enough and not a word.
    mutating func bearerToken(at index: Int) -> Int? {
        let start: Int
        let next = ASCII.lower(text.peek(index + 1))
        if next == 0x65, text.hasWord("bearer ", at: index) {
            start = index + 7
        } else if next == 0x61, text.hasWord("basic ", at: index) {
            start = index + 6
        } else {
            return nil
        }
        guard isOn(.secret), !text.endsWord(before: index) else { return nil }
        let end = text.skip(from: start) {
            Self.isTokenByte($0) || $0 == ASCII.dot || $0 == ASCII.slash
                || $0 == ASCII.plus || $0 == ASCII.equals || $0 == ASCII.tilde
        }
        let value = text[start..<end]
        let hasDigit = value.contains(where: ASCII.isDigit)
        guard value.count >= 16, hasDigit, value.contains(where: ASCII.isLetter) else { return nil }
        return take(.secret, start..<end)
    }

    /// A JSON web token: "eyJ" with its "J" at `index`, and two more parts.
    mutating func jsonWebToken(at index: Int) -> Int? {
        let start = index - 2
        guard isOn(.secret), start >= floor, text[start] == 0x65, text[start + 1] == 0x79 else { return nil }
        guard !text.endsWord(before: start) else { return nil }
        var end = text.skip(from: index, while: Self.isTokenByte)
        var parts = 1
        while parts < 5, text.peek(end) == ASCII.dot, Self.isTokenByte(text.peek(end + 1)) {
            end = text.skip(from: end + 1, while: Self.isTokenByte)
            parts += 1
        }
        return parts >= 2 && end - start >= 24 ? take(.secret, start..<end) : nil
    }

    /// A PEM block with a private key; without its end line everything up to the end of the text.
    mutating func privateKey(at index: Int) -> Int? {
        guard isOn(.secret), text.peek(index + 1) == ASCII.dash, text.hasWord("-----begin ", at: index),
            text.peek(index - 1) != ASCII.dash
        else {
            return nil
        }
        let lineEnd = min(text.count, index + 64)
        guard let label = find("private key", from: index + 11, to: lineEnd),
            text.hasWord("-----", at: label + 11) || text.hasWord(" block-----", at: label + 11)
        else { return nil }
        guard let footer = find("-----end ", from: label + 16, to: text.count) else {
            return take(.secret, index..<text.count)
        }
        let dashes = find("-----", from: footer + 9, to: min(text.count, footer + 64))
        return take(.secret, index..<(dashes.map { $0 + 5 } ?? footer + 9))
    }

    private func find(_ word: StaticString, from start: Int, to end: Int) -> Int? {
        var position = start
        let last = end - word.utf8CodeUnitCount
        while position <= last {
            if text.hasWord(word, at: position) { return position }
            position += 1
        }
        return nil
    }

    // MARK: - Random text

    /// A long token around the digit at `index` that mixes cases and digits as only random text does.
    mutating func randomToken(around index: Int) -> Int? {
        guard isOn(.secret) else { return nil }
        var start = text.skipBack(from: index, to: floor, while: Self.isBase64)
        var end = text.skip(from: index, while: Self.isBase64)
        judgedTokenEnd = end
        while start < index, !ASCII.isAlphanumeric(text[start]) { start += 1 }
        while end > index + 1, !ASCII.isAlphanumeric(text[end - 1]) { end -= 1 }
        guard end - start >= 20, looksRandom(start..<end) else { return nil }
        if text.hasWord("sha", at: start) || text.hasWord("base64,", endingAt: start) { return nil }
        switch text.peek(start - 1) {
        case ASCII.dot, ASCII.backslash, ASCII.dollar: return nil
        default: break
        }
        end = text.skip(from: end) { $0 == ASCII.equals }
        return take(.secret, start..<end)
    }

    /// Whether digits and both cases change places as often as in random text, with few runs like words.
    private func looksRandom(_ range: Range<Int>) -> Bool {
        var counts = SIMD4<Int32>(repeating: 0)
        var changes = 0
        var wordBytes = 0
        var lowerRun = 0
        var previous = 3
        for index in range {
            let byte = text[index]
            let kind = ASCII.isDigit(byte) ? 0 : ASCII.isUpper(byte) ? 1 : ASCII.isLower(byte) ? 2 : 3
            counts[kind] += 1
            if kind != previous, kind != 3, previous != 3 { changes += 1 }
            lowerRun = kind == 2 ? lowerRun + 1 : 0
            if lowerRun == 4 { wordBytes += 4 } else if lowerRun > 4 { wordBytes += 1 }
            previous = kind
        }
        let letters = Int(counts[1] + counts[2])
        guard counts[0] >= 2, counts[1] >= 2, counts[2] >= 2, letters > 0 else { return false }
        guard Int(counts[3]) * 10 <= range.count else { return false }
        return changes * 100 >= range.count * 40 && wordBytes * 100 <= range.count * 26
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == ASCII.underscore || byte == ASCII.dash
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        isTokenByte(byte) || byte == ASCII.plus || byte == ASCII.slash
    }

    /// A disk's recovery key: eight groups of six digits with dashes between.
    mutating func recoveryKey(at index: Int) -> Int? {
        guard isOn(.secret), !text.endsWord(before: index), text.peek(index - 1) != ASCII.dash else {
            return nil
        }
        for offset in 0..<55 {
            let byte = text.peek(index + offset)
            guard offset % 7 == 6 ? byte == ASCII.dash : ASCII.isDigit(byte) else { return nil }
        }
        let next = text.peek(index + 55)
        return text.startsWord(at: index + 55) || next == ASCII.dash ? nil : take(.secret, index..<index + 55)
    }
}
