package import TriageModel
internal import TriageNumerics
internal import TriageText

/// What an article's score is computed from, apart from the other articles: made once, and stored by indexes that do not
/// keep articles in memory.
package struct ArticleRecord: Sendable, Equatable {
    /// A distinct term of an article.
    struct Term: Sendable, Equatable {
        var hash: UInt64
        /// How often it counts, in halves: a word of the title six, of a symptom four, of the action one.
        var halves: UInt16
        /// Whether it is a code, version, host name or telephone number of the article.
        var isCode = false
        /// Whether it is grammar between words of a script without spaces.
        var isGrammar = false

        var frequency: Float { Float(halves) / 2 }
    }

    /// In the order of the text.
    let terms: [Term]
    /// |d| of BM25: how many words it has, each counted as its field counts.
    let length: Float
    let codes: ArticleCodes
    /// The unit embedding of title and symptoms; empty without a matrix.
    package let vector: [Float]

    /// The record of an article; without a matrix it has no vector.
    package init(_ article: Article, embedding: EmbeddingTable?) {
        self.init(article, codes: ArticleCodes(article), embedding: embedding)
    }

    init(_ article: Article, codes: ArticleCodes, embedding: EmbeddingTable?) {
        let found = BM25.Frequencies(BM25.fields(article))
        terms = found.order.map { hash in
            Term(
                hash: hash, halves: UInt16(clamping: Int((found.counts[hash] ?? 0) * 2)),
                isCode: found.codes.contains(hash), isGrammar: found.grammar.contains(hash))
        }
        length = found.length
        self.codes = codes
        vector = embedding?.embed(Array(ArticleRanking.embeddedText(article).utf8)) ?? []
    }

    /// The records of articles, made on all processors.
    static func all(of articles: [Article], embedding: EmbeddingTable?) -> [ArticleRecord] {
        Workers.map(articles) { ArticleRecord($0, embedding: embedding) }
    }

    // MARK: - Bytes

    /// The record as bytes, little-endian: four counts, |d|, then terms, codes and vector.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let counts = [
            terms.count, codes.families.count, codes.values.count, codes.wholes.count, vector.count,
        ]
        bytes.reserveCapacity(ArticleRecordView.length(counts))
        func add(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        for count in counts { add(UInt32(count)) }
        add(length.bitPattern)
        for number in vector { add(number.bitPattern) }
        for term in terms { add(term.hash) }
        for number in codes.families + codes.values + codes.wholes { add(number) }
        for term in terms { add(term.halves) }
        for term in terms { add(UInt8(term.isCode ? 1 : 0) | UInt8(term.isGrammar ? 2 : 0)) }
        return bytes
    }
}

/// A stored record, read where it lies.
struct ArticleRecordView {
    private let bytes: UnsafeRawBufferPointer
    /// Of terms, families, values, whole numbers and elements of the vector.
    private let counts: [Int]

    /// Nil when the bytes are not a record's.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= ArticleRecordView.headLength else { return nil }
        let counts = (0..<5).map {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
        guard ArticleRecordView.length(counts) == bytes.count else { return nil }
        (self.bytes, self.counts) = (bytes, counts)
    }

    /// The bytes of a record with these counts.
    static func length(_ counts: [Int]) -> Int {
        headLength + 11 * counts[0] + 8 * (counts[1] + counts[2] + counts[3]) + 4 * counts[4]
    }

    private static let headLength = 24

    var termCount: Int { counts[0] }
    /// |d| of BM25.
    var length: Float { Float(bitPattern: number(at: 20)) }
    private var hashStart: Int { ArticleRecordView.headLength + 4 * counts[4] }
    private var codeStart: Int { hashStart + 8 * counts[0] }
    private var halvesStart: Int { codeStart + 8 * (counts[1] + counts[2] + counts[3]) }

    private func number<Number: FixedWidthInteger>(at place: Int) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    /// The hash of a term, in 0 ..< `termCount`.
    func hash(_ term: Int) -> UInt64 { number(at: hashStart + 8 * term) }

    /// A term, in 0 ..< `termCount`.
    func term(_ term: Int) -> ArticleRecord.Term {
        let kind: UInt8 = number(at: halvesStart + 2 * counts[0] + term)
        return ArticleRecord.Term(
            hash: hash(term), halves: number(at: halvesStart + 2 * term), isCode: kind & 1 != 0,
            isGrammar: kind & 2 != 0)
    }

    var hasCodes: Bool { counts[1] > 0 }

    var codes: ArticleCodes {
        var place = codeStart
        func list(_ count: Int) -> [UInt64] {
            defer { place += 8 * count }
            return (0..<count).map { number(at: place + 8 * $0) }
        }
        return ArticleCodes(families: list(counts[1]), values: list(counts[2]), wholes: list(counts[3]))
    }

    /// The elements of its unit vector.
    var vector: [Float] {
        (0..<counts[4]).map { Float(bitPattern: number(at: ArticleRecordView.headLength + 4 * $0)) }
    }

    /// The product of its unit vector and another; 0 without one.
    func product(with other: [Float]) -> Float {
        guard other.count == counts[4], let start = bytes.baseAddress else { return 0 }
        let vector = (start + ArticleRecordView.headLength).assumingMemoryBound(to: Float.self)
        return other.withUnsafeBufferPointer {
            DenseKernels.dot(UnsafeBufferPointer(start: vector, count: counts[4]), $0)
        }
    }
}
