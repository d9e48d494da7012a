internal import TriageText

/// Reads patterns from the words and symbols of a whole block, found in one walk over it.
///
/// The words of all patterns lie in one array, and so do the ends of their alternatives: a playbook has ten thousand.
struct FloorPatternReader {
    private typealias Problem = FloorPattern.Problem

    private let bytes: [UInt8]
    private let words: PatternWords
    private let lists: FloorPattern.Lists
    /// The next word or symbol, and where those of the line that is read end.
    private var next = 0
    private var end = 0
    /// The byte at which it ends.
    private var endByte = 0
    /// How many lines lie before the one that is read.
    private(set) var line = -1

    private var pieces: [FloorPattern.Word] = []
    private var ends: [Int32] = []
    private var parts: [PartRead] = []
    private var patterns: [PatternRead] = []
    private var part = PartRead()
    /// Whether what was read since the last `|` is a list.
    private var isList = false

    init(_ text: String, _ lists: FloorPattern.Lists) {
        bytes = Array(text.utf8)
        words = PatternWords(bytes)
        self.lists = lists
        pieces.reserveCapacity(words.list.count * 2 / 3)
    }

    /// The whole text as one pattern.
    mutating func pattern() throws(FloorPattern.Problem) -> FloorPattern {
        end = words.list.count
        endByte = bytes.count
        try readPattern(bytes.indices)
        return finished()[0]
    }

    /// One pattern a line; empty lines, and those that begin with #, are left out.
    mutating func patternPerLine() throws(FloorPattern.Problem) -> [FloorPattern] {
        var start = 0
        while start < bytes.count {
            let lineEnd = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            line += 1
            endByte = lineEnd
            end = next
            while end < words.list.count, words.list[end].start < lineEnd { end += 1 }
            let first = bytes[start..<lineEnd].firstIndex { $0 != UInt8(ascii: " ") }
            if let first, bytes[first] != UInt8(ascii: "#") { try readPattern(first..<lineEnd) }
            next = end
            start = lineEnd + 1
        }
        return finished()
    }

    // MARK: - Patterns and parts

    private struct PartRead {
        var pieces = 0..<0
        var ends = 0..<0
        var lists: [FloorPattern.List] = []
    }

    private struct PatternRead {
        var text: Range<Int>
        var parts: Range<Int>
        var gap: Int?
    }

    private mutating func readPattern(_ text: Range<Int>) throws(FloorPattern.Problem) {
        let firstPart = parts.count
        var gap: Int?
        var open = Choices()
        startPart()
        while next < end, gap == nil {
            let word = words.list[next]
            next += 1
            switch word.symbol {
            case UInt8(ascii: "|"): try close(&open)
            case UInt8(ascii: "+"): try closePart(&open)
            case UInt8(ascii: "~"): gap = try number()
            case UInt8(ascii: "<"): try addList(beside: open)
            case 0 where open.isEmpty && !isList:
                let piece = piece(word)
                // Most alternatives are one word.
                if next < end, words.list[next].symbol == UInt8(ascii: "|") {
                    next += 1
                    try add(piece)
                } else {
                    open.append(piece)
                }
            default: try read(word, &open)
            }
        }
        try closePart(&open)
        let limit = FloorPattern.maximumParts
        guard parts.count - firstPart <= limit else {
            throw Problem(text: "has more than \(limit) parts: split it")
        }
        patterns.append(PatternRead(text: text, parts: firstPart..<parts.count, gap: gap))
    }

    private mutating func startPart() {
        part = PartRead(pieces: pieces.count..<pieces.count, ends: ends.count..<ends.count)
    }

    private mutating func closePart(_ open: inout Choices) throws(FloorPattern.Problem) {
        try close(&open)
        part.pieces = part.pieces.lowerBound..<pieces.count
        part.ends = part.ends.lowerBound..<ends.count
        parts.append(part)
        startPart()
    }

