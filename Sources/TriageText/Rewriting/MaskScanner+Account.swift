/// Payment cards and bank accounts: both carry check digits, so shape and arithmetic decide.
extension MaskScanner {
    // MARK: - Cards

    /// What may follow a card number without a gap: its expiry date or check value.
    private static let cardFollowers = KeywordSet(
        "exp expires expiry valid val cvv cvc cvn cid cad caduca caducidad gültig bis scad scadenza val validade ważna "
            + "geldig vto venc vence date")

    /// A payment card number that starts at the digit at `index`.
    mutating func card(at index: Int) -> Int? {
        guard isOn(.card), index >= floor, mayHaveDigits(at: index, atLeast: 12, CardShape.separator(_:from:))
        else { return nil }
        let shape = CardShape(text, at: index)
        guard shape.digits >= 12, mayStartCard(at: index) else { return nil }
        for count in (1...shape.count).reversed() {
            let range = index..<shape.end(count)
            guard shape.total(count) >= 12 else { return nil }
            guard mayEndCard(range.upperBound), passesLuhn(range) else { continue }
            if isCard(shape, count), let next = take(.card, range) { return next }
        }
        return nil
    }

    /// Whether a number may start at `index`: not inside something longer, except after a word for a card.
    private func mayStartCard(at index: Int) -> Bool {
        if index == floor { return true }
        let isTail: Bool
        switch text.peek(index - 1) {
        case ASCII.dash, ASCII.underscore: isTail = text.endsWord(before: index - 1)
        case ASCII.dot: return !ASCII.isDigit(text.peek(index - 2))
        case ASCII.comma: return !isFraction(at: index)
        default: isTail = text.endsWord(before: index)
        }
        return !isTail || text.peek(index - 1) != ASCII.underscore && numberContext(before: index) == .card
    }

    private func mayEndCard(_ end: Int) -> Bool {
        let next = text.peek(end)
        if text.startsWord(at: end) { return mayEndCardBeforeWord(end) }
        if next == ASCII.underscore { return false }
        if next == ASCII.dash, text.startsWord(at: end + 1) { return false }
        return next != ASCII.dot || !ASCII.isDigit(text.peek(end + 1))
    }

    /// Whether the digits at `index`, behind a comma, are the fraction of "0,4111…": no number in a list is zero.
    func isFraction(at index: Int) -> Bool {
        text.peek(index - 2) == ASCII.zero && !text.endsWord(before: index - 2)
    }

    /// "4111111111111111exp12/27" and "4111111111111111was declined", but not "4111111111111111ab3".
    private func mayEndCardBeforeWord(_ end: Int) -> Bool {
        let wordEnd = text.skip(from: end) { $0 >= 0x80 || ASCII.isLetter($0) }
        if Self.cardFollowers.contains(text, end..<wordEnd) { return true }
        return wordEnd - end >= 2 && !text.startsWord(at: wordEnd)
            && text[end..<wordEnd].contains { !ASCII.isHex($0) }
    }

    /// Whether the first `count` groups, whose check digit is right, are a card.
    ///
    /// An unknown issuer, 12 or 13 digits and groups that wrap a line need a word for a card, for one number in
    /// ten has a right check digit by chance.
    private func isCard(_ shape: CardShape, _ count: Int) -> Bool {
        let total = shape.total(count)
        let isKnown = isIssued(shape.start..<shape.end(count))
        if isKnown, total >= 14, !isAmongFigures(shape, count) {
            if shape.isPrinted(count) { return true }
            if total >= 15, !shape.hasWrap(count), count <= 6, shape.hasLongGroups(count) {
                return numberContext(before: shape.start) != .thing
            }
        }
        return numberContext(before: shape.start) == .card
    }

    /// Whether the row of groups goes on with groups of four digits, as a table's does and a card's does not.
    ///
    /// A row of cards goes on as well, and a card's expiry date ("0429", "2029") or a year may stand beside it.
    private func isAmongFigures(_ shape: CardShape, _ count: Int) -> Bool {
        guard count > 1, !shape.hasMark else { return false }
        let end = shape.end(count)
        let before = text.skipBack(from: shape.start, to: max(0, shape.start - 3), while: ASCII.isBlank)
        if before < shape.start, before > floor {
            let start = text.skipBack(from: before, to: max(floor, before - 5), while: ASCII.isDigit)
            if isFigure(start..<before) { return true }
        }
        let after = text.skip(from: end, while: ASCII.isBlank)
        guard after > end else { return false }
        let groupEnd = text.skip(from: after, while: ASCII.isDigit)
        guard isFigure(after..<groupEnd) || groupEnd - after == 4 && isBeforeFour(groupEnd) else {
            return false
        }
        return !startsCard(at: after, like: shape, count)
    }

