/// A run of digit groups as telephone numbers are written, with every place where it could end.
struct PhoneShape {
    static let maximumGroups = 12

    var start: Int
    var hasPlus = false
    /// Whether the first group stands in parentheses.
    var hasArea = false
    var sizes = SIMD16<UInt8>(repeating: 0)
    /// The byte after each group; a space for mixed ones such as ") ".
    var separators = SIMD16<UInt8>(repeating: 0)
    var ends = SIMD16<Int32>(repeating: 0)
    var count = 0
    /// The first seven digits, in order.
    var leading = SIMD8<UInt8>(repeating: 0)
    var digits = 0

    /// The first `count` groups as one number, for comparing shapes: 3, 3, 4 is 334.
    func pattern(_ count: Int) -> Int {
        (0..<count).reduce(0) { $0 * 10 + Swift.min(Int(sizes[$1]), 9) }
    }

    func total(_ count: Int) -> Int {
        (0..<count).reduce(0) { $0 + Int(sizes[$1]) }
    }

    func end(_ count: Int) -> Int { start + Int(ends[count - 1]) }

    /// Whether the separators between the first `count` groups, from the `first` on, are all the same.
    func isEven(_ count: Int, from first: Int = 0) -> Bool {
        guard count - 1 > first else { return true }
        return (first..<count - 1).allSatisfy { separators[$0] == separators[first] }
    }

    /// Whether a dot stands between the first `count` groups.
    func hasDots(_ count: Int) -> Bool {
        (0..<max(0, count - 1)).contains { separators[$0] == ASCII.dot }
    }

    /// Whether the first groups look like a calendar date: 01.02.2023 or 2023-01-02.
    func isDate(_ count: Int) -> Bool {
        guard count >= 3, separators[0] == separators[1], !hasPlus, !hasArea else { return false }
        guard separators[0] != ASCII.space, sizes[1] <= 2 else { return false }
        let isYearLast = sizes[0] <= 2 && sizes[2] == 4
        let isYearFirst = sizes[0] == 4 && sizes[2] <= 2 && (leading[0] == 1 || leading[0] == 2)
        return isYearLast || isYearFirst
    }
}

/// Telephone numbers. Without a word such as "phone" before it only what is written like no other number is
/// taken: international forms, North American forms, an area code in parentheses, groups after a trunk zero.
extension MaskScanner {
    /// Names of lines, as written after a number.
    private static let lineWords = KeywordSet(
        "office fax mobile cell home work phone tel direct mobil privat büro")

    /// A telephone number that starts at `index`, at a digit, a plus or a parenthesis.
    mutating func phone(at index: Int) -> Int? {
        guard isOn(.phone), index >= floor, mayStartPhone(index) else { return nil }
        var shape = PhoneShape(start: index)
        collect(into: &shape)
        guard shape.count > 0, shape.digits >= 6 else { return nil }
        var context: NumberContext?
        for count in (1...shape.count).reversed() {
            guard shape.total(count) >= 6 else { break }
            let end = endOfExtension(from: shape.end(count))
            let isNamed = isNamedAfter(end)
            guard isNamed || mayEndPhone(end) else { continue }
            let known = isNamed ? .telephone : context ?? numberContext(before: index)
            if !isNamed { context = known }
            if isPhone(shape, count, known), let next = take(.phone, index..<end) { return next }
        }
        return nil
    }

    // MARK: - Collecting

    private func collect(into shape: inout PhoneShape) {
        var position = shape.start
        if text.peek(position) == ASCII.plus {
            shape.hasPlus = true
            position += 1
        }
        var isOpen = text.peek(position) == ASCII.openParen
        if isOpen { position += 1 }
        if isOpen, text.peek(position) == ASCII.plus {
            shape.hasPlus = true
            position += 1
        }
        while shape.count < PhoneShape.maximumGroups {
            let end = text.skip(from: position, while: ASCII.isDigit)
            guard end > position, shape.digits + end - position <= 20 else { return }
            // Parentheses around a whole number are not part of it.
            if isOpen, end - position > 5 { return }
            add(position..<end, to: &shape)
            position = end
            if isOpen {
                guard text.peek(position) == ASCII.closeParen else { return }
                if shape.count == 1 { shape.hasArea = true }
                isOpen = false
                position += 1
                shape.ends[shape.count - 1] = Int32(truncatingIfNeeded: position - shape.start)
            }
            let next = skipSeparator(from: position)
            shape.separators[shape.count - 1] = next > position ? text[position] : ASCII.space
            position = next
            if text.peek(position) == ASCII.openParen, ASCII.isDigit(text.peek(position + 1)) {
                isOpen = true
                position += 1
            }
            guard position > end else { return }
        }
    }

