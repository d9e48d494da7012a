/// Telephone numbers. Without a word such as "phone" before it only what is written like no other number is
/// taken: international forms, North American forms, an area code in parentheses, groups after a trunk zero.
extension MaskScanner {
    /// Names of lines, as written after a number.
    private static let lineWords = KeywordSet("office home work direct main private privat büro dienst")

    /// Words for an extension, as written after a number.
    private static let extensionWords = KeywordSet(
        "x ext extn extension durchwahl dw app apparat nst nebenstelle poste int interno interní anexo anx ramal "
            + "wew wewn wewnętrzny toestel tst anknytning ankn lokal linka klapka mellék dahili доб добавочный вн внутр "
            + "εσωτ εσωτερικό 转 轉 分机 分機 内線 内线 내선 ต่อ تحويلة שלוחה"
    )

    /// A telephone number that starts at `index`, at a digit, a plus or a parenthesis.
    mutating func phone(at index: Int) -> Int? {
        guard isOn(.phone), index >= max(floor, text[index] == ASCII.plus ? 0 : thingEnd) else { return nil }
        guard mayHaveDigits(at: index, atLeast: 6, PhoneShape.separator(_:from:)) else { return nil }
        guard !isInsideNumber(index) else { return nil }
        let shape = PhoneShape(text, at: index)
        guard shape.count > 0, shape.digits >= 6 else { return nil }
        let edge = phoneEdge(before: index)
        guard edge != .blocked else { return nil }
        var context: NumberContext?
        for count in (1...shape.count).reversed() {
            guard shape.total(count) >= 6 else { break }
            let end = endOfExtension(from: shape.end(count))
            let isNamed = isNamedAfter(end)
            guard isNamed || mayEndPhone(end) else { continue }
            if context == nil {
                context = numberContext(before: index)
                if edge == .glued, context != .telephone, context != .contact || shape.digits < 9 {
                    return nil
                }
                if context == .thing { thingEnd = shape.endOfLine }
            }
            let hasExtension = end > shape.end(count) && hasExtensionWord(at: shape.end(count))
            var known = isNamed ? .telephone : described(context ?? .none, hasExtension: hasExtension)
            if edge == .listed || isListed(end), known != .thing, known != .card { known = .none }
            guard !isGlued(end) || known == .telephone || shape.hasPlus else { continue }
            if isPhone(shape, count, known), let next = take(.phone, index..<end) { return next }
        }
        return nil
    }

    /// Whether a comma and a digit follow: a list goes on, or an amount.
    ///
    /// Only a sure form is a telephone number here.
    private func isListed(_ end: Int) -> Bool {
        text.peek(end) == ASCII.comma && ASCII.isDigit(text.peek(end + 1))
    }

    /// Whether the group of digits at `index` is long enough, or a separator and more digits follow.
    @inline(__always) func mayHaveDigits(
        at index: Int, atLeast least: Int, _ separator: ([UInt8], Int) -> (end: Int, mark: UInt8)
    ) -> Bool {
        guard ASCII.isDigit(text[index]) else { return mayStartNumber(at: index + 1) }
        let end = text.skip(from: index, while: ASCII.isDigit)
        if end - index >= least { return end - index <= PhoneShape.maximumDigits }
        guard mayStartSeparator(at: end) else { return false }
        let next = text.peek(separator(text, end).end)
        return ASCII.isDigit(next) || next == ASCII.openParen
    }

    /// Whether a digit follows a plus or a parenthesis, or one more of these.
    private func mayStartNumber(at index: Int) -> Bool {
        let next = text.peek(index)
        return ASCII.isDigit(next) || next == ASCII.plus || next == ASCII.openParen
    }

