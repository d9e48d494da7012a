/// Hardware addresses: six or eight pairs of hexadecimal digits in the notations of operating systems, switches
/// and labels.
extension MaskScanner {
    /// Words that a hardware address without separators needs beside it.
    private static let hardwareWords = KeywordSet(
        """
        mac mac-adresse mac-address macaddress macaddr hwaddr hwaddress hw ether ethernet lladdr bssid bluetooth bdaddr \
        hardware hardwareadresse physical physique física fisico fisica fysiek fysieke fizyczny fizyczne fysisk fysiske φυσική oui eui wlan wifi \
        wlan-adresse lan-adresse mac-адрес mac-адреса mac-адресом macアドレス nic adres-mac mac-adres mac-adresa mac-osoite \
        mac-adressen
        """)

    /// Words between such a word and the address.
    private static let addressWords = KeywordSet(
        """
        address addr adresse adres adressen adresa dirección endereço indirizzo adresu adresem osoite cím adress 주소 διεύθυνση адрес адреса id is \
        ist est es é è to jest är er on the de del del da d' with mit of von : no nr number nummer и y et und and e en i
        """)

    private static let hardwareEndings: [StaticString] = [
        "แม็ค", "แมค", "网卡", "網卡", "物理地址", "物理アドレス", "アドレス", "地址", "주소", "アドレスは", "地址是", "地址为", "주소는", "주소가",
        "mac은", "mac는", "mac是", "macは",
        "macが",
        "الماك", "ماك", "מק",
    ]

    // MARK: - Pairs

    /// Six or eight pairs of hexadecimal digits whose first separator is at `index`.
    mutating func mac(at index: Int) -> Int? {
        let start = index - 2
        let separator = text[index]
        guard isOn(.mac), start >= floor, ASCII.isHex(text[start]), ASCII.isHex(text[start + 1]) else {
            return nil
        }
        guard mayPrecedePairs(start, separator) else { return nil }
        let (end, pairs) = endOfPairs(from: start, separator)
        guard pairs == 6 || pairs == 8, mayEndPairs(end, separator) else { return nil }
        let hasLetter = text[start..<end].contains(where: ASCII.isLetter)
        let isCertain = hasLetter && separator != ASCII.underscore || separator == ASCII.colon && pairs == 6
        let isDevice = hasLetter && pairs == 6
        return isCertain || isDevice ? take(.mac, start..<end) : nil
    }

    private func endOfPairs(from start: Int, _ separator: UInt8) -> (end: Int, pairs: Int) {
        var position = start
        var pairs = 0
        while pairs < 9, ASCII.isHex(text.peek(position)), ASCII.isHex(text.peek(position + 1)) {
            pairs += 1
            position += 2
            guard text.peek(position) == separator, ASCII.isHex(text.peek(position + 1)) else { break }
            position += 1
        }
        return (position, pairs)
    }

    /// No other pair before: a separator only after a word ("MAC:", "dev_"), a letter only of "MAC" itself.
    private func mayPrecedePairs(_ start: Int, _ separator: UInt8) -> Bool {
        if text.endsWord(before: start) {
            return Self.hardwareWords.contains(text, text.startOfLetters(before: start, to: floor)..<start)
        }
        let previous = text.peek(start - 1)
        if previous == separator {
            let isPair = ASCII.isHex(text.peek(start - 2)) && ASCII.isHex(text.peek(start - 3))
            return !(isPair && !text.endsWord(before: start - 3))
                && (isLabel(endingAt: start - 1) || separator != ASCII.dash)
        }
        return previous != ASCII.underscore || separator == ASCII.underscore
    }

    private func mayEndPairs(_ end: Int, _ separator: UInt8) -> Bool {
        if text.startsWord(at: end) { return isGluedWord(end..<text.endOfLetters(from: end)) }
        return text.peek(end) != separator || !text.startsWord(at: end + 1)
    }

    // MARK: - Groups

    /// Three dotted groups of four hexadecimal digits, with the first dot at `index`.
    mutating func ciscoMAC(at index: Int) -> Int? {
        let start = index - 4
        guard isOn(.mac), start >= floor, text.peek(index + 5) == ASCII.dot else { return nil }
        for offset in 0..<14 where offset != 4 && offset != 9 {
            guard ASCII.isHex(text.peek(start + offset)) else { return nil }
        }
        if text.endsWord(before: start) || text.peek(start - 1) == ASCII.dot
            || text.startsWord(at: start + 14)
        {
            return nil
        }
        if text.peek(start + 14) == ASCII.dot, text.startsWord(at: start + 15) { return nil }
        let hasLetter = text[start..<start + 14].contains(where: ASCII.isLetter)
        let hasDigit = text[start..<start + 14].contains(where: ASCII.isDigit)
        // Digits alone are as often the number of a contract; a station's first octet is even and mostly small.
        let isStation = text[start] == ASCII.zero && text[start + 1] & 1 == 0
        guard hasDigit, hasLetter || isStation || isHardware(start..<start + 14) else { return nil }
        return take(.mac, start..<start + 14)
    }

