/// Host names without a scheme, told apart from missing spaces, file names and product names.
extension MaskScanner {
    /// Top levels that are hardly anything else at the end of a bare host name.
    private static let plainTopLevels = KeywordSet(
        "com org net edu gov mil biz info uk fr nl ch dk fi jp cn ru br ie cz hu gr sk ua mx nz kr tw hk sg lt lv hr za"
    )

    /// Top levels that are also words of some language: with two labels alone a missing space is as likely.
    private static let wordTopLevels = KeywordSet(
        "de es it in no is be at us me io co ai app dev tv ly gl cloud online site shop store tech xyz pt se ca au "
            + "tr ro il ar cl ae lu ee bg si eu"
    )

    /// Top levels that are endings of files: "clean.pl", "main.rs:120".
    private static let fileTopLevels = KeywordSet("pl py sh rs md ps so cc vb zip mov do app bas java pt")

    /// Local top levels: "srv1.corp.local", "web-2.internal".
    private static let localTopLevels = KeywordSet(
        "local internal lan intranet corp localdomain")

    /// First labels that say a name is a package or a product, not a host.
    private static let packagePrefixes = KeywordSet(
        "com org net io edu asp vb ado ml java system javax cn de paint battle")

    /// Words before a host name.
    private static let hostWords = KeywordSet(
        "site sites website websites webseite webpage web page pagina página homepage portal domain domaine dominio "
            + "domäne domein domena host hostname server serveur servidor serwer url link lien enlace adres address "
            + "adresse dirección endereço indirizzo internetseite seite strona сайт домен at unter via visit visitez "
            + "visite www sito witryna stronie stronę strony webu pagine gateway proxy dns mx fqdn"
    )

    /// Words of Romance languages and Dutch, in which "de" after a full stop begins a sentence.
    private static let wordsBeforeDe = KeywordSet(
        "la le les el los las se que qui quel une un una uno du des al da do dos das o os as não no na em um uma il lo "
            + "gli che het een van ik niet con por para par pour sur dans je vous nous mi su est es et y e à de"
    )

    /// Abbreviations that end with a full stop.
    private static let abbreviations = KeywordSet(
        "bzw bijv evtl ggf inkl exkl usw etc resp vgl dr nr tel evt incl excl max min np itp tzn itd str ul av ecc pag "
            + "ej sr sra dto mr mrs ms st vs approx bspw sog ca abt mfg mwst")

    /// Companies and products whose name ends with their top level.
    private static let productNames = KeywordSet(
        phrases: [
            "monday.com", "booking.com", "salesforce.com", "bill.com", "hotels.com", "amazon.com",
            "office.com",
            "outlook.com", "hotmail.com", "gmail.com", "live.com", "wordpress.com", "wix.com", "ebay.com",
            "draw.io",
            "diagrams.net", "stripe.com", "make.com", "notion.com", "pipedrive.com", "ancestry.com",
            "cars.com", "box.com", "cal.com", "web.de", "gmx.net", "gmx.de", "amazon.de", "ebay.de",
            "check24.de",
            "1und1.de", "t-online.de",
        ])

    /// A host name without a scheme, around the dot at `index`.
    mutating func host(at index: Int) -> Int? {
        guard isOn(.url), text.startsWord(at: index + 1) || text.isForeign(at: index + 1) else { return nil }
        let limit = max(floor, index - 63)
        var start = text.startOfWord(endingAt: index, to: limit) { $0 == ASCII.dash }
        while start < index, text[start] == ASCII.dash { start += 1 }
        guard start < index, mayPrecedeHost(start), let host = readHost(from: start) else { return nil }
        guard host.isWWW || isHost(host, start: start) else { return nil }
        return take(.url, start..<endOfPath(fromHostEnd: host.end))
    }

