/// What the words before a number say it is.
enum NumberContext {
    /// No word that helps.
    case none
    /// "Numero", "номер" and no word for whose number it is: national forms of telephone numbers are one.
    case number
    /// "Call", "my number", "reach": digits in the shape of a telephone number are one.
    case contact
    /// "Phone", "fax", "mobile": nearly any digits are a telephone number.
    case telephone
    /// "Card", "Visa": digits with a check digit are a card.
    case card
    /// "Order", "ticket", "version": not a telephone number.
    case thing
}

extension MaskScanner {
    /// How far back words are read: six words, 80 bytes.
    private static let maximumContextWords = 6
    private static let maximumContextBytes = 80

    /// What the number at `index` is by the words before it.
    func numberContext(before index: Int) -> NumberContext {
        var reader = ContextReader(
            text: text, limit: max(floor, index - Self.maximumContextBytes), end: index)
        var judge = ContextJudge()
        for _ in 0..<Self.maximumContextWords {
            guard let word = reader.next() else { break }
            if let context = judge.read(word) { return context }
        }
        guard reader.isAtLimit, reader.limit == floor, let kind = kindOfMask(before: floor) else {
            return judge.conclusion
        }
        let hasSlash = text[floor..<index].contains { $0 == ASCII.slash || $0 == ASCII.pipe }
        return judge.continuation(after: kind, hasSlash: hasSlash)
    }

    /// Whether the word that ends at `index` names a telephone, or is "number".
    func isTelephoneLabel(before index: Int) -> Bool {
        var reader = ContextReader(text: text, limit: max(floor, index - 40), end: index)
        switch reader.next()?.role {
        case .telephone, .number, .numero, .nr: return true
        default: return false
        }
    }

    /// The kind of what is masked right before `index`, if it is a telephone number or an e-mail address.
    private func kindOfMask(before index: Int) -> IdentifierKind? {
        if let last = spans.last, last.range.upperBound == index {
            return last.kind == .phone || last.kind == .email ? last.kind : nil
        }
        if text.hasWord("[phone]", endingAt: index) { return .phone }
        return text.hasWord("[email]", endingAt: index) ? .email : nil
    }
}

/// A word before a number.
struct ContextWord {
    var role: NumberWord?
    /// Whether a comma stands between this word and what follows it.
    var isBeforeComma = false
    /// Whether it is written like a name: with a capital, inside a line.
    var isName = false
}

/// Reads the words before a number from the nearest on.
///
/// Reading ends at a line, a sentence or a bracket, at a word with digits and at `limit`. A line that ends with a
/// colon goes on, and a line of up to three words is the label of the next.
struct ContextReader {
    let text: [UInt8]
    let limit: Int
    private var end: Int
    private var wordEnd = 0

    /// Whether no word was read yet, so that the number stands at the start of its line.
    private var isFirst = true

    /// Whether reading came to `limit` without finding anything else that ends it.
    private(set) var isAtLimit = false

    init(text: [UInt8], limit: Int, end: Int) {
        self.text = text
        self.limit = limit
        self.end = end
    }

    mutating func next() -> ContextWord? {
        var word = ContextWord()
        var isOtherLine = false
        guard skipMarks(&word, &isOtherLine) else { return nil }
        if isOtherLine {
            guard isFirst, isLabel(endingAt: end) else { return nil }
        }
        isFirst = false
        if text.peek(end - 1) == 0x96, text.hasWord("№", endingAt: end) {
            end -= 3
            word.role = .nr
            return word
        }
        let start = startOfWord()
        // A word cut by the limit, or one with digits, gives no context.
        if start == limit, limit > 0, isLetter(before: limit) { return nil }
        let range = start..<end
        if text[range].contains(where: ASCII.isDigit) { return nil }
        if isContinuous(before: end), let last = NumberWords.lastWord(text, in: range) {
            end = last.start
            word.role = last.role
        } else if isContinuous(before: end), NumberWords.hasNumberWord(text, in: range) {
            end = start
            word.role = .thing
        } else {
            word.role = role(of: range)
            word.isName = ASCII.isUpper(text[start]) && text.peek(start - 1) == ASCII.space
            end = start
        }
        return word
    }

    private func role(of range: Range<Int>) -> NumberWord? {
        range.count == 1 ? letterRole(at: range.lowerBound) : NumberWords.role(text, range)
    }

    /// The role of a single letter: "T." and "M:" are labels of telephones in signatures, "S/N" and "P/N" name
    /// things, and "s" is a possessive only after an apostrophe.
    private func letterRole(at index: Int) -> NumberWord? {
        let previous = text.peek(index - 1)
        switch ASCII.lower(text[index]) {
        case 0x6E where previous == ASCII.slash: return .thing
        case 0x73 where previous != ASCII.apostrophe: return nil
        case 0x74, 0x6D, 0x66:
            let next = text.peek(index + 1)
            let isLabel =
                next == ASCII.colon || next == ASCII.dot || ASCII.isUpper(text[index]) && next == ASCII.space
            return isLabel && previous != ASCII.apostrophe
                ? .contact : NumberWords.role(text, index..<index + 1)
        default: return NumberWords.role(text, index..<index + 1)
        }
    }

    // MARK: - Between the words