    /// Three groups of four with dashes, beside a word for hardware addresses, the first dash at `index`.
    mutating func dashedMAC(at index: Int) -> Int? {
        let start = index - 4
        guard isOn(.mac), start >= floor, text.peek(index + 5) == ASCII.dash,
            text.peek(index + 10) != ASCII.dash
        else {
            return nil
        }
        for offset in 0..<14 where offset != 4 && offset != 9 {
            guard ASCII.isHex(text.peek(start + offset)) else { return nil }
        }
        guard !text.endsWord(before: start), text.peek(start - 1) != ASCII.dash,
            !text.startsWord(at: start + 14),
            isHardware(start..<start + 14)
        else { return nil }
        return take(.mac, start..<start + 14)
    }

    /// Two groups of six ("001a2b-3c4d5e") around the dash at `index`.
    mutating func halvedMAC(at index: Int) -> Int? {
        let start = index - 6
        guard isOn(.mac), start >= floor, !text.endsWord(before: start), !text.startsWord(at: index + 7)
        else { return nil }
        for offset in 0..<13 where offset != 6 {
            guard ASCII.isHex(text.peek(start + offset)) else { return nil }
        }
        if text.peek(start - 1) == ASCII.dash || text.peek(index + 7) == ASCII.dash { return nil }
        let hasLetters = [start..<index, index + 1..<index + 7].contains {
            text[$0].contains(where: ASCII.isLetter)
        }
        let haveDigits = [start..<index, index + 1..<index + 7].allSatisfy {
            text[$0].contains(where: ASCII.isDigit)
        }
        return hasLetters && haveDigits ? take(.mac, start..<index + 7) : nil
    }

    // MARK: - Without separators, or with spaces

    /// Twelve hexadecimal digits around the digit at `index`, or six pairs with spaces, beside a word for them.
    mutating func namedMAC(around index: Int) -> Int? {
        guard isOn(.mac) else { return nil }
        let start = text.skipBack(from: index, to: max(floor, index - 12), while: ASCII.isHex)
        var end = index
        while end < index + 13, ASCII.isHex(text.peek(end)) { end += 1 }
        if end - start == 2 { return spacedMAC(from: start) }
        if end - index == 12, text.hasWord("mac", endingAt: index), !text.startsWord(at: end) {
            return take(.mac, index..<end)
        }
        guard end - start == 12, !text.endsWord(before: start), !text.startsWord(at: end) else { return nil }
        return isHardware(start..<end) ? take(.mac, start..<end) : nil
    }

    private mutating func spacedMAC(from pair: Int) -> Int? {
        var start = pair
        while start - 3 >= max(floor, pair - 15), text[start - 1] == ASCII.space,
            ASCII.isHex(text[start - 2]),
            ASCII.isHex(text[start - 3]), !text.endsWord(before: start - 3)
        {
            start -= 3
        }
        let (end, pairs) = endOfPairs(from: start, ASCII.space)
        guard pairs == 6, !text.endsWord(before: start), !text.startsWord(at: end) else { return nil }
        return isHardware(start..<end) ? take(.mac, start..<end) : nil
    }

    /// Whether a word for hardware addresses stands before or behind, or another such address shortly before.
    private func isHardware(_ range: Range<Int>) -> Bool {
        if let last = spans.last, last.kind == .mac, range.lowerBound - last.range.upperBound <= 12 {
            return true
        }
        var end = range.lowerBound
        for _ in 0..<4 {
            let limit = max(floor, end - 5)
            while end > limit, !ASCII.isWord(text[end - 1]), text[end - 1] != ASCII.closeParen { end -= 1 }
            let start = text.skipBack(from: end, to: max(floor, end - 24)) {
                ASCII.isWord($0) || $0 == ASCII.dash
            }
            if Self.hardwareWords.contains(text, start..<end) || text.hasWord("-mac", endingAt: end) {
                return true
            }
            if Self.hardwareEndings.contains(where: { text.hasWord($0, endingAt: end) }) { return true }
            guard start < end, Self.addressWords.contains(text, start..<end) else { break }
            end = start
        }
        return isNamedBehind(range.upperBound)
    }

    /// "021C5E770AB4 (MAC)", "064D5E208FA8 (adresse MAC)".
    private func isNamedBehind(_ end: Int) -> Bool {
        var position = text.skip(from: end) { ASCII.isBlank($0) }
        guard text.peek(position) == ASCII.openParen else { return false }
        for _ in 0..<3 {
            position = text.skip(from: position) { ASCII.isBlank($0) || $0 == ASCII.openParen }
            let wordEnd = text.endOfWord(from: position, to: min(text.count, position + 24)) {
                $0 == ASCII.dash
            }
            if Self.hardwareWords.contains(text, position..<wordEnd) { return true }
            guard Self.addressWords.contains(text, position..<wordEnd) else { return false }
            position = wordEnd
        }
        return false
    }
}
