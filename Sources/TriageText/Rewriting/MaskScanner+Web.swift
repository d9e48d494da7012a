/// Web addresses, host names, and the credentials inside addresses.
extension MaskScanner {
    private static let maximumSchemeBytes = 16

    /// Schemes whose addresses name a host; "webpack:" or "file:" ones are paths.
    private static let networkSchemes = KeywordSet(
        "http https ftp ftps sftp ssh ws wss git svn ldap ldaps smb nfs rtsp rtmp telnet rdp vnc postgres postgresql "
            + "mysql mariadb mongodb redis rediss amqp amqps mqtt mqtts kafka smtp smtps imap imaps pop3 s3 nats tcp udp"
    )

    /// Top levels that are seldom anything else at the end of a bare host name.
    private static let plainTopLevels = KeywordSet(
        "com org net edu gov mil info biz de uk fr es nl ch dk fi pt eu ca au jp cn ru br ie cz hu se pl gr tr ro sk "
            + "ua il za mx ar cl nz kr tw hk sg ae lu lt lv ee bg hr si"
    )

    /// Top levels that are also words or file endings: taken only when more of the address shows it.
    private static let doubtfulTopLevels = KeywordSet(
        "it in no is be at us me io co ai app dev tv ly gl cloud online site shop store tech xyz"
    )

    /// First labels that say a name is a package or a product, not a host.
    private static let packagePrefixes = KeywordSet("com org net io edu asp vb ado ml java system javax de")

    /// An address whose scheme ends with the colon at `index`.
    mutating func url(at index: Int) -> Int? {
        guard text.peek(index + 1) == ASCII.slash, text.peek(index + 2) == ASCII.slash else { return nil }
        let limit = max(floor, index - Self.maximumSchemeBytes)
        let start = text.skipBack(from: index, to: limit) { ASCII.isAlphanumeric($0) || $0 == ASCII.plus }
        guard start < index, ASCII.isLetter(text[start]) else { return nil }
        let hostStart = index + 3
        let nameEnd = text.skip(from: start, while: ASCII.isAlphanumeric)
        if isOn(.url), Self.networkSchemes.contains(text, start..<nameEnd) {
            let end = endOfAddress(from: hostStart)
            if end > hostStart, let next = take(.url, start..<end) { return next }
        }
        return credentials(from: hostStart)
    }

    /// The "user:password" part before an "@" in an address.
    private mutating func credentials(from start: Int) -> Int? {
        guard isOn(.secret), start >= floor else { return nil }
        var position = start
        var hasColon = false
        while position < text.count, position < start + 256, Self.isAddress(text[position]) {
            if text[position] == ASCII.slash || text[position] == ASCII.openBracket { return nil }
            if text[position] == ASCII.colon { hasColon = true }
            if text[position] == ASCII.at { return hasColon ? take(.secret, start..<position) : nil }
            position += 1
        }
        return nil
    }

    /// A host name without a scheme, around the dot at `index`.
    mutating func host(at index: Int) -> Int? {
        guard isOn(.url), ASCII.isLetter(text.peek(index + 1)) || ASCII.isDigit(text.peek(index + 1)) else {
            return nil
        }
        let start = text.skipBack(from: index, to: max(floor, index - 63)) {
            ASCII.isAlphanumeric($0) || $0 == ASCII.dash
        }
        guard start < index, ASCII.isAlphanumeric(text[start]), mayPrecedeHost(start) else { return nil }
        let isWWW = index - start == 3 && text.hasWord("www", at: start)
        guard let end = endOfHost(from: start, isWWW: isWWW) else { return nil }
        return take(.url, start..<endOfPath(fromHostEnd: end))
    }

    private func mayPrecedeHost(_ start: Int) -> Bool {
        switch text.peek(start - 1) {
        case ASCII.slash, ASCII.backslash, ASCII.underscore, ASCII.dollar, ASCII.dot, ASCII.at, ASCII.dash:
            false
        default: !text.endsWord(before: start)
        }
    }

