/// What a byte may be the start or the heart of.
enum MaskTrigger: UInt8 {
    case none, digit, at, colon, dot, dash, equals, numberOpening, bracket, underscore
    case jsonToken, capitalA, wordB, bang, quote
}

/// The tables a masker works with, made once from its options.
struct MaskRules: Sendable {
    let kinds: UInt16
    let denyList: DenyList

    /// For each byte its trigger; the high bit is set when a phrase of the deny list starts so.
    let triggers: [UInt8]

    static let denied: UInt8 = 0x80

    init(_ options: Masker.Options) {
        kinds = options.kinds.reduce(0) { $0 | $1.bit }
        denyList = DenyList(options.kinds.contains(.denied) ? options.denyList : [])
        var table = [UInt8](repeating: 0, count: 256)
        func set(_ bytes: some Sequence<UInt8>, _ trigger: MaskTrigger) {
            for byte in bytes { table[Int(byte)] = trigger.rawValue }
        }
        set("0123456789".utf8, .digit)
        set("@".utf8, .at)
        set(":".utf8, .colon)
        set(".".utf8, .dot)
        set("-".utf8, .dash)
        set("=".utf8, .equals)
        set("+(".utf8, .numberOpening)
        set("[{".utf8, .bracket)
        set("_".utf8, .underscore)
        set("J".utf8, .jsonToken)
        set("A".utf8, .capitalA)
        set("Bb".utf8, .wordB)
        set("!".utf8, .bang)
        set("\"'".utf8, .quote)
        for byte in denyList.firstBytes { table[Int(byte)] |= Self.denied }
        triggers = table
    }
}

/// One pass over a text that collects what must be masked, from left to right and without overlaps.
///
/// Ordinary bytes are passed over by one table lookup each. A trigger byte starts a closer look, to the left
/// no further than `floor`, and to both sides no further than the pattern's own bound.
struct MaskScanner {
    let text: [UInt8]
    let rules: MaskRules
    private(set) var spans: [IdentifierSpan] = []

    /// The end of what is already masked or a placeholder: no identifier may begin before it.
    private(set) var floor = 0

    /// The end of the last long token whose randomness was judged, so that each is judged once.
    var judgedTokenEnd = 0

    /// The end of the last value that was judged for the name of a secret before it.
    var judgedValueEnd = 0

    /// The end of the last dotted number that was a version: the next in a list is one too.
    var versionEnd = -8

    /// The first two numbers of that version: a sentence names one line of versions several times.
    var versionLine = VersionLine()

    /// The numbers of the version of another product before it.
    var earlierLine = VersionLine()

    /// The end of the last number that a word names as the number of a thing: no part of it is a telephone number.
    var thingEnd = 0

    init(_ text: [UInt8], rules: MaskRules) {
        self.text = text
        self.rules = rules
    }

    /// Scans the whole text.
    mutating func run() {
        var index = nextTrigger(from: 0)
        while index < text.count {
            let next = inspect(at: index, rules.triggers[Int(text[index])])
            index = nextTrigger(from: max(index + 1, next))
        }
    }

    private func nextTrigger(from index: Int) -> Int {
        let triggers = rules.triggers.span
        precondition(triggers.count == 256)
        return text.skip(from: index) { triggers[unchecked: Int($0)] == 0 }
    }

    func isOn(_ kind: IdentifierKind) -> Bool { rules.kinds & kind.bit != 0 }

    /// Notes an identifier, if its kind is masked; the result is where to go on, or nil.
    mutating func take(_ kind: IdentifierKind, _ range: Range<Int>) -> Int? {
        guard isOn(kind), range.lowerBound >= floor, !range.isEmpty else { return nil }
        spans.append(IdentifierSpan(kind: kind, range: range))
        floor = range.upperBound
        return range.upperBound
    }

    /// Looks closer at a trigger byte and gives the next index to look at.
    private mutating func inspect(at index: Int, _ trigger: UInt8) -> Int {
        if trigger & MaskRules.denied != 0, let end = rules.denyList.match(in: text, at: index) {
            if let next = take(.denied, index..<end) { return next }
        }
        switch MaskTrigger(rawValue: trigger & ~MaskRules.denied) ?? .none {
        case .none: return index + 1
        case .digit: return inspectDigit(at: index)
        case .at: return email(at: index) ?? index + 1
        case .colon: return inspectColon(at: index)
        case .dot: return inspectDot(at: index)
        case .dash: return inspectDash(at: index)
        case .equals: return assignedSecret(at: index) ?? index + 1
        case .numberOpening: return disguisedEmail(at: index) ?? phone(at: index) ?? index + 1
        case .bracket: return placeholder(at: index)
        case .underscore: return mac(at: index) ?? prefixedSecret(endingAt: index) ?? index + 1
        case .jsonToken: return jsonWebToken(at: index) ?? index + 1
        case .capitalA: return cloudKey(at: index) ?? index + 1
        case .wordB: return bearerToken(at: index) ?? index + 1
        case .bang: return exclaimedSecret(at: index) ?? index + 1
        case .quote: return quotedSecret(at: index) ?? index + 1
        }
    }

    private mutating func inspectColon(at index: Int) -> Int {
        url(at: index) ?? mac(at: index) ?? ipv6(at: index) ?? assignedSecret(at: index) ?? index + 1
    }

    private mutating func inspectDot(at index: Int) -> Int {
        prefixedSecret(endingAt: index) ?? ciscoMAC(at: index) ?? host(at: index) ?? index + 1
    }

    private mutating func inspectDash(at index: Int) -> Int {
        mac(at: index) ?? halvedMAC(at: index) ?? dashedMAC(at: index) ?? privateKey(at: index)
            ?? prefixedSecret(endingAt: index) ?? index + 1
    }

    private mutating func inspectDigit(at index: Int) -> Int {
        let end = text.skip(from: index, while: ASCII.isDigit)
        if let next = iban(atDigit: index) { return next }
        if index >= judgedTokenEnd, let next = randomToken(around: index) { return next }
        if end - index == 6, text.peek(end) == ASCII.dash, let next = recoveryKey(at: index) { return next }
        if let next = namedMAC(around: index) ?? spokenSecret(around: index) { return next }
        if text.endsWord(before: index) {
            if text.peek(end) == ASCII.dot, let next = ipv4(at: index) { return next }
            return gluedNumber(at: index, end) ?? end
        }
        // Before the telephone number that the same digits could be.
        if end - index == 4, text.peek(end) == ASCII.dot, let next = ciscoMAC(at: end) { return next }
        return ipv4(at: index) ?? card(at: index) ?? phone(at: index) ?? end
    }

    /// A number or address that a word touches: "Fax0171…", "card4111…".
    private mutating func gluedNumber(at index: Int, _ end: Int) -> Int? {
        if text.peek(end) == ASCII.dot, let next = ipv4(at: index) { return next }
        if index > floor, ASCII.isDigit(text[index - 1]) { return nil }
        return card(at: index) ?? phone(at: index)
    }

    /// Steps over a placeholder, so that nothing is found inside one or across it; other brackets may be a sign.
    private mutating func placeholder(at index: Int) -> Int {
        guard let end = IdentifierKind.endOfPlaceholder(in: text, at: index) else {
            return disguisedEmail(at: index) ?? disguisedHost(at: index) ?? index + 1
        }
        floor = end
        return end
    }
}
