package import TriageModel
internal import TriageNumerics
package import TriageText
package import TriageTickets

/// What a search behind a network keeps in memory of a knowledge base: everything but articles, records and postings.
package struct RemoteCorpus: Sendable {
    package let statistics: CorpusStatistics
    /// By term, the most that it adds to an article, in units of its idf.
    private let largest: ConstantBuffer<Float>
    /// By term, where its postings begin among those of all terms; one more for their end.
    private let starts: ConstantBuffer<UInt64>
    private let embedding: EmbeddingTable?
    private let calibration: SearchCalibration
    private let preparation: TextPreparation

    /// How a corpus is written for `init(columns:…)`: for each term its hash, how many articles have it, its weight, its largest
    /// addition, and the length of its postings.
    package static let bytesPerTerm = 24

    /// Reads the columns of a corpus; nil when they are damaged.
    ///
    /// `rows` has `bytesPerTerm` bytes a term, little-endian, terms in ascending order. `shape` is how many articles there are,
    /// the mean of |d|, and the size of the largest group of copies.
    package init?(
        rows: [UInt8], shape: (articles: Int, meanLength: Float, largestGroup: Int),
        embedding: EmbeddingTable?,
        calibration: SearchCalibration, preparation: TextPreparation
    ) {
        guard rows.count % Self.bytesPerTerm == 0 else { return nil }
        let count = rows.count / Self.bytesPerTerm
        var (terms, articles) = ([UInt64](), [Int32]())
        var (weights, largest): ([Float], [Float]) = ([], [])
        var starts: [UInt64] = [0]
        terms.reserveCapacity(count)
        var end: UInt64 = 0
        let isWhole = rows.withUnsafeBytes { bytes in
            for place in stride(from: 0, to: bytes.count, by: Self.bytesPerTerm) {
                func number<Number: FixedWidthInteger>(_ offset: Int) -> Number {
                    Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place + offset, as: Number.self))
                }
                let term: UInt64 = number(0)
                if let last = terms.last, last >= term { return false }
                terms.append(term)
                articles.append(number(8))
                weights.append(Float(bitPattern: number(12)))
                largest.append(Float(bitPattern: number(16)))
                end += UInt64(number(20) as UInt32)
                starts.append(end)
            }
            return true
        }
        guard isWhole else { return nil }
        statistics = CorpusStatistics(
            count: shape.articles, meanLength: shape.meanLength, largestGroup: shape.largestGroup,
            terms: ConstantBuffer(terms), articles: ConstantBuffer(articles), weights: ConstantBuffer(weights)
        )
        (self.largest, self.starts) = (ConstantBuffer(largest), ConstantBuffer(starts))
        (self.embedding, self.calibration, self.preparation) = (embedding, calibration, preparation)
    }

    /// The probability from which on an issue is known.
    package var cut: Float { calibration.cut }

    /// How many bytes the postings of all terms have.
    package var postingBytes: Int { Int(starts[starts.count - 1]) }

    // MARK: - A question

    /// A question in the form in which it is sent to a server.
    package struct Question: Sendable {
        fileprivate let text: TicketText
        fileprivate let words: Words
        /// Its unit embedding; nil when words alone decide.
        package let vector: [Float]?
        /// Where the postings of its terms are among those of all terms.
        package let ranges: [Range<Int>]
        /// By range, the most that the term adds to an article.
        fileprivate let most: [Float]
    }

    /// Postings beyond so many bytes are not read: those of the commonest words.
    ///
    /// What such words add is counted when candidates are ranked; by themselves they find few of the best articles.
    private static let maximumBytes = 1_500_000

    /// The question of a prepared text; nil when it has no words.
    package func question(_ text: TicketText) -> Question? {
        var words = Words()
        words.scan(subject: text.subject.bytes, body: text.body.bytes)
        let query = ranking.query(text, words: words)
        guard !query.terms.isEmpty else { return nil }
        let scorer = RecordScorer(query, nil, of: ranking)
        var terms = scorer.terms.compactMap { term in
            statistics.number(of: term.hash).map { number in
                (range: Int(starts[number])..<Int(starts[number + 1]), most: term.idf * largest[number])
            }
        }
        terms.sort { ($0.range.count, $0.range.lowerBound) < ($1.range.count, $1.range.lowerBound) }
        var bytes = 0
        let read = terms.prefix { term in
            bytes += term.range.count
            return bytes <= Self.maximumBytes
        }
        return Question(
            text: text, words: words, vector: embed(text), ranges: read.map(\.range), most: read.map(\.most))
    }

    private func embed(_ question: TicketText) -> [Float]? {
        guard let embedding else { return nil }
        let fields = question.withoutPlaceholders
        let vector = embedding.embed(subject: fields.subject, body: fields.body)
        return vector.contains { $0 != 0 } ? vector : nil
    }

    /// The unit embedding of a question; nil when words alone decide.
    package func vector(of question: TicketText) -> [Float]? { embed(question) }

    package func prepare(_ question: Ticket) -> TicketText { preparation.prepare(question) }

    private var ranking: FetchedRanking { FetchedRanking([], statistics, embedding: embedding) }

    // MARK: - Candidates

    /// The numbers of the articles to which a question's words add most, best first; `postings` has the bytes of the question's
    /// `ranges`.
    package func best(_ question: Question, _ postings: [[UInt8]], count: Int) -> [Int] {
        let sum = question.most.reduce(0, +)
        guard sum > 0, question.most.count < 30_000 else { return [] }
        // All additions together fit in 16 bits, with a unit a term for what is rounded up.
        let unit = sum / Float(65_000 - question.most.count)
        let tables = question.most.map { most in
            (0..<256).map { UInt16((Float($0) * most / 255 / unit).rounded(.up)) }
        }
        var best = LargestSums(count: count)
        var sums = [UInt16](repeating: 0, count: PostingList.blockSize)
        Self.withCursors(postings) { cursors in
            for block in 0..<(statistics.count + PostingList.blockSize - 1) / PostingList.blockSize {
                var isTouched = false
                for place in cursors.indices {
                    guard let found = cursors[place].block(block) else { continue }
                    BoundKernels.add(found.postings, count: found.count, table: tables[place], to: &sums)
                    isTouched = true
                }
                guard isTouched else { continue }
                best.add(sums, first: block * PostingList.blockSize)
                for place in sums.indices { sums[place] = 0 }
            }
        }
        return best.numbers
    }

    /// Calls `body` with a cursor over each list, which is valid until it returns.
    private static func withCursors(
        _ lists: [[UInt8]], _ body: (inout [PostingList.Cursor]) -> Void
    ) {
        var all: [UInt8] = []
        var starts: [Range<Int>] = []
        for list in lists {
            // Postings begin at even places.
            if all.count % 2 != 0 { all.append(0) }
            starts.append(all.count..<all.count + list.count)
            all += list
        }
        all.withUnsafeBytes { bytes in
            var cursors = starts.map { PostingList.Cursor(UnsafeRawBufferPointer(rebasing: bytes[$0])) }
            body(&cursors)
        }
    }

    /// The best `count` of the candidates by their records, as an exact scan over all articles ranks them; hits name numbers.
    package func rank(_ question: Question, _ records: [Int: StoredRecord], count: Int) -> SearchResult {
        // In the order of the numbers, in which a scan prefers equal ones.
        let order = records.keys.sorted()
        let fetched = order.map { number in
            FetchedArticle(
                Article(id: "", title: ""), record: records[number]?.record ?? [],
                group: records[number]?.group ?? number)
        }
        let index = SearchIndex(
            fetched: fetched, statistics, embedding: embedding, calibration: calibration,
            preparation: preparation)
        var found = index.search(
            question.text, words: question.words, embedding: question.vector, count: count)
        found.hits = found.hits.map { SearchHit(article: order[$0.article], score: $0.score) }
        return found
    }

    /// What a server keeps to rank an article: the number of its group of copies, and its record.
    package struct StoredRecord: Sendable {
        package let group: Int
        package let record: [UInt8]

        package init(group: Int, record: [UInt8]) { (self.group, self.record) = (group, record) }

        package init?(bytes: [UInt8]) {
            guard bytes.count > 4 else { return nil }
            group = Int(bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            record = Array(bytes[4...])
        }

        package var bytes: [UInt8] {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: group).littleEndian) { Array($0) } + record
        }
    }
}

/// The numbers of the largest sums, in a heap whose root is the least of them.
private struct LargestSums {
    let count: Int
    private var heap: [(sum: UInt16, number: Int)] = []

    init(count: Int) { self.count = count }

    var numbers: [Int] { heap.sorted { ($1.sum, $0.number) < ($0.sum, $1.number) }.map(\.number) }

    mutating func add(_ sums: [UInt16], first: Int) {
        var least = heap.count < count ? 0 : heap[0].sum
        for place in sums.indices where sums[place] > least {
            add((sums[place], first + place))
            least = heap.count < count ? 0 : heap[0].sum
        }
    }

    private mutating func add(_ new: (sum: UInt16, number: Int)) {
        if heap.count < count {
            heap.append(new)
            var place = heap.count - 1
            while place > 0, heap[(place - 1) / 2].sum > heap[place].sum {
                heap.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
            return
        }
        heap[0] = new
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < heap.count && heap[child].sum < heap[least].sum {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
