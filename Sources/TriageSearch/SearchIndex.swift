internal import TriageData
package import TriageModel
internal import TriageNumerics
internal import TriageText
public import TriageTickets

/// An article that may answer a query.
public struct SearchHit: Sendable, Equatable {
    /// Its place in the index's articles.
    package var article: Int
    /// The probability that it answers, 0 … 1; never above that of the hit before it.
    public package(set) var score: Float

    package init(article: Int, score: Float) {
        self.article = article
        self.score = score
    }
}

/// What a search found.
public struct SearchResult: Sendable, Equatable {
    /// Best first.
    public package(set) var hits: [SearchHit]
    /// The probability that the best one answers.
    public package(set) var knownProbability: Float
    /// The probability from which on the issue is known.
    package var cut: Float

    package init(hits: [SearchHit], knownProbability: Float, cut: Float) {
        self.hits = hits
        self.knownProbability = knownProbability
        self.cut = cut
    }

    /// Whether the best article is probable enough to call the issue known.
    public var isKnown: Bool { !hits.isEmpty && knownProbability >= cut }

    /// The articles at least half as probable as the cut.
    package var plausibleHits: ArraySlice<SearchHit> { hits.prefix { $0.score >= cut / 2 } }
}

/// A KB made searchable: immutable, shared by all threads.
public final class SearchIndex: ArticleSearch {
    /// In the KB's order.
    public let articles: [Article]
    package let calibration: SearchCalibration
    /// The file of the calibration; nil when there is none.
    package let calibrationFile: String?
    private let bm25: BM25
    private let embedding: EmbeddingTable?
    private let preparation: TextPreparation
    /// articles × dimension unit vectors, row-major.
    private let vectors: ConstantBuffer<Float>

    static let featureCount = 5

    package var count: Int { articles.count }

    /// The article of a hit.
    public func article(of hit: SearchHit) -> Article { articles[hit.article] }

    /// The SHA-256 of the matrix; nil when words alone decide.
    var matrixSHA256: String? { embedding?.sha256 }

    /// An index over articles, with the matrix's vectors where there is one.
    ///
    /// Questions are prepared as the tickets of decisions are; with another bundle than the shipped one, by its
    /// `preparation`.
    package init(
        _ articles: [Article], embedding: EmbeddingTable?, calibration: SearchCalibration?,
        preparation: TextPreparation = TextPreparation(), calibrationFile: String? = nil
    ) {
        self.articles = articles
        self.preparation = preparation
        self.embedding = embedding
        self.calibration = calibration ?? .uncalibrated
        self.calibrationFile = calibrationFile
        bm25 = BM25(articles)
        vectors = ConstantBuffer(
            articles.flatMap { article in
                embedding?.embed(Array(SearchIndex.embeddedText(article).utf8)) ?? []
            })
    }

    /// The index of a KB on disk.
    ///
    /// Its calibration is the site's own fit for just these articles, where the state folder has one; else the
    /// `calibration.json` in the KB's folder; else the index is not calibrated.
    ///
    /// - Parameters:
    ///   - path: The KB's folder or file.
    ///   - embedding: The matrix; nil searches by words alone.
    ///   - preparation: How questions are prepared.
    ///   - cut: An issue is known from this probability on, whatever the calibration has; nil for the calibration's.
    ///   - state: The state folder; nil for none.
    /// - Throws: `SearchError` that names file and line.
    package convenience init(
        path: String, embedding: EmbeddingTable?, preparation: TextPreparation = TextPreparation(),
        cut: Float? = nil, state: String? = nil
    ) throws(SearchError) {
        let articles = try KnowledgeBase.load(path: path)
        let fit = state.map { SearchIndex.fitFile(inState: $0, articles, embedding) }
        let file = [fit, "\(path)/calibration.json"].compactMap(\.self).first { FileInput.exists($0) }
        var calibration = SearchCalibration.uncalibrated
        if let file { calibration = try SearchCalibration(file: file) }
        if let cut { calibration.cut = cut }
        self.init(
            articles, embedding: embedding, calibration: calibration, preparation: preparation,
            calibrationFile: file)
    }

    /// The file in a state folder for the site's fit of this index's articles and matrix.
    package func fitFile(inState folder: String) -> String {
        SearchIndex.fitFile(inState: folder, articles, embedding)
    }

    private static func fitFile(
        inState folder: String, _ articles: [Article], _ embedding: EmbeddingTable?
    ) -> String {
        let hash = contents(articles, matrix: embedding?.sha256).hexadecimal()
        return "\(folder)/kb-\(hash.prefix(16))/calibration.json"
    }

    /// Title and symptoms describe what an article is about; the body counts only without them.
    private static func embeddedText(_ article: Article) -> String {
        let about = ([article.title] + article.symptoms).filter { !$0.isEmpty }.joined(separator: ". ")
        return about.isEmpty ? article.body : about
    }

