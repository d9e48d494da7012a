/// Paragraphs that requesters repeat, which training found.
extension MailParts {
    /// The line after a paragraph's lines above its first rule, if these repeat across requesters.
    func endOfRepeated(_ paragraph: Range<Int>) -> Int? {
        guard !repeated.isEmpty, let first = paragraph.first(where: { !mail.isRule($0) }) else { return nil }
        let end = (first..<paragraph.upperBound).first(where: mail.isRule) ?? paragraph.upperBound
        return isRepeated(first..<end) ? end : nil
    }

    /// The first of a paragraph's lines below its last rule, if these repeat across requesters.
    func startOfRepeated(_ paragraph: Range<Int>) -> Int? {
        guard !repeated.isEmpty, let last = paragraph.last(where: { !mail.isRule($0) }) else { return nil }
        let start = paragraph[..<last].last(where: mail.isRule).map { $0 + 1 } ?? paragraph.lowerBound
        return isRepeated(start..<last + 1) ? start : nil
    }

    func isRepeated(_ lines: Range<Int>) -> Bool {
        let (first, last) = (mail.trimmed(lines.lowerBound), mail.trimmed(lines.upperBound - 1))
        return repeated.contains(mail.bytes, first.lowerBound..<last.upperBound)
    }
}
