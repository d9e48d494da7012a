internal import TriageNumerics
package import TriageText

/// What a memory keeps of a ticket: numbers of its masked text, rounded to bytes, from which the text cannot be read.
///
/// Four parts: the embedding; the runs of characters, added up in `characterColumns` columns by their hashes with a sign
/// each (feature hashing: Weinberger et al., 2009), so that the product of two sketches estimates the cosine of their
/// TF-IDF vectors within about 1 / √columns; hashes of the words and pairs of words; and hashes of the spellings of words.
package struct TicketSketch: Sendable, Equatable {
    /// The embedding, of length 127; empty without a matrix, or where no piece is known.
    package let embedding: [Int8]
    /// The runs of characters, of length 127.
    package let characters: [Int8]
    /// The smallest hashes of words and pairs, ascending.
    package let words: [UInt32]
    /// A hash of the words in order: equal texts have equal ones; 0 without a word.
    package let content: UInt64
    /// Words with their spellings; none of a ticket of over 64 words and pairs, and where they were left out.
    package let spelledWords: [SpelledWord]

    package static let characterColumns = 512
    /// Words and pairs that are kept; a ticket of over 500 words is compared by the smallest.
    private static let maximumWords = 1_024
    private static let scale: Float = 127

    /// The sketch of a ticket's features; a ticket that is only compared goes without the spellings of its words.
    ///
    /// - Complexity: O(n-grams · log).
    package init(_ features: Features, _ featurizer: Featurizer, rows: Int, withSpellings: Bool = true) {
        embedding = TicketSketch.embedding(of: features)
        characters = TicketSketch.rounded(TicketSketch.columns(features, featurizer, rows))
        let hashes = features.ngrams.words.map { UInt32(truncatingIfNeeded: $0 >> 32) }
        words = Array(Set(hashes).sorted().prefix(TicketSketch.maximumWords))
        content = TrainedTexts.content(of: features.found) ?? 0
        spelledWords = withSpellings ? SpelledWord.all(of: features, featurizer) : []
    }

    /// What a ticket and each run of its sentences say, as `content` has it: the words between two symbols are a sentence here.
    ///
    /// - Complexity: O(words · sentences).
    package static func contents(of features: Features) -> Set<UInt64> {
        let phrases = features.found.list.split(whereSeparator: \.isSymbol).map { $0.map(\.hash) }
        guard phrases.count <= maximumSentences else { return [] }
        var contents: Set<UInt64> = []
        for first in phrases.indices {
            for last in first..<phrases.count {
                contents.insert(TrainedTexts.content(of: phrases[first...last].joined()))
            }
        }
        return contents
    }

    private static let maximumSentences = 12

    private static func columns(
        _ features: Features, _ featurizer: Featurizer, _ rows: Int
    ) -> [Float] {
        var sums = [Float](repeating: 0, count: characterColumns)
        let tfidf = featurizer.characters
        // Runs without a row are those that training never saw, and frequent ones that tell nothing: half of a rare one's.
        let unseen = SublinearTF.idf(documents: rows, containing: 1) / 2
        var hashes = features.ngrams.characters.sorted()[...]
        while let hash = hashes.first {
            let rest = hashes.drop { $0 == hash }
            let frequency = 1 + SublinearTF.log(Float(hashes.count - rest.count))
            let weight = frequency * (tfidf.row(of: hash).map { tfidf.idf[Int($0)] } ?? unseen)
            let mixed = hash &* 0x9E37_79B9_7F4A_7C15
            sums[Int(mixed >> 55)] += mixed & (1 << 40) == 0 ? weight : -weight
            hashes = rest
        }
        return sums
    }

    /// A vector scaled to the length 127 and rounded.
    private static func rounded(_ vector: [Float]) -> [Int8] {
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 0 else { return [Int8](repeating: 0, count: vector.count) }
        return vector.map { Int8(max(-127, min(127, ($0 / norm * scale).rounded()))) }
    }

    /// The first part of a sketch alone.
    package static func embedding(of features: Features) -> [Int8] {
        features.embeddingNorm > 0 ? rounded(features.embedding) : []
    }

    /// The cosine of the embeddings; nil where one has none, or they are of other matrices.
    package func meaning(_ other: [Int8]) -> Float? {
        guard !embedding.isEmpty, embedding.count == other.count else { return nil }
        return TicketSketch.cosine(TicketSketch.product(embedding, other))
    }

    /// The cosine of two vectors of length 127 from their product.
    package static func cosine(_ product: Int32) -> Float { Float(product) / (scale * scale) }

    /// Whether it has all words and pairs of its ticket.
    package var hasAllWords: Bool { words.count < TicketSketch.maximumWords }

    /// The estimated cosine of the runs of characters.
    package func spelling(_ other: TicketSketch) -> Float {
        guard characters.count == other.characters.count else { return 0 }
        return TicketSketch.cosine(TicketSketch.product(characters, other.characters))
    }

    private static func product(_ first: [Int8], _ second: [Int8]) -> Int32 {
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var sum: Int32 = 0
                for index in 0..<min(first.count, second.count) {
                    sum &+= Int32(first[index]) &* Int32(second[index])
                }
                return sum
            }
        }
    }

    /// The share of words and pairs that both have among those that either has (Jaccard), and among those that `self` has.
    package func overlap(_ other: TicketSketch) -> (jaccard: Float, contained: Float) {
        func last(_ words: [UInt32]) -> UInt32 {
            words.count < TicketSketch.maximumWords ? .max : words.last ?? .max
        }
        let limit = min(last(words), last(other.words))
        var (own, others, shared) = (0, 0, 0)
        var (left, right) = (0, 0)
        while left < words.count || right < other.words.count {
            let first = left < words.count ? UInt64(words[left]) : .max
            let second = right < other.words.count ? UInt64(other.words[right]) : .max
            guard min(first, second) <= UInt64(limit) else { break }
            if first <= second { (own, left) = (own + 1, left + 1) }
            if second <= first { (others, right) = (others + 1, right + 1) }
            if first == second { shared += 1 }
        }
        let union = own + others - shared
        return (
            union > 0 ? Float(shared) / Float(union) : 0, own > 0 ? Float(shared) / Float(own) : 0
        )
    }
}

