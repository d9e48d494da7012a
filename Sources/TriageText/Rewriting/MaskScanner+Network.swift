/// Internet and hardware addresses.
extension MaskScanner {
    private static let versionWords = KeywordSet(
        "v ver version versions release build rev revision assemblyversion fileversion firmware driver bios sdk runtime "
            + "cuda cudnn kernel opencv chrome edge firefox safari"
    )

    // MARK: - IPv4

    /// Four octets that start at the digit at `index`.
    mutating func ipv4(at index: Int) -> Int? {
        guard isOn(.ip), let end = endOfIPv4(from: index) else { return nil }
        if isPartOfVersion(at: index) {
            versionEnd = end
            return nil
        }
        let next = text.peek(end)
        if text.startsWord(at: end) || next == ASCII.underscore { return nil }
        if next == ASCII.dot || next == ASCII.dash, text.startsWord(at: end + 1) { return nil }
        return take(.ip, index..<end)
    }

    /// The end of four dotted numbers of 0 to 255 without leading zeros.
    private func endOfIPv4(from start: Int) -> Int? {
        var position = start
        var first = 0
        var sum = 0
        for octet in 0..<4 {
            if octet > 0 {
                guard text.peek(position) == ASCII.dot else { return nil }
                position += 1
            }
            var value = 0
            let octetStart = position
            while position < octetStart + 3, ASCII.isDigit(text.peek(position)) {
                value = value * 10 + Int(text[position] &- ASCII.zero)
                position += 1
            }
            guard position > octetStart, value < 256, !ASCII.isDigit(text.peek(position)) else { return nil }
            if text[octetStart] == ASCII.zero, position - octetStart > 1 { return nil }
            if octet == 0 { first = value }
            sum += value
        }
        // Nothing is sent from 0.x.y.z but by 0.0.0.0 itself: others are versions.
        return first == 0 && sum > 0 ? nil : position
    }

    private func isPartOfVersion(at index: Int) -> Bool {
        let previous = text.peek(index - 1)
        if previous == ASCII.dot || previous == ASCII.underscore { return true }
        let beforeThat = text.peek(index - 2)
        if previous == ASCII.dash, text.endsWord(before: index - 1) { return true }
        // "Chrome/115.0.0.0" and "package==8.6.0.163".
        if previous == ASCII.slash, text.endsWord(before: index - 1),
            text.hasWord(".0.0.0", endingAt: endOfDotted(index))
        {
            return true
        }
        if previous == ASCII.equals, !ASCII.isBlank(beforeThat), !ASCII.isWord(beforeThat) { return true }
        var end = index
        while end > max(floor, index - 4), !ASCII.isWord(text[end - 1]) { end -= 1 }
        if end == versionEnd, text.peek(end) == ASCII.comma { return true }
        let start = text.skipBack(from: end, to: max(floor, end - 16), while: ASCII.isWord)
        return Self.versionWords.contains(text, start..<end)
    }

    private func endOfDotted(_ start: Int) -> Int {
        text.skip(from: start) { ASCII.isDigit($0) || $0 == ASCII.dot }
    }

    // MARK: - IPv6

    /// An IPv6 address whose first colon is at `index`.
    mutating func ipv6(at index: Int) -> Int? {
        guard isOn(.ip) else { return nil }
        let start = text.skipBack(from: index, to: max(floor, index - 4), while: ASCII.isHex)
        let previous = text.peek(start - 1)
        if text.endsWord(before: start) || previous == ASCII.underscore || previous == ASCII.colon { return nil }
        guard let end = endOfIPv6(from: start), !text.startsWord(at: end) else { return nil }
        if text.peek(end) == ASCII.colon, ASCII.isHex(text.peek(end + 1)) { return nil }
        // "items[::2]" is a slice.
        if previous == ASCII.openBracket, text.endsWord(before: start - 1) { return nil }
        return take(.ip, start..<endOfZone(from: end))
    }