    private func mayStartSeparator(at end: Int) -> Bool {
        switch text.peek(end) {
        case ASCII.underscore: return ASCII.isDigit(text.peek(end + 1))
        case 0xC2: return text.peek(end + 1) == 0xB7
        case ASCII.space, ASCII.tab, ASCII.dash, ASCII.dot, ASCII.slash:
            let next = text.peek(end + 1)
            return next < 0x3A && next >= ASCII.openParen || next <= ASCII.space && next != 0
        case ASCII.openParen, ASCII.newline, ASCII.carriageReturn: return true
        default: return false
        }
    }

    /// The context of a number with an extension: nothing else has one.
    private func described(_ context: NumberContext, hasExtension: Bool) -> NumberContext {
        switch context {
        case .none, .number: hasExtension ? .contact : context
        case .contact, .telephone, .card, .thing: context
        }
    }

    /// Whether more than "x" or "/" separates a number from its extension: "300 x 200" is a size.
    private func hasExtensionWord(at end: Int) -> Bool {
        let start = text.skip(from: end) { ASCII.isBlank($0) || $0 == ASCII.comma }
        return text.peek(start) != ASCII.slash && !ASCII.isDigit(text.peek(start + 1))
            && !ASCII.isBlank(text.peek(start + 1))
    }

    // MARK: - Edges

    private enum PhoneEdge { case free, glued, listed, blocked }

    /// Whether the byte before `index` shows that an amount, a version or a path goes on there.
    private func isInsideNumber(_ index: Int) -> Bool {
        guard index != floor else { return false }
        switch text.peek(index - 1) {
        case ASCII.plus, ASCII.dollar, ASCII.backslash, ASCII.percent, ASCII.less, ASCII.tilde: return true
        case ASCII.comma: return ASCII.isDigit(text.peek(index - 2)) && isFraction(at: index)
        case ASCII.dot, ASCII.colon: return ASCII.isDigit(text.peek(index - 2))
        case let byte: return ASCII.isDigit(byte)
        }
    }

    /// Whether a number may start at `index`: freely, only after a word for a telephone ("mobile-…"), only in a sure
    /// form (behind the comma of a list), or not.
    private func phoneEdge(before index: Int) -> PhoneEdge {
        let previous = text.peek(index - 1)
        if index == floor { return .free }
        switch previous {
        case ASCII.underscore, ASCII.equals, ASCII.hash: return .glued
        case ASCII.dash, ASCII.slash: return edge(beforeMark: index - 1)
        case ASCII.comma where ASCII.isDigit(text.peek(index - 2)): return .listed
        default: break
        }
        guard text.endsWord(before: index) else { return .free }
        return isTelephoneLabel(before: index) ? .glued : .blocked
    }

    private func edge(beforeMark index: Int) -> PhoneEdge {
        if index == floor { return .free }
        guard text.endsWord(before: index) else {
            return text.peek(index - 1) == ASCII.slash ? .blocked : .free
        }
        return isTelephoneLabel(before: index) ? .glued : .blocked
    }

    /// Whether "-Office", " (mobile)" or " - fax" follows.
    private func isNamedAfter(_ end: Int) -> Bool {
        var start = end
        while start < end + 3, text.peek(start) == ASCII.space || text.peek(start) == ASCII.dash {
            start += 1
        }
        if text.peek(start) == ASCII.openParen { start += 1 }
        guard start > end, text.peek(start - 1) == ASCII.openParen || text[end..<start].contains(ASCII.dash)
        else {
            return false
        }
        let wordEnd = text.endOfWord(from: start, to: min(text.count, start + 24)) { _ in false }
        guard wordEnd > start else { return false }
        return Self.lineWords.contains(text, start..<wordEnd) || isTelephoneWord(text, start..<wordEnd)
    }

    private func isTelephoneWord(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        NumberWords.role(text, range) == .telephone
    }

    /// Whether a Latin letter follows without a gap.
    private func isGlued(_ end: Int) -> Bool { text.startsWord(at: end) }

