internal import TriageText

/// What stands between two words without a space.
enum Joint {
    case dot
    case hyphen
    case colon
    case at
    /// A slash, a backslash or an ampersand.
    case slash

    /// The mark at a place of a list of words; nil when it does not join the words around it.
    init?(_ found: Words, _ list: [Words.Word], at place: Int) {
        let mark = list[place]
        guard mark.isSymbol, place > 0, place + 1 < list.count, !list[place + 1].isSymbol,
            list[place - 1].range.upperBound == mark.range.lowerBound,
            mark.range.upperBound == list[place + 1].range.lowerBound
        else { return nil }
        self.init(found.folded(mark))
    }

    private init?(_ mark: ArraySlice<UInt8>) {
        switch mark.first {
        case 0x2E: self = .dot
        case 0x2D: self = .hyphen
        case 0x3A: self = .colon
        case 0x40: self = .at
        case 0x2F, 0x5C, 0x26: self = .slash
        default:
            guard Joint.hyphens.contains(where: { mark.elementsEqual($0) }) else { return nil }
            self = .hyphen
        }
    }

    /// The soft hyphen, the hyphens and dashes of the General Punctuation block, and the minus sign.
    private static let hyphens = "\u{AD}\u{2010}\u{2011}\u{2012}\u{2013}\u{2212}".unicodeScalars.map {
        Array(String($0).utf8)
    }

    /// As it is written inside an identifier.
    var byte: UInt8 {
        switch self {
        case .dot: 0x2E
        case .hyphen: 0x2D
        case .colon: 0x3A
        case .at: 0x40
        case .slash: 0x2F
        }
    }
}

/// Words with one mark between each two and no space, such as ORA-12154, 7.2.1 or portal.example.org.
struct WordChain {
    private var words: [ArraySlice<UInt8>] = []
    /// The mark behind each word but the last.
    private var joints: [Joint] = []
    /// The places of the words in the list that they are from.
    private(set) var places: [Int] = []

    /// The chain that begins with the word at a place, and ends before `limit`.
    init(_ found: Words, _ list: [Words.Word], from start: Int, limit: Int) {
        words.append(found.folded(list[start]))
        places.append(start)
        var next = start + 1
        while next + 1 < limit, let joint = Joint(found, list, at: next) {
            joints.append(joint)
            words.append(found.folded(list[next + 1]))
            places.append(next + 1)
            next += 2
        }
    }

    var count: Int { words.count }

    func word(_ place: Int) -> ArraySlice<UInt8> { words[place] }

    // MARK: - Versions

    /// The words of the version that begins with a word: numbers with points between them, the first one perhaps after
    /// letters, as in v7.2.1 or python3.10; the word alone when none does.
    func version(from first: Int) -> Range<Int> {
        guard WordChain.isNumber(WordChain.withoutLetters(words[first])) else { return first..<first + 1 }
        let limit = min(count, first + WordChain.longestVersion)
        var end = first + 1
        while end < limit, joints[end - 1] == .dot, WordChain.isNumber(words[end]) { end += 1 }
        return first..<end
    }

    /// The hashes of a version's beginnings, the whole last: "7", "7.2" and "7.2.1" of v7.2.1; "2.5" of "02.05" when
    /// zeros do not count.
    func beginnings(of version: Range<Int>, withoutZeros: Bool = false) -> [UInt64] {
        var text: [UInt8] = []
        return version.map { place in
            if place > version.lowerBound { text.append(0x2E) }
            let part = place == version.lowerBound ? WordChain.withoutLetters(words[place]) : words[place]
            text += withoutZeros && part.count > 1 ? part.drop { $0 == 0x30 } : part
            return StableHash.hash(text, kind: .word)
        }
    }

    /// The letters before a version's first number: "python" of python3.10.
    func versionLetters(from first: Int) -> ArraySlice<UInt8> {
        words[first].prefix(words[first].count - WordChain.withoutLetters(words[first]).count)
    }

    private static let longestVersion = 6

