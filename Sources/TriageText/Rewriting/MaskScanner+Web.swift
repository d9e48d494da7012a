/// Web addresses, and the credentials inside addresses.
extension MaskScanner {
    private static let maximumSchemeBytes = 16

    /// Schemes whose addresses name a host; "webpack:" or "file:" ones are paths.
    private static let networkSchemes = KeywordSet(
        "http https hxxp hxxps ftp ftps sftp ssh ws wss git svn ldap ldaps smb nfs rtsp rtmp telnet rdp vnc postgres "
            + "postgresql mysql mariadb mongodb redis rediss amqp amqps mqtt mqtts kafka smtp smtps imap imaps pop3 s3 "
            + "nats tcp udp sqlserver oracle sip sips irc ircs nntp webcal coap xmpp"
    )

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

    /// The end of port, path and query after a host name.
    func endOfPath(fromHostEnd end: Int) -> Int {
        var position = end
        if text.peek(position) == ASCII.colon, ASCII.isDigit(text.peek(position + 1)) {
            position = text.skip(from: position + 1, while: ASCII.isDigit)
        }
        let next = text.peek(position)
        guard next == ASCII.slash || next == ASCII.question || next == ASCII.hash else { return position }
        return max(position, endOfAddress(from: position))
    }

    /// The end of an address, without the punctuation of the sentence around it.
    ///
    /// A letter of another script ends it, because text without spaces goes on there, unless the host itself
    /// is written in that script.
    private func endOfAddress(from start: Int) -> Int {
        let isForeignHost = text.isForeignLetter(at: start)
        var end = start
        var open = 0
        while end < text.count, Self.isAddress(text[end]) {
            if text[end] >= 0x80 {
                guard !text.isForeign(at: end) || isForeignHost && text.isForeignLetter(at: end) else {
                    break
                }
                end = text.endOfScalar(at: end)
                continue
            }
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
            ASCII.apostrophe, ASCII.closeBracket, ASCII.star, ASCII.underscore, ASCII.tilde, ASCII.openParen:
            true
        default: false
        }
    }
}
