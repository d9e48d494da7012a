internal import TriageText
internal import TriageTickets

/// The terms that a text is found by: its words, and other spellings of codes, versions, host names and of scripts
/// without spaces.
///
/// An article is indexed by its words and by every spelling. A question counts each word once, by the first spelling
/// that the KB has, so that a word without other spellings costs and counts as before.
struct SearchTerms {
    enum Source {
        case article
        case question
        /// The text before masking: only its codes, addresses and host names are read.
        case unmasked
    }

    /// Terms that count: of an article, its length; of a question, what an article should have.
    private(set) var words: [UInt64] = []
    /// An article's other spellings.
    private(set) var spellings: [UInt64] = []
    /// Terms that are generic wherever they are, though no list has them: grammar between Japanese words.
    private(set) var grammar: Set<UInt64> = []
    /// Codes, versions, host names and telephone numbers of an article: a question that has one means it.
    private(set) var codes: Set<UInt64> = []
    private var source = Source.article
    private let index: (any TermStatistics)?
    /// Terms of `index` that are treated as unknown.
    private let hidden: Set<UInt64>
    private var run = ScriptRun()

    /// The terms of one text of an article.
    init(article text: String) {
        (index, hidden) = (nil, [])
        let bytes = SearchTerms.folded(Array(text.utf8))
        read(Words(bytes), [], bytes)
    }

    /// The terms of a question by which `index` is searched.
    ///
    /// - Parameters:
    ///   - words: The words of `masked`.
    ///   - masked: The text without its identifiers.
    ///   - unmasked: The text before masking; nil when nothing was masked.
    ///   - index: What is searched.
    ///   - hidden: Terms of `index` that are treated as unknown.
    init(
        question words: Words, _ masked: TicketText.Fields, unmasked: TicketText.Fields?,
        index: any TermStatistics,
        hidden: Set<UInt64> = []
    ) {
        (self.index, self.hidden) = (index, hidden)
        source = .question
        self.words.reserveCapacity(words.list.count)
        read(words, masked.subject, masked.body)
        guard let unmasked else { return }
        source = .unmasked
        var found = Words()
        found.scan(subject: unmasked.subject, body: unmasked.body)
        read(found, unmasked.subject, unmasked.body)
    }

    /// A text in which letters, digits and marks of double width have their usual width.
    static func folded(_ text: [UInt8]) -> [UInt8] {
        text.contains { $0 == 0xEF } ? Confusables.fold(text).bytes : text
    }

    private mutating func read(_ found: Words, _ subject: [UInt8], _ body: [UInt8]) {
        let bodyStart = found.list.firstIndex { $0.field != 0 } ?? found.list.count
        read(found, 0..<bodyStart, subject)
        read(found, bodyStart..<found.list.count, body)
    }

    private mutating func read(_ found: Words, _ range: Range<Int>, _ text: [UInt8]) {
        var skipped = source == .article || !text.contains(0x5B) ? [] : IdentifierKind.placeholders(in: text)
        skipped.reverse()
        let list = found.list
        var next = range.lowerBound
        while next < range.upperBound {
            let word = list[next]
            if word.isSymbol || !skipped.isEmpty && SearchTerms.isInside(&skipped, word) {
                next += 1
            } else if next + 2 < range.upperBound, word.range.upperBound == list[next + 1].range.lowerBound,
                Joint(found, list, at: next + 1) != nil
            {
                let chain = WordChain(found, list, from: next, limit: range.upperBound)
                add(chain, found, list, text)
                next += 2 * chain.count - 1
            } else {
                add(found, word, text)
                next += 1
            }
        }
        flush()
        for key in PhoneNumber.keys(in: text) { spellCode(key) }
    }

    /// Whether a word is in the last range; ranges that end before it are removed.
    private static func isInside(_ ranges: inout [Range<Int>], _ word: Words.Word) -> Bool {
        let start = Int(word.range.lowerBound)
        while let range = ranges.last, range.upperBound <= start { ranges.removeLast() }
        return ranges.last.map { $0.contains(start) } ?? false
    }

    // MARK: - Adding terms

    private func isKnown(_ term: UInt64) -> Bool {
        index?.contains(term) ?? false && (hidden.isEmpty || !hidden.contains(term))
    }

    private mutating func count(_ term: UInt64) {
        if source != .unmasked { words.append(term) }
    }

    /// Another spelling: counts in a question only where the KB has it.
    private mutating func spell(_ term: UInt64) {
        if source == .article {
            spellings.append(term)
        } else if isKnown(term) {
            words.append(term)
        }
    }

