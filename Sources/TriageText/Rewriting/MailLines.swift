/// The lines of a text, as the recognition of replies, signatures and boilerplate reads them.
struct MailLines {
    let bytes: [UInt8]
    /// Lines without their line ends.
    let lines: [Range<Int>]

    /// Splits valid text with plain line ends.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var lines: [Range<Int>] = []
        lines.reserveCapacity(16)
        var start = 0
        while start < bytes.count {
            let end = bytes.firstIndex(of: ASCII.newline, from: start) ?? bytes.count
            lines.append(start..<end)
            start = end + 1
        }
        self.lines = lines
    }

    var count: Int { lines.count }

    /// A line without blanks and no-break spaces at its ends.
    func trimmed(_ line: Int) -> Range<Int> { trim(lines[line]) }

    /// A line without the ">" of its quoting level, and without blanks at its ends.
    func content(_ line: Int) -> Range<Int> {
        var range = trimmed(line)
        while !range.isEmpty, bytes[range.lowerBound] == ASCII.greater {
            range = trim(range.lowerBound + 1..<range.upperBound)
        }
        return range
    }

    func isBlank(_ line: Int) -> Bool { trimmed(line).isEmpty }

    /// Whether a line starts with ">".
    func isMarked(_ line: Int) -> Bool {
        let range = trimmed(line)
        return !range.isEmpty && bytes[range.lowerBound] == ASCII.greater
    }

    /// Whether a line holds no letter and no digit: a rule, a row of stars, an empty quoted line.
    func isRule(_ line: Int) -> Bool {
        let range = trimmed(line)
        return !range.isEmpty && !bytes[range].contains(where: ASCII.isAlphanumeric) && !hasLetters(range)
    }

    /// The bytes of lines with their line ends.
    func span(_ lines: Range<Int>) -> Range<Int> {
        guard !lines.isEmpty else { return 0..<0 }
        let end = min(self.lines[lines.upperBound - 1].upperBound + 1, bytes.count)
        return self.lines[lines.lowerBound].lowerBound..<end
    }

    /// The first line at or after `line` that is not blank, or the number of lines.
    func nextFilled(from line: Int) -> Int {
        var next = line
        while next < count, isBlank(next) { next += 1 }
        return next
    }

    /// The last line before `line`, at or after `limit`, that is not blank.
    func lastFilled(before line: Int, from limit: Int) -> Int? {
        var last = line - 1
        while last >= limit, isBlank(last) { last -= 1 }
        return last >= limit ? last : nil
    }

    /// The last byte of a line, or 0 when it is blank.
    func lastByte(_ line: Int) -> UInt8 {
        let range = trimmed(line)
        return range.isEmpty ? 0 : bytes[range.upperBound - 1]
    }

    /// Whether a line begins with a quotation mark.
    func startsWithQuotationMark(_ line: Int) -> Bool {
        let range = content(line)
        guard !range.isEmpty else { return false }
        return QuotationMark(bytes, at: range.lowerBound) != nil
    }

    private func hasLetters(_ range: Range<Int>) -> Bool {
        var words = MailWords(bytes, range)
        return words.next() != nil
    }

    private func trim(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, let length = blank(at: start) { start += length }
        while start < end {
            if ASCII.isBlank(bytes[end - 1]) {
                end -= 1
            } else if bytes[end - 1] == 0xA0, end - 2 >= start, bytes[end - 2] == 0xC2 {
                end -= 2
            } else {
                break
            }
        }
        return start..<max(start, end)
    }

    /// The length of the blank, tabulator or no-break space at `index`.
    private func blank(at index: Int) -> Int? {
        if ASCII.isBlank(bytes[index]) { return 1 }
        return bytes[index] == 0xC2 && bytes.peek(index + 1) == 0xA0 ? 2 : nil
    }
}

/// A quotation mark: the author cites what is between a pair.
struct QuotationMark {
    enum Side { case opening, closing, either }

    let side: Side
    let length: Int

    init?(_ bytes: [UInt8], at index: Int) { self.init(bytes.span, at: index) }

    init?(_ bytes: Span<UInt8>, at index: Int) {
        let (second, third) = (bytes.peek(index + 1), bytes.peek(index + 2))
        switch bytes[index] {
        case ASCII.quote:
            (side, length) = (.either, 1)
        case 0xC2 where second == 0xAB:  // «
            (side, length) = (.opening, 2)
        case 0xC2 where second == 0xBB:  // »
            (side, length) = (.closing, 2)
        case 0xE2 where second == 0x80:
            switch third {
            case 0x9E: (side, length) = (.opening, 3)  // „
            case 0x9C: (side, length) = (.either, 3)  // “ opens in English and closes in German
            case 0x9D: (side, length) = (.closing, 3)  // ”
            default: return nil
            }
        default: return nil
        }
    }
}

/// Whether a line that starts with a bracket goes on behind it: "[EXTERNAL] The printer is broken".
func hasTextBehindBracket(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard bytes[range.lowerBound] == ASCII.openBracket,
        let close = bytes.firstIndex(of: ASCII.closeBracket, in: range)
    else { return false }
    return close + 1 < range.upperBound
}