    /// Four digits that are neither a year nor a month and a year.
    private func isFigure(_ range: Range<Int>) -> Bool {
        guard range.count == 4 else { return false }
        let value = text[range].reduce(0) { $0 * 10 + Int($1 &- ASCII.zero) }
        let isExpiry = (1...12).contains(value / 100) && (20...49).contains(value % 100)
        return !isExpiry && !(1950...2099).contains(value)
    }

    /// Whether a blank and four digits follow: what looks like a date is in a row.
    private func isBeforeFour(_ end: Int) -> Bool {
        let start = text.skip(from: end, while: ASCII.isBlank)
        return start > end && text.skip(from: start, while: ASCII.isDigit) - start == 4
    }

    /// Whether one more card with as many groups starts at `index`.
    private func startsCard(at index: Int, like shape: CardShape, _ count: Int) -> Bool {
        let next = CardShape(text, at: index)
        guard next.count >= count, next.total(count) == shape.total(count) else { return false }
        let range = index..<next.end(count)
        return isIssued(range) && passesLuhn(range)
    }

    /// Whether the first digits belong to a card network with numbers of this length.
    private func isIssued(_ range: Range<Int>) -> Bool {
        var prefix = 0
        var length = 0
        for index in range where ASCII.isDigit(text[index]) {
            if length < 4 { prefix = prefix * 10 + Int(text[index] &- ASCII.zero) }
            length += 1
        }
        switch prefix {
        case 4000...4999: return length == 13 || length == 16 || length == 19
        case 5100...5599, 2221...2720, 2200...2204, 8100...8299, 9792: return length == 16
        case 3400...3499, 3700...3799: return length == 15
        case 3000...3059, 3095, 3600...3699, 3800...3999: return length >= 14
        case 3500...3599: return length >= 16
        case 1800, 2131: return length == 15
        case 5000...5099, 5600...5899, 6000...6999: return length >= 12
        default: return false
        }
    }

    private func passesLuhn(_ range: Range<Int>) -> Bool {
        var sum = 0
        var doubles = false
        for index in range.reversed() where ASCII.isDigit(text[index]) {
            let digit = Int(text[index] &- ASCII.zero)
            let value = doubles ? digit * 2 : digit
            sum += value > 9 ? value - 9 : value
            doubles.toggle()
        }
        return sum % 10 == 0
    }

    // MARK: - IBAN

    /// Lengths by country code, as registered; two letters and two digits each.
    private static let lengthsByCountry: [UInt16: Int] = {
        let registry =
            "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18"
            + "FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20"
            + "LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31"
            + "SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"
        let bytes = Array(registry.utf8)
        var lengths: [UInt16: Int] = [:]
        for start in stride(from: 0, to: bytes.count, by: 4) {
            let country = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
            lengths[country] = Int(bytes[start + 2] &- ASCII.zero) * 10 + Int(bytes[start + 3] &- ASCII.zero)
        }
        return lengths
    }()

    /// An IBAN whose first check digit is at `index`, its country code just before.
    mutating func iban(atDigit index: Int) -> Int? {
        let start = index - 2
        guard start >= floor, ASCII.isLetter(text[start]), ASCII.isLetter(text[start + 1]) else { return nil }
        guard ASCII.isDigit(text.peek(index + 1)), isOn(.iban) else { return nil }
        let country = UInt16(text[start] & 0xDF) << 8 | UInt16(text[start + 1] & 0xDF)
        guard let length = Self.lengthsByCountry[country] else { return nil }
        if start > floor, text.endsWord(before: start), !isAccountWord(before: start) { return nil }
        guard let end = endOfAccount(from: start, length: length) else { return nil }
        return take(.iban, start..<end)
    }

    /// Whether a word for an account stands right before `index`: "IBANDE89…".
    private func isAccountWord(before index: Int) -> Bool {
        guard !ASCII.isDigit(text.peek(index - 1)) else { return false }
        let start = text.skipBack(from: index, to: max(floor, index - 24)) {
            $0 >= 0x80 || ASCII.isLetter($0)
        }
        return NumberWords.role(text, start..<index) == .account
    }

    /// The end of `length` letters and digits, in groups or not, if their remainder by 97 is 1.
    private func endOfAccount(from start: Int, length: Int) -> Int? {
        var position = start
        var seen = 0
        var head = 0
        var remainder = 0
        var letters = 0
        var breaks = 0
        while seen < length {
            let byte = text.peek(position)
            guard ASCII.isAlphanumeric(byte) else {
                let next = CardShape.separator(text, from: position)
                guard seen >= 4, next.end > position, breaks < 1 || next.mark != CardShape.wrap else {
                    return nil
                }
                breaks += next.mark == CardShape.wrap ? 1 : 0
                position = next.end
                continue
            }
            let value = ASCII.isDigit(byte) ? Int(byte &- ASCII.zero) : Int(ASCII.lower(byte) &- 0x57)
            let next = seen < 4 ? head : remainder
            let sum = (value > 9 ? next * 100 : next * 10) + value
            if seen < 4 { head = sum } else { remainder = sum % 97 }
            letters += value > 9 ? 1 : 0
            seen += 1
            position += 1
        }
        // The four leading characters count last: two letters (four digits) and two digits.
        guard (remainder * 1_000_000 + head) % 97 == 1 else { return nil }
        return mayEndAccount(position, letters: letters) ? position : nil
    }

