/// The words of a piece of mail, one after the other, without copying.
///
/// A word is a run of ASCII letters and digits and of characters outside ASCII that are not punctuation; a
/// hyphen inside it belongs to it, an apostrophe ends it.
struct MailWords {
    private let bytes: [UInt8]
    private var index: Int
    private let end: Int
    private var isQuoted = false

    /// A word and what its letters show.
    struct Word {
        let range: Range<Int>
        /// Whether it stands between quotation marks.
        let isQuoted: Bool
        let hasDigit: Bool
        let hasHyphen: Bool
    }

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.upperBound <= bytes.count)
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> Word? {
        var place = index
        var isQuoted = isQuoted
        Self.skipToWord(bytes.span, &place, end, &isQuoted)
        let word = place < end ? Self.word(bytes.span, at: place, end, isQuoted: isQuoted) : nil
        index = word?.range.upperBound ?? place
        self.isQuoted = isQuoted
        return word
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at start: Int, _ end: Int, isQuoted: Bool) -> Word {
        var index = start
        var hasDigit = false
        var hasHyphen = false
        while true {
            index = min(bytes.skipLetters(from: index), end)
            guard index < end else { break }
            let byte = bytes[unchecked: index]
            if byte >= 0x80 {
                guard punctuationLength(bytes, at: index) == 0 else { break }
                index += 1
            } else if ASCII.isDigit(byte) {
                hasDigit = true
                index += 1
            } else if byte == ASCII.dash, index + 1 < end, isLetter(bytes[index + 1]) {
                hasHyphen = true
                index += 1
            } else {
                break
            }
        }
        return Word(range: start..<index, isQuoted: isQuoted, hasDigit: hasDigit, hasHyphen: hasHyphen)
    }

    @inline(__always)
    private static func skipToWord(
        _ bytes: Span<UInt8>, _ index: inout Int, _ end: Int, _ isQuoted: inout Bool
    ) {
        while index < end {
            let byte = bytes[unchecked: index]
            if ASCII.isAlphanumeric(byte) { return }
            if byte < 0x80 {
                if byte == ASCII.quote { isQuoted.toggle() }
                index += 1
                continue
            }
            let length = punctuationLength(bytes, at: index)
            guard length > 0 else { return }
            switch QuotationMark(bytes, at: index)?.side {
            case nil: break
            case .opening: isQuoted = true
            case .closing: isQuoted = false
            case .either: isQuoted.toggle()
            }
            index += length
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || byte >= 0x80 }

    /// The length of a character outside ASCII that is a space, punctuation or a symbol; 0 for a letter.
    ///
    /// These are U+0080 to U+00BF, U+2000 to U+2BFF and U+3000 to U+303F; continuation bytes inside a letter
    /// are not looked at.
    private static func punctuationLength(_ bytes: Span<UInt8>, at index: Int) -> Int {
        switch bytes[index] {
        case 0xC2: 2
        case 0xE2 where bytes.peek(index + 1) < 0xB0: 3
        case 0xE3 where bytes.peek(index + 1) == 0x80: 3
        default: 0
        }
    }
}

/// Latin letters without their accents, as the vocabulary of mail is written.
enum MailLetter {
    // U+00C0 to U+00FF, U+0100 to U+013F and U+0140 to U+017F by their plain letter.
    private static let latin1: [UInt8] = Array(
        "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty".utf8)
    private static let extendedC4: [UInt8] = Array(
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll".utf8)
    private static let extendedC5: [UInt8] = Array(
        "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs".utf8)

    /// The plain small letter at `index` and its length in bytes; hyphens and marks give 0.
    @inline(__always) static func plain(_ bytes: [UInt8], at index: Int) -> (letter: UInt8, length: Int) {
        let byte = bytes[index]
        if byte < 0x80 { return (byte == ASCII.dash ? 0 : ASCII.lower(byte), 1) }
        let next = Int(bytes.peek(index + 1))
        guard next >= 0x80, next < 0xC0 else { return (byte, 1) }
        switch byte {
        case 0xC3: return (latin1[next - 0x80], 2)
        case 0xC4: return (extendedC4[next - 0x80], 2)
        case 0xC5: return (extendedC5[next - 0x80], 2)
        default: return (byte, 1)
        }
    }

    /// All letters in plain form.
    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var letters: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (letter, length) = plain(bytes, at: index)
            if letter != 0 { letters.append(letter) }
            index += length
        }
        return letters
    }

    /// The hash of the plain letters in `range` (FNV-1a, 64 bits).
    static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash = basis
        var index = range.lowerBound
        while index < range.upperBound {
            let (letter, length) = plain(bytes, at: index)
            if letter != 0 { hash = mix(hash, letter) }
            index += length
        }
        return hash
    }

    static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always) static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    @inline(__always) static func isCapital(_ bytes: [UInt8], at index: Int) -> Bool {
        switch bytes[index] {
        case 0xC3: bytes.peek(index + 1) < 0x9F
        case 0xC4, 0xC5: bytes.peek(index + 1) & 1 == 0 || bytes.peek(index + 1) > 0xB8
        case 0xD0: bytes.peek(index + 1) < 0xB0
        default: ASCII.isUpper(bytes[index])
        }
    }
}

/// Words and beginnings of words, each with the features that it shows.
///
/// The table is written in small letters without accents. A word ends in a full stop where it must be the
/// whole word ("vat."), else it stands for every word that begins with it ("confidenti").
struct StemTable<Feature: OptionSet & Sendable>: Sendable where Feature.RawValue == UInt64 {
    private let stems: Stems

