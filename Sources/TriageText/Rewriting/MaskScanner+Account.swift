/// Payment cards and bank accounts: both carry check digits, so shape and arithmetic decide.
extension MaskScanner {
    // MARK: - Cards

    /// A payment card number that starts at the digit at `index`.
    mutating func card(at index: Int) -> Int? {
        guard isOn(.card), index >= floor, !isTailOfNumber(at: index) else { return nil }
        var groups = SIMD8<UInt8>(repeating: 0)
        var ends = SIMD8<Int32>(repeating: 0)
        var count = 0
        var total = 0
        var position = index
        var separator: UInt8 = 0
        while count < 8 {
            let end = text.skip(from: position, while: ASCII.isDigit)
            guard end > position, total + end - position <= 19 else { break }
            total += end - position
            groups[count] = UInt8(end - position)
            ends[count] = Int32(truncatingIfNeeded: end - index)
            count += 1
            let next = text.peek(end)
            guard next == ASCII.space || next == ASCII.dash || next == ASCII.dot else { break }
            if separator != 0, next != separator { break }
            separator = next
            position = end + 1
        }
        while count > 0 {
            let end = index + Int(ends[count - 1])
            if total >= 12, isCardShape(groups, count), isCard(index..<end),
                let next = take(.card, index..<end)
            {
                return next
            }
            count -= 1
            total -= Int(groups[count])
        }
        return nil
    }

    /// Whether the number goes on to the left, so that this is only a part of something longer.
    private func isTailOfNumber(at index: Int) -> Bool {
        let previous = text.peek(index - 1)
        let beforeThat = text.peek(index - 2)
        switch previous {
        case ASCII.dash, ASCII.underscore: return ASCII.isWord(beforeThat)
        case ASCII.dot, ASCII.comma: return ASCII.isDigit(beforeThat)
        default: return ASCII.isWord(previous)
        }
    }

    /// Unbroken digits, or groups as they are printed on cards.
    private func isCardShape(_ groups: SIMD8<UInt8>, _ count: Int) -> Bool {
        if count == 1 { return true }
        if count == 3, groups[0] == 4, groups[1] == 6 { return groups[2] == 5 || groups[2] == 4 }
        guard count >= 3 else { return false }
        return (0..<count - 1).allSatisfy { groups[$0] == 4 } && groups[count - 1] <= 4
    }

    private func isCard(_ range: Range<Int>) -> Bool {
        let next = text.peek(range.upperBound)
        let after = text.peek(range.upperBound + 1)
        if ASCII.isWord(next) || next == ASCII.underscore { return false }
        if next == ASCII.dash, ASCII.isWord(after) { return false }
        if next == ASCII.dot || next == ASCII.comma, ASCII.isDigit(after) { return false }
        guard passesLuhn(range) else { return false }
        return isIssued(range) || numberContext(before: range.lowerBound) == .card
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
        guard ASCII.isDigit(text.peek(index + 1)), !ASCII.isWord(text.peek(start - 1)) else { return nil }
        let country = UInt16(text[start] & 0xDF) << 8 | UInt16(text[start + 1] & 0xDF)
        guard isOn(.iban), let length = Self.lengthsByCountry[country] else { return nil }
        guard let end = endOfAccount(from: start, length: length) else { return nil }
        return take(.iban, start..<end)
    }

    /// The end of `length` letters and digits, in groups or not, if their remainder by 97 is 1.
    private func endOfAccount(from start: Int, length: Int) -> Int? {
        var position = start
        var seen = 0
        var head = 0
        var remainder = 0
        while seen < length {
            let byte = text.peek(position)
            if (byte == ASCII.space || byte == ASCII.dash), seen >= 4,
                ASCII.isAlphanumeric(text.peek(position - 1))
            {
                position += 1
                continue
            }
            guard ASCII.isAlphanumeric(byte) else { return nil }
            let value = ASCII.isDigit(byte) ? Int(byte &- ASCII.zero) : Int(ASCII.lower(byte) &- 0x57)
            let next = seen < 4 ? head : remainder
            let sum = (value > 9 ? next * 100 : next * 10) + value
            if seen < 4 { head = sum } else { remainder = sum % 97 }
            seen += 1
            position += 1
        }
        if ASCII.isWord(text.peek(position)) { return nil }
        // The four leading characters count last: two letters (four digits) and two digits.
        return (remainder * 1_000_000 + head) % 97 == 1 ? position : nil
    }
}
