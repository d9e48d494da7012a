/// Domain names: where they end when the next word follows without a space.
extension MaskScanner {
    private static let maximumDomain = 255

    /// Endings after which "name@2x.png" is a file, not an address.
    private static let fileEndings = KeywordSet(
        "png jpg jpeg gif svg webp ico pdf js ts jsx tsx mjs css json map tgz gz zip jar whl deb rpm exe dll log txt"
    )

    /// Top levels that a word without a space after them is cut off from: "example.compasswords".
    private static let glueableTopLevels: [StaticString] = [
        "com", "net", "org", "example", "info", "edu", "gov",
    ]

    /// Words that follow a country's top level without a space: "firma.deist".
    private static let gluedWords = KeywordSet(
        "is and has does was not ist und hat geht nicht est et ne a es y no e non jest nie is en niet com que é não "
            + "for to the from wird kann"
    )

    /// The end of a domain that starts at `start`, and whether its top level is a real one.
    ///
    /// The last label that is a top level ends the domain, so that "example.org.Please" and
    /// "example.compasswords" leave the next word. Without any, two labels of letters are enough: local
    /// networks choose their own names.
    func endOfDomain(from start: Int) -> (end: Int, isKnown: Bool)? {
        let limit = min(text.count, start + Self.maximumDomain)
        var labelStart = start
        var labels = 0
        var best: Int?
        var last = start..<start
        while labelStart < limit {
            let labelEnd = endOfLabel(from: labelStart, to: limit)
            guard labelEnd > labelStart else { break }
            if labels > 0, let topLevel = topLevel(in: labelStart..<labelEnd), topLevel.isKnown {
                let isSentence = best != nil && startsSentence(labelStart..<labelEnd)
                if !isSentence { best = topLevel.end }
            }
            last = labelStart..<labelEnd
            labels += 1
            guard text.peek(labelEnd) == ASCII.dot else { break }
            labelStart = labelEnd + 1
        }
        guard labels > 1, !isFile(start, last) else { return nil }
        if let best { return (best, true) }
        return mayBeTopLevel(last) ? (last.upperBound, false) : nil
    }

    /// Whether a label begins with a capital though the one before does not: "example.com.It works".
    private func startsSentence(_ label: Range<Int>) -> Bool {
        guard ASCII.isUpper(text[label.lowerBound]), ASCII.isLower(text.peek(label.lowerBound - 2)) else {
            return false
        }
        // "Firma.Co.UK" and "firma.example.COM" end with capitals, and sentences hardly begin so.
        return !text[label].allSatisfy(ASCII.isUpper)
    }

    /// The end of a label of Latin letters, digits and dashes, or of letters of another script.
    func endOfLabel(from start: Int, to limit: Int) -> Int {
        guard start < limit else { return start }
        var end = start
        if text.isForeign(at: start) {
            while end < limit,
                text.isForeignLetter(at: end) || ASCII.isDigit(text[end]) || text[end] == ASCII.dash
            {
                end = text[end] < 0x80 ? end + 1 : text.endOfScalar(at: end)
            }
            end = min(end, limit)
            // Without a dot after it, only a top level is part of a domain.
            return text.peek(end) == ASCII.dot ? end : internationalTopLevel(in: start..<end) ?? start
        }
        guard text.startsWord(at: start) else { return start }
        end = text.endOfWord(from: start, to: limit) { $0 == ASCII.dash }
        while end > start, text[end - 1] == ASCII.dash { end -= 1 }
        return end
    }

    /// The end of the longest start of `label` that is a top level; texts without spaces go on behind it.
    private func internationalTopLevel(in label: Range<Int>) -> Int? {
        var end = label.upperBound
        while end > label.lowerBound, end - label.lowerBound <= 63 {
            if TopLevelDomains.contains(text, label.lowerBound..<end) { return end }
            end = text.startOfScalar(before: end)
        }
        return nil
    }

    /// The end of the top level in a last label, without a word glued to it.
    func topLevel(in label: Range<Int>) -> (end: Int, isKnown: Bool)? {
        guard label.count >= 2, label.count <= 63 else { return nil }
        if TopLevelDomains.contains(text, label) { return (label.upperBound, true) }
        if let end = endOfCapitalGlue(label) ?? endOfGlue(label) { return (end, true) }
        return nil
    }

    /// "comPlease", "com-please", "com2": the part before the change, if it is a top level.
    private func endOfCapitalGlue(_ label: Range<Int>) -> Int? {
        let isLower = ASCII.isLower(text[label.lowerBound])
        let end = text.skip(from: label.lowerBound) { isLower ? ASCII.isLower($0) : ASCII.isLetter($0) }
        guard end - label.lowerBound >= 2, end < label.upperBound, text[end] < 0x80 else { return nil }
        return TopLevelDomains.contains(text, label.lowerBound..<end) ? end : nil
    }

    private func endOfGlue(_ label: Range<Int>) -> Int? {
        for topLevel in Self.glueableTopLevels where text.hasWord(topLevel, at: label.lowerBound) {
            return label.lowerBound + topLevel.utf8CodeUnitCount
        }
        let end = label.lowerBound + 2
        guard TopLevelDomains.contains(text, label.lowerBound..<end) else { return nil }
        return Self.gluedWords.contains(text, end..<label.upperBound) ? end : nil
    }

    /// Whether a last label that is no known top level may be one of a local network.
    private func mayBeTopLevel(_ label: Range<Int>) -> Bool {
        label.count >= 2 && label.count <= 63 && text[label].allSatisfy { ASCII.isLetter($0) || $0 >= 0x80 }
    }

    private func isFile(_ start: Int, _ last: Range<Int>) -> Bool {
        guard Self.fileEndings.contains(text, last) else { return false }
        let hasLetters = text[start..<last.lowerBound].contains { ASCII.isLetter($0) || $0 >= 0x80 }
        return !hasLetters || ASCII.isDigit(text[start])
    }
}
