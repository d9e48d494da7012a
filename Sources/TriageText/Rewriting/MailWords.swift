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
        let startsWithCapital: Bool
        let hasDigit: Bool
    }

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        index = range.lowerBound
        end = range.upperBound
    }

    mutating func next() -> Word? {
        skipToWord()
        guard index < end else { return nil }
        let start = index
        var hasDigit = false
        while index < end {
            let byte = bytes[index]
            if ASCII.isAlphanumeric(byte) {
                if ASCII.isDigit(byte) { hasDigit = true }
                index += 1
            } else if byte >= 0x80 {
                let length = Self.punctuationLength(bytes, at: index)
                guard length == 0 else { break }
                index += 1
            } else if byte == ASCII.dash, index + 1 < end, Self.isLetter(bytes[index + 1]) {
                index += 1
            } else {
                break
            }
        }
        return Word(
            range: start..<index, isQuoted: isQuoted,
            startsWithCapital: MailLetter.isCapital(bytes, at: start), hasDigit: hasDigit)
    }

    private mutating func skipToWord() {
        while index < end {
            let byte = bytes[index]
            if ASCII.isAlphanumeric(byte) { return }
            if let mark = QuotationMark(bytes, at: index) {
                isQuoted =
                    switch mark.side {
                    case .opening: true
                    case .closing: false
                    case .either: !isQuoted
                    }
                index += mark.length
            } else if byte < 0x80 {
                index += 1
            } else {
                let length = Self.punctuationLength(bytes, at: index)
                guard length > 0 else { return }
                index += length
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || byte >= 0x80 }

    /// The length of a character outside ASCII that is a space, punctuation or a symbol; 0 for a letter.
    ///
    /// These are U+0080 to U+00BF, U+2000 to U+2BFF and U+3000 to U+303F; continuation bytes inside a letter
    /// are not looked at.
    private static func punctuationLength(_ bytes: [UInt8], at index: Int) -> Int {
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

    static func isCapital(_ bytes: [UInt8], at index: Int) -> Bool {
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
    private var table: UInt64HashTable
    private var features: [Feature] = []
    /// No stem is shorter, so that fewer beginnings are looked up.
    private var minimumLength = Int.max
    private var maximumLength = 0
    /// One bit for each of 16,384 hashes: almost no beginning of a ticket's word is a stem.
    private var filter = [UInt64](repeating: 0, count: 256)

    init(_ rows: [(Feature, String)]) {
        let stems = rows.flatMap { row in row.1.split(separator: " ").map { (row.0, $0) } }
        table = UInt64HashTable(capacity: stems.count)
        for (feature, stem) in stems { add(stem, feature) }
    }

    private mutating func add(_ stem: Substring, _ feature: Feature) {
        let isWhole = stem.hasSuffix(".")
        let letters = MailLetter.plain(Array((isWhole ? stem.dropLast() : stem).utf8))
        let stemHash = letters.reduce(MailLetter.basis, MailLetter.mix)
        let hash = isWhole ? MailLetter.mix(stemHash, 0) : stemHash
        let length = letters.count
        filter[Int(hash >> 56)] |= 1 << (hash >> 50 & 63)
        if !isWhole { minimumLength = min(minimumLength, length) }
        maximumLength = max(maximumLength, length)
        if let place = table[hash] {
            features[Int(place)].formUnion(feature)
        } else if table.insert(hash, UInt32(features.count)) {
            features.append(feature)
        }
    }

    /// What the word in `range` shows, as a whole and by the parts between its hyphens.
    func features(_ bytes: [UInt8], _ range: Range<Int>) -> Feature {
        var found = wholeFeatures(bytes, range)
        var start = range.lowerBound
        while let hyphen = bytes[start..<range.upperBound].firstIndex(of: ASCII.dash) {
            found.formUnion(wholeFeatures(bytes, start..<hyphen))
            start = hyphen + 1
        }
        if start > range.lowerBound { found.formUnion(wholeFeatures(bytes, start..<range.upperBound)) }
        return found
    }

    private func wholeFeatures(_ bytes: [UInt8], _ range: Range<Int>) -> Feature {
        var found: Feature = []
        var hash = MailLetter.basis
        var length = 0
        var index = range.lowerBound
        while index < range.upperBound, length <= maximumLength {
            let (letter, width) = MailLetter.plain(bytes, at: index)
            index += width
            guard letter != 0 else { continue }
            hash = MailLetter.mix(hash, letter)
            length += 1
            if length >= minimumLength { found.formUnion(feature(hash)) }
        }
        if index >= range.upperBound { found.formUnion(feature(MailLetter.mix(hash, 0))) }
        return found
    }

    @inline(__always) private func feature(_ hash: UInt64) -> Feature {
        guard filter[Int(hash >> 56)] & 1 << (hash >> 50 & 63) != 0, let place = table[hash] else {
            return []
        }
        return features[Int(place)]
    }
}

/// A set of whole words, which are compared by their plain letters.
struct PlainWordSet: Sendable {
    private var hashes: UInt64HashTable

    /// Makes the set from words separated by spaces.
    init(_ words: String) {
        let words = words.split(separator: " ").map { Array($0.utf8) }
        hashes = UInt64HashTable(capacity: words.count)
        for word in words { _ = hashes.insert(MailLetter.hash(word, word.indices)) }
    }

    func contains(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        hashes[MailLetter.hash(bytes, range)] != nil
    }
}