    private func endOfIPv6(from start: Int) -> Int? {
        var position = start
        var groups = 0
        var longGroups = 0
        var hasGap = false
        while groups < 8 {
            if text.peek(position) == ASCII.colon, text.peek(position + 1) == ASCII.colon {
                if hasGap { break }
                hasGap = true
                position += 2
            } else if groups > 0 {
                let isAfterGap = hasGap && text.peek(position - 1) == ASCII.colon
                if !isAfterGap {
                    guard text.peek(position) == ASCII.colon, ASCII.isHex(text.peek(position + 1)) else {
                        break
                    }
                    position += 1
                }
            }
            if groups <= 6, ASCII.isDigit(text.peek(position)), let end = endOfIPv4(from: position) {
                return hasGap || groups == 6 ? end : nil
            }
            let end = text.skip(from: position, while: ASCII.isHex)
            if end == position { break }
            guard end - position <= 4 else { return nil }
            if end - position >= 3, text[position..<end].contains(where: ASCII.isDigit) { longGroups += 1 }
            groups += 1
            position = end
        }
        guard hasGap else { return groups == 8 ? position : nil }
        let isLoopback = groups == 1 && position - start == 3 && text[start + 2] == ASCII.one
        return isLoopback || longGroups > 0 || groups >= 3 && groups < 8 ? position : nil
    }

    /// The end of a zone such as "%eth0" after an address.
    private func endOfZone(from end: Int) -> Int {
        guard text.peek(end) == ASCII.percent, ASCII.isAlphanumeric(text.peek(end + 1)) else { return end }
        let limit = min(text.count, end + 24)
        var position = end + 1
        while position < limit, ASCII.isAlphanumeric(text[position]) || text[position] == ASCII.dot {
            position += 1
        }
        return text[position - 1] == ASCII.dot ? position - 1 : position
    }

    // MARK: - MAC

    /// Six or eight pairs of hexadecimal digits whose first separator is at `index`.
    mutating func mac(at index: Int) -> Int? {
        let start = index - 2
        let separator = text[index]
        guard isOn(.mac), start >= floor, ASCII.isHex(text[start]), ASCII.isHex(text[start + 1]) else {
            return nil
        }
        let previous = text.peek(start - 1)
        if text.endsWord(before: start) || previous == separator || previous == ASCII.underscore { return nil }
        var position = start
        var pairs = 0
        while pairs < 9, ASCII.isHex(text.peek(position)), ASCII.isHex(text.peek(position + 1)) {
            pairs += 1
            position += 2
            guard text.peek(position) == separator, ASCII.isHex(text.peek(position + 1)) else { break }
            position += 1
        }
        guard pairs == 6 || pairs == 8, !text.startsWord(at: position) else { return nil }
        if text.peek(position) == separator, text.startsWord(at: position + 1) { return nil }
        let hasLetter = text[start..<position].contains(where: ASCII.isLetter)
        return hasLetter || separator == ASCII.colon && pairs == 6 ? take(.mac, start..<position) : nil
    }

    /// Three dotted groups of four hexadecimal digits, with the first dot at `index`.
    mutating func ciscoMAC(at index: Int) -> Int? {
        let start = index - 4
        guard isOn(.mac), start >= floor, text.peek(index + 5) == ASCII.dot else { return nil }
        for offset in 0..<14 where offset != 4 && offset != 9 {
            guard ASCII.isHex(text.peek(start + offset)) else { return nil }
        }
        let previous = text.peek(start - 1)
        let next = text.peek(start + 14)
        if text.endsWord(before: start) || previous == ASCII.dot || text.startsWord(at: start + 14) { return nil }
        if next == ASCII.dot, text.startsWord(at: start + 15) { return nil }
        let hasLetter = text[start..<start + 14].contains(where: ASCII.isLetter)
        let hasDigit = text[start..<start + 14].contains(where: ASCII.isDigit)
        return hasLetter && hasDigit ? take(.mac, start..<start + 14) : nil
    }
}