    /// Reads the knowledge base in a folder, or in one file.
    ///
    /// - Parameters:
    ///   - path: The folder or file.
    ///   - matrix: The folder of an embedding matrix, such as `models/embeddings/minilm-256`; nil searches by words alone.
    /// - Throws: An error that names the file, the line, and what to do.
    public convenience init(knowledgeBase path: String, matrix: String? = nil) throws {
        try self.init(path: path, embedding: matrix.map { try EmbeddingTable(directory: $0) })
    }

    /// The best `count` articles for a question, best first.
    ///
    /// - Complexity: O(postings of its words + articles × dimension).
    public func search(_ question: Ticket, count: Int) -> SearchResult {
        search(preparation.prepare(question), count: count)
    }

    /// The best `count` articles for a prepared question.
    package func search(_ question: TicketText, count: Int) -> SearchResult {
        let query = query(question)
        return search(words: query.words, embedding: query.vector, count: count)
    }

    func query(_ question: Ticket) -> (words: [UInt64], vector: [Float]?) {
        query(preparation.prepare(question))
    }

    private func query(_ input: TicketText) -> (words: [UInt64], vector: [Float]?) {
        var words = Words()
        words.scan(subject: input.subject.bytes, body: input.body.bytes)
        return (words.question, embed(input))
    }

    /// The unit embedding by which articles are compared with a question; nil when words alone decide.
    package func embed(_ question: TicketText) -> [Float]? {
        guard let embedding else { return nil }
        let fields = question.withoutPlaceholders
        return embedding.embed(subject: fields.subject, body: fields.body)
    }

    /// The best articles by relevance.
    ///
    /// P(known) was fitted on first places; further down it may be higher than above, and is limited to the value above it.
    package func search(words: [UInt64], embedding vector: [Float]?, count: Int) -> SearchResult {
        let candidates = candidates(words, vector)
        let best = TopK.indices(of: candidates.relevance, count: max(count, 2))
        var ceiling: Float = 1
        let hits = best.prefix(count).map { article in
            ceiling = min(ceiling, probability(candidates.features(of: article, best)))
            return SearchHit(article: article, score: ceiling)
        }
        return SearchResult(hits: hits, knownProbability: hits.first?.score ?? 0, cut: calibration.cut)
    }

    private func probability(_ features: [Float]) -> Float {
        let logit = zip(calibration.weights, features).reduce(0) { $0 + $1.0 * $1.1 }
        return Softmax.rounded(Softmax.logistic(logit))
    }

    /// Every article's scores for one query.
    struct Candidates {
        var lexical: [Float]
        var matched: [Float]
        var cosine: [Float]
        var relevance: [Float]

        /// What the probability is computed from: 1, relevance, cosine, matched share, margin over the next best.
        func features(of article: Int, _ best: [Int]) -> [Float] {
            let rival = best.first { $0 != article }.map { relevance[$0] } ?? 0
            return [1, relevance[article], cosine[article], matched[article], relevance[article] - rival]
        }
    }

    /// Each article's BM25 score for a text's words, as a share of the most that they could reach; the embedding and
    /// the calibration stay out of it.
    package func lexicalScores(words: [UInt64]) -> [Float] { candidates(words, nil).lexical }

    func candidates(_ words: [UInt64], _ vector: [Float]?, weight: Float? = nil) -> Candidates {
        let found = bm25.score(words)
        // A few common words tell less than two rare ones: an article that has them all is not certain.
        let mass = max(found.idfSum, 2 * bm25.largestIDF)
        var cosine = [Float](repeating: 0, count: articles.count)
        if let embedding, let query = vector, vectors.count > 0 {
            DenseKernels.multiply(
                vectors, rows: articles.count, columns: embedding.dimension, by: query, into: &cosine)
        }
        let weight = weight ?? calibration.embeddingWeight
        let lexical = found.scores.map { $0 / mass }
        return Candidates(
            lexical: lexical, matched: found.matched.map { $0 / mass }, cosine: cosine,
            relevance: zip(lexical, cosine).map { $0 + weight * $1 })
    }

    // MARK: - Fingerprint

    /// SHA-256 over articles, calibration and the matrix's own hash.
    ///
    /// An article's reply is left out: no decision depends on it.
    ///
    /// - Complexity: O(bytes of the articles).
    package func fingerprint() -> String {
        var fingerprint = SearchIndex.contents(articles, matrix: matrixSHA256)
        let numbers = [calibration.embeddingWeight, calibration.cut] + calibration.weights
        numbers.forEach { fingerprint.add(String($0.bitPattern)) }
        return fingerprint.hexadecimal()
    }

    /// What a calibration is fitted for: the articles and the matrix.
    static func contents(_ articles: [Article], matrix: String?) -> Fingerprint {
        var fingerprint = Fingerprint()
        fingerprint.add("articles 1")
        for article in articles {
            for text in [article.id, article.title, article.category, article.body] { fingerprint.add(text) }
            for text in [article.recommendedAction, article.severity] {
                fingerprint.add(text == nil ? "absent" : "present")
                fingerprint.add(text ?? "")
            }
            for list in [article.symptoms, article.tags] {
                fingerprint.add(String(list.count))
                list.forEach { fingerprint.add($0) }
            }
        }
        fingerprint.add(matrix ?? "none")
        return fingerprint
    }
}
