/// The words of a ticket, found in one walk over its bytes: what n-grams, phrases and queries are all made of.
///
/// A word is a run of letters, digits, marks and underscores, with apostrophes inside it; a Han ideograph and any
/// other symbol (so that "?" is seen) stand alone; space is skipped. Words are folded: lower case, composed (NFC),
/// one kind of apostrophe. Also the memory for finding them: one value per thread, used for ticket after ticket.
package struct Words: Sendable {
    /// A word and its place.
    package struct Word: Sendable, Equatable {
        /// `StableHash` of its folded form.
        package let hash: UInt64
        /// Half-open byte range in the field's text.
        package let range: Range<Int32>
        /// Where its folded form lies in `folded`.
        let folded: Range<Int32>
        /// 0 for the subject, 1 for the body.
        package let field: UInt8
        let kind: Kind

        /// Whether it is a symbol, such as "?", that stands alone.
        package var isSymbol: Bool { kind == .symbol }
    }

    enum Kind: UInt8, Sendable {
        case ascii
        case unicode
        case symbol
    }

    /// The words in order, the subject's first.
    package private(set) var list: [Word] = []
    /// The folded words, a space before the first and after each; what lies behind them is left from other tickets.
    private(set) var folded: [UInt8] = []
    private var foldedCount = 0
    private var scalars: [UInt8] = []

    package init() {}

    /// The words of one text, as those of a body.
    package init(_ text: [UInt8]) { scan(subject: [], body: text) }

    /// The words of a text of the site's own, such as an article or a phrase, which no preparation has cleaned:
    /// invisible characters do not split them.
    package init(of text: String) { self.init(UTF8Repair.characters(Array(text.utf8)).bytes) }

    /// Finds the words of a ticket; any bytes are accepted, broken UTF-8 counts as U+FFFD.
    ///
    /// - Complexity: O(bytes).
    package mutating func scan(subject: [UInt8], body: [UInt8]) {
        list.removeAll(keepingCapacity: true)
        foldedCount = 0
        // An ASCII byte takes at most two: a symbol and the space after it.
        reserve(2 * (subject.count + body.count))
        folded[0] = 0x20
        foldedCount = 1
        append(subject, field: 0)
        append(body, field: 1)
    }

    /// The hashes of the words, symbols left out: a hyphen and a space between two words are the same.
    package var phrase: [UInt64] { list.lazy.filter { $0.kind != .symbol }.map(\.hash) }

    /// The same without the words of placeholders such as `[EMAIL]`.
    package var question: [UInt64] {
        var hashes: [UInt64] = []
        hashes.reserveCapacity(list.count)
        for (place, word) in list.enumerated() where word.kind != .symbol && !isPlaceholder(place) {
            hashes.append(word.hash)
        }
        return hashes
    }

    /// Whether a word is the name of an identifier in brackets.
    func isPlaceholder(_ place: Int) -> Bool {
        guard place > 0, place + 1 < list.count, list[place - 1].hash == Words.openBracket,
            list[place + 1].hash == Words.closeBracket
        else { return false }
        return Words.placeholders.contains(list[place].hash)
    }

    private static let openBracket = StableHash.hash([0x5B], kind: .word)
    private static let closeBracket = StableHash.hash([0x5D], kind: .word)
    private static let placeholders = Set(
        IdentifierKind.allCases.flatMap { kind in
            kind.placeholder.withUTF8Buffer { Words(Array($0)).phrase }
        })

    /// The folded form of a word of `list`.
    package func folded(_ word: Word) -> ArraySlice<UInt8> {
        folded[Int(word.folded.lowerBound)..<Int(word.folded.upperBound)]
    }

    /// The place in `list` of the word that holds a byte of a field's text.
    ///
    /// - Complexity: O(log words).
    package func place(field: UInt8, at byte: Int32) -> Int? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            let word = list[middle]
            if (word.field, word.range.upperBound) <= (field, byte) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < list.count, list[low].field == field, list[low].range.contains(byte) else { return nil }
        return low
    }

    private mutating func append(_ text: [UInt8], field: UInt8) {
        var index = 0
        while index < text.count {
            if text[index] == 0x20 {
                index += 1
                continue
            }
            let start = index
            let begin = foldedCount
            guard let (kind, hash) = next(in: text, &index) else { continue }
            list.append(
                Word(
                    hash: hash, range: Int32(start)..<Int32(index),
                    folded: Int32(begin)..<Int32(foldedCount), field: field, kind: kind))
            folded[foldedCount] = 0x20
            foldedCount += 1
        }
    }

    /// Reads the word or symbol at `index`, moves `index` past it and adds its folded form; nil for space.
    private mutating func next(in text: [UInt8], _ index: inout Int) -> (Kind, UInt64)? {
        let first = text[index]
        if first >= 0x80 { return nextScalar(in: text, &index) }
        if ASCIIWord.fold(first) != 0 {
            if let hash = Words.scanASCII(text, &index, into: &folded, &foldedCount) { return (.ascii, hash) }
            return scanWord(text, &index)
        }
        index += 1
        if first <= 0x20 || first == 0x7F { return nil }
        folded[foldedCount] = first
        foldedCount += 1
        return (.symbol, StableHash.hash(packed: UInt64(first), length: 1, kind: .word))
    }

    /// Adds a word of ASCII and gives its hash; nil, with nothing changed, when a scalar beyond ASCII turns up.
    private static func scanASCII(
        _ text: [UInt8], _ index: inout Int, into folded: inout [UInt8], _ count: inout Int
    ) -> UInt64? {
        let bytes = text.span
        var out = folded.mutableSpan
        var end = count
        var next = index
        while next < bytes.count {
            let byte = bytes[next]
            var lower = ASCIIWord.fold(byte)
            if lower == 0 {
                guard byte < 0x80 else { return nil }
                guard byte == 0x27, next + 1 < bytes.count else { break }
                guard bytes[next + 1] < 0x80 else { return nil }
                guard ASCIIWord.fold(bytes[next + 1]) != 0 else { break }
                lower = byte
            }
            out[end] = lower
            end += 1
            next += 1
        }
        defer { (count, index) = (end, next) }
        return StableHash.hash(count..<end, of: folded.span.bytes, kind: .word)
    }

    /// Adds a word of any script; composes it (NFC) where its marks ask for that.
    private mutating func scanWord(_ text: [UInt8], _ index: inout Int) -> (Kind, UInt64) {
        var mayCompose = false
        var kind = Kind.ascii
        scalars.removeAll(keepingCapacity: true)
        while index < text.count {
            let (scalar, length) = Scalars.decode(text, at: index)
            let isApostrophe = scalar == 0x27 || scalar == 0x2019
            guard Scalars.scalarClass(scalar) == .word || isApostrophe && isWord(text, at: index + length)
            else { break }
            mayCompose = mayCompose || Scalars.mayCompose(scalar)
            if scalar >= 0x80, !isApostrophe { kind = .unicode }
            Scalars.appendFolded(scalar, to: &scalars)
            index += length
        }
        if mayCompose { scalars = Scalars.composed(scalars[...]) }
        return (kind, placeScalars(rest: text.count - index))
    }

    private mutating func nextScalar(in text: [UInt8], _ index: inout Int) -> (Kind, UInt64)? {
        let (scalar, length) = Scalars.decode(text, at: index)
        let scalarClass = Scalars.scalarClass(scalar)
        if scalarClass == .word { return scanWord(text, &index) }
        index += length
        if scalarClass == .space { return nil }
        scalars.removeAll(keepingCapacity: true)
        Scalars.append(scalar, to: &scalars)
        let hash = placeScalars(rest: text.count - index)
        return (scalarClass == .ideograph ? .unicode : .symbol, hash)
    }

    private func isWord(_ text: [UInt8], at index: Int) -> Bool {
        index < text.count && Scalars.scalarClass(Scalars.decode(text, at: index).scalar) == .word
    }

    /// Adds the folded form in `scalars`, which may be longer than its source, and gives its hash.
    private mutating func placeScalars(rest: Int) -> UInt64 {
        reserve(scalars.count + 2 * rest)
        for byte in scalars {
            folded[foldedCount] = byte
            foldedCount += 1
        }
        return StableHash.hash(scalars, kind: .word)
    }

    /// Makes room for `count` more bytes of `folded`, a space, and the eight that hashing reads at once.
    private mutating func reserve(_ count: Int) {
        let missing = foldedCount + count + 9 - folded.count
        if missing > 0 { folded.append(contentsOf: repeatElement(0, count: max(missing, folded.count))) }
    }
}

/// What ASCII bytes are to words.
enum ASCIIWord {
    /// For a letter, a digit or "_" of ASCII its lower-case form, else 0.
    @inline(__always)
    static func fold(_ byte: UInt8) -> UInt8 {
        let lower = byte | 0x20
        if lower &- 0x61 < 26 { return lower }
        return byte &- 0x30 < 10 || byte == 0x5F ? byte : 0
    }
}
