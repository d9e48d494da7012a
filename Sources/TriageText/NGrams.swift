/// Which n-grams are made.
///
/// Frozen in a bundle's manifest.
package struct NGramOptions: Sendable, Equatable {
    /// The shortest run of characters inside a word, in Unicode scalars, its two edges counted as one each.
    package var minimumRun: Int
    /// The longest run of characters, ≤ 8.
    package var maximumRun: Int
    /// The longest run of adjacent words: 0 makes no features of words, 1 single words, 2 pairs beside them.
    package var wordRun: Int
    /// The subject's words once more, apart from the body's.
    package var subjectCopies: Bool

    /// The defaults: words, pairs, and runs of 3 to 5 characters.
    package init(minimumRun: Int = 3, maximumRun: Int = 5, wordRun: Int = 2, subjectCopies: Bool = false) {
        precondition(
            minimumRun >= 1 && maximumRun >= minimumRun && maximumRun <= 8,
            "runs of \(minimumRun) to \(maximumRun)")
        precondition((0...2).contains(wordRun), "runs of \(wordRun) words")
        self.minimumRun = minimumRun
        self.maximumRun = maximumRun
        self.wordRun = wordRun
        self.subjectCopies = subjectCopies
    }
}

/// The hashed n-grams of some words, in order, with the words they came from if requested.
package struct NGrams: Sendable {
    /// Hashes of words, word pairs and subject words.
    package private(set) var words: [UInt64] = []
    /// Hashes of runs of characters.
    package private(set) var characters: [UInt64] = []
    /// For each of `words`, the place of its first word; filled when origins are recorded.
    package private(set) var wordOrigins: [Int32] = []
    /// For each of `words`, whether it spans its first word and the next.
    package private(set) var wordSpansTwo: [Bool] = []
    /// For each of `characters`, the place of its word; filled when origins are recorded.
    package private(set) var characterOrigins: [Int32] = []

    private let recordsOrigins: Bool

    /// Empty; with `recordingOrigins`, each n-gram can be traced to its words.
    package init(recordingOrigins: Bool = false) { recordsOrigins = recordingOrigins }

    /// Replaces the content by the n-grams of all words, or of `chosen` ones of them.
    ///
    /// Pairs do not reach across fields.
    ///
    /// - Complexity: O(bytes).
    package mutating func make(from source: Words, only chosen: [Words.Word]? = nil, options: NGramOptions) {
        words.removeAll(keepingCapacity: true)
        characters.removeAll(keepingCapacity: true)
        wordOrigins.removeAll(keepingCapacity: true)
        wordSpansTwo.removeAll(keepingCapacity: true)
        characterOrigins.removeAll(keepingCapacity: true)
        let list = chosen ?? source.list
        if options.wordRun > 0 { addWords(list, source.folded, options) }
        addRuns(list, source.folded, options)
    }

    private mutating func addWords(_ list: [Words.Word], _ folded: [UInt8], _ options: NGramOptions) {
        var previous: (hash: UInt64, field: UInt8)?
        for (place, word) in list.enumerated() {
            add(word.hash, place, spansTwo: false)
            if options.subjectCopies, word.field == 0 {
                let range = Int(word.folded.lowerBound)..<Int(word.folded.upperBound)
                add(
                    StableHash.hash(range, of: folded.span.bytes, kind: .subjectWord), place, spansTwo: false)
            }
            if let previous, options.wordRun > 1, previous.field == word.field {
                add(StableHash.pair(previous.hash, word.hash), place - 1, spansTwo: true)
            }
            previous = (word.hash, word.field)
        }
    }

    private mutating func add(_ hash: UInt64, _ place: Int, spansTwo: Bool) {
        words.append(hash)
        guard recordsOrigins else { return }
        wordOrigins.append(Int32(place))
        wordSpansTwo.append(spansTwo)
    }

    /// The runs of characters of each word, edges marked by the spaces around it.
    private mutating func addRuns(_ list: [Words.Word], _ folded: [UInt8], _ options: NGramOptions) {
        // At most a run of each length ends at a byte or the space behind it.
        let lengths = options.maximumRun - options.minimumRun + 1
        let bytes = list.reduce(0) { $0 + $1.folded.count + 1 }
        characters.append(contentsOf: repeatElement(0, count: bytes * lengths))
        var runs = characters.mutableSpan
        var starts: [Int] = []
        var next = 0
        for word in list {
            switch word.kind {
            case .ascii: NGrams.fillASCII(&runs, &next, folded.span, word.folded, options)
            case .unicode: NGrams.fillScalars(&runs, &next, folded, word.folded, &starts, options)
            case .symbol: break
            }
        }
        characters.removeLast(characters.count - next)
        guard recordsOrigins else { return }
        for (place, word) in list.enumerated() {
            let count = NGrams.runCount(of: word, folded, options)
            characterOrigins.append(contentsOf: repeatElement(Int32(place), count: count))
        }
    }

    /// How many runs a word has; the space before it alone is none.
    private static func runCount(of word: Words.Word, _ folded: [UInt8], _ options: NGramOptions) -> Int {
        guard word.kind != .symbol else { return 0 }
        var scalars = 2 + word.folded.count
        if word.kind == .unicode {
            for index in word.folded where folded[Int(index)] & 0xC0 == 0x80 { scalars -= 1 }
        }
        var count = options.minimumRun == 1 ? -1 : 0
        for length in options.minimumRun...options.maximumRun where length <= scalars {
            count += scalars - length + 1
        }
        return count
    }

    /// Writes the runs of an ASCII word from `next` on, in the order of their ends: the last bytes seen sit in one
    /// 64-bit window.
    private static func fillASCII(
        _ runs: inout MutableSpan<UInt64>, _ next: inout Int, _ folded: Span<UInt8>, _ word: Range<Int32>,
        _ options: NGramOptions
    ) {
        let (shortest, longest) = (options.minimumRun, options.maximumRun)
        precondition(
            next + (word.count + 1) * (longest - shortest + 1) <= runs.count, "room for a word's runs")
        var window = UInt64(0x20) << 56
        var most = 2
        for position in Int(word.lowerBound)...Int(word.upperBound) {
            window = window >> 8 | UInt64(folded[position]) << 56
            var length = shortest
            while length <= min(longest, most) {
                let packed = window >> UInt64(64 - 8 * length)
                runs[unchecked: next] = StableHash.hash(packed: packed, length: length, kind: .characters)
                next += 1
                length += 1
            }
            most += 1
        }
    }

    /// The same runs for any script, cut between scalars.
    private static func fillScalars(
        _ runs: inout MutableSpan<UInt64>, _ next: inout Int, _ folded: [UInt8], _ word: Range<Int32>,
        _ starts: inout [Int], _ options: NGramOptions
    ) {
        let past = Int(word.upperBound) + 1
        starts.removeAll(keepingCapacity: true)
        for index in Int(word.lowerBound) - 1..<past where folded[index] & 0xC0 != 0x80 {
            starts.append(index)
        }
        starts.append(past)
        for end in 2..<starts.count {
            var length = options.minimumRun
            while length <= min(options.maximumRun, end) {
                let run = folded[starts[end - length]..<starts[end]]
                runs[next] = StableHash.hash(run, kind: .characters)
                next += 1
                length += 1
            }
        }
    }
}
