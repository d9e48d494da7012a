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
        /// Its first letters, at most eight, where it stands for words that begin so.
        var letters: UInt64 = 0
        /// How many bytes it has as it is written.
        var size = 0
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
        var own = Phrases()
        var lists: [List] = []
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
    init(_ text: String, lists: Lists) throws(Problem) {
        self.text = text
        (parts, maximumGap) = try FloorPattern.read(text, lists)
    }

    /// Reads a list's alternatives.
    static func phrases(_ text: String) throws(Problem) -> Phrases {
        let (parts, gap) = try read(text, Lists())
        guard parts.count == 1, gap == nil else {
            throw Problem(text: "has a + or a ~, which only patterns have")
        }
        return parts[0].own
    }

    private static func read(_ text: String, _ lists: Lists) throws(Problem) -> (parts: [Part], gap: Int?) {
        var reader = PatternReader(text, lists)
        var pattern = try reader.pattern()
        if let spelled = spelled(text) {
            var reader = PatternReader(spelled, lists)
            for (place, part) in try reader.pattern().parts.enumerated() {
                pattern.parts[place].own.add(part.own)
            }
        }
        return pattern
    }

    /// A text with "ae", "oe" and "ue" for umlauts, as people without them on their keyboard write; nil without any.
    private static func spelled(_ text: String) -> String? {
        guard text.utf8.contains(0xC3) else { return nil }
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
        return other == text ? nil : other
    }
}

extension FloorPattern.Phrases {
    mutating func add(_ phrase: some Sequence<FloorPattern.Word>) {
        words += phrase
        ends.append(words.count)
    }

    /// Adds the phrases of another spelling, as far as they differ: the same number in the same order.
    fileprivate mutating func add(_ other: Self) {
        var (start, otherStart) = (0, 0)
        for place in 0..<ends.count {
            let phrase = other.words[otherStart..<other.ends[place]]
            if phrase != words[start..<ends[place]] { add(phrase) }
            (start, otherStart) = (ends[place], other.ends[place])
        }
    }
}

extension FloorPattern {
    /// The lists that patterns may use.
    struct Lists {
        private var byName: [UInt64: List] = [:]

        init() {}

        mutating func add(_ list: List) {
            let name = PlainWords(list.name, keepingSymbols: true)
            byName[name.list.reduce(0) { StableHash.pair($0, $1.hash) }] = list
        }

        subscript(key: UInt64) -> List? { byName[key] }
    }
}

/// Reads a pattern from its words and symbols.
private struct PatternReader {
    private typealias Word = FloorPattern.Word
    private typealias Problem = FloorPattern.Problem

    private let words: PlainWords
    private let lists: FloorPattern.Lists
    private var next = 0
    private var part = FloorPattern.Part()
    /// Whether what was read since the last `|` is a list.
    private var isList = false

    init(_ text: String, _ lists: FloorPattern.Lists) {
        words = PlainWords(text, keepingSymbols: true)
        self.lists = lists
    }

    mutating func pattern() throws(FloorPattern.Problem) -> (parts: [FloorPattern.Part], gap: Int?) {
        var parts: [FloorPattern.Part] = []
        var gap: Int?
        // The alternatives whose last words were read; more than one after a parenthesis.
        var open: [[Word]] = [[]]
        while next < words.list.count, gap == nil {
            let word = words.list[next]
            next += 1
            switch word.symbol {
            case UInt8(ascii: "|"): try close(&open)
            case UInt8(ascii: "+"): parts.append(try closePart(&open))
            case UInt8(ascii: "~"): gap = try number()
            case UInt8(ascii: "<"): try addList(beside: open)
            default: try read(word, &open)
            }
        }
        parts.append(try closePart(&open))
        let limit = FloorPattern.maximumParts
        guard parts.count <= limit else { throw Problem(text: "has more than \(limit) parts: split it") }
        return (parts, gap)
    }

    private mutating func closePart(
        _ open: inout [[FloorPattern.Word]]
    ) throws(FloorPattern.Problem) -> FloorPattern.Part {
        try close(&open)
        defer { part = FloorPattern.Part() }
        return part
    }