    /// A host name whose dots are written "[.]", the first of them at `index`.
    mutating func disguisedHost(at index: Int) -> Int? {
        guard isOn(.url), text.peek(index + 1) == ASCII.dot, text.peek(index + 2) == ASCII.closeBracket else {
            return nil
        }
        let start = text.startOfWord(endingAt: index, to: max(floor, index - 63)) {
            $0 == ASCII.dash || $0 == ASCII.dot
        }
        var labelStart = index + 3
        var best: Int?
        for _ in 0..<6 {
            let end = endOfLabel(from: labelStart, to: min(text.count, start + 253))
            guard end > labelStart else { break }
            if let topLevel = topLevel(in: labelStart..<end) { best = topLevel.end }
            if text.peek(end) == ASCII.dot {
                labelStart = end + 1
            } else if text.peek(end) == ASCII.openBracket, text.peek(end + 1) == ASCII.dot,
                text.peek(end + 2) == ASCII.closeBracket
            {
                labelStart = end + 3
            } else {
                break
            }
        }
        guard start < index, ASCII.isWord(text[start]), let best else { return nil }
        return take(.url, start..<endOfPath(fromHostEnd: best))
    }

    private func mayPrecedeHost(_ start: Int) -> Bool {
        switch text.peek(start - 1) {
        case ASCII.slash, ASCII.backslash, ASCII.underscore, ASCII.dollar, ASCII.dot, ASCII.at, ASCII.dash:
            false
        default: !text.endsWord(before: start)
        }
    }

    // MARK: - Reading

    /// The labels of what could be a host name.
    private struct Host {
        var end: Int
        var topLevelStart: Int
        var labels = 1
        var longestLabel = 0
        var isWWW = false
    }

    /// The labels from `start` on up to a top level, or nil if none ends them or the text goes on as no host does.
    private func readHost(from start: Int) -> Host? {
        let limit = min(text.count, start + 253)
        let isWWW = text.hasWord("www.", at: start)
        var host = Host(end: start, topLevelStart: start, isWWW: isWWW)
        var labelStart = start
        var labels = 0
        while labelStart < limit {
            let labelEnd = endOfLabel(from: labelStart, to: limit)
            guard labelEnd > labelStart else { break }
            labels += 1
            let label = labelStart..<labelEnd
            if labels > (isWWW ? 2 : 1), let end = isWWW ? topLevel(in: label)?.end : wholeTopLevel(label) {
                host.end = end
                host.topLevelStart = labelStart
                host.labels = labels
            } else if labels == 1 || host.labels == 1 {
                host.longestLabel = max(host.longestLabel, labelEnd - labelStart)
            }
            guard text.peek(labelEnd) == ASCII.dot else { break }
            labelStart = labelEnd + 1
        }
        guard host.labels > 1, !Self.endsCode(text.peek(host.end)) else { return nil }
        return host
    }

    /// Bytes that follow a name in code or in an address of another kind: "console.info(", "items.is[0]".
    private static func endsCode(_ byte: UInt8) -> Bool {
        byte == ASCII.openParen || byte == ASCII.underscore || byte == ASCII.at || byte == ASCII.openBracket
    }

    /// Without "www." a label is a top level whole or not at all: "state.courses.isLoading" is code.
    private func wholeTopLevel(_ label: Range<Int>) -> Int? {
        TopLevelDomains.contains(text, label) && !text.startsWord(at: label.upperBound)
            ? label.upperBound : nil
    }

    // MARK: - Judging

    /// Whether a name with a real top level is a host rather than two sentences, a file or a package.
    private func isHost(_ host: Host, start: Int) -> Bool {
        let topLevel = host.topLevelStart..<host.end
        let firstEnd = text.skip(from: start) { $0 != ASCII.dot }
        if Self.packagePrefixes.contains(text, start..<firstEnd) { return false }
        guard hasLetter(start..<host.topLevelStart), isOneCase(topLevel) else { return false }
        if host.labels == 2, goesOn(host.end) { return false }
        let isFile = Self.fileTopLevels.contains(text, topLevel)
        if isFile { return isHostLikeFile(host, start: start) }
        if Self.abbreviations.contains(text, start..<firstEnd) { return false }
        if text.peek(host.end) == ASCII.slash { return true }
        if Self.plainTopLevels.contains(text, topLevel) {
            if hasPath(host.end) { return true }
            return host.labels > 2
                ? host.longestLabel > 1 : !isProductName(start..<host.end) || isAnnounced(start)
        }
        let isWord = Self.wordTopLevels.contains(text, topLevel)
        guard isWord || Self.localTopLevels.contains(text, topLevel) || text[topLevel.lowerBound] >= 0x80
        else {
            return false
        }
        if hasPath(host.end) { return true }
        if host.labels > 2 { return host.longestLabel > 2 }
        return isAnnounced(start) || hasHostShape(start..<host.topLevelStart - 1)
            || isGerman(topLevel, start) && !Self.productNames.contains(text, start..<host.end)
    }

