/// What a word before a number says about it.
enum NumberWord: UInt8 {
    /// "Phone", "fax", "тел": the digits after it are a telephone number.
    case telephone
    /// "Call", "reach", "anrufen": digits in the shape of a telephone number are one.
    case contact
    /// "Card", "Visa".
    case card
    /// "IBAN", "Konto": an account number.
    case account
    /// "Order", "contract", "room": the number of a thing.
    case thing
    /// "Serial", "matricola": as `thing`, also with one more word before the digits.
    case register
    /// "Number", "Nummer", "No": the noun before it decides whose number it is.
    case number
    /// "Numéro", "numer", "номер", "رقم": the noun after it decides.
    case numero
    /// "Nr", "n", "№": the noun stands on either side.
    case nr
    /// "My", "mein": with a number word the number of a person.
    case owner
    /// "Private", "office": with a number word the number of a line.
    case personal
    /// Words that change nothing: articles, "is", "new".
    case filler
    /// Words that start a new phrase: "to", "under", "me".
    case link
    /// "Or", "and": what follows may be one more number of the same kind.
    case conjunction
}

/// The words before numbers in the languages that are measured, found by hash without making strings.
///
/// Letters are compared without case and accents. Only hashes are kept, as in `KeywordSet`.
enum NumberWords {
    /// The role of the word in `range`, also as a compound ("Vertragsnummer") or with another ending ("заказа").
    static func role(_ text: [UInt8], _ range: Range<Int>) -> NumberWord? {
        let hashes = WordHashes(text, range)
        if let role = role(hashes.whole) { return role }
        if let role = compound(text, range) { return role }
        let shorn = withoutParticle(text, range)
        if shorn != range, let role = compound(text, shorn) { return role }
        if let shorter = hashes.withoutOne, let role = role(shorter) { return role }
        if let shorter = hashes.withoutTwo, let role = role(shorter) { return role }
        return nil
    }

    /// The start of the longest word that ends the run `range` of a script without spaces, and its role.
    static func lastWord(_ text: [UInt8], in range: Range<Int>) -> (start: Int, role: NumberWord)? {
        var starts: [Int] = []
        var start = range.upperBound
        while start > range.lowerBound, starts.count < maximumScalars {
            start = text.startOfScalar(before: start)
            starts.append(start)
        }
        for start in starts.reversed() where start >= range.lowerBound {
            if let role = role(WordHashes(text, start..<range.upperBound).whole) { return (start, role) }
        }
        return nil
    }

    /// Whether a Thai word for "number" stands in the run `range`, before a noun that is in no list.
    static func hasNumberWord(_ text: [UInt8], in range: Range<Int>) -> Bool {
        var end = range.upperBound
        for _ in 0..<maximumScalars where end > range.lowerBound {
            end = text.startOfScalar(before: end)
            let last = end > range.lowerBound ? lastWord(text, in: range.lowerBound..<end) : nil
            if last?.role == .numero || last?.role == .register { return true }
        }
        return false
    }

    /// Thai words are the longest: "หมายเลขโทรศัพท์" has 15 scalars.
    private static let maximumScalars = 15

    private static func role(_ hash: UInt64) -> NumberWord? {
        table[hash].flatMap { NumberWord(rawValue: UInt8($0)) }
    }

    // MARK: - Compounds

    private static let numberEndings: [StaticString] = [
        "nummern", "nummer", "number", "numero", "szám", "nr", "번호",
    ]
    private static let telephoneEndings: [StaticString] = [
        "telefon", "telefoon", "handy", "mobil", "rufs", "ruf", "fax", "fon", "hotline",
    ]

    /// "Vertragsnummer" is the number of a thing, "Servicetelefonnummer" and "Diensthandy" are telephones.
    private static func compound(_ text: [UInt8], _ range: Range<Int>) -> NumberWord? {
        guard range.count >= 4, compoundEndings.mayMatch(text, endingAt: range.upperBound) else { return nil }
        for ending in numberEndings where text.hasWord(ending, endingAt: range.upperBound) {
            let stem = range.lowerBound..<range.upperBound - ending.utf8CodeUnitCount
            guard stem.count >= 2 else { return nil }
            return numberOf(text, stem)
        }
        guard range.count >= 8 else { return nil }
        return hasTelephoneEnding(text, range) ? .telephone : nil
    }