    private mutating func spellCode(_ term: UInt64) {
        if source == .article { codes.insert(term) }
        spell(term)
    }

    /// A word and its parts, by which a question is searched when the KB has the part that `deciding` names, and not
    /// the whole.
    private mutating func add(_ whole: UInt64, parts: [UInt64], deciding: UInt64) {
        count(whole)
        switch source {
        case .article: spellings += parts
        case .unmasked: break
        case .question:
            guard !isKnown(whole), isKnown(deciding) else { return }
            words.removeLast()
            words += parts
        }
    }

    // MARK: - One word

    private mutating func add(_ found: Words, _ word: Words.Word, _ text: [UInt8]) {
        let shape = WordShape(text, word.range)
        if source == .unmasked {
            // Of single words only long numbers and codes are looked up, so that a person's name finds nothing.
            if shape.digits >= 4, !shape.isBeyondASCII { spell(word.hash) }
        } else if shape.isBeyondASCII {
            addUnicode(word, found.folded(word))
        } else {
            flush()
            if shape.isPlain {
                if source == .article, shape.digits >= 4, !shape.mayBeYear { codes.insert(word.hash) }
                return count(word.hash)
            }
            addMixed(word.hash, Array(found.folded(word)), shape)
        }
    }

    /// A word of letters with digits or underscores.
    private mutating func addMixed(_ hash: UInt64, _ word: [UInt8], _ shape: WordShape) {
        if shape.hasUnderscore {
            let parts = word.split(separator: 0x5F).map { StableHash.hash(Array($0), kind: .word) }
            add(hash, parts: parts, deciding: parts.first { isKnown($0) } ?? hash)
            return spell(StableHash.hash(word.filter { $0 != 0x5F }, kind: .word))
        }
        guard let parts = CodeParts(word) else { return count(hash) }
        if source == .article { codes.formUnion([hash, parts.number]) }
        add(hash, parts: parts.terms, deciding: parts.number)
        if let short = parts.withoutZeros, source == .article || !isKnown(hash) { spellCode(short) }
    }

    // MARK: - Words joined by marks

    private mutating func add(
        _ chain: WordChain, _ found: Words, _ list: [Words.Word], _ text: [UInt8]
    ) {
        var next = 0
        while next < chain.count {
            let version = chain.version(from: next)
            if version.count > 1 {
                flush()
                addVersion(chain.beginnings(of: version))
                add(letters: chain.versionLetters(from: next))
            } else {
                add(found, list[chain.places[next]], text)
            }
            next += version.count
        }
        flush()
        for name in chain.identifiers {
            spellCode(name.term)
            // One rare term would weigh less than two ordinary words of the question.
            guard source == .unmasked, isKnown(name.term) else { continue }
            for place in name.words { spell(list[chain.places[place]].hash) }
        }
        if source == .article {
            for place in chain.places.indices where chain.isEndOfCode(place) {
                codes.insert(list[chain.places[place]].hash)
            }
        }
        guard source != .unmasked else { return }
        for pair in chain.joinedPairs { spell(pair) }
    }

    /// The letters before a version's number: a word of their own, but for "v" and its like.
    private mutating func add(letters: ArraySlice<UInt8>) {
        let term = StableHash.hash(Array(letters), kind: .word)
        guard source != .unmasked, !letters.isEmpty, !CodeWords.version.contains(term) else { return }
        if source == .article { words.append(term) } else { spell(term) }
    }

    /// A version, an address of the Internet, or a number with a point: it is found whole, or by its beginning ("7.2" for
    /// 7.2.1), never by its parts in another order.
    private mutating func addVersion(_ beginnings: [UInt64]) {
        guard let whole = beginnings.last else { return }
        count(whole)
        if source == .article {
            codes.formUnion(beginnings.dropFirst())
            return spellings += beginnings.dropLast()
        }
        // A first number alone says little of a version with three.
        let shorter = beginnings.dropLast().dropFirst(beginnings.count > 2 ? 1 : 0)
        if isKnown(whole) {
            words.append(whole)
            words += shorter.dropFirst(beginnings.count > 2 ? 0 : 1).filter(isKnown)
        } else if source == .question, let known = shorter.last(where: isKnown) {
            words.append(known)
        }
    }

    // MARK: - Beyond ASCII