    private func mayEndPhone(_ end: Int) -> Bool {
        if text.startsWord(at: end) { return mayEndBeforeWord(end) }
        switch text.peek(end) {
        case ASCII.at, ASCII.percent, ASCII.underscore, ASCII.equals, ASCII.star: return false
        case ASCII.dash: return !text.startsWord(at: end + 1)
        // "0171 2345678/0171 2345679", but not "93-555-0147/B" and not "0171-234567/3".
        case ASCII.slash: return !text.startsWord(at: end + 1) || isTwoDigits(at: end + 1)
        case ASCII.colon: return !ASCII.isDigit(text.peek(end + 1))
        // "0171 2345678.Bitte", but not "0171-2345678.pdf".
        case ASCII.dot: return !ASCII.isDigit(text.peek(end + 1)) && !ASCII.isLower(text.peek(end + 1))
        default: return true
        }
    }

    private func isTwoDigits(at index: Int) -> Bool {
        ASCII.isDigit(text.peek(index)) && ASCII.isDigit(text.peek(index + 1))
    }

    /// "0171 2345678Fax", "5550123thanks", but not "5550123a" and not "5550123ab4".
    private func mayEndBeforeWord(_ end: Int) -> Bool {
        guard !ASCII.isDigit(text.peek(end)) else { return false }
        let wordEnd = text.skip(from: end, while: ASCII.isLetter)
        guard wordEnd - end < 24, wordEnd > end else { return false }
        if isTelephoneWord(text, end..<wordEnd) { return true }
        return wordEnd - end >= 3 && !text.startsWord(at: wordEnd) && text.peek(wordEnd) != ASCII.dash
    }

    /// The end with an extension: "x123", "ext 45", "转8812" or "/46".
    private func endOfExtension(from end: Int) -> Int {
        if text.peek(end) == ASCII.slash { return endOfExtensionDigits(from: end + 1, atMost: 3) ?? end }
        var position = skipComma(from: end)
        if ASCII.isBlank(text.peek(position)) { position += 1 }
        let limit = min(text.count, position + 24)
        let wordEnd = text.skip(from: position) { $0 >= 0x80 || ASCII.isLetter($0) }
        guard wordEnd > position, wordEnd < limit,
            Self.extensionWords.contains(text, position..<wordEnd)
        else { return end }
        position = wordEnd
        while position < wordEnd + 3, isExtensionMark(text.peek(position)) { position += 1 }
        return endOfExtensionDigits(from: position, atMost: 6) ?? end
    }

    /// An ASCII, Arabic or full-width comma.
    private func skipComma(from index: Int) -> Int {
        switch text.peek(index) {
        case ASCII.comma: index + 1
        case 0xD8 where text.peek(index + 1) == 0x8C: index + 2
        case 0xEF where text.peek(index + 1) == 0xBC && text.peek(index + 2) == 0x8C: index + 3
        default: index
        }
    }

    private func isExtensionMark(_ byte: UInt8) -> Bool {
        ASCII.isBlank(byte) || byte == ASCII.dot || byte == ASCII.colon
    }

    private func endOfExtensionDigits(from start: Int, atMost most: Int) -> Int? {
        let end = text.skip(from: start, while: ASCII.isDigit)
        guard end > start, end - start <= most, !text.startsWord(at: end) else { return nil }
        let next = text.peek(end)
        if next == ASCII.slash || next == ASCII.dash && text.startsWord(at: end + 1) { return nil }
        // "22 555 01 42/22 555 01 43" are two numbers.
        return ASCII.isBlank(next) && ASCII.isDigit(text.peek(end + 1)) ? nil : end
    }

    // MARK: - Judging

    /// Whether the first `count` groups are a telephone number in this context.
    private func isPhone(_ shape: PhoneShape, _ count: Int, _ context: NumberContext) -> Bool {
        let total = shape.total(count)
        guard total <= 17, !shape.isDate(count), mayWrap(shape, count, context) else { return false }
        if shape.hasPlus { return isInternationalWithPlus(shape, count, total) }
        switch context {
        case .thing: return shape.hasArea && shape.leading[0] == 0 && isAreaInParentheses(shape, count, total)
        case .card: return false
        case .telephone: return total <= 15 && !shape.isDecimal(count)
        case .contact where isCallable(shape, count, total): return true
        case .number where isNational(shape, count, total): return true
        case .contact, .number, .none: break
        }
        return hasTelephoneForm(shape, count, total)
    }

