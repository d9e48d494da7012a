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
        /// At most eight of its letters, packed little-endian.
        package let firstLetters: UInt64
        /// How many sentences ended before it (`.`, `!` or `?`, and space after it: not in "4.2" or ".exe").
        package let sentence: Int32
        /// How many sentences or clauses ended before it (also `,` or `;` and space).
        package let clause: Int32
        /// How many colons with space after them or dashes between spaces stand before it.
        package let pause: Int32
        /// Where its letters lie: in `folded`, or in `plain` for a word that was changed.
        fileprivate let letters: Range<Int32>
        fileprivate let isChanged: Bool
        /// The ASCII symbol that it is, where symbols are kept; 0 for a word.
        package let symbol: UInt8

        /// The byte of the field's text at which it begins, or the word that an apostrophe parts.
        package let start: Int32

        /// How many bytes its letters take.
        package var length: Int { letters.count }
    }

    package private(set) var list: [Word] = []
    /// Words of `list` by their place, with "ae", "oe" and "ue" for their umlauts, as people without them on their keyboard
    /// write; empty where symbols are left out.
    package private(set) var spellings: [(place: Int, word: Word)] = []
    /// The folded words as `Words` has them.
    private let folded: [UInt8]
    /// The letters of changed words.
    private var plain: [UInt8] = []
    private var sentence: Int32 = 0
    private var clause: Int32 = 0
    private var pause: Int32 = 0
    /// What the symbols before a word end, if space follows them.
    private var endsSentence = false
    private var endsClause = false
    private var pauses = false

    /// The words of one field: 0 for the subject, 1 for the body; with symbols and other spellings or without.
    ///
    /// - Complexity: O(bytes).
    package init(_ words: Words, field: UInt8, keepingSymbols: Bool = false) {
        folded = words.folded
        list.reserveCapacity(words.list.count)
        var end: Int32 = 0
        for word in words.list where word.field == field {
            let start = word.range.lowerBound
            let isAfterSpace = start > end
            closeSentence(ifSpace: isAfterSpace)
            end = word.range.upperBound
            if word.isSymbol {
                read(symbol: word.hash, afterSpace: isAfterSpace)
                if keepingSymbols {
                    add(word.folded, word.hash, start, symbol: folded[Int(word.folded.lowerBound)])
                }
            } else if word.isPlain(in: folded.span) {
                add(word.folded, word.hash, start)
            } else {
                addChanged(word.folded, start, withSpellings: keepingSymbols)
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

    private static let sentenceEnds = hashes(".!?")
    private static let clauseEnds = hashes(",;")
    private static let colon = StableHash.hash([0x3A], kind: .word)
    private static let dashes = ["-", "–", "—"].map { StableHash.hash(Array($0.utf8), kind: .word) }

    private static func hashes(_ symbols: String) -> [UInt64] {
        symbols.utf8.map { StableHash.hash([$0], kind: .word) }
    }

    private mutating func read(symbol: UInt64, afterSpace isAfterSpace: Bool) {
        endsSentence = endsSentence || PlainWords.sentenceEnds.contains(symbol)
        endsClause = endsClause || PlainWords.clauseEnds.contains(symbol)
        // Not in "Brand- und Rauchmelder".
        pauses = pauses || symbol == PlainWords.colon || isAfterSpace && PlainWords.dashes.contains(symbol)
    }

    private mutating func closeSentence(ifSpace isSpace: Bool) {
        guard endsSentence || endsClause || pauses else { return }
        if isSpace {
            if endsSentence { sentence += 1 }
            if endsSentence || endsClause { clause += 1 }
            if pauses { pause += 1 }
        }
        (endsSentence, endsClause, pauses) = (false, false, false)
    }

    private mutating func add(_ letters: Range<Int32>, _ hash: UInt64, _ start: Int32, symbol: UInt8 = 0) {
        let count = letters.upperBound - letters.lowerBound
        let first = StableHash.group(folded.span.bytes, Int(letters.lowerBound), Int(min(8, count)))
        list.append(
            Word(
                hash: hash, beginning: PlainWords.beginning(first, letters.count), firstLetters: first,
                sentence: sentence, clause: clause, pause: pause, letters: letters, isChanged: false,
                symbol: symbol,
                start: start))
    }

    private static func beginning(_ first: UInt64, _ count: Int) -> UInt64 {
        count < 3 ? 0 : StableHash.hash(packed: first & 0xFFFFFF, length: 3, kind: .characters)
    }

    private mutating func addChanged(_ letters: Range<Int32>, _ start: Int32, withSpellings: Bool) {
        let folded = folded[Int(letters.lowerBound)..<Int(letters.upperBound)]
        let place = list.count
        list += changed(folded, start)
        guard withSpellings, let spelled = PlainWords.spelled(folded) else { return }
        for (offset, word) in changed(spelled[...], start).enumerated() where place + offset < list.count {
            if word.hash != list[place + offset].hash { spellings.append((place + offset, word)) }
        }
    }

    private mutating func changed(_ folded: ArraySlice<UInt8>, _ start: Int32) -> [Word] {
        let begin = plain.count
        PlainWords.appendPlain(folded, to: &plain)
        var words: [Word] = []
        PlainWords.forEachPiece(of: plain[begin...]) { piece in
            let letters = Int32(piece.startIndex)..<Int32(piece.endIndex)
            let first = PlainWords.firstLetters(of: piece)
            words.append(
                Word(
                    hash: StableHash.hash(piece, kind: .word),
                    beginning: PlainWords.beginning(first, piece.count), firstLetters: first,
                    sentence: sentence, clause: clause, pause: pause, letters: letters, isChanged: true,
                    symbol: 0,
                    start: start))
        }
        return words
    }

    /// At most eight letters, packed little-endian.
    static func firstLetters(of piece: ArraySlice<UInt8>) -> UInt64 {
        piece.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Folded letters with "ae", "oe" and "ue" for umlauts; nil without any.
    private static func spelled(_ folded: ArraySlice<UInt8>) -> [UInt8]? {
        var spelled: [UInt8] = []
        var hasUmlaut = false
        var bytes = folded.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0xC3, let second = bytes.next() else {
                spelled.append(byte)
                continue
            }
            if let vowel = umlauts[second] {
                hasUmlaut = true
                spelled += [vowel, 0x65]
            } else {
                spelled += [byte, second]
            }
        }
        return hasUmlaut ? spelled : nil
    }

    /// By the second byte of "ä", "ö" and "ü", the vowel.
    private static let umlauts: [UInt8: UInt8] = [0xA4: 0x61, 0xB6: 0x6F, 0xBC: 0x75]

    // MARK: - Apostrophes

    /// Calls `body` with the words that apostrophes part: "l'écran" is two, and "can't" is one.
    static func forEachPiece(of word: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        var start = word.startIndex
        for place in word.indices where word[place] == 0x27 {
            let rest = word[(place + 1)...].prefix { $0 != 0x27 }
            guard place > start, !isEnglishEnding(rest) else { continue }
            body(word[start..<place])
            start = place + 1
        }
        if start < word.endIndex { body(word[start...]) }
    }

    private static func isEnglishEnding(_ letters: ArraySlice<UInt8>) -> Bool {
        englishEndings.contains { letters.elementsEqual($0) }
    }

    /// What English writes after an apostrophe, as in "it's", "don't", "we're".
    private static let englishEndings = ["s", "t", "d", "m", "re", "ve", "ll"].map { Array($0.utf8) }

    // MARK: - Accents

    /// Adds folded letters without their accents, and ligatures and wide letters as plain ones.
    static func appendPlain(_ folded: ArraySlice<UInt8>, to plain: inout [UInt8]) {
        var index = folded.startIndex
        while index < folded.endIndex {
            guard folded[index] >= 0x80 else {
                plain.append(folded[index])
                index += 1
                continue
            }
            let (scalar, length) = decode(folded, at: index)
            if scalar >= 0xC0, scalar < 0x250 {
                var letters = latin[Int(scalar) - 0xC0]
                while letters != 0 {
                    plain.append(UInt8(truncatingIfNeeded: letters))
                    letters >>= 8
                }
            } else if let letters = compatible(scalar) {
                plain.append(contentsOf: letters.utf8)
            } else if !(0x300..<0x370).contains(scalar) {
                plain.append(contentsOf: folded[index..<index + length])
            }
            index += length
        }
    }

    /// The ASCII letters or digit for which a ligature or a character of full width stands ("ﬁre", "ｆｉｒｅ").
    private static func compatible(_ scalar: UInt32) -> String? {
        switch scalar {
        case 0xFB00...0xFB06: ["ff", "fi", "fl", "ffi", "ffl", "st", "st"][Int(scalar) - 0xFB00]
        case 0xFF10...0xFF19, 0xFF41...0xFF5A: Unicode.Scalar(scalar - 0xFEE0).map { String(Character($0)) }
        default: nil
        }
    }

    /// The scalar at a byte of well-formed UTF-8, and how many bytes it has.
    private static func decode(_ bytes: ArraySlice<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        if bytes[index] < 0xE0, index + 1 < bytes.endIndex {
            return (UInt32(bytes[index] & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F), 2)
        }
        return Scalars.decode(Array(bytes[index...].prefix(4)), at: 0)
    }

    /// The Latin letters from U+00C0 to U+024F without their marks, UTF-8 packed little-endian.
    private static let latin: [UInt64] = (UInt32(0xC0)..<0x250).map { value in
        var bytes = ligatures[value].map { Array($0.utf8) } ?? []
        if bytes.isEmpty { BERTScalars.forEachBase(of: value) { Scalars.append($0, to: &bytes) } }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Letters that are not a letter with a mark, and how people write them without.
    private static let ligatures: [UInt32: String] = [
        0xDF: "ss", 0xE6: "ae", 0xF0: "d", 0xF8: "o", 0xFE: "th", 0x111: "d", 0x131: "i", 0x142: "l",
        0x153: "oe",
    ]
}

extension Words.Word {
    /// Whether `PlainWords` has it in the same form.
    func isPlain(in folded: Span<UInt8>) -> Bool {
        guard kind == .ascii else { return false }
        let (start, end) = (Int(self.folded.lowerBound), Int(self.folded.upperBound))
        // A byte of zero in `other` is an apostrophe among the first eight letters.
        let other = StableHash.group(folded.bytes, start, min(8, end - start)) ^ 0x2727_2727_2727_2727
        guard (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080 == 0 else { return false }
        guard end - start > 8 else { return true }
        for index in start + 8..<end where folded[index] == 0x27 { return false }
        return true
    }
}
