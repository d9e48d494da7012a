/// Characters that people and mail programs put where numbers, addresses and quotes have an ASCII one.
enum Confusables {
    /// The text with no-break spaces, no-break hyphens, curly double quotes and the wide "@" as their ASCII twins.
    ///
    /// Without one, the source itself.
    static func fold(_ text: [UInt8]) -> MappedText {
        guard text.reduce(0, |) >= 0x80 else { return MappedText(text) }
        var rewriter = Rewriter(text)
        var index = 0
        while index < text.count {
            if text[index] >= 0xC2, let (length, equivalent) = equivalent(in: text, at: index) {
                rewriter.replace(index..<index + length, with: equivalent)
                index += length
            } else {
                index += 1
            }
        }
        return rewriter.finish()
    }

    private static func equivalent(in text: [UInt8], at index: Int) -> (
        length: Int, equivalent: StaticString
    )? {
        switch (text[index], text.peek(index + 1), text.peek(index + 2)) {
        case (0xC2, 0xA0, _): (2, " ")
        case (0xE2, 0x80, 0x87), (0xE2, 0x80, 0xAF): (3, " ")
        case (0xE2, 0x80, 0x91): (3, "-")
        case (0xE2, 0x80, 0x9C...0x9E): (3, "\"")
        case (0xEF, 0xBC, 0xA0): (3, "@")
        default: nil
        }
    }
}