    /// The patterns, whose words are slices of what was read.
    private func finished() -> [FloorPattern] {
        patterns.map { pattern in
            FloorPattern(
                text: String(decoding: bytes[pattern.text], as: UTF8.self),
                parts: parts[pattern.parts].map {
                    FloorPattern.Part(
                        own: FloorPattern.Phrases(words: pieces[$0.pieces], ends: ends[$0.ends]),
                        lists: $0.lists)
                }, maximumGap: pattern.gap)
        }
    }

    // MARK: - Alternatives

    /// A word that was read, by its place.
    private struct Piece {
        var place: Int32
        var isBeginning = false
    }

    /// The alternatives whose last words were read; more than one after a parenthesis.
    private struct Choices {
        var pieces: [Piece] = []
        var ends = [0]

        var isEmpty: Bool { pieces.isEmpty && ends.count == 1 }

        mutating func append(_ piece: Piece) {
            if ends.count == 1 {
                pieces.append(piece)
                ends[0] += 1
            } else {
                self = followed(by: Choices(pieces: [piece], ends: [1]))
            }
        }

        mutating func add(_ other: Choices) {
            let count = pieces.count
            for end in other.ends { ends.append(count + end) }
            for piece in other.pieces { pieces.append(piece) }
        }

        mutating func clear() {
            pieces.removeAll(keepingCapacity: true)
            if ends.count == 1 { ends[0] = 0 } else { ends = [0] }
        }

        /// Every alternative followed by every one of the other.
        func followed(by other: Choices) -> Choices {
            if isEmpty { return other }
            var joined = Choices(ends: [])
            let (count, otherCount) = (ends.count, other.ends.count)
            joined.ends.reserveCapacity(count * otherCount)
            joined.pieces.reserveCapacity(otherCount * pieces.count + count * other.pieces.count)
            var start = 0
            for end in ends {
                var otherStart = 0
                for otherEnd in other.ends {
                    for place in start..<end { joined.pieces.append(pieces[place]) }
                    for place in otherStart..<otherEnd { joined.pieces.append(other.pieces[place]) }
                    joined.ends.append(joined.pieces.count)
                    otherStart = otherEnd
                }
                start = end
            }
            return joined
        }
    }

    /// Ends an alternative.
    private mutating func close(_ open: inout Choices) throws(FloorPattern.Problem) {
        if isList, open.isEmpty {
            isList = false
            return
        }
        var start = 0
        for end in open.ends {
            guard end > start else { throw Problem(text: "has an alternative with no word in it") }
            try add(open.pieces[start..<end])
            start = end
        }
        guard !isList else { throw Problem(text: "has words beside a <name>: put | between them") }
        open.clear()
    }

    /// Adds an alternative of one word, and its other spelling.
    private mutating func add(_ piece: Piece) throws(FloorPattern.Problem) {
        let read = words.list[Int(piece.place)]
        pieces.append(try word(read, isBeginning: piece.isBeginning))
        ends.append(Int32(pieces.count - part.pieces.lowerBound))
        guard read.spelling >= 0 else { return }
        pieces.append(try word(words.spellings[Int(read.spelling)], isBeginning: piece.isBeginning))
        ends.append(Int32(pieces.count - part.pieces.lowerBound))
    }

    /// Adds an alternative, and again with its other spelling.
    private mutating func add(_ alternative: ArraySlice<Piece>) throws(FloorPattern.Problem) {
        var isSpelled = false
        for piece in alternative {
            let read = words.list[Int(piece.place)]
            isSpelled = isSpelled || read.spelling >= 0
            pieces.append(try word(read, isBeginning: piece.isBeginning))
        }
        ends.append(Int32(pieces.count - part.pieces.lowerBound))
        guard isSpelled else { return }
        for piece in alternative {
            let read = words.list[Int(piece.place)]
            let spelled = read.spelling < 0 ? read : words.spellings[Int(read.spelling)]
            pieces.append(try word(spelled, isBeginning: piece.isBeginning))
        }
        ends.append(Int32(pieces.count - part.pieces.lowerBound))
    }

