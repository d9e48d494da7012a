/// Internet addresses.
extension MaskScanner {
    // MARK: - IPv4

    /// Four octets that start at the digit at `index`.
    mutating func ipv4(at index: Int) -> Int? {
        guard isOn(.ip), let address = readIPv4(from: index) else { return nil }
        let end = address.end
        if isPartOfName(at: index) || !mayEndIPv4(end) { return nil }
        if text.endsWord(before: index), !isGluedWord(text.startOfLetters(before: index, to: floor)..<index) {
            return nil
        }
        if isVersion(address, at: index) {
            versionEnd = end
            noteVersion(address)
            return nil
        }
        return take(.ip, index..<end)
    }

    /// The end of an IPv4 address and its first two octets.
    struct IPv4 {
        var end: Int
        var first: Int
        var second = 0
        var third = 0
        var last = 0

        /// Whether the first three numbers are as small as those of versions mostly are.
        var isSmall: Bool { first <= 31 && second <= 31 && third <= 31 }

        /// Private, shared, loopback, link-local and documentation ranges (RFC 1918, 3927, 5737, 6598), without
        /// 10.0.0.0/8: versions begin with 10 as often.
        var isReserved: Bool {
            switch (first, second) {
            case (192, 168), (172, 16...31), (169, 254), (127, _), (100, 64...127), (192, 0), (198, 18...19),
                (198, 51), (203, 0):
                true
            default: false
            }
        }
    }

    /// Four numbers of 0 to 255 with dots, or "[.]", between; leading zeros only in numbers of three digits.
    func readIPv4(from start: Int) -> IPv4? {
        var address = IPv4(end: start, first: 0)
        var sum = 0
        for octet in 0..<4 {
            if octet > 0 {
                guard let next = afterDot(address.end) else { return nil }
                address.end = next
            }
            guard let (value, end) = readOctet(from: address.end) else { return nil }
            switch octet {
            case 0: address.first = value
            case 1: address.second = value
            case 2: address.third = value
            default: address.last = value
            }
            sum += value
            address.end = end
        }
        // Nothing is sent from 0.x.y.z but by 0.0.0.0 itself: others are versions.
        return address.first == 0 && sum > 0 ? nil : address
    }

    private func afterDot(_ position: Int) -> Int? {
        if text.peek(position) == ASCII.dot { return position + 1 }
        let isDisguised =
            text.peek(position) == ASCII.openBracket && text.peek(position + 1) == ASCII.dot
            && text.peek(position + 2) == ASCII.closeBracket
        return isDisguised ? position + 3 : nil
    }

    private func readOctet(from start: Int) -> (value: Int, end: Int)? {
        var value = 0
        var position = start
        while position < start + 3, ASCII.isDigit(text.peek(position)) {
            value = value * 10 + Int(text[position] &- ASCII.zero)
            position += 1
        }
        guard position > start, value < 256, !ASCII.isDigit(text.peek(position)) else { return nil }
        if text[start] == ASCII.zero, position - start == 2 { return nil }
        return (value, position)
    }

    /// Whether the number is a part of a file's name, a longer number or a package: "lib-1.2.3.4", "1.2.3.4.5".
    private func isPartOfName(at index: Int) -> Bool {
        let previous = text.peek(index - 1)
        if previous == ASCII.dot || previous == ASCII.underscore { return true }
        let beforeThat = text.peek(index - 2)
        // The second address of a range is none.
        if previous == ASCII.dash, text.endsWord(before: index - 1) {
            return spans.last?.kind != .ip || spans.last?.range.upperBound != index - 1
        }
        // "Chrome/115.0.0.0" and "package==8.6.0.163".
        if previous == ASCII.slash, text.endsWord(before: index - 1),
            text.hasWord(".0.0.0", endingAt: endOfDotted(index))
        {
            return true
        }
        return previous == ASCII.equals && !ASCII.isBlank(beforeThat) && !ASCII.isWord(beforeThat)
    }

    private func endOfDotted(_ start: Int) -> Int {
        text.skip(from: start) { ASCII.isDigit($0) || $0 == ASCII.dot }
    }

    private func mayEndIPv4(_ end: Int) -> Bool {
        let next = text.peek(end)
        if next == ASCII.underscore { return false }
        // "203.0.113.44is down": a word without a space, where "1.2.3.4rc1" is a version.
        if text.startsWord(at: end) { return isGluedWord(end..<text.endOfLetters(from: end)) }
        if next == ASCII.dot { return !text.startsWord(at: end + 1) || ASCII.isUpper(text[end + 1]) }
        return next != ASCII.dash || !text.startsWord(at: end + 1) || readIPv4(from: end + 1) != nil
    }

    // MARK: - IPv6

    /// An IPv6 address whose first colon is at `index`.
    mutating func ipv6(at index: Int) -> Int? {
        guard isOn(.ip) else { return nil }
        let start = text.skipBack(from: index, to: max(floor, index - 4), while: ASCII.isHex)
        let previous = text.peek(start - 1)
        if text.endsWord(before: start) || previous == ASCII.underscore { return nil }
        if previous == ASCII.colon, !isLabel(endingAt: start - 1) { return nil }
        guard let end = endOfIPv6(from: start), !text.startsWord(at: end) else { return nil }
        if text.peek(end) == ASCII.colon, ASCII.isHex(text.peek(end + 1)) { return nil }
        // "items[::2]" is a slice.
        if previous == ASCII.openBracket, text.endsWord(before: start - 1) { return nil }
        return take(.ip, start..<endOfZone(from: end))
    }

    /// Whether a word, and no group of hexadecimal digits, stands before a colon: "addr:", "MAC:", "IPv6:".
    func isLabel(endingAt colon: Int) -> Bool {
        let start = text.skipBack(from: colon, to: max(floor, colon - 16), while: ASCII.isWord)
        guard start < colon else { return text.peek(colon - 1) == ASCII.space }
        return text[start..<colon].contains { !ASCII.isHex($0) }
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
            if groups <= 6, ASCII.isDigit(text.peek(position)), let address = readIPv4(from: position) {
                return hasGap || groups == 6 ? address.end : nil
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
}