    private static let compoundEndings = EndingFilter(numberEndings + telephoneEndings)

    /// The word without a last syllable of Hangul, which may be a particle: "번호는".
    private static func withoutParticle(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
        let start = text.startOfScalar(before: range.upperBound)
        return start > range.lowerBound && (0xEA...0xED).contains(text[start])
            ? range.lowerBound..<start : range
    }

    private static func numberOf(_ text: [UInt8], _ stem: Range<Int>) -> NumberWord {
        if hasTelephoneEnding(text, stem) { return .telephone }
        switch role(WordHashes(text, stem).whole) {
        case .telephone, .contact, .personal: return .telephone
        case .card: return .card
        case .account: return .account
        default: return .thing
        }
    }

    private static func hasTelephoneEnding(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        telephoneEndings.contains { ending in
            range.count >= ending.utf8CodeUnitCount && text.hasWord(ending, endingAt: range.upperBound)
        }
    }

    // MARK: - The table

    private static let table: UInt64HashTable = {
        var words: [(UInt64, NumberWord)] = []
        for (role, lists) in lists {
            for word in lists.flatMap({ $0.utf8.split(whereSeparator: ASCII.isWhitespace) }) {
                words.append((WordHashes(Array(word), 0..<word.count).whole, role))
            }
        }
        var table = UInt64HashTable(capacity: words.count)
        for (hash, role) in words { _ = table.insert(hash, UInt32(role.rawValue)) }
        return table
    }()

    /// A word that stands in two lists has the role of the first.
    private static let lists: [(NumberWord, [String])] = [
        (.telephone, telephoneWords), (.contact, contactWords), (.card, cardWords),
        (.account, accountWords), (.register, registerWords), (.thing, thingWords), (.number, numberWords),
        (.numero, numeroWords), (.nr, nrWords), (.owner, ownerWords), (.personal, personalWords),
        (.conjunction, conjunctionWords), (.filler, fillerWords), (.link, linkWords),
    ]
}

/// The hash of a word without case and accents, and of the word without its last one and two letters.
struct WordHashes {
    private(set) var whole: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Nil where so short a rest could be another word: five letters at least, two of Hangul.
    private(set) var withoutOne: UInt64?
    private(set) var withoutTwo: UInt64?

    init(_ text: [UInt8], _ range: Range<Int>) {
        var letters = 0
        var previous = SIMD2<UInt64>(repeating: 0)
        var leastRest = 5
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = Scalars.decode(text, at: index)
            index += length
            let letter = Self.letter(scalar)
            guard letter != 0 else { continue }
            previous = SIMD2(whole, previous.x)
            whole = (whole ^ UInt64(letter)) &* 0x100_0000_01b3
            letters += 1
            if Self.isHangul(scalar) { leastRest = 2 }
        }
        // "è" and "à" are other words than "e" and "a".
        if letters == 1, text[range.lowerBound] & 0xFC == 0xC4 || text[range.lowerBound] == 0xC3 {
            whole &+= 1
        }
        if letters - 1 >= leastRest { withoutOne = previous.x }
        if letters - 2 >= leastRest { withoutTwo = previous.y }
    }

    private static func isHangul(_ scalar: UInt32) -> Bool { scalar >= 0xAC00 && scalar < 0xD7A4 }

    /// The small letter without accents; 0 for a combining accent.
    private static func letter(_ scalar: UInt32) -> UInt32 {
        if scalar < 0x80 { return UInt32(ASCII.lower(UInt8(scalar))) }
        if scalar >= 0x300, scalar < 0x370 { return 0 }
        return scalar < 0x600 ? base[Int(scalar) - 0x80] : scalar
    }

    /// For the Latin, Greek, Cyrillic and Hebrew letters below U+0600.
    private static let base: [UInt32] = (UInt32(0x80)..<0x600).map { value in
        var folded: [UInt8] = []
        Scalars.appendFolded(value, to: &folded)
        let small = Scalars.decode(folded, at: 0).scalar
        // Only these have letters with accents.
        guard small < 0x234 || (0x370..<0x500).contains(small), let scalar = Unicode.Scalar(small) else {
            return small
        }
        return Scalars.decomposed(scalar).first?.value ?? value
    }
}
