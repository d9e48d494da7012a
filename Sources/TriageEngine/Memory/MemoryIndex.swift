internal import TriageModel
internal import TriageNumerics

/// The sketches of remembered tickets, laid out so that a decision is compared with all of them at once.
///
/// The numbers are those of `TicketSketch.meaning`, `spelling` and `overlap` to the last bit.
struct MemoryIndex: Sendable {
    private let sketches: [TicketSketch]
    private let meanings: ByteVectors
    private let spellings: ByteVectors
    /// The entries with a word or pair, by its hash.
    private let postings: [UInt32: [Int32]]

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
    }

    /// The cosine of an embedding and each entry's; NaN where one has none, or they are of other matrices.
    func meanings(_ embedding: [Int8]) -> [Float] {
        guard !embedding.isEmpty, embedding.count == meanings.width else {
            return sketches.map { $0.meaning(embedding) ?? .nan }
        }
        return zip(meanings.products(embedding), sketches).map { product, sketch in
            sketch.embedding.count == meanings.width ? TicketSketch.cosine(product) : .nan
        }
    }

    /// The estimated cosine of the runs of characters.
    func spelling(_ entry: Int, _ sketch: TicketSketch) -> Float {
        guard sketch.characters.count == spellings.width else { return sketches[entry].spelling(sketch) }
        return TicketSketch.cosine(spellings.product(row: entry, sketch.characters))
    }

    /// How many words and pairs each entry shares with a ticket; nil for a ticket of which some are not kept.
    func shared(_ sketch: TicketSketch) -> [Int32]? {
        guard sketch.hasAllWords else { return nil }
        var counts = [Int32](repeating: 0, count: sketches.count)
        for word in sketch.words { for entry in postings[word] ?? [] { counts[Int(entry)] += 1 } }
        return counts
    }

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