    /// Ends an alternative.
    private mutating func close(_ open: inout [[FloorPattern.Word]]) throws(FloorPattern.Problem) {
        if isList, open == [[]] {
            isList = false
            return
        }
        for phrase in open {
            guard !phrase.isEmpty else { throw Problem(text: "has an alternative with no word in it") }
            part.own.add(phrase)
        }
        guard !isList else { throw Problem(text: "has words beside a <name>: put | between them") }
        if open.count == 1 { open[0].removeAll(keepingCapacity: true) } else { open = [[]] }
    }

    /// Reads a word, or a parenthesis with alternatives, at the end of what is open.
    private mutating func read(
        _ word: PlainWords.Word, _ open: inout [[FloorPattern.Word]]
    ) throws(FloorPattern.Problem) {
        switch word.symbol {
        case 0:
            let word = try patternWord(word)
            for place in open.indices { open[place].append(word) }
        case UInt8(ascii: "("): open = try joined(open, choice())
        case UInt8(ascii: ")"): throw Problem(text: "has a ) without a (")
        case UInt8(ascii: "*"):
            throw Problem(text: "has a * that does not follow a word of three letters or more")
        default: break
        }
    }

    /// Reads up to the parenthesis that closes what is read.
    private mutating func choice() throws(FloorPattern.Problem) -> [[FloorPattern.Word]] {
        var finished: [[Word]] = []
        var open: [[Word]] = [[]]
        while next < words.list.count {
            let word = words.list[next]
            next += 1
            switch word.symbol {
            case UInt8(ascii: "|"):
                finished += open
                open = [[]]
            case UInt8(ascii: ")"): return finished + open
            default: try read(word, &open)
            }
        }
        throw Problem(text: "has a ( without a )")
    }

    /// A word; before a `*`, which is read too, the beginning of words.
    private mutating func patternWord(
        _ word: PlainWords.Word
    ) throws(FloorPattern.Problem) -> FloorPattern.Word {
        guard next < words.list.count, words.list[next].symbol == UInt8(ascii: "*"), word.beginning != 0
        else {
            return Word(hash: word.hash, size: word.length)
        }
        guard let length = UInt8(exactly: word.length) else {
            throw Problem(text: "has a word of more than 255 bytes")
        }
        next += 1
        return Word(
            hash: word.beginning, start: word.hash, length: length, letters: words.firstLetters(of: word),
            size: word.length)
    }

    /// Every alternative of the first followed by every one of the second.
    private func joined(
        _ first: [[FloorPattern.Word]], _ second: [[FloorPattern.Word]]
    ) throws(FloorPattern.Problem) -> [[FloorPattern.Word]] {
        let limit = FloorPattern.maximumAlternatives
        guard first.count * second.count <= limit else {
            throw Problem(text: "stands for more than \(limit) phrases: split it")
        }
        return first.flatMap { start in second.map { start + $0 } }
    }

    /// Adds the list of a name, which ends at `>`.
    private mutating func addList(beside open: [[FloorPattern.Word]]) throws(FloorPattern.Problem) {
        guard open == [[]], !isList else {
            throw Problem(text: "has words beside a <name>: put | between them")
        }
        var key: UInt64 = 0
        var name = ""
        while next < words.list.count, words.list[next].symbol != UInt8(ascii: ">") {
            key = StableHash.pair(key, words.list[next].hash)
            name += words.text(words.list[next])
            next += 1
        }
        next += 1
        guard let list = lists[key] else {
            throw Problem(text: "uses <\(name)>, which is not there: define \(name) under words:")
        }
        part.lists.append(list)
        isList = true
    }

    /// The number behind `~`, which must be the last word.
    private mutating func number() throws(FloorPattern.Problem) -> Int {
        let limit = FloorPattern.maximumGap
        guard next == words.list.count - 1, let number = Int(words.text(words.list[next])), number <= limit
        else {
            throw Problem(text: "needs a number from 0 to \(limit) behind ~, at its end")
        }
        return number
    }
}