extension TicketSketch {
    /// The bytes that are kept: the number of elements of the first three parts, then these; then for each spelled word its
    /// hash, the number of its spellings and whether it is known, and these.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func append<Number: FixedWidthInteger>(_ number: Number) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(content)
        [embedding.count, characters.count, words.count].forEach { append(UInt32($0)) }
        bytes += (embedding + characters).map { UInt8(bitPattern: $0) }
        words.forEach { append($0) }
        for word in spelledWords {
            append(word.hash)
            append(UInt16(word.spellings.count) << 1 | (word.isKnown ? 1 : 0))
            word.spellings.forEach { append($0) }
        }
        return bytes
    }

    /// The sketch in such bytes; nil when they are damaged.
    package init?(_ bytes: [UInt8]) {
        func number(at place: Int, _ count: Int) -> UInt64 {
            bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard bytes.count >= 20 else { return nil }
        let counts = [8, 12, 16].map { Int(number(at: $0, 4)) }
        guard counts.allSatisfy({ $0 <= 1 << 16 }),
            bytes.count >= 20 + counts[0] + counts[1] + 4 * counts[2]
        else { return nil }
        content = number(at: 0, 8)
        let (middle, end) = (20 + counts[0], 20 + counts[0] + counts[1])
        embedding = bytes[20..<middle].map { Int8(bitPattern: $0) }
        characters = bytes[middle..<end].map { Int8(bitPattern: $0) }
        words = (0..<counts[2]).map { UInt32(number(at: end + 4 * $0, 4)) }
        var (place, found) = (end + 4 * counts[2], [SpelledWord]())
        while place < bytes.count {
            guard place + 6 <= bytes.count else { return nil }
            let (hash, shape) = (UInt32(number(at: place, 4)), number(at: place + 4, 2))
            let (first, count) = (place + 6, Int(shape >> 1))
            guard first + 4 * count <= bytes.count else { return nil }
            let spellings = (0..<count).map { UInt32(number(at: first + 4 * $0, 4)) }
            found.append(SpelledWord(hash: hash, isKnown: shape & 1 == 1, spellings: spellings))
            place = first + 4 * count
        }
        spelledWords = found
    }
}

extension ModelBundle {
    /// What sketches of this bundle can be compared with: the same n-grams and the same matrix.
    package var sketchSpace: String {
        let options = featurizer.options
        return "2 \(options.minimumRun)-\(options.maximumRun) \(options.wordRun) \(options.subjectCopies) "
            + (manifest.embedding?.sha256 ?? "none")
    }

    /// The sketch of features that this bundle made.
    package func sketch(_ features: Features, withSpellings: Bool = true) -> TicketSketch {
        TicketSketch(features, featurizer, rows: manifest.training.rows, withSpellings: withSpellings)
    }

    /// The spelled words of features that this bundle made, as their sketch has them.
    package func spelledWords(_ features: Features) -> [SpelledWord] {
        SpelledWord.all(of: features, featurizer)
    }
}
