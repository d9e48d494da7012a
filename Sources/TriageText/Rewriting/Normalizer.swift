/// Replaces what machines write, such as paths, times and numbers, by words for their shape.
///
/// An option for tickets full of logs: `<uuid>`, `<hex>`, `<path>`, `<time>` and `<num>` then count as words.
/// Placeholders of the masker are left alone, and normalising twice changes nothing more.
package enum Normalizer {
    /// Normalises UTF-8 bytes; any byte sequence is allowed.
    package static func normalize(_ bytes: [UInt8]) -> MappedText {
        var text = MappedText(bytes)
        // A second look finds what the first uncovered; see `Masker.mask`.
        for _ in 0..<8 {
            var scanner = ShapeScanner(text.bytes)
            let next = scanner.run()
            if next.isIdentity { break }
            text = text.mapped(by: next)
        }
        return text
    }

    package static func normalize(_ text: String) -> MappedText { normalize(Array(text.utf8)) }
}

/// One pass that replaces shapes from left to right.
struct ShapeScanner {
    private let text: [UInt8]
    private var rewriter: Rewriter

    /// The end of the last run of path bytes that was no path, so that each run is read once.
    private var rejectedPathEnd = 0

    init(_ text: [UInt8]) {
        self.text = text
        self.rewriter = Rewriter(text)
    }