    private func word(
        _ word: PatternWords.Word, isBeginning: Bool
    ) throws(FloorPattern.Problem) -> FloorPattern.Word {
        let size = UInt8(clamping: word.length)
        guard isBeginning else { return FloorPattern.Word(hash: word.hash, size: size) }
        guard word.length <= 255 else { throw Problem(text: "has a word of more than 255 bytes") }
        return FloorPattern.Word(
            hash: word.beginning, start: word.hash, letters: word.letters, length: size,
            size: size)
    }

    /// Reads a word, or a parenthesis with alternatives, at the end of what is open.
    private mutating func read(
        _ word: PatternWords.Word, _ open: inout Choices
    ) throws(FloorPattern.Problem) {
        switch word.symbol {
        case 0: open.append(piece(word))
        case UInt8(ascii: "("): open = try joined(open, choice())
        case UInt8(ascii: ")"): throw Problem(text: "has a ) without a (")
        case UInt8(ascii: "*"):
            throw Problem(text: "has a * that does not follow a word of three letters or more")
        default: break
        }
    }

    /// Reads up to the parenthesis that closes what is read.
    private mutating func choice() throws(FloorPattern.Problem) -> Choices {
        var finished = Choices(ends: [])
        var open = Choices()
        while next < end {
            let word = words.list[next]
            next += 1
            switch word.symbol {
            case UInt8(ascii: "|"):
                finished.add(open)
                open.clear()
            case UInt8(ascii: ")"):
                finished.add(open)
                return finished
            default: try read(word, &open)
            }
        }
        throw Problem(text: "has a ( without a )")
    }

    /// The word just read; before a `*`, which is read too, the beginning of words.
    private mutating func piece(_ word: PatternWords.Word) -> Piece {
        var piece = Piece(place: Int32(next - 1))
        if next < end, words.list[next].symbol == UInt8(ascii: "*"), word.beginning != 0 {
            piece.isBeginning = true
            next += 1
        }
        return piece
    }

    private func joined(_ first: Choices, _ second: Choices) throws(FloorPattern.Problem) -> Choices {
        let limit = FloorPattern.maximumAlternatives
        guard first.ends.count * second.ends.count <= limit else {
            throw Problem(text: "gives more than \(limit) phrases: split it")
        }
        return first.followed(by: second)
    }

    // MARK: - Lists and numbers

    /// Adds the list of a name, which ends at `>`.
    private mutating func addList(beside open: Choices) throws(FloorPattern.Problem) {
        guard open.isEmpty, !isList else {
            throw Problem(text: "has words beside a <name>: put | between them")
        }
        var key: UInt64 = 0
        let start = Int(words.list[next - 1].start) + 1
        while next < end, words.list[next].symbol != UInt8(ascii: ">") {
            key = StableHash.pair(key, words.list[next].hash)
            next += 1
        }
        let nameEnd = next < end ? Int(words.list[next].start) : endByte
        next = min(next + 1, end)
        guard let list = lists[key] else {
            let name = String(decoding: bytes[start..<nameEnd], as: UTF8.self)
            throw Problem(text: "uses <\(name)>, which is not there: define \(name) under words:")
        }
        part.lists.append(list)
        isList = true
    }

    /// The number behind `~`, which must be the last word.
    private mutating func number() throws(FloorPattern.Problem) -> Int {
        let limit = FloorPattern.maximumGap
        let written = bytes[Int(words.list[next - 1].start + 1)..<endByte].filter { $0 > 0x20 }
        guard next == end - 1, let number = Int(String(decoding: written, as: UTF8.self)),
            (0...limit).contains(number)
        else {
            throw Problem(text: "needs a number from 0 to \(limit) behind ~, at its end")
        }
        return number
    }
}