    /// The end of a host name whose last label is a top level we believe in.
    private func endOfHost(from start: Int, isWWW: Bool) -> Int? {
        var end = start
        var labelStart = start
        var labels = 1
        while end < text.count, end < start + 253,
            ASCII.isAlphanumeric(text[end]) || text[end] == ASCII.dash
                || text[end] == ASCII.dot && ASCII.isAlphanumeric(text.peek(end + 1))
        {
            if text[end] == ASCII.dot {
                labels += 1
                labelStart = end + 1
            }
            end += 1
        }
        let next = text.peek(end)
        guard labels > 1, !text.startsWord(at: end), next != ASCII.openParen, next != ASCII.underscore else {
            return nil
        }
        guard next != ASCII.at, ASCII.isLetter(text[end - 1]) else { return nil }
        if isWWW { return labels > 2 ? end : nil }
        let firstEnd = text.skip(from: start) { $0 != ASCII.dot }
        if Self.packagePrefixes.contains(text, start..<firstEnd) { return nil }
        guard hasLetter(start..<labelStart), isOneCase(labelStart..<end) else { return nil }
        if Self.plainTopLevels.contains(text, labelStart..<end) { return end }
        guard labels > 2 || next == ASCII.slash else { return nil }
        return Self.doubtfulTopLevels.contains(text, labelStart..<end) ? end : nil
    }

    /// The end of port, path and query after a host name.
    private func endOfPath(fromHostEnd end: Int) -> Int {
        var position = end
        if text.peek(position) == ASCII.colon, ASCII.isDigit(text.peek(position + 1)) {
            position = text.skip(from: position + 1, while: ASCII.isDigit)
        }
        let next = text.peek(position)
        guard next == ASCII.slash || next == ASCII.question || next == ASCII.hash else { return position }
        return max(position, endOfAddress(from: position))
    }

    /// The end of an address, without the punctuation of the sentence around it.
    private func endOfAddress(from start: Int) -> Int {
        var end = start
        var open = 0
        while end < text.count, Self.isAddress(text[end]), !isForeignPunctuation(at: end) {
            if text[end] == ASCII.openBracket, IdentifierKind.endOfPlaceholder(in: text, at: end) != nil {
                break
            }
            if text[end] == ASCII.openParen { open += 1 }
            if text[end] == ASCII.closeParen { open -= 1 }
            if open < 0 { break }
            end += 1
        }
        while end > start, Self.isSentenceEnd(text[end - 1]) { end -= 1 }
        return end
    }

    /// Quotation marks, dashes, full stops and wide forms outside ASCII, which end an address.
    private func isForeignPunctuation(at index: Int) -> Bool {
        switch text[index] {
        case 0xC2: text.peek(index + 1) == 0xA0 || text.peek(index + 1) == 0xBB
        case 0xE2: text.peek(index + 1) == 0x80
        case 0xE3: text.peek(index + 1) == 0x80
        case 0xEF: text.peek(index + 1) == 0xBC || text.peek(index + 1) == 0xBD
        default: false
        }
    }

    private func hasLetter(_ range: Range<Int>) -> Bool { text[range].contains(where: ASCII.isLetter) }

    private func isOneCase(_ range: Range<Int>) -> Bool {
        text[range].allSatisfy(ASCII.isLower) || text[range].allSatisfy(ASCII.isUpper)
    }

    private static func isAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F, ASCII.quote, ASCII.less, ASCII.greater, ASCII.backtick, ASCII.openBrace,
            ASCII.closeBrace, ASCII.pipe, ASCII.backslash, 0x5E:
            false
        default: true
        }
    }

    private static func isSentenceEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.dot, ASCII.comma, ASCII.semicolon, ASCII.colon, ASCII.bang, ASCII.question,
            ASCII.apostrophe, ASCII.closeBracket, ASCII.star, ASCII.underscore, ASCII.tilde:
            true
        default: false
        }
    }
}