    init(_ rows: [(Feature, String)]) { stems = Stems(rows.map { ($0.0.rawValue, $0.1) }) }

    /// What a word shows, as a whole and by the parts between its hyphens.
    @inline(__always) func features(_ bytes: [UInt8], _ word: MailWords.Word) -> Feature {
        Feature(rawValue: stems.features(bytes, word))
    }
}

/// The table behind a `StemTable`, whatever its features mean.
private struct Stems: Sendable {
    private var table: UInt64HashTable
    private var features: [UInt64] = []
    /// No stem is shorter, so that fewer beginnings are looked up.
    private var minimumLength = Int.max
    private var maximumLength = 0
    /// How all stems begin: nearly all of a ticket's words begin otherwise.
    private var beginnings: BeginningFilter
    /// The upper halves of all hashes: almost no beginning of a ticket's word is a stem.
    private var filter: KeyFilter

    init(_ rows: [(UInt64, String)]) {
        let stems = rows.flatMap { row in row.1.utf8.split(separator: ASCII.space).map { (row.0, $0) } }
        table = UInt64HashTable(capacity: stems.count)
        beginnings = BeginningFilter(capacity: stems.count)
        filter = KeyFilter(capacity: 4 * stems.count)
        for (feature, stem) in stems { add(stem, feature) }
    }

    private mutating func add(_ stem: Substring.UTF8View, _ feature: UInt64) {
        let isWhole = stem.last == ASCII.dot
        let letters = MailLetter.plain(Array(isWhole ? stem.dropLast() : stem))
        let stemHash = letters.reduce(MailLetter.basis, MailLetter.mix)
        let hash = isWhole ? MailLetter.mix(stemHash, 0) : stemHash
        let length = letters.count
        filter.insert(UInt32(hash >> 32))
        beginnings.insert(letters, isWhole: isWhole)
        if !isWhole { minimumLength = min(minimumLength, length) }
        maximumLength = max(maximumLength, length)
        if let place = table[hash] {
            features[Int(place)] |= feature
        } else if table.insert(hash, UInt32(features.count)) {
            features.append(feature)
        }
    }

    @inline(__always) func features(_ bytes: [UInt8], _ word: MailWords.Word) -> UInt64 {
        if word.hasHyphen { return featuresOfParts(bytes, word.range) }
        return beginnings.mayContain(bytes, word.range) ? features(bytes, word.range) : 0
    }

    private func featuresOfParts(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var found = features(bytes, range)
        var start = range.lowerBound
        while let hyphen = bytes[start..<range.upperBound].firstIndex(of: ASCII.dash) {
            found |= features(bytes, start..<hyphen)
            start = hyphen + 1
        }
        return found | features(bytes, start..<range.upperBound)
    }

    private func features(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var found: UInt64 = 0
        var hash = MailLetter.basis
        var length = 0
        var index = range.lowerBound
        while index < range.upperBound, length <= maximumLength {
            let (letter, width) = MailLetter.plain(bytes, at: index)
            index += width
            guard letter != 0 else { continue }
            hash = MailLetter.mix(hash, letter)
            length += 1
            if length >= minimumLength { found |= feature(hash) }
        }
        if index >= range.upperBound { found |= feature(MailLetter.mix(hash, 0)) }
        return found
    }

    @inline(__always) private func feature(_ hash: UInt64) -> UInt64 {
        guard filter.mayContain(UInt32(hash >> 32)), let place = table[hash] else { return 0 }
        return features[Int(place)]
    }
}

/// The first five letters of some words, by the last five bits of each.
private struct BeginningFilter {
    private static let length = 5
    private var keys: KeyFilter

    init(capacity: Int) { keys = KeyFilter(capacity: capacity) }

    /// Adds a word, or the beginning of words, in plain letters; for a short beginning its first three letters.
    mutating func insert(_ letters: [UInt8], isWhole: Bool) {
        let isShort = !isWhole && letters.count < Self.length
        precondition(!isShort || letters.count >= 3, "a beginning of so few letters says nothing")
        let known = letters.prefix(isShort ? 3 : Self.length)
        keys.insert(Self.key(known.reversed().reduce(0) { $0 << 8 | UInt64($1) }))
    }

    /// Whether a word without hyphens may begin with one of them; surely if it does.
    @inline(__always) func mayContain(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.lowerBound + 8 <= bytes.count else { return true }
        let letters = StableHash.group(bytes.span.bytes, range.lowerBound, min(range.count, Self.length))
        // Letters outside ASCII can have accents.
        return letters & 0x80_8080_8080 != 0 || keys.mayContain(Self.key(letters))
            || keys.mayContain(Self.key(letters & 0xFF_FFFF))
    }

    /// The letters, packed little-endian, as one number.
    @inline(__always) private static func key(_ letters: UInt64) -> UInt32 {
        let bits = letters & 0x1F_1F1F_1F1F
        return UInt32(truncatingIfNeeded: bits ^ (bits >> 32) &* 0x0020_2020)
    }
}

/// A set of whole words, which are compared by their plain letters.
struct PlainWordSet: Sendable {
    private var hashes: UInt64HashTable

    /// Makes the set from words separated by spaces.
    init(_ words: String) {
        let words = words.utf8.split(separator: ASCII.space).map(Array.init)
        hashes = UInt64HashTable(capacity: words.count)
        for word in words { _ = hashes.insert(MailLetter.hash(word, word.indices)) }
    }

    func contains(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        contains(hash: MailLetter.hash(bytes, range))
    }

    /// Whether a word with this hash of its plain letters is in the set.
    func contains(hash: UInt64) -> Bool { hashes[hash] != nil }
}
