internal import SystemPackage
internal import TriageData
internal import TriageModel
internal import TriageNumerics
internal import TriageText

/// A large knowledge base that was indexed once and is mapped from files: it starts without reading its articles.
///
/// A search has two steps. Bytes give each article an upper bound of its relevance: the postings of the question's words, each
/// rounded up, plus the product of the question's embedding with the article's bytes and the length that rounding took from
/// it. Then articles are scored exactly from their records, those with the highest bounds first, until no other bound reaches
/// the last of the best (the threshold algorithm of Fagin, Lotem and Naor, 2003). So the best articles are those of an exact
/// scan.
final class StoredIndex: Ranking {
    let folder: String
    let statistics: CorpusStatistics
    let embedding: EmbeddingTable?
    /// By article, the first of its group of copies.
    let groups: ConstantBuffer<Int32>
    /// The articles in the order of their ids.
    private let byID: ConstantBuffer<Int32>
    private let rows: BoundKernels.Rows
    let postings: StoredBytes
    /// By term, the most that it adds to an article, in units of its idf.
    let largest: ConstantBuffer<Float>
    let records: StoredRuns
    let articles: StoredRuns

    var count: Int { statistics.count }
    var terms: any TermStatistics { statistics }
    var largestGroup: Int { statistics.largestGroup }

    /// The files of an index.
    static let tensorFile = "index.safetensors"
    static let recordFile = "records.bin"
    static let articleFile = "articles.bin"

    /// The index in a folder, of `shape`.
    ///
    /// - Throws: `ModelError` when its files do not fit together.
    init(folder: String, _ shape: StoredShape, embedding: EmbeddingTable?) throws {
        let file = try SafeTensors(MappedBytes(file: "\(folder)/\(Self.tensorFile)"))
        let (articleCount, termCount, columns) = (shape.articles, shape.terms, embedding?.dimension ?? 0)
        (self.folder, self.embedding) = (folder, embedding)
        statistics = CorpusStatistics(
            count: articleCount, meanLength: shape.meanLength, largestGroup: shape.largestGroup,
            terms: try file.buffer("terms", of: UInt64.self, shape: [termCount]),
            articles: try file.buffer("term_articles", of: Int32.self, shape: [termCount]),
            weights: try file.buffer("term_weights", of: Float.self, shape: [termCount]))
        groups = try file.buffer("groups", of: Int32.self, shape: [articleCount])
        byID = try file.buffer("by_id", of: Int32.self, shape: [articleCount])
        rows = BoundKernels.Rows(
            bytes: try file.buffer("rows", of: Int8.self, shape: [articleCount, columns]),
            scales: try file.buffer("scales", of: Float.self, shape: [articleCount]),
            errors: try file.buffer("errors", of: Float.self, shape: [articleCount]), columns: columns)
        largest = try file.buffer("largest", of: Float.self, shape: [termCount])
        let size = try file.shape(of: "postings")
        postings = try StoredBytes(
            try file.buffer("postings", of: UInt8.self, shape: size),
            starts: try file.buffer("posting_starts", of: UInt64.self, shape: [termCount + 1]))
        func runs(_ name: String, _ starts: String) throws -> StoredRuns {
            try StoredRuns(
                file: "\(folder)/\(name)",
                starts: try file.buffer(starts, of: UInt64.self, shape: [articleCount + 1]))
        }
        records = try runs(Self.recordFile, "record_starts")
        articles = try runs(Self.articleFile, "article_starts")
    }

    // MARK: - Articles

    /// An article; one without texts where the file is damaged.
    func article(_ number: Int) -> Article {
        (try? JSONValue(reading: articles.bytes(number))).flatMap { Article(stored: $0) }
            ?? Article(id: "", title: "")
    }

    func areSame(_ article: Int, _ other: Int) -> Bool { groups[article] == groups[other] }

    /// The number of the article with an id.
    func number(ofArticle id: String) -> Int? {
        let place = place { $0 >= id }
        guard place < byID.count, article(Int(byID[place])).id == id else { return nil }
        return Int(byID[place])
    }

