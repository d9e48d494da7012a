internal import TriageModel
internal import TriageNumerics

/// The sketches of remembered tickets, laid out so that a decision is compared with few of them, and fast.
///
/// The numbers are those of `TicketSketch.meaning`, `spelling` and `overlap` to the last bit.
struct MemoryIndex: Sendable {
    private let sketches: [TicketSketch]
    private let meanings: ByteVectors
    private let spellings: ByteVectors
    /// By entry, whether its embedding is as long as the longest.
    private let hasMeaning: [Bool]
    /// The place of a word's or pair's entries in `postings`, by its hash.
    private let words: [UInt32: Range<Int>]
    /// Entries, those of one word behind those of another.
    private let postings: [Int32]
    /// By entry, how many words and pairs it has; nil of one of which not all are kept.
    private let wordCounts: [Int?]
    /// The entries with a text, by its hash.
    private let contents: [UInt64: [Int]]

    init(_ sketches: [TicketSketch]) {
        self.sketches = sketches
        let width = sketches.lazy.map(\.embedding.count).max() ?? 0
        meanings = ByteVectors(sketches.map(\.embedding), width: width)
        hasMeaning = sketches.map { $0.embedding.count == width && width > 0 }
        spellings = ByteVectors(sketches.map(\.characters), width: TicketSketch.characterColumns)
        let pairs = sketches.enumerated().flatMap { entry, sketch in
            sketch.words.map { (word: $0, entry: Int32(entry)) }
        }.sorted { ($0.word, $0.entry) < ($1.word, $1.entry) }
        postings = pairs.map(\.entry)
        words = pairs.indices.reduce(into: [:]) { words, place in
            let first = words[pairs[place].word]?.lowerBound ?? place
            words[pairs[place].word] = first..<place + 1
        }
        wordCounts = sketches.map { $0.hasAllWords ? $0.words.count : nil }
        contents = Dictionary(grouping: sketches.indices) { sketches[$0].content }
    }

    var count: Int { sketches.count }

    /// The cosine of an embedding and an entry's; nil where one has none, or they are of other matrices.
    func meaning(_ entry: Int, _ embedding: [Int8]) -> Float? {
        guard hasMeaning[entry], embedding.count == meanings.width else {
            return sketches[entry].meaning(embedding)
        }
        return TicketSketch.cosine(meanings.product(row: entry, embedding))
    }

    /// The estimated cosine of the runs of characters.
    func spelling(_ entry: Int, _ sketch: TicketSketch) -> Float {
        guard sketch.characters.count == spellings.width else { return sketches[entry].spelling(sketch) }
        return TicketSketch.cosine(spellings.product(row: entry, sketch.characters))
    }

    /// How many words and pairs each entry shares with a ticket, and the entries that share so many that they may be its
    /// near-duplicates, ascending; nil for a ticket of which some words are not kept.
    func shared(_ sketch: TicketSketch, atLeast minimum: Int32) -> (counts: [Int32], many: [Int])? {
        guard sketch.hasAllWords else { return nil }
        var counts = [Int32](repeating: 0, count: sketches.count)
        for word in sketch.words {
            for place in words[word] ?? 0..<0 { counts[Int(postings[place])] += 1 }
        }
        return (counts, counts.indices.filter { counts[$0] >= minimum || wordCounts[$0] == nil })
    }

    /// The entries with words of a content in the same order.
    func entries(of content: UInt64) -> [Int] { content == 0 ? [] : contents[content] ?? [] }

    /// What `TicketSketch.overlap` gives, from the shared words where both have all of theirs.
    func overlap(
        _ entry: Int, _ sketch: TicketSketch, _ shared: [Int32]?
    ) -> (jaccard: Float, contained: Float) {
        guard let shared, let own = wordCounts[entry] else { return sketches[entry].overlap(sketch) }
        let both = Int(shared[entry])
        let union = own + sketch.words.count - both
        return (
            union > 0 ? Float(both) / Float(union) : 0, own > 0 ? Float(both) / Float(own) : 0
        )
    }
}