    private func add(_ group: Range<Int>, to shape: inout PhoneShape) {
        for index in group where shape.digits + index - group.lowerBound < 8 {
            shape.leading[shape.digits + index - group.lowerBound] = text[index] &- ASCII.zero
        }
        shape.sizes[shape.count] = UInt8(group.count)
        shape.ends[shape.count] = Int32(truncatingIfNeeded: group.upperBound - shape.start)
        shape.digits += group.count
        shape.count += 1
    }

    /// One space, dash, dot, slash or no-break space, or a dash between spaces.
    private func skipSeparator(from start: Int) -> Int {
        switch text.peek(start) {
        case ASCII.space:
            let isSpacedDash = text.peek(start + 1) == ASCII.dash || text.peek(start + 1) == ASCII.slash
            return isSpacedDash && text.peek(start + 2) == ASCII.space ? start + 3 : start + 1
        case ASCII.dash, ASCII.dot, ASCII.slash: return start + 1
        case 0xC2 where text.peek(start + 1) == 0xA0: return start + 2
        case 0xE2 where text.peek(start + 1) == 0x80 && text.peek(start + 2) &- 0x90 < 4: return start + 3
        default: return start
        }
    }

    /// The end with an extension such as "x123" or "ext 45".
    private func endOfExtension(from end: Int) -> Int {
        var position = text.peek(end) == ASCII.comma ? end + 1 : end
        if ASCII.isBlank(text.peek(position)) { position += 1 }
        if text.hasWord("extension", at: position) {
            position += 9
        } else if text.hasWord("ext", at: position) {
            position += text.hasWord("extn", at: position) ? 4 : 3
        } else if text.hasWord("durchwahl", at: position) {
            position += 9
        } else if text.hasWord("x", at: position) {
            position += 1
        } else {
            return end
        }
        while ASCII.isBlank(text.peek(position)) || text.peek(position) == ASCII.dot
            || text.peek(position) == ASCII.colon
        {
            position += 1
        }
        let last = text.skip(from: position, while: ASCII.isDigit)
        return last > position && last - position <= 6 && !ASCII.isWord(text.peek(last)) ? last : end
    }

    // MARK: - Judging

    private func mayStartPhone(_ index: Int) -> Bool {
        let previous = text.peek(index - 1)
        let beforeThat = text.peek(index - 2)
        switch previous {
        case ASCII.plus, ASCII.dollar, ASCII.underscore, ASCII.equals, ASCII.backslash, ASCII.percent,
            ASCII.hash, ASCII.less, ASCII.tilde:
            return false
        case ASCII.dash, ASCII.slash: return !ASCII.isWord(beforeThat) && beforeThat != ASCII.slash
        case ASCII.dot, ASCII.comma, ASCII.colon: return !ASCII.isDigit(beforeThat)
        case 0xA0: return beforeThat == 0xC2
        default: return !ASCII.isWord(previous)
        }
    }

    /// Whether "-Office", " (mobile)" or " - fax" follows.
    private func isNamedAfter(_ end: Int) -> Bool {
        var start = end
        while start < end + 3, text.peek(start) == ASCII.space || text.peek(start) == ASCII.dash {
            start += 1
        }
        if text.peek(start) == ASCII.openParen { start += 1 }
        let previous = text.peek(start - 1)
        guard start > end, previous == ASCII.openParen || text[end..<start].contains(ASCII.dash) else {
            return false
        }
        let wordEnd = text.skip(from: start, while: ASCII.isLetter)
        return wordEnd - start < 12 && Self.lineWords.contains(text, start..<wordEnd)
    }

    private func mayEndPhone(_ end: Int) -> Bool {
        let next = text.peek(end)
        if ASCII.isWord(next) && !(next == 0xC2 || next == 0xE2) { return false }
        switch next {
        case ASCII.at, ASCII.percent, ASCII.underscore, ASCII.equals, ASCII.star: return false
        case ASCII.dot, ASCII.comma, ASCII.colon, ASCII.slash, ASCII.dash:
            return !ASCII.isAlphanumeric(text.peek(end + 1))
        case ASCII.space: return true
        default: return true
        }
    }