    /// Whether it begins with a digit, as "2", "19045" or "1b".
    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        word.first.map { $0 &- 0x30 < 10 } ?? false
    }

    /// The number of a word of ASCII letters and a number; another word as it is.
    private static func withoutLetters(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let number = word.drop { $0 &- 0x61 < 26 }
        return !number.isEmpty && number.allSatisfy { $0 &- 0x30 < 10 } ? number : word
    }

    // MARK: - Dates, addresses and codes

    /// Whether all words are digits.
    var isOfDigits: Bool { words.allSatisfy { $0.allSatisfy { $0 &- 0x30 < 10 } } }

    /// Whether a version may be a date that ends or begins with a year, or an address of the Internet.
    func isDateOrAddress(_ version: Range<Int>) -> Bool {
        let numbers = version.map { Int(String(decoding: words[$0], as: UTF8.self)) ?? -1 }
        if numbers.count == 4 { return numbers.allSatisfy { (0..<256).contains($0) } }
        let years = 1900..<2100
        guard let first = numbers.first, let last = numbers.last else { return false }
        if numbers.count == 2 { return (1...12).contains(first) && years.contains(last) }
        return numbers.count == 3 && (years.contains(last) || years.contains(first))
            && numbers.dropLast(years.contains(last) ? 1 : 0).dropFirst(years.contains(last) ? 0 : 1)
                .allSatisfy { (1...31).contains($0) }
    }

    /// The end of the numbers that hyphens join to a word, as in ORA-12154 or CVE-2021-44228; nil without one, and before
    /// a version.
    func endOfCode(from place: Int) -> Int? {
        var end = place + 1
        while end < count, joints[end - 1] == .hyphen, WordChain.isNumber(words[end]) { end += 1 }
        return end == place + 1 || version(from: place + 1).count > 1 ? nil : end
    }

    /// Whether a word is a number of two digits or more that a hyphen joins to letters or to another number.
    func isEndOfCode(_ place: Int) -> Bool {
        place > 0 && joints[place - 1] == .hyphen && words[place].count > 1
            && words[place].allSatisfy { $0 &- 0x30 < 10 }
    }

    /// Words with hyphens between them.
    func joined(_ range: Range<Int>) -> [UInt8] { Array(words[range].joined(separator: [0x2D])) }

    // MARK: - Spellings of several words

    /// The hashes of pairs written as one word: "ora12154" of ORA-12154, "tcpip" of TCP/IP.
    var joinedPairs: [UInt64] {
        joints.indices.compactMap { place in
            switch joints[place] {
            case .dot, .at: nil
            case .hyphen, .colon, .slash:
                StableHash.hash(Array(words[place]) + words[place + 1], kind: .word)
            }
        }
    }

    /// The hashes of what names a thing as a whole: host names and mailboxes as they are written, and three or more words
    /// with hyphens or colons, such as a hardware address or a serial number, as one word.
    var identifiers: [(term: UInt64, words: Range<Int>)] {
        guard count > 2 || joints.contains(where: { $0 == .dot || $0 == .at }) else { return [] }
        let names = runs { $0 != .colon && $0 != .slash }.compactMap { run in
            name(run).map { (term: $0, words: run) }
        }
        let joined =
            [Joint.hyphen, .colon].flatMap { joint in runs { $0 == joint } }.filter { $0.count > 2 }
            + runs { $0 == .dot }.filter(isHardwareAddress)
        return names + joined.map { (StableHash.hash(Array(words[$0].joined()), kind: .word), $0) }
    }

    /// Whether words are a hardware address as network switches write it: 001A.2B3C.4D5E.
    private func isHardwareAddress(_ run: Range<Int>) -> Bool {
        run.count == 3
            && words[run].allSatisfy { word in
                word.count == 4 && word.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }
            }
    }

    /// A host name without "www", or a mailbox; nil for a version, and for what has neither point nor "@".
    private func name(_ run: Range<Int>) -> UInt64? {
        guard joints[run.lowerBound..<run.upperBound - 1].contains(where: { $0 == .dot || $0 == .at }),
            version(from: run.lowerBound) != run
        else { return nil }
        let isWeb = run.count > 2 && words[run.lowerBound].elementsEqual("www".utf8)
        var text: [UInt8] = []
        for place in run.dropFirst(isWeb ? 1 : 0) {
            text += words[place]
            if place + 1 < run.upperBound { text.append(joints[place].byte) }
        }
        return StableHash.hash(text, kind: .word)
    }

    /// The longest stretches of two or more words whose joints all are as wanted.
    private func runs(_ isWanted: (Joint) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        for place in 0...joints.count where place == joints.count || !isWanted(joints[place]) {
            if place > start { runs.append(start..<place + 1) }
            start = place + 1
        }
        return runs
    }
}