    /// The numbers of the next articles behind an id in the order of ids.
    func numbers(after id: String?, count: Int) -> [Int] {
        let start = id.map { id in place { $0 > id } } ?? 0
        return (start..<min(byID.count, start + count)).map { Int(byID[$0]) }
    }

    /// The first place whose id, and each behind it, `isBehind`.
    private func place(_ isBehind: (String) -> Bool) -> Int {
        var (low, high) = (0, byID.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(article(Int(byID[middle])).id) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: - Search

    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int) -> Candidates {
        var search = Search(self, RecordScorer(query, vector, of: self), vector, weight: weight, count: count)
        return Candidates(search.run(), weight: weight, hasContent: query.hasContent)
    }

    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int,
        without withdrawal: BM25.Withdrawal
    ) -> Candidates {
        let scorer = RecordScorer(query, vector, of: self, without: withdrawal)
        var search = Search(self, scorer, vector, weight: weight, count: count)
        let group = groups[withdrawal.article]
        let copies = (0..<self.count).filter { groups[$0] == group }
        search.replace(withdrawal.article, by: withdrawal.record, without: copies)
        return Candidates(search.run(), weight: weight, hasContent: query.hasContent)
    }

    /// The most relevant articles with another text of one of them; words count as in the index that was made.
    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int, replacing article: Int,
        by record: ArticleRecord
    ) -> Candidates {
        let scorer = RecordScorer(query, vector, of: self)
        var search = Search(self, scorer, vector, weight: weight, count: count)
        search.replace(article, by: record)
        return Candidates(search.run(), weight: weight, hasContent: query.hasContent)
    }

    /// One search.
    private struct Search {
        private let index: StoredIndex
        private var scorer: RecordScorer
        private let weight: Float
        private let bounds: [Float]
        private var best: BestScores
        private var scored: [(number: Int, score: RecordScore)] = []
        /// Articles that are scored, or not searched.
        private var seen: Set<Int> = []

        init(
            _ index: StoredIndex, _ scorer: RecordScorer, _ vector: [Float]?, weight: Float, count: Int
        ) {
            (self.index, self.scorer, self.weight) = (index, scorer, weight)
            bounds = index.bounds(scorer, vector, weight: weight)
            best = BestScores(count: count)
        }

        /// Scores an article by another record, and leaves others out.
        mutating func replace(_ article: Int, by record: ArticleRecord, without others: [Int] = []) {
            seen = Set(others + [article])
            if let score = scorer.score(record) { keep(article, score) }
        }

        mutating func run() -> [(number: Int, score: RecordScore)] {
            let first = TopK.indices(of: bounds, count: max(64, 2 * best.count)).filter { !seen.contains($0) }
            first.forEach { score($0) }
            seen.formUnion(first)
            // Of equal bounds the first articles were scored: others of the same bound come behind them.
            let rest = bounds.indices.filter { bounds[$0] > best.least && !seen.contains($0) }
                .sorted { (bounds[$1], $0) < (bounds[$0], $1) }
            for number in rest {
                guard bounds[number] > best.least else { break }
                score(number)
            }
            return scored.sorted { $0.number < $1.number }
        }

        private mutating func score(_ number: Int) {
            let score = index.records.bytes(number).withUnsafeBytes { bytes in
                ArticleRecordView(bytes).map { scorer.score($0) }
            }
            if let score { keep(number, score) }
        }

        private mutating func keep(_ number: Int, _ score: RecordScore) {
            scored.append((number, score))
            best.add(score.relevance(weight: weight))
        }
    }

    /// For a longer question all articles are scored exactly.
    private static let maximumTerms = 32_000

    /// For each article an upper bound of its relevance.
    private func bounds(_ scorer: RecordScorer, _ vector: [Float]?, weight: Float) -> [Float] {
        let terms = scorer.terms.compactMap { term in
            statistics.number(of: term.hash).map { (number: $0, most: term.idf * largest[$0]) }
        }
        guard terms.count <= StoredIndex.maximumTerms else {
            return [Float](repeating: .infinity, count: count)
        }
        // Sums of all terms' largest additions fit in 16 bits, with a unit a term for what is rounded up.
        let sum = terms.reduce(0) { $0 + $1.most }
        let unit = max(sum, .leastNormalMagnitude) / Float(65_000 - terms.count)
        var lists = terms.map { number, most in
            let most = most / 255 / unit
            return (
                cursor: PostingList.Cursor(postings.bytes(number)),
                table: (0..<256).map { UInt16(max(0, min(65_535, (Float($0) * most).rounded(.up)))) }
            )
        }
        let vector = vector.flatMap { weight == 0 ? nil : BoundKernels.Vector($0) }
        var bounds = [Float](repeating: 0, count: count)
        var sums = [UInt16](repeating: 0, count: PostingList.blockSize)
        for block in 0..<(count + PostingList.blockSize - 1) / PostingList.blockSize {
            let start = block * PostingList.blockSize
            for place in sums.indices { sums[place] = 0 }
            for place in lists.indices {
                guard let (postings, count) = lists[place].cursor.block(block) else { continue }
                BoundKernels.add(postings, count: count, table: lists[place].table, to: &sums)
            }
            BoundKernels.bounds(
                of: rows, start..<min(start + PostingList.blockSize, count), with: vector, weight: weight,
                sums: sums, unit: unit / scorer.mass, into: &bounds)
        }
        return bounds
    }
}

