/// Which n-grams are made.
///
/// Frozen in a bundle's manifest.
public struct NGramOptions: Sendable, Equatable {
    /// The shortest run of characters inside a word, in Unicode scalars, its two edges counted as one each.
    public var shortest: Int
    /// The longest run of characters, ≤ 8.
    public var longest: Int
    /// The longest run of adjacent words: 0 makes no features of words, 1 single words, 2 pairs beside them.
    public var wordRun: Int
    /// The subject's words once more, apart from the body's.
    public var subjectCopies: Bool

    /// The defaults: words, pairs, and runs of 3 to 5 characters.
    public init(shortest: Int = 3, longest: Int = 5, wordRun: Int = 2, subjectCopies: Bool = false) {
        precondition(
            shortest >= 1 && longest >= shortest && longest <= 8, "runs of \(shortest) to \(longest)")
        precondition((0...2).contains(wordRun), "runs of \(wordRun) words")
        self.shortest = shortest
        self.longest = longest
        self.wordRun = wordRun
        self.subjectCopies = subjectCopies
    }
}

/// The hashed n-grams of one text, in order, with the words they came from when asked.
public struct NGrams: Sendable {
    /// Hashes of words, word pairs and subject words.
    public internal(set) var words: [UInt64] = []
    /// Hashes of runs of characters.
    public internal(set) var characters: [UInt64] = []
    /// Where each word stands: half-open byte ranges of the text, numbered by field (0 subject, 1 body).
    public internal(set) var tokens: [Token] = []
    /// For each of `words`, its first token; filled when origins are recorded.
    public internal(set) var wordOrigins: [Int32] = []
    /// For each of `words`, whether it spans its first token and the next.
    public internal(set) var wordSpansTwo: [Bool] = []
    /// For each of `characters`, its token; filled when origins are recorded.
    public internal(set) var characterOrigins: [Int32] = []

    /// A word and where it stands.
    public struct Token: Sendable, Equatable {
        /// 0 for the subject, 1 for the body.
        public var field: UInt8
        /// Half-open byte range in the field's text.
        public var range: Range<Int32>
    }

    private let recordsOrigins: Bool
    private var folded: [UInt8] = []
    private var starts: [Int] = []

    /// Empty; with `recordingOrigins`, each n-gram can be traced to its words.
    public init(recordingOrigins: Bool = false) { recordsOrigins = recordingOrigins }

    /// Forgets the content and keeps the memory.
    public mutating func removeAll() {
        words.removeAll(keepingCapacity: true)
        characters.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        wordOrigins.removeAll(keepingCapacity: true)
        wordSpansTwo.removeAll(keepingCapacity: true)
        characterOrigins.removeAll(keepingCapacity: true)
    }

    /// The token of a field that holds a byte of its text.
    ///
    /// - Complexity: O(log tokens).
    public func token(field: UInt8, at byte: Int32) -> Int? {
        var low = tokens.partitioningIndex { $0.field >= field }
        var high = tokens.partitioningIndex { $0.field > field }
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].range.upperBound <= byte { low = middle + 1 } else { high = middle }
        }
        return low < tokens.count && tokens[low].field == field && tokens[low].range.contains(byte)
            ? low : nil
    }

    /// Adds the n-grams of one field.
    ///
    /// Pairs do not reach across fields.
    ///
    /// - Complexity: O(bytes); any bytes are accepted, broken UTF-8 counts as U+FFFD.
    public mutating func append(_ text: [UInt8], field: UInt8, options: NGramOptions) {
        var previous: UInt64?
        var index = 0
        while index < text.count {
            let start = index
            let kind = WordScanner.scan(text, at: &index, folded: &folded)
            guard kind != .none else { continue }
            if recordsOrigins { tokens.append(Token(field: field, range: Int32(start)..<Int32(index))) }
            if options.wordRun > 0 { addWords(field: field, &previous, options) }
            guard kind != .symbol else { continue }
            if kind == .ascii { addASCIIRuns(options) } else { addScalarRuns(options) }
        }
    }

    /// The word just scanned, its subject copy, and its pair with the one before.
    private mutating func addWords(field: UInt8, _ previous: inout UInt64?, _ options: NGramOptions) {
        let hash = StableHash.hash(folded, kind: .word)
        addWord(hash, spansTwo: false)
        if options.subjectCopies, field == 0 {
            addWord(StableHash.hash(folded, kind: .subjectWord), spansTwo: false)
        }
        if let previous, options.wordRun > 1 { addWord(StableHash.pair(previous, hash), spansTwo: true) }
        previous = hash
    }

    private mutating func addWord(_ hash: UInt64, spansTwo: Bool) {
        words.append(hash)
        guard recordsOrigins else { return }
        wordOrigins.append(Int32(tokens.count - (spansTwo ? 2 : 1)))
        wordSpansTwo.append(spansTwo)
    }

    /// Runs of a word of ASCII, edges marked by spaces: the last bytes seen sit in one 64-bit window.
    private mutating func addASCIIRuns(_ options: NGramOptions) {
        let before = characters.count
        var window: UInt64 = 0x20 << 56
        let shortest = options.shortest
        let longest = options.longest
        for end in 1...folded.count + 1 {
            let byte = end <= folded.count ? folded[end - 1] : 0x20
            window = window >> 8 | UInt64(byte) << 56
            var length = shortest
            let most = min(longest, end + 1)
            while length <= most {
                let packed = window >> UInt64(64 - 8 * length)
                characters.append(StableHash.hash(packed: packed, length: length, kind: .characters))
                length += 1
            }
        }
        recordCharacterOrigins(since: before)
    }

    /// The same runs for any script, cut between scalars.
    private mutating func addScalarRuns(_ options: NGramOptions) {
        let before = characters.count
        folded.insert(0x20, at: 0)
        folded.append(0x20)
        starts.removeAll(keepingCapacity: true)
        for (index, byte) in folded.enumerated() where byte & 0xC0 != 0x80 { starts.append(index) }
        starts.append(folded.count)
        for end in 2..<starts.count {
            var length = options.shortest
            while length <= min(options.longest, end) {
                let run = folded[starts[end - length]..<starts[end]]
                characters.append(StableHash.hash(run, kind: .characters))
                length += 1
            }
        }
        recordCharacterOrigins(since: before)
    }

    private mutating func recordCharacterOrigins(since before: Int) {
        guard recordsOrigins else { return }
        let origin = Int32(tokens.count - 1)
        for _ in before..<characters.count { characterOrigins.append(origin) }
    }
}

extension Array {
    /// The first index whose element satisfies a condition that holds from some place on.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