    /// Digits in the shape of a telephone number; nine without a gap from 5 on, as mobile numbers start.
    private func isCallable(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard total >= 7, total <= 15, !shape.isDecimal(count) else { return false }
        return count > 1 || total > 9 || total == 9 && (shape.leading[0] == 0 || shape.leading[0] >= 5)
    }

    /// Whether the groups are written like no other number.
    private func hasTelephoneForm(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        if count == 1 {
            guard !shape.hasArea else { return false }
            return isUnbrokenMobile(shape, total) || isUnbrokenBesideScript(shape, total)
        }
        guard !isAfterFigures(shape.start), !isRow(shape, count) else { return false }
        if isInternational(shape, count, total) || isAreaInParentheses(shape, count, total) { return true }
        if isTrunk(shape, count, total) { return !isBeforeShortGroup(shape, count) }
        if isTrunkEight(shape, count) { return true }
        guard !shape.has(PhoneShape.wide, count) else { return false }
        return isNorthAmerican(shape, count) || isChineseOrBrazilianMobile(shape, count)
    }

    /// A row of figures: times of day ("0930 1045 1130"), or groups that count on ("021 022 023").
    private func isRow(_ shape: PhoneShape, _ count: Int) -> Bool {
        guard count >= 3, (0..<count).allSatisfy({ shape.sizes[$0] == shape.sizes[0] }) else { return false }
        var areTimes = shape.sizes[0] == 4
        var countsOn = true
        var previous: Int?
        for group in 0..<count {
            let end = shape.end(group + 1)
            let value = text[end - Int(shape.sizes[group])..<end].reduce(0) {
                $0 * 10 + Int($1 &- ASCII.zero)
            }
            areTimes = areTimes && value <= 2400 && value % 100 < 60
            countsOn = countsOn && value == (previous ?? value - 1) + 1
            previous = value
        }
        return areTimes || countsOn
    }

    /// A line may break inside a number that would be too short without the next line.
    private func mayWrap(_ shape: PhoneShape, _ count: Int, _ context: NumberContext) -> Bool {
        guard let last = (0..<max(0, count - 1)).last(where: { shape.separators[$0] == PhoneShape.wrap })
        else {
            return true
        }
        let hasOneBreak = !(0..<last).contains { shape.separators[$0] == PhoneShape.wrap }
        let before = shape.total(last + 1)
        let isAfterMark = [ASCII.dash, ASCII.slash].contains(text.peek(shape.end(last + 1)))
        let least = shape.hasPlus ? 10 : shape.leading[0] == 0 ? 9 : 7
        guard hasOneBreak, shape.total(count) <= 14, before < least || isAfterMark else { return false }
        return shape.hasPlus || context == .telephone || context == .contact
    }

    /// +49 30 901820; +1 and a digit below 2 is no area code, but an amount.
    private func isInternationalWithPlus(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard total >= 8, total <= 15, shape.leading[0] != 0, count > 1 || total > 8 else { return false }
        return shape.leading[0] != 1 || shape.leading[1] > 1
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
        guard shape.leading[area] > 1, shape.leading[area + 3] > 1 else { return false }
        guard shape.isEven(count, from: shape.hasParentheses ? area + 1 : area) else { return false }
        return shape.separators[area] != ASCII.space || shape.hasArea || !isBeforeFigures(shape.end(count))
    }

