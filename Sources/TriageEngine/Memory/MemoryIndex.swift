internal import TriageModel
internal import TriageNumerics

/// The sketches of remembered tickets, laid out so that a decision is compared with few of them, and fast.
///
/// The numbers are those of `TicketSketch.meaning`, `spelling` and `overlap` to the last bit.
struct MemoryIndex: Sendable {
    private let sketches: [TicketSketch]
    private let meanings: ByteVectors
    private let spellings: ByteVectors
    /// The entries with a word or pair, by its hash.
    private let postings: [UInt32: [Int32]]
    /// The entries with a text, by its hash.
    private let contents: [UInt64: [Int]]
    /// Entries of which not all words are kept.
    private let truncated: [Int]

    init(_ sketches: [TicketSketch]) {
        self.sketches = sketches
        let width = sketches.lazy.map(\.embedding.count).max() ?? 0
        meanings = ByteVectors(sketches.map(\.embedding), width: width)
        spellings = ByteVectors(sketches.map(\.characters), width: TicketSketch.characterColumns)
        var postings: [UInt32: [Int32]] = [:]
        for (entry, sketch) in sketches.enumerated() {
            for word in sketch.words { postings[word, default: []].append(Int32(entry)) }
        }
        self.postings = postings
        contents = Dictionary(grouping: sketches.indices) { sketches[$0].content }
        truncated = sketches.indices.filter { !sketches[$0].hasAllWords }
    }

    var count: Int { sketches.count }

    /// The cosine of an embedding and an entry's; nil where one has none, or they are of other matrices.
    func meaning(_ entry: Int, _ embedding: [Int8]) -> Float? {
        let count = sketches[entry].embedding.count
        guard count > 0, count == embedding.count, count == meanings.width else {
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
        var (counts, many) = ([Int32](repeating: 0, count: sketches.count), truncated)
        for word in sketch.words {
            for entry in postings[word] ?? [] {
                counts[Int(entry)] += 1
                if counts[Int(entry)] == minimum { many.append(Int(entry)) }
            }
        }
        return (counts, Set(many).sorted())
    }

    /// The entries with the words of a ticket in the same order.
    func equal(_ sketch: TicketSketch) -> [Int] { sketch.content == 0 ? [] : contents[sketch.content] ?? [] }

    /// What `TicketSketch.overlap` gives, from the shared words where both have all of theirs.
    func overlap(
        _ entry: Int, _ sketch: TicketSketch, _ shared: [Int32]?
    ) -> (jaccard: Float, contained: Float) {
        guard let shared, sketches[entry].hasAllWords else { return sketches[entry].overlap(sketch) }
        let (own, both) = (sketches[entry].words.count, Int(shared[entry]))
        let union = own + sketch.words.count - both
        return (
            union > 0 ? Float(both) / Float(union) : 0, own > 0 ? Float(both) / Float(own) : 0
        )
    }
}
