/// The words of one field as people compare them: without accents, an elided article apart, symbols left out.
///
/// "Écran" and "ecran" are one word, "heiß" is "heiss", "l'écran" is "l" and "écran"; "can't" stays one word. Made from
/// `Words`, whose own forms and hashes are frozen.
package struct PlainWords: Sendable {
    package struct Word: Sendable {
        /// The hash of the whole word.
        package let hash: UInt64
        /// The hash of its first three bytes; 0 for a shorter word.
        package let beginning: UInt64
        /// How many sentences ended before it (`.`, `!` or `?`, and space after it: not in "4.2" or ".exe").
        package let sentence: Int32
        /// How many sentences or clauses ended before it (also `,` or `;` and space).
        package let clause: Int32
        /// Where its letters lie: in `folded`, or in `plain` for a word that was changed.
        fileprivate let letters: Range<Int32>
        fileprivate let isChanged: Bool
        /// The ASCII symbol that it is, where symbols are kept; 0 for a word.
        package let symbol: UInt8

        /// How many bytes its letters take.
        package var length: Int { letters.count }
    }

    package private(set) var list: [Word] = []
    /// The folded words as `Words` has them.
    private let folded: [UInt8]
    /// The letters of changed words.
    private var plain: [UInt8] = []
    private var sentence: Int32 = 0
    private var clause: Int32 = 0
    /// What the symbols before a word end, if space follows them.
    private var endsSentence = false
    private var endsClause = false

    /// The words of one field: 0 for the subject, 1 for the body; with symbols or without.
    ///
    /// - Complexity: O(bytes).
    package init(_ words: Words, field: UInt8, keepingSymbols: Bool = false) {
        folded = words.folded
        list.reserveCapacity(words.list.count)
        var end: Int32 = 0
        for word in words.list where word.field == field {
            closeSentence(ifSpace: word.range.lowerBound > end)
            end = word.range.upperBound
            if word.isSymbol {
                read(symbol: word.hash)
                if keepingSymbols { add(word.folded, word.hash, symbol: folded[Int(word.folded.lowerBound)]) }
            } else if isPlain(word.folded) {
                add(word.folded, word.hash)
            } else {
                addChanged(words.folded(word))
            }
        }
    }

    /// The words of one text.
    package init(_ text: String, keepingSymbols: Bool = false) {
        self.init(Words(Array(text.utf8)), field: 1, keepingSymbols: keepingSymbols)
    }

    /// The letters of a word, or its symbol.
    package func text(_ word: Word) -> String {
        let letters = Int(word.letters.lowerBound)..<Int(word.letters.upperBound)
        return String(decoding: (word.isChanged ? plain : folded)[letters], as: UTF8.self)
    }

    /// The hash of the first `length` bytes of a word's letters; nil for a shorter word.
    package func hash(of word: Word, length: Int) -> UInt64? {
        guard word.length >= length else { return nil }
        let start = Int(word.letters.lowerBound)
        let letters = (word.isChanged ? plain : folded)[start..<start + length]
        return StableHash.hash(letters, kind: .word)
    }

    /// At most eight of a word's letters, packed little-endian.
    package func firstLetters(of word: Word) -> UInt64 {
        let start = Int(word.letters.lowerBound)
        let letters = (word.isChanged ? plain : folded)[start..<start + min(8, word.length)]
        return letters.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static let sentenceEnds = hashes(".!?")
    private static let clauseEnds = hashes(",;")

    private static func hashes(_ symbols: String) -> [UInt64] {
        symbols.utf8.map { StableHash.hash([$0], kind: .word) }
    }

    private mutating func read(symbol: UInt64) {
        endsSentence = endsSentence || PlainWords.sentenceEnds.contains(symbol)
        endsClause = endsClause || PlainWords.clauseEnds.contains(symbol)
    }

    private mutating func closeSentence(ifSpace isSpace: Bool) {
        guard endsSentence || endsClause else { return }
        if isSpace {
            if endsSentence { sentence += 1 }
            clause += 1
        }
        (endsSentence, endsClause) = (false, false)
    }

    private func isPlain(_ range: Range<Int32>) -> Bool {
        let bytes = folded.span
        for index in Int(range.lowerBound)..<Int(range.upperBound)
        where bytes[index] >= 0x80 || bytes[index] == 0x27 {
            return false
        }
        return true
    }

    private mutating func add(
        _ letters: Range<Int32>, _ hash: UInt64, isChanged: Bool = false, symbol: UInt8 = 0
    ) {
        list.append(
            Word(
                hash: hash,
                beginning: isChanged ? beginning(letters, of: plain) : beginning(letters, of: folded),
                sentence: sentence, clause: clause, letters: letters, isChanged: isChanged, symbol: symbol))
    }

    private func beginning(_ letters: Range<Int32>, of bytes: [UInt8]) -> UInt64 {
        guard letters.count >= 3 else { return 0 }
        let start = Int(letters.lowerBound)
        let packed = UInt64(bytes[start]) | UInt64(bytes[start + 1]) << 8 | UInt64(bytes[start + 2]) << 16
        return StableHash.hash(packed: packed, length: 3, kind: .characters)
    }

    private mutating func addChanged(_ folded: ArraySlice<UInt8>) {
        for piece in PlainWords.pieces(PlainWords.withoutAccents(folded)) {
            let start = Int32(plain.count)
            plain.append(contentsOf: piece)
            add(start..<Int32(plain.count), StableHash.hash(piece, kind: .word), isChanged: true)
        }
    }

    // MARK: - Apostrophes

    /// The words that apostrophes part: "l'écran" is two, and "can't" is one.
    private static func pieces(_ word: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for place in word.indices where word[place] == 0x27 {
            let rest = word[(place + 1)...].prefix { $0 != 0x27 }
            guard place > start, !isEnglishEnding(rest) else { continue }
            pieces.append(word[start..<place])
            start = place + 1
        }
        if start < word.count { pieces.append(word[start...]) }
        return pieces
    }

    static func isEnglishEnding(_ letters: some Sequence<UInt8>) -> Bool {
        englishEndings.contains { letters.elementsEqual($0) }
    }

    /// What English writes after an apostrophe, as in "it's", "don't", "we're".
    private static let englishEndings = ["s", "t", "d", "m", "re", "ve", "ll"].map { Array($0.utf8) }

    // MARK: - Accents

    private static func withoutAccents(_ folded: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(folded)
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (scalar, length) = Scalars.decode(bytes, at: index)
            if scalar >= 0xC0, scalar < 0x250 {
                plain.append(contentsOf: latin[Int(scalar) - 0xC0])
            } else if !(0x300..<0x370).contains(scalar) {
                plain.append(contentsOf: bytes[index..<index + length])
            }
            index += length
        }
        return plain
    }

    /// The Latin letters from U+00C0 to U+024F without their marks.
    private static let latin: [[UInt8]] = (UInt32(0xC0)..<0x250).map { value in
        if let letters = ligatures[value] { return Array(letters.utf8) }
        var bytes: [UInt8] = []
        BERTScalars.forEachBase(of: value) { Scalars.append($0, to: &bytes) }
        return bytes
    }

    /// Letters that are not a letter with a mark, and how people write them without.
    private static let ligatures: [UInt32: String] = [
        0xDF: "ss", 0xE6: "ae", 0xF0: "d", 0xF8: "o", 0xFE: "th", 0x111: "d", 0x131: "i", 0x142: "l",
        0x153: "oe",
    ]
}