    /// Whether a country's code and two digits stand at `index`: accounts are also listed without a gap.
    private func startsAccount(at index: Int) -> Bool {
        guard ASCII.isLetter(text.peek(index)), ASCII.isLetter(text.peek(index + 1)),
            ASCII.isDigit(text.peek(index + 2)), ASCII.isDigit(text.peek(index + 3))
        else { return false }
        return Self.lengthsByCountry[UInt16(text[index] & 0xDF) << 8 | UInt16(text[index + 1] & 0xDF)] != nil
    }

    /// A word may follow without a gap ("…3000today") where the account is written in digits.
    private func mayEndAccount(_ end: Int, letters: Int) -> Bool {
        guard text.startsWord(at: end) else { return true }
        if startsAccount(at: end) { return true }
        guard letters <= 6, !ASCII.isDigit(text.peek(end)) else { return false }
        let wordEnd = text.endOfWord(from: end, to: min(text.count, end + 24)) { _ in false }
        return wordEnd - end >= 3 && !text[end..<wordEnd].contains(where: ASCII.isDigit)
    }
}

/// Up to 19 digits in groups as people write card numbers: with blanks, dashes, dots or slashes, or wrapped.
struct CardShape {
    static let maximumGroups = 8
    static let maximumDigits = 19
    /// The mark of a separator that wraps the line.
    static let wrap = ASCII.newline

    let start: Int
    private var sizes = SIMD8<UInt8>(repeating: 0)
    private var ends = SIMD8<Int32>(repeating: 0)
    private var wraps = SIMD8<UInt8>(repeating: 0)
    private(set) var count = 0
    private(set) var digits = 0
    /// Whether dashes, dots or slashes separate the groups, rather than blanks.
    private(set) var hasMark = false

    /// The groups that start at the digit at `start`; all separators are marks of one kind, or blanks.
    init(_ text: [UInt8], at start: Int) {
        self.start = start
        var position = start
        var mark: UInt8?
        while count < Self.maximumGroups {
            let end = text.skip(from: position, while: ASCII.isDigit)
            guard end > position, digits + end - position <= Self.maximumDigits else { return }
            digits += end - position
            sizes[count] = UInt8(end - position)
            ends[count] = Int32(truncatingIfNeeded: end - start)
            count += 1
            let next = Self.separator(text, from: end)
            let kind = next.mark == Self.wrap ? mark ?? ASCII.space : next.mark
            guard next.end > end, mark ?? kind == kind else { return }
            if next.mark == Self.wrap { wraps[count - 1] = 1 } else { mark = kind }
            hasMark = hasMark || kind != ASCII.space
            position = next.end
        }
    }

    /// Up to three blanks, a dash, dot, middle dot, slash or underscore between up to one blank each, or a line break.
    static func separator(_ text: [UInt8], from start: Int) -> (end: Int, mark: UInt8) {
        var position = start
        var mark = ASCII.space
        while position < start + 6 {
            switch text.peek(position) {
            // The next line of a quoted mail.
            case ASCII.greater where mark == wrap && text.peek(position - 1) == ASCII.newline: break
            case ASCII.space, ASCII.tab, ASCII.carriageReturn: break
            case ASCII.newline where mark != wrap: mark = wrap
            case let byte where mark == ASCII.space && Self.isMark(byte):
                mark = byte
            case 0xC2 where mark == ASCII.space && text.peek(position + 1) == 0xB7:
                mark = 0xB7
                position += 1
            default: return (position, mark)
            }
            position += 1
        }
        return (start, mark)
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.dash, ASCII.dot, ASCII.slash, ASCII.underscore: true
        default: false
        }
    }

    func end(_ count: Int) -> Int { start + Int(ends[count - 1]) }

    func total(_ count: Int) -> Int { (0..<count).reduce(0) { $0 + Int(sizes[$1]) } }

    func hasWrap(_ count: Int) -> Bool { (0..<count - 1).contains { wraps[$0] == 1 } }

    func hasLongGroups(_ count: Int) -> Bool { (0..<count).allSatisfy { sizes[$0] >= 2 } }

    /// Unbroken digits, or groups as they are printed on cards.
    func isPrinted(_ count: Int) -> Bool {
        if count == 1 { return true }
        if count == 3, sizes[0] == 4, sizes[1] == 6 { return sizes[2] == 5 || sizes[2] == 4 }
        if count == 2, sizes[0] == 8, sizes[1] == 8 { return !hasWrap(2) }
        guard count >= 3 else { return false }
        return (0..<count - 1).allSatisfy { sizes[$0] == 4 } && sizes[count - 1] <= 4
    }
}