    mutating func run() -> MappedText {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if ASCII.isWord(byte) {
                index = inspectWord(at: index)
            } else if byte == ASCII.slash || byte == ASCII.dot || byte == ASCII.tilde
                || byte == ASCII.backslash
            {
                index = path(at: index) ?? index + 1
            } else if byte == ASCII.openBracket || byte == ASCII.less {
                index = endOfPlaceholder(at: index) ?? index + 1
            } else {
                index += 1
            }
        }
        return rewriter.finish()
    }

    /// Looks at the word that starts at `index` and gives the index after what was replaced or passed over.
    private mutating func inspectWord(at index: Int) -> Int {
        let end = text.skip(from: index) { ASCII.isWord($0) || $0 == ASCII.underscore }
        if text.peek(end) == ASCII.colon || text.peek(end) == ASCII.slash || text.peek(end) == ASCII.dot {
            if let next = drivePath(at: index, end) ?? relativePath(at: index) { return next }
        }
        let hasDigit = text[index..<end].contains(where: ASCII.isDigit)
        guard hasDigit || ASCII.isHex(text[index]) && text.peek(end) == ASCII.dash else { return end }
        if let next = uuid(at: index) { return next }
        guard hasDigit else { return end }
        if let next = hex(index..<end) { return next }
        guard ASCII.isDigit(text[index]) else { return end }
        return time(at: index) ?? number(at: index, end) ?? end
    }

    private mutating func put(_ word: StaticString, _ range: Range<Int>) -> Int {
        rewriter.replace(range, with: word)
        return range.upperBound
    }

    private func endOfPlaceholder(at index: Int) -> Int? {
        if let end = IdentifierKind.endOfPlaceholder(in: text, at: index) { return end }
        for word in ["<uuid>", "<hex>", "<path>", "<time>", "<num>"] as [StaticString]
        where text.hasWord(word, at: index) {
            return index + word.utf8CodeUnitCount
        }
        return nil
    }

    // MARK: - Identifiers

    /// 8-4-4-4-12 hexadecimal digits.
    private mutating func uuid(at index: Int) -> Int? {
        var position = index
        for (group, length) in [8, 4, 4, 4, 12].enumerated() {
            if group > 0 {
                guard text.peek(position) == ASCII.dash else { return nil }
                position += 1
            }
            for offset in 0..<length where !ASCII.isHex(text.peek(position + offset)) { return nil }
            position += length
        }
        return ASCII.isWord(text.peek(position)) ? nil : put("<uuid>", index..<position)
    }

    /// "0x" with hexadecimal digits, or eight of them at least with both letters and digits.
    private mutating func hex(_ range: Range<Int>) -> Int? {
        if text.hasWord("0x", at: range.lowerBound), range.count > 2 {
            let digits = text[range.lowerBound + 2..<range.upperBound]
            return digits.allSatisfy(ASCII.isHex) ? put("<hex>", range) : nil
        }
        guard range.count >= 8, text[range].allSatisfy(ASCII.isHex) else { return nil }
        return text[range].contains(where: ASCII.isLetter) ? put("<hex>", range) : nil
    }

    // MARK: - Times and numbers

    /// A date, a time of day, or both with a zone.
    private mutating func time(at index: Int) -> Int? {
        guard var end = endOfDate(index) ?? endOfClock(index) else { return nil }
        if text.peek(end) | 0x20 == 0x74 || ASCII.isBlank(text.peek(end)), ASCII.isDigit(text.peek(end + 1)),
            let clock = endOfClock(end + 1)
        {
            end = clock
        }
        return ASCII.isWord(text.peek(end)) ? nil : put("<time>", index..<end)
    }

    /// 2024-01-31, 31.01.2024, 1/31/24 and their like.
    private func endOfDate(_ start: Int) -> Int? {
        let first = text.skip(from: start, while: ASCII.isDigit)
        let separator = text.peek(first)
        guard separator == ASCII.dash || separator == ASCII.dot || separator == ASCII.slash else {
            return nil
        }
        let second = text.skip(from: first + 1, while: ASCII.isDigit)
        guard second - first == 2 || second - first == 3, text.peek(second) == separator else { return nil }
        let third = text.skip(from: second + 1, while: ASCII.isDigit)
        let isYearFirst = first - start == 4 && (third - second == 2 || third - second == 3)
        let isYearLast =
            first - start <= 2 && (third - second == 5 || third - second == 3 && separator != ASCII.dot)
        guard isYearFirst || isYearLast else { return nil }
        return text.peek(third) == separator && ASCII.isDigit(text.peek(third + 1)) ? nil : third
    }

    /// 10:15, 10:15:30.123, 10:15:30Z, 10:15+02:00.
    private func endOfClock(_ start: Int) -> Int? {
        var end = text.skip(from: start, while: ASCII.isDigit)
        guard end - start == 1 || end - start == 2, text.peek(end) == ASCII.colon else { return nil }
        guard let minutes = endOfPair(end + 1) else { return nil }
        end = minutes
        if text.peek(end) == ASCII.colon, let seconds = endOfPair(end + 1) {
            end = seconds
            if text.peek(end) == ASCII.dot || text.peek(end) == ASCII.comma, ASCII.isDigit(text.peek(end + 1))
            {
                end = text.skip(from: end + 1, while: ASCII.isDigit)
            }
        }
        if text.peek(end) == 0x5A { return end + 1 }
        if text.peek(end) == ASCII.plus || text.peek(end) == ASCII.dash, let hours = endOfPair(end + 1) {
            let rest = text.peek(hours) == ASCII.colon ? hours + 1 : hours
            return endOfPair(rest) ?? hours
        }
        return end
    }

    private func endOfPair(_ start: Int) -> Int? {
        guard ASCII.isDigit(text.peek(start)), ASCII.isDigit(text.peek(start + 1)) else { return nil }
        return ASCII.isDigit(text.peek(start + 2)) ? nil : start + 2
    }

    /// Digits with points and commas between them; a word that only starts with digits stays.
    private mutating func number(at index: Int, _ wordEnd: Int) -> Int? {
        guard text[index..<wordEnd].allSatisfy(ASCII.isDigit) else { return nil }
        var end = wordEnd
        while text.peek(end) == ASCII.dot || text.peek(end) == ASCII.comma, ASCII.isDigit(text.peek(end + 1))
        {
            end = text.skip(from: end + 1, while: ASCII.isDigit)
        }
        return ASCII.isWord(text.peek(end)) ? nil : put("<num>", index..<end)
    }

    // MARK: - Paths

    /// An absolute or dotted path that starts at a byte outside words.
    private mutating func path(at index: Int) -> Int? {
        guard index >= rejectedPathEnd else { return nil }
        let previous = text.peek(index - 1)
        if ASCII.isWord(previous) || previous == ASCII.slash || previous == ASCII.dot
            || previous == ASCII.greater
            || previous == ASCII.closeBracket || previous == ASCII.less || previous == ASCII.backslash
            || previous == ASCII.colon
        {
            return nil
        }
        let end = endOfPath(index)
        rejectedPathEnd = end
        let slashes = text[index..<end].reduce(0) {
            $0 + ($1 == ASCII.slash || $1 == ASCII.backslash ? 1 : 0)
        }
        let isRooted = text[index] == ASCII.slash || text[index] == ASCII.backslash
        guard slashes >= (isRooted ? 2 : 1), end - index >= 4 else { return nil }
        if !isRooted {
            let root = text.skip(from: index) { $0 == ASCII.dot || $0 == ASCII.tilde }
            guard root - index <= 2, text.peek(root) == ASCII.slash || text.peek(root) == ASCII.backslash
            else {
                return nil
            }
        }
        return text[index..<end].contains(where: ASCII.isWord) ? put("<path>", index..<end) : nil
    }

    /// "C:\Users\…" with its letter at `index`.
    private mutating func drivePath(at index: Int, _ wordEnd: Int) -> Int? {
        guard wordEnd == index + 1, ASCII.isLetter(text[index]), text[wordEnd] == ASCII.colon else {
            return nil
        }
        let next = text.peek(wordEnd + 1)
        guard next == ASCII.backslash || next == ASCII.slash, text.peek(wordEnd + 2) != ASCII.slash else {
            return nil
        }
        return put("<path>", index..<endOfPath(wordEnd + 1))
    }

    /// "src/parser/main.c": slashes between words, and a file ending at the last.
    private mutating func relativePath(at index: Int) -> Int? {
        guard index >= rejectedPathEnd else { return nil }
        let previous = text.peek(index - 1)
        if previous == ASCII.slash || previous == ASCII.dot || previous == ASCII.at
            || previous == ASCII.backslash
        {
            return nil
        }
        let end = endOfPath(index)
        rejectedPathEnd = end
        guard let slash = text[index..<end].lastIndex(where: { $0 == ASCII.slash || $0 == ASCII.backslash })
        else {
            return nil
        }
        guard let dot = text[slash..<end].lastIndex(of: ASCII.dot), dot > slash + 1, end - dot >= 2,
            end - dot <= 7
        else {
            return nil
        }
        guard ASCII.isLetter(text[dot + 1]), !text[index..<end].contains(ASCII.colon) else { return nil }
        return put("<path>", index..<end)
    }

    private func endOfPath(_ start: Int) -> Int {
        let end = text.skip(from: start) { byte in
            switch byte {
            case ASCII.slash, ASCII.backslash, ASCII.dot, ASCII.dash, ASCII.underscore, ASCII.plus, ASCII.at,
                ASCII.tilde, ASCII.percent, ASCII.dollar:
                true
            default: ASCII.isWord(byte)
            }
        }
        return text.skipBack(from: end, to: start) { $0 == ASCII.dot || $0 == ASCII.dash }
    }
}