/// The largest of some scores.
private struct BestScores {
    let count: Int
    /// The best so far, in ascending order.
    private var best: [Float] = []

    init(count: Int) { self.count = count }

    /// The least of the best; minus infinity while there are fewer.
    var least: Float { best.count < count ? -.infinity : best[0] }

    mutating func add(_ score: Float) {
        guard best.count < count || score > best[0] else { return }
        if best.count == count { best.removeFirst() }
        best.insert(score, at: best.firstIndex { $0 >= score } ?? best.count)
    }
}

/// What is known of an index before its files are mapped.
struct StoredShape: Codable, Equatable {
    var articles: Int
    var terms: Int
    var meanLength: Float
    var largestGroup: Int
}

/// Runs of bytes, one behind the other in a file.
struct StoredBytes: Sendable {
    let buffer: ConstantBuffer<UInt8>
    let starts: ConstantBuffer<UInt64>

    /// - Throws: `ModelError.damaged` unless the last run ends where the bytes do.
    init(_ buffer: ConstantBuffer<UInt8>, starts: ConstantBuffer<UInt64>) throws(ModelError) {
        guard starts.count > 0, starts[starts.count - 1] == UInt64(buffer.count) else {
            throw .damaged(part: "index: \(buffer.count) bytes")
        }
        (self.buffer, self.starts) = (buffer, starts)
    }

    /// The bytes of a run, in place for as long as this value lives; none where the file is damaged.
    func bytes(_ number: Int) -> UnsafeRawBufferPointer {
        let (start, end) = (starts[number], starts[number + 1])
        guard start < end, end <= UInt64(buffer.count) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return buffer.bytes(Int(start)..<Int(end))
    }
}

/// Runs of bytes in a file of which little is read: each run with a call, so that what was read once takes no memory.
final class StoredRuns: Sendable {
    private let file: OpenFile
    private let starts: ConstantBuffer<UInt64>

    /// - Throws: `DataError` when the file cannot be read, `ModelError.damaged` unless the last run ends where it does.
    init(file path: String, starts: ConstantBuffer<UInt64>) throws {
        guard let size = FileInput.size(of: path), starts[starts.count - 1] == UInt64(size) else {
            throw ModelError.damaged(part: "index file \(path)")
        }
        do { file = try OpenFile(path, .readOnly) } catch { throw DataError.unreadable(path, errno: error) }
        self.starts = starts
    }

    deinit { file.close() }

    /// The bytes of a run; none where the file is damaged.
    func bytes(_ number: Int) -> [UInt8] {
        guard number >= 0, number < starts.count - 1 else { return [] }
        let (start, end) = (starts[number], starts[number + 1])
        guard start < end, end <= starts[starts.count - 1] else { return [] }
        return (try? file.read(at: Int(start), Int(end - start))) ?? []
    }
}