    /// "panel.firma.pl", "strona acme.pl", but not "clean.pl" or "main.rs:120".
    private func isHostLikeFile(_ host: Host, start: Int) -> Bool {
        if host.labels > 2, text.peek(host.end) == ASCII.slash { return true }
        let isCountry = ["pl", "pt"].contains { (name: StaticString) in
            text.hasWord(name, at: host.topLevelStart)
        }
        guard isCountry, host.end - host.topLevelStart == 2 else { return false }
        return host.labels > 2 && host.longestLabel > 2 || isAnnounced(start)
    }

    /// Whether another label follows the top level, which makes two labels another kind of name: "foo.com.bar".
    private func goesOn(_ end: Int) -> Bool {
        text.peek(end) == ASCII.dot && text.startsWord(at: end + 1) && !ASCII.isUpper(text[end + 1])
    }

    /// Whether a port or a query follows.
    private func hasPath(_ end: Int) -> Bool {
        switch text.peek(end) {
        case ASCII.colon: ASCII.isDigit(text.peek(end + 1)) && ASCII.isDigit(text.peek(end + 2))
        case ASCII.question: text.startsWord(at: end + 1)
        default: false
        }
    }

    /// A name of a company that ends with its top level: it says what a ticket is about and identifies nobody.
    ///
    /// Written like a name ("Booking.com"), or one of those known in small letters.
    private func isProductName(_ name: Range<Int>) -> Bool {
        if Self.productNames.contains(text, name) { return true }
        let labelEnd = text.skip(from: name.lowerBound, while: ASCII.isLetter)
        guard labelEnd > name.lowerBound else { return false }
        let rest = text[name.lowerBound + 1..<labelEnd]
        return text.peek(labelEnd) == ASCII.dot && ASCII.isUpper(text[name.lowerBound]) && rest.count > 2
            && rest.allSatisfy(ASCII.isLower) && text.hasWord("com", endingAt: name.upperBound)
    }

    /// A dash inside a label, as words hardly have one.
    private func hasHostShape(_ label: Range<Int>) -> Bool {
        !ASCII.isDigit(text[label.lowerBound]) && text[label].contains(ASCII.dash)
    }

    /// Whether the word before says that a host name follows, or the name stands alone in brackets or quotes.
    private func isAnnounced(_ start: Int) -> Bool {
        var end = start
        while end > max(floor, start - 3), !ASCII.isWord(text[end - 1]), text[end - 1] != ASCII.newline {
            end -= 1
        }
        let wordStart = text.skipBack(from: end, to: max(floor, end - 24), while: ASCII.isWord)
        return Self.hostWords.contains(text, wordStart..<end)
    }

    /// Whether "acme.de" stands in a text that is not one of the languages in which "de" is a word.
    private func isGerman(_ topLevel: Range<Int>, _ start: Int) -> Bool {
        guard topLevel.count == 2, text.hasWord("de", at: topLevel.lowerBound) else { return false }
        let limit = max(floor, start - 64)
        var end = start
        while end > limit {
            end = text.skipBack(from: end, to: limit) { !ASCII.isWord($0) }
            let wordStart = text.skipBack(from: end, to: limit, while: ASCII.isWord)
            if wordStart < end, Self.wordsBeforeDe.contains(text, wordStart..<end) { return false }
            end = wordStart
        }
        return true
    }

    private func hasLetter(_ range: Range<Int>) -> Bool {
        text[range].contains { ASCII.isLetter($0) || $0 >= 0x80 }
    }

    private func isOneCase(_ range: Range<Int>) -> Bool {
        text[range].allSatisfy { ASCII.isLower($0) || $0 >= 0x80 || $0 == ASCII.dash || ASCII.isDigit($0) }
            || text[range].allSatisfy(ASCII.isUpper)
    }
}