    /// Moves `end` back over blanks and punctuation; false where reading ends.
    private mutating func skipMarks(_ word: inout ContextWord, _ isOtherLine: inout Bool) -> Bool {
        while end > limit {
            let byte = text[end - 1]
            if byte >= 0x80 {
                let start = text.startOfScalar(before: end)
                let scalar = Scalars.decode(text, at: start).scalar
                if scalar == 0x2116 || Self.isLetter(scalar) { return true }
                if Self.endsSentence(scalar) { return false }
                if scalar == 0xFF0C || scalar == 0x3001 || scalar == 0x060C { word.isBeforeComma = true }
                end = start
                continue
            }
            switch byte {
            case ASCII.newline, ASCII.carriageReturn: isOtherLine = true
            case ASCII.colon: isOtherLine = false
            case ASCII.comma: word.isBeforeComma = true
            case ASCII.bang, ASCII.semicolon, ASCII.openBracket, ASCII.closeBracket: return false
            case ASCII.question where isOtherLine: return false
            default: if ASCII.isAlphanumeric(byte) { return true }
            }
            end -= 1
        }
        isAtLimit = !isOtherLine && end == limit
        return false
    }

    /// The full stops, exclamation and question marks of other scripts, and the full-width semicolon.
    private static func endsSentence(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3002, 0xFF01, 0xFF1B, 0xFF1F, 0x061B, 0x061F, 0x0964: true
        default: false
        }
    }

    /// Whether the line that ends at `index` is no more than three words: the label of a field in a form.
    private func isLabel(endingAt index: Int) -> Bool {
        guard text.peek(index) != ASCII.dot else { return false }
        let start = text.skipBack(from: index, to: max(0, index - 40)) { $0 != ASCII.newline }
        guard start == 0 || text[start - 1] == ASCII.newline else { return false }
        return text[start..<index].count(where: { $0 == ASCII.space }) < 3
    }

    // MARK: - Words

    private func startOfWord() -> Int {
        var start = end
        while start > limit {
            if text[start - 1] < 0x80 {
                guard ASCII.isAlphanumeric(text[start - 1]) else { break }
                start -= 1
                continue
            }
            let scalar = text.startOfScalar(before: start)
            guard scalar >= limit, Self.isLetter(Scalars.decode(text, at: scalar).scalar) else { break }
            start = scalar
        }
        return start
    }

    private func isLetter(before index: Int) -> Bool {
        if text.peek(index - 1) < 0x80 { return ASCII.isAlphanumeric(text.peek(index - 1)) }
        return Self.isLetter(Scalars.decode(text, at: text.startOfScalar(before: index)).scalar)
    }

    private static func isLetter(_ scalar: UInt32) -> Bool {
        let kind = Scalars.scalarClass(scalar)
        return kind == .word || kind == .ideograph
    }

    /// Whether the letter before `index` belongs to a script that writes no spaces between words.
    private func isContinuous(before index: Int) -> Bool {
        guard text.peek(index - 1) >= 0x80 else { return false }
        let scalar = Scalars.decode(text, at: text.startOfScalar(before: index)).scalar
        switch scalar {
        // Thai and Lao, Myanmar, Khmer, kana.
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF: return true
        default: return Scalars.isHan(scalar)
        }
    }
}

/// Draws the conclusion from the words before a number, the nearest first.
struct ContextJudge {
    /// The word for "number", when one was read.
    private var number: NumberWord?
    private var isNumberNearest = false
    /// How many words were read that are in no list, and whether one of them is written like a name.
    private var strangers = 0
    private var hasName = false
    /// Whether a preposition, a conjunction or a comma separates the number from what is read next.
    private var isLinked = false
    private var isListed = false
    private var isOwned = false
    /// Whether "or" stands before the number, and whether anything else does that ends a list.
    private var isJoined = false
    private var isApart = false
    private var isCard = false

    /// Reads one more word; the context, when it decides.
    mutating func read(_ word: ContextWord) -> NumberContext? {
        if word.isBeforeComma { isListed = true }
        // The number of a SIM card is that of its telephone.
        if isCard { return word.role == .telephone ? .telephone : .card }
        defer { isNumberNearest = word.role == .number || word.role == .numero || word.role == .nr }
        switch word.role {
        case .telephone: return strangers == 0 ? .telephone : strangers == 1 ? .contact : .number
        case .contact: return strangers == 0 || strangers == 1 && hasName ? .contact : .number
        case .card:
            if strangers > 0 { return conclusion }
            isCard = true
        case .register: return number == nil && isSeparated ? conclusion : .thing
        case .thing, .account: return number == nil && (isSeparated || strangers > 0) ? conclusion : .thing
        case .number, .numero, .nr: return readNumber(word.role)
        case .owner:
            if number != nil { return .contact }
            isOwned = true
        case .personal: if number != nil { return .contact }
        case .filler: break
        case .link:
            isLinked = true
            isApart = true
        case .conjunction:
            isLinked = true
            isJoined = true
        case nil: return readStranger(word)
        }
        return nil
    }

    private var isSeparated: Bool { isLinked || isListed }

    private mutating func readNumber(_ role: NumberWord?) -> NumberContext? {
        if isOwned { return .contact }
        guard strangers == 0 else {
            if role == .number || isSeparated {
                return hasName || role == .numero ? .number : NumberContext.none
            }
            return hasName ? .number : .thing
        }
        number = role
        return nil
    }

    private mutating func readStranger(_ word: ContextWord) -> NumberContext? {
        if number != nil {
            return isNumberNearest && number != .numero ? .thing : conclusion
        }
        strangers += 1
        hasName = hasName || word.isName
        return strangers > 2 ? conclusion : nil
    }

    /// The context when no word decides.
    var conclusion: NumberContext { isCard ? .card : number == .numero ? .number : .none }

    /// The context when a telephone number or an e-mail address stands before the words that were read:
    /// "0171 234567 or 7654321", "ann@example.org / 912 345 678".
    func continuation(after kind: IdentifierKind, hasSlash: Bool) -> NumberContext {
        if strangers > 0 || number != nil { return conclusion }
        guard kind == .phone else { return hasSlash && !isApart ? .number : conclusion }
        if isJoined || hasSlash && !isApart { return .telephone }
        return isListed && !isApart ? .number : conclusion
    }
}