    /// Whether a group of up to three digits, or two groups, stand before `start`, as in "1 093 771 204".
    private func isAfterFigures(_ start: Int) -> Bool {
        let end = text.skipBack(from: start, to: max(floor, start - 8), while: ASCII.isBlank)
        let group = text.skipBack(from: end, to: max(floor, end - 8), while: ASCII.isDigit)
        guard end < start, group < end else { return false }
        if group > floor, ASCII.isBlank(text[group - 1]), ASCII.isDigit(text.peek(group - 2)) { return true }
        guard end - group <= 3 else { return false }
        return group == floor || ASCII.isBlank(text[group - 1]) || text[group - 1] == ASCII.newline
    }

    /// Whether one more short group follows the blanks of "09 144 772 118 033".
    private func isBeforeShortGroup(_ shape: PhoneShape, _ count: Int) -> Bool {
        guard count < shape.count, shape.separators[count - 1] == ASCII.space else { return false }
        return shape.sizes[count] <= 3 && shape.isEven(count + 1, from: 1)
            && !text.startsWord(at: shape.end(count + 1))
    }

    private func isBeforeFigures(_ end: Int) -> Bool {
        let next = text.skip(from: end, while: ASCII.isBlank)
        return next > end && ASCII.isDigit(text.peek(next))
    }

    /// 138-0013-8000, 11 91234-5678.
    private func isChineseOrBrazilianMobile(_ shape: PhoneShape, _ count: Int) -> Bool {
        switch shape.pattern(count) {
        case 344: return isChineseMobile(shape) && shape.isEven(count) && shape.separators[0] == ASCII.dash
        case 254: return shape.leading[2] == 9 && shape.separators[1] == ASCII.dash
        default: return false
        }
    }

    private func isChineseMobile(_ shape: PhoneShape) -> Bool {
        shape.leading[0] == 1 && shape.leading[1] >= 3
    }

    /// 8 (912) 345-67-89, 8-912-345-67-89.
    private func isTrunkEight(_ shape: PhoneShape, _ count: Int) -> Bool {
        shape.pattern(count) == 13322 && isRussian(shape) && !shape.has(ASCII.dot, count)
    }

    /// Whether the first digits are those of a Russian number with its trunk prefix or country code.
    private func isRussian(_ shape: PhoneShape) -> Bool {
        guard shape.leading[0] == 8 || shape.leading[0] == 7 else { return false }
        return [3, 4, 8, 9].contains(shape.leading[1])
    }

    /// (212) 555-0123, (71) 4233-6306, (0511) 123456.
    private func isAreaInParentheses(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard shape.hasArea, shape.sizes[0] >= 2, shape.sizes[0] <= 5, total >= 8, total <= 12 else {
            return false
        }
        let isYear = shape.sizes[0] == 4 && (shape.leading[0] == 1 || shape.leading[0] == 2)
        let isLongEnough = (1..<count).allSatisfy { shape.sizes[$0] >= 2 } && shape.isEven(count, from: 1)
        return !isYear && isLongEnough && !shape.has(ASCII.dot, count) && count <= 5
    }

    /// Groups after a trunk zero: 020 7946 0958, 01 23 45 67 89, 030/123456, 0171-1234567, 0 30 / 12 34 56.
    private func isTrunk(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        guard shape.leading[0] == 0, shape.leading[1] != 0, total >= 9, total <= 12, count <= 6 else {
            return false
        }
        let isZeroApart =
            shape.sizes[0] == 1 && count > 2 && (shape.hasArea || shape.separators[1] == ASCII.slash)
        guard shape.sizes[0] >= 2 || isZeroApart, shape.sizes[0] <= 6 else { return false }
        guard hasEvenRest(shape, count, from: isZeroApart ? 2 : 1) else { return false }
        if shape.has(ASCII.dot, count), !shape.isEven(count) || shape.pattern(count) != 22222 { return false }
        // "01234 5678" is as likely a postcode and a house number.
        if count == 2, shape.separators[0] == ASCII.space, total < 10 { return false }
        return (1..<count).allSatisfy { shape.sizes[$0] >= 2 }
    }

