extension MaskScanner {
    private static let maximumLocalPart = 128
    private static let maximumDomain = 255

    /// Endings after which "name@2x.png" is a file, not an address.
    private static let fileEndings = KeywordSet(
        "png jpg jpeg gif svg webp ico pdf js ts jsx tsx mjs css json map tgz gz zip jar whl deb rpm exe dll log txt"
    )

    /// An e-mail address around the "@" at `index`.
    mutating func email(at index: Int) -> Int? {
        guard Self.isLocalPart(text.peek(index - 1)), index > floor else { return nil }
        let limit = max(floor, index - Self.maximumLocalPart)
        var start = text.skipBack(from: index, to: limit, while: Self.isLocalPart)
        if start > floor, Self.isLocalPart(text[start - 1]) { return nil }
        while start < index, !ASCII.isWord(text[start]), text[start] != ASCII.underscore { start += 1 }
        guard start < index, text[index - 1] != ASCII.dot, let end = endOfDomain(from: index + 1) else {
            return nil
        }
        // "git@host:path" names a repository and a service account, not a person's mailbox.
        if index - start == 3, text.hasWord("git", at: start), text.peek(end) == ASCII.colon { return nil }
        return take(.email, start..<end)
    }

    /// The end of a mail domain: labels with dots between, the last one a plausible top level.
    private func endOfDomain(from start: Int) -> Int? {
        var end = start
        var labelStart = start
        var labelCount = 0
        var hasLetters = false
        let limit = min(text.count, start + Self.maximumDomain)
        while end < limit, Self.isDomain(text[end]) {
            if text[end] == ASCII.dot {
                guard end > labelStart, Self.isDomain(text.peek(end + 1)), text[end + 1] != ASCII.dot else {
                    break
                }
                if end + 1 < limit, !ASCII.isWord(text[end + 1]) { break }
                labelCount += 1
                labelStart = end + 1
            } else if ASCII.isLetter(text[end]) || text[end] >= 0x80, labelCount == 0 {
                hasLetters = true
            }
            end += 1
        }
        while end > labelStart, text[end - 1] == ASCII.dash { end -= 1 }
        guard labelCount > 0, isTopLevel(labelStart..<end) else { return nil }
        if !hasLetters, Self.fileEndings.contains(text, labelStart..<end) { return nil }
        if Self.fileEndings.contains(text, labelStart..<end), ASCII.isDigit(text[start]) { return nil }
        return end
    }

    /// Whether a last label may be a top-level domain: two letters or more, or Punycode.
    private func isTopLevel(_ label: Range<Int>) -> Bool {
        guard label.count >= 2, label.count <= 63 else { return false }
        if text.hasWord("xn--", at: label.lowerBound) { return true }
        return text[label].allSatisfy { ASCII.isLetter($0) || $0 >= 0x80 }
    }

    private static func isLocalPart(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.dot, ASCII.dash, ASCII.underscore, ASCII.plus, ASCII.percent, ASCII.apostrophe: true
        default: ASCII.isWord(byte)
        }
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        ASCII.isWord(byte) || byte == ASCII.dot || byte == ASCII.dash
    }
}
