internal import TriageText

/// Groups of words that occur close together: `rauch|feuer* + serverraum|lager`, a line of a floor's `patterns`.
package struct FloorPattern: Sendable, Equatable {
    /// The most parts of a pattern.
    static let maximumParts = 5
    /// The most alternatives of a part, with those that its parentheses stand for.
    static let maximumAlternatives = 500
    /// The most other words that a pattern may allow.
    static let maximumGap = 20

    /// A word of an alternative.
    struct Word: Sendable, Equatable {
        /// The hash of the whole word, or of its first three letters where it stands for words that begin so.
        var hash: UInt64
        /// The hash of what a word must begin with; 0 for a whole word.
        var start: UInt64 = 0
        /// The bytes of what a word must begin with.
        var length: UInt8 = 0
    }

    /// Alternatives, the words of all in one array.
    struct Phrases: Sendable, Equatable {
        var words: [Word] = []
        /// By alternative, the end of its words.
        var ends: [Int] = []
    }

    /// A list under `words:`, which patterns use as `<name>`.
    struct List: Sendable, Equatable {
        var name: String
        var phrases: Phrases
    }

    /// Alternatives of which one must occur: its own and those of lists.
    struct Part: Sendable, Equatable {
        var own: Phrases
        var lists: [List]
    }

    /// What is wrong with a pattern, for an error that names the line.
    struct Problem: Error {
        var text: String
    }

    /// As it is written.
    let text: String
    let parts: [Part]
    /// The most other words that it allows; nil for what is usual.
    let maximumGap: Int?

    /// Reads a pattern; a number behind `~` at its end is the most other words.
    init(_ text: String, lists: [String: List]) throws(Problem) {
        self.text = text
        var written = text.utf8[...]
        if let tilde = written.lastIndex(of: UInt8(ascii: "~")) {
            let digits = written[written.index(after: tilde)...].filter { $0 != 0x20 }
            let number = Int(String(decoding: digits, as: UTF8.self))
            guard let number, 0...FloorPattern.maximumGap ~= number else {
                throw Problem(text: "needs a number from 0 to \(FloorPattern.maximumGap) behind ~")
            }
            maximumGap = number
            written = written[..<tilde]
        } else {
            maximumGap = nil
        }
        var parts: [Part] = []
        for part in written.split(separator: UInt8(ascii: "+"), omittingEmptySubsequences: false) {
            parts.append(try FloorPattern.part(String(decoding: part, as: UTF8.self), lists))
        }
        guard parts.count <= FloorPattern.maximumParts else {
            throw Problem(text: "has more than \(FloorPattern.maximumParts) parts: split it")
        }
        self.parts = parts
    }

    /// Reads a part such as `(whole|entire) office|fire*|<place>`.
    static func part(_ text: String, _ known: [String: List]) throws(Problem) -> Part {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return Part(own: try phrases(text), lists: []) }
        var lists: [List] = []
        var own: [Substring] = []
        for alternative in text.split(separator: "|", omittingEmptySubsequences: false) {
            if alternative.utf8.contains(UInt8(ascii: "<")) {
                lists.append(try list(alternative, known))
            } else {
                own.append(alternative)
            }
        }
        return Part(own: own.isEmpty ? Phrases() : try phrases(own.joined(separator: "|")), lists: lists)
    }

    private static func list(_ alternative: Substring, _ known: [String: List]) throws(Problem) -> List {
        let name = alternative.filter { $0 != " " }.dropFirst().dropLast()
        guard alternative.filter({ $0 != " " }) == "<\(name)>" else {
            throw Problem(text: "has \"\(alternative)\": write <name> alone between two |")
        }
        guard let list = known[String(name)] else {
            throw Problem(text: "uses <\(name)>, which is not there: define \(name) under words:")
        }
        return list
    }

    /// Reads alternatives, also as people without umlauts on their keyboard write them.
    static func phrases(_ text: String) throws(Problem) -> Phrases {
        var phrases = Phrases()
        for spelling in spellings(of: text) {
            var reader = PhraseReader(spelling)
            for words in try reader.alternatives() {
                phrases.words += words
                phrases.ends.append(phrases.words.count)
            }
        }
        return phrases
    }

    /// A text, and the same with "ae", "oe" and "ue" where it has umlauts.
    private static func spellings(of text: String) -> [String] {
        guard text.utf8.contains(0xC3) else { return [text] }
        var spelled: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            guard byte == 0xC3, let second = bytes.next() else {
                spelled.append(byte)
                continue
            }
            switch second {
            case 0xA4, 0x84: spelled += [0x61, 0x65]
            case 0xB6, 0x96: spelled += [0x6F, 0x65]
            case 0xBC, 0x9C: spelled += [0x75, 0x65]
            default: spelled += [byte, second]
            }
        }
        let other = String(decoding: spelled, as: UTF8.self)
        return other == text ? [text] : [text, other]
    }
}

/// Reads the alternatives of one part without lists.
private struct PhraseReader {
    private let words: PlainWords
    private var next = 0

    init(_ text: String) { words = PlainWords(text, keepingSymbols: true) }

    /// All alternatives, each with a word at least.
    mutating func alternatives() throws(FloorPattern.Problem) -> [[FloorPattern.Word]] {
        let alternatives = try choice(isInner: false)
        guard alternatives.allSatisfy({ !$0.isEmpty }) else {
            throw FloorPattern.Problem(text: "has an alternative with no word in it")
        }
        return alternatives
    }

    /// Reads up to the end, or up to the parenthesis that closes what is read.
    private mutating func choice(isInner: Bool) throws(FloorPattern.Problem) -> [[FloorPattern.Word]] {
        var finished: [[FloorPattern.Word]] = []
        var open: [[FloorPattern.Word]] = [[]]
        while next < words.list.count {
            let word = words.list[next]
            next += 1
            switch word.symbol {
            case 0:
                let word = try read(word)
                for place in open.indices { open[place].append(word) }
            case UInt8(ascii: "|"):
                finished += open
                open = [[]]
            case UInt8(ascii: "("): open = try joined(open, choice(isInner: true))
            case UInt8(ascii: ")"):
                guard isInner else { throw FloorPattern.Problem(text: "has a ) without a (") }
                return finished + open
            case UInt8(ascii: "*"):
                throw FloorPattern.Problem(
                    text: "has a * that does not follow a word of three letters or more")
            default: break
            }
        }
        guard !isInner else { throw FloorPattern.Problem(text: "has a ( without a )") }
        return finished + open
    }

    /// A word; before a `*`, which is read too, the beginning of words.
    private mutating func read(_ word: PlainWords.Word) throws(FloorPattern.Problem) -> FloorPattern.Word {
        guard next < words.list.count, words.list[next].symbol == UInt8(ascii: "*"), word.beginning != 0
        else {
            return FloorPattern.Word(hash: word.hash)
        }
        guard let length = UInt8(exactly: word.length) else {
            throw FloorPattern.Problem(text: "has a word of more than 255 bytes")
        }
        next += 1
        return FloorPattern.Word(hash: word.beginning, start: word.hash, length: length)
    }

    /// Every alternative of the first followed by every one of the second.
    private func joined(
        _ first: [[FloorPattern.Word]], _ second: [[FloorPattern.Word]]
    ) throws(FloorPattern.Problem) -> [[FloorPattern.Word]] {
        let limit = FloorPattern.maximumAlternatives
        guard first.count * second.count <= limit else {
            throw FloorPattern.Problem(text: "stands for more than \(limit) phrases: split it")
        }
        return first.flatMap { start in second.map { start + $0 } }
    }
}