    /// Whether the first `count` groups are a telephone number in this context.
    private func isPhone(_ shape: PhoneShape, _ count: Int, _ context: NumberContext) -> Bool {
        let total = shape.total(count)
        guard total <= 17, !shape.isDate(count) else { return false }
        if shape.hasPlus {
            return total >= 8 && total <= 15 && shape.leading[0] != 0 && (count > 1 || total > 8)
        }
        switch context {
        case .telephone: return total <= 15 && !isDecimal(shape, count)
        case .other, .card: return false
        case .contact where total >= 7 && total <= 15 && !isDecimal(shape, count) && (count > 1 || total > 8):
            return true
        case .contact, .none: break
        }
        if count == 1 { return !shape.hasArea && isUnbrokenMobile(shape, total) }
        return isInternational(shape, count, total) || isNorthAmerican(shape, count)
            || isAreaInParentheses(shape, count, total) || isTrunk(shape, count, total)
    }

    /// Whether dots make the groups an amount or a version rather than a number to dial.
    private func isDecimal(_ shape: PhoneShape, _ count: Int) -> Bool {
        guard shape.hasDots(count) else { return false }
        return count == 2 && shape.total(count) < 8 || shape.pattern(count) == 1333 || !shape.isEven(count)
    }

    /// 0049 170 1234567, 001-212-555-0123x45.
    private func isInternational(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        shape.leading[0] == 0 && shape.leading[1] == 0 && shape.leading[2] != 0 && total >= 11
            && shape.sizes[0] >= 2 && shape.sizes[0] <= 5 && shape.isEven(count, from: 1)
    }

    /// 212-555-0123, 212.555.0123, 1-212-555-0123.
    private func isNorthAmerican(_ shape: PhoneShape, _ count: Int) -> Bool {
        let pattern = shape.pattern(count)
        guard pattern == 334 || pattern == 1334 && shape.leading[0] == 1 else { return false }
        let area = pattern == 334 ? 0 : 1
        return shape.leading[area] > 1 && shape.leading[area + 3] > 1 && shape.isEven(count, from: area)
    }

    /// (212) 555-0123, (71) 4233-6306, (0511) 123456.
    private func isAreaInParentheses(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard shape.hasArea, shape.sizes[0] >= 2, shape.sizes[0] <= 5, total >= 8, total <= 12 else {
            return false
        }
        let isYear = shape.sizes[0] == 4 && (shape.leading[0] == 1 || shape.leading[0] == 2)
        let isLongEnough = (1..<count).allSatisfy { shape.sizes[$0] >= 2 } && shape.isEven(count, from: 1)
        return !isYear && isLongEnough && !shape.hasDots(count) && count <= 5
    }

    /// Groups after a trunk zero: 020 7946 0958, 01 23 45 67 89, 030/123456, 0171-1234567.
    private func isTrunk(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard shape.leading[0] == 0, shape.leading[1] != 0, total >= 9, total <= 12, count <= 6 else {
            return false
        }
        guard shape.sizes[0] >= 2, shape.sizes[0] <= 6, shape.isEven(count, from: 1) else { return false }
        if shape.hasDots(count), !shape.isEven(count) || shape.pattern(count) != 22222 { return false }
        // "01234 5678" is as likely a postcode and a house number.
        if count == 2, shape.separators[0] == ASCII.space, total < 10 { return false }
        return (1..<count).allSatisfy { shape.sizes[$0] >= 2 }
    }

    /// Mobile numbers without a gap: 07… (United Kingdom), 015…, 016…, 017… (Germany), 06…, 07… (France).
    private func isUnbrokenMobile(_ shape: PhoneShape, _ total: Int) -> Bool {
        guard shape.leading[0] == 0 else { return isCountryAfterZeros(shape, total) }
        switch shape.leading[1] {
        case 0: return isCountryAfterZeros(shape, total)
        case 1: return total >= 11 && total <= 12 && shape.leading[2] >= 5 && shape.leading[2] <= 7
        case 6: return total == 10
        case 7: return total == 11 || total == 10
        default: return false
        }
    }

    private func isCountryAfterZeros(_ shape: PhoneShape, _ total: Int) -> Bool {
        guard shape.leading[0] == 0, shape.leading[1] == 0, total >= 12, total <= 15 else { return false }
        switch shape.leading[2] * 10 + shape.leading[3] {
        case 30...34, 36, 39...49, 61: return true
        default: return false
        }
    }
}