    private mutating func addUnicode(_ word: Words.Word, _ folded: ArraySlice<UInt8>) {
        guard ScriptRun.mayHold(folded) else {
            flush()
            return addSpelled(folded, hash: word.hash)
        }
        if !run.isEmpty, run.end != word.range.lowerBound { flush() }
        for piece in ScriptRun.pieces(folded) {
            if let script = piece.script {
                if run.script != script { flush() }
                run.append(piece.scalars, script)
            } else {
                flush()
                let bytes = piece.bytes
                addSpelled(bytes[...], hash: StableHash.hash(bytes, kind: .word))
            }
        }
        run.end = word.range.upperBound
    }

    /// A word with accents: umlauts as two letters and other accents left out, as people type them without the keys.
    private mutating func addSpelled(_ word: ArraySlice<UInt8>, hash: UInt64) {
        guard let plain = PlainSpelling(word) else { return count(hash) }
        let written = StableHash.hash(plain.transliterated, kind: .word)
        let bare = StableHash.hash(plain.bare, kind: .word)
        if source == .question, written != bare, !isKnown(written), isKnown(bare) { return count(bare) }
        count(written)
        if source == .article, bare != written { spellings.append(bare) }
    }

    /// The character n-grams of the run of a script without spaces.
    private mutating func flush() {
        guard !run.isEmpty else { return }
        for gram in run.grams { count(gram) }
        grammar.formUnion(run.grammar)
        for spelling in run.spellings { spell(spelling) }
        run.removeAll()
    }
}

/// The digits and marks of a word.
private struct WordShape {
    private(set) var digits = 0
    private(set) var hasUnderscore = false
    private(set) var isBeyondASCII = false
    private let count: Int
    /// Whether it has four bytes of which the first are those of this century or the last.
    private(set) var mayBeYear = false

    init(_ text: [UInt8], _ range: Range<Int32>) {
        let bytes = text.span
        for place in Int(range.lowerBound)..<Int(range.upperBound) {
            let byte = bytes[place]
            if byte &- 0x30 < 10 { digits += 1 }
            if byte == 0x5F { hasUnderscore = true }
            if byte >= 0x80 { isBeyondASCII = true }
        }
        count = range.count
        if count == 4 {
            let (first, second) = (bytes[Int(range.lowerBound)], bytes[Int(range.lowerBound) + 1])
            mayBeYear = first == 0x32 && second == 0x30 || first == 0x31 && second == 0x39
        }
    }

    /// Whether it has only one spelling: ASCII letters alone, or digits alone.
    var isPlain: Bool { !isBeyondASCII && !hasUnderscore && (digits == 0 || digits == count) }
}

/// The parts of a code such as ORA12154, KB5034441 or 0x80070005: runs of letters and of digits.
private struct CodeParts {
    /// All parts of two characters or more.
    let terms: [UInt64]
    /// The longest number, by which the code is known.
    let number: UInt64
    /// The code without zeros before its number, as "e7" of E07 or "7b" of 0x0000007B; nil without such zeros.
    private(set) var withoutZeros: UInt64?

    /// Nil for a word that is not a code: one of many parts, or without a number of two digits.
    init?(_ word: [UInt8]) {
        if word.count > 4, word[0] == 0x30, word[1] == 0x78, word.dropFirst(2).allSatisfy(CodeParts.isHex) {
            number = StableHash.hash(Array(word.dropFirst(2)), kind: .word)
            terms = [number]
            let short = word.dropFirst(2).drop { $0 == 0x30 }
            if short.count < word.count - 2, short.count > 1 {
                withoutZeros = StableHash.hash(Array(short), kind: .word)
            }
            return
        }
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        for place in 1...word.count
        where place == word.count || CodeParts.isDigit(word[place]) != CodeParts.isDigit(word[start]) {
            parts.append(word[start..<place])
            start = place
        }
        let numbers = parts.filter { CodeParts.isDigit($0[$0.startIndex]) }
        guard parts.count <= CodeParts.maximum,
            let longest = numbers.max(by: { $0.count < $1.count }), longest.count >= 2
        else { return nil }
        number = StableHash.hash(Array(longest), kind: .word)
        terms = parts.filter { $0.count >= 2 }.map { StableHash.hash(Array($0), kind: .word) }
        let short = longest.drop { $0 == 0x30 }
        if !short.isEmpty, short.count < longest.count, parts.count < CodeParts.maximum {
            // The whole code, or its number alone where letters follow, as in SQL0911N.
            let whole = parts.flatMap { $0.startIndex == longest.startIndex ? Array(short) : Array($0) }
            withoutZeros = StableHash.hash(whole, kind: .word)
        } else if !short.isEmpty, short.count < longest.count {
            withoutZeros = StableHash.hash(Array(short), kind: .word)
        }
    }

    /// A word of more parts is a random token.
    private static let maximum = 3

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || byte &- 0x61 < 6 }
}