    /// Whether the same mark stands between the groups from `first` on, or a dash before the last one alone.
    private func hasEvenRest(_ shape: PhoneShape, _ count: Int, from first: Int) -> Bool {
        if shape.isEven(count, from: first) { return true }
        return shape.separators[count - 2] == ASCII.dash && shape.isEven(count - 1, from: first)
    }

    /// National forms that other numbers share, so that a word for "number" is needed.
    private func isNational(_ shape: PhoneShape, _ count: Int, _ total: Int) -> Bool {
        if count == 1 { return isUnbrokenNational(shape, total) }
        guard total >= 9, total <= 11, !shape.has(ASCII.dot, count), !shape.has(PhoneShape.wide, count) else {
            return false
        }
        return shape.leading[0] != 0 && shape.isEven(count, from: 1)
            && (1..<count).allSatisfy { shape.sizes[$0] >= 2 }
    }

    /// Mobile numbers of Italy, Spain, Portugal, Poland, Russia, China and Brazil without a gap.
    private func isUnbrokenNational(_ shape: PhoneShape, _ total: Int) -> Bool {
        let first = shape.leading[0]
        let second = shape.leading[1]
        switch total {
        case 9:
            return first >= 6 && first <= 7 || first == 5 && [0, 1, 3, 7].contains(second)
                || first == 9 && second < 4
        case 10: return first == 3 && second >= 2 || first == 0 && second != 0
        case 11:
            return isRussian(shape) || isChineseMobile(shape) || first == 0 && second != 0
                || shape.leading[2] == 9
        default: return false
        }
    }

    // MARK: - Without a gap

    /// Mobile numbers without a gap: 07… (United Kingdom), 015…, 016…, 017… (Germany), 06…, 07… (France).
    private func isUnbrokenMobile(_ shape: PhoneShape, _ total: Int) -> Bool {
        guard shape.leading[0] == 0 else { return false }
        switch shape.leading[1] {
        case 0: return isCountryAfterZeros(shape, total)
        case 1: return total >= 11 && total <= 12 && shape.leading[2] >= 5 && shape.leading[2] <= 7
        case 6: return total == 10
        case 7: return total == 11 || total == 10
        default: return false
        }
    }

    private func isCountryAfterZeros(_ shape: PhoneShape, _ total: Int) -> Bool {
        guard shape.leading[1] == 0, total >= 12, total <= 15 else { return false }
        switch shape.leading[2] * 10 + shape.leading[3] {
        case 30...34, 36, 39...49, 61: return true
        default: return false
        }
    }

    /// Numbers as they are dialled where the script beside them is written: 8… and 0… in Cyrillic texts, 1… and
    /// 0… in Chinese, 0… in Korean, Japanese, Thai, Arabic, Persian and Hebrew ones.
    private func isUnbrokenBesideScript(_ shape: PhoneShape, _ total: Int) -> Bool {
        let isTrunkZero = shape.leading[0] == 0 && shape.leading[1] != 0 && (total == 10 || total == 11)
        guard isTrunkZero || total == 11, let lead = leadByteBeside(shape.start, shape.end(1)) else {
            return false
        }
        switch lead {
        case 0xD0...0xD3: return isTrunkZero && total == 10 || total == 11 && isRussian(shape)
        case 0xD7...0xDB, 0xEA...0xED: return isTrunkZero
        case 0xE0: return isTrunkZero && total == 10
        case 0xE3...0xE9, 0xEF: return isTrunkZero || total == 11 && isChineseMobile(shape)
        default: return false
        }
    }

    /// The first byte of the character outside ASCII that stands nearest before or after the number.
    private func leadByteBeside(_ start: Int, _ end: Int) -> UInt8? {
        var position = start
        while position > max(floor, start - 3), text[position - 1] < 0x80 { position -= 1 }
        if position > floor, text[position - 1] >= 0x80 { return text[text.startOfScalar(before: position)] }
        position = end
        while position < min(text.count, end + 3), text[position] < 0x80 { position += 1 }
        return text.peek(position) >= 0x80 ? text[position] : nil
    }
}
