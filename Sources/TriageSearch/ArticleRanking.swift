internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

/// Articles scored for a question by words and by an embedding: an index without a calibration.
struct ArticleRanking: Sendable {
    let articles: [Article]
    let bm25: BM25
    /// The matrix; nil when words alone decide.
    let embedding: EmbeddingTable?
    /// articles × dimension unit vectors, row-major.
    private let vectors: ConstantBuffer<Float>

    /// How articles and questions are turned into terms, and what P(known) is computed from: a fit for another version is
    /// not used.
    static let version = 2

    init(_ articles: [Article], embedding: EmbeddingTable?) {
        self.articles = articles
        self.embedding = embedding
        bm25 = BM25(articles)
        vectors = ConstantBuffer(
            articles.flatMap { article in
                embedding?.embed(Array(ArticleRanking.embeddedText(article).utf8)) ?? []
            })
    }

    /// Title and symptoms describe what an article is about; the body counts only without them.
    static func embeddedText(_ article: Article) -> String {
        let about = ([article.title] + article.symptoms).filter { !$0.isEmpty }.joined(separator: ". ")
        return about.isEmpty ? article.body : about
    }

    /// The terms of a prepared question whose masked text has these words.
    func terms(of question: TicketText, words: Words) -> [UInt64] {
        let masked = question.masked
        return SearchTerms(
            question: words, masked, unmasked: question.unmasked == masked ? nil : question.unmasked,
            index: bm25
        ).words
    }

    /// The terms of a text in which nothing is masked.
    func terms(of text: TicketText.Fields, hidden: Set<UInt64> = []) -> [UInt64] {
        var words = Words()
        words.scan(subject: text.subject, body: text.body)
        return SearchTerms(question: words, text, unmasked: nil, index: bm25, hidden: hidden).words
    }

    /// Each article's BM25 score for a text, as a share of the most that it could reach.
    func lexicalScores(_ text: TicketText.Fields) -> [Float] {
        candidates(terms(of: text), nil, weight: 0).lexical
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

    func candidates(_ terms: [UInt64], _ vector: [Float]?, weight: Float) -> Candidates {
        candidates(bm25.score(terms), cosines(vector), weight: weight)
    }

    /// relevance = BM25 ÷ idf mass of the query + weight · cosine.
    func candidates(_ found: BM25.Scores, _ cosine: [Float], weight: Float) -> Candidates {
        // A few common words tell less than two rare ones: an article that has them all is not certain.
        let mass = max(found.idfSum, 2 * bm25.largestIDF)
        let lexical = found.scores.map { $0 / mass }
        return Candidates(
            lexical: lexical, matched: found.matched.map { $0 / mass }, cosine: cosine,
            relevance: zip(lexical, cosine).map { $0 + weight * $1 })
    }

    /// The cosine of each article with a unit vector; zeros without one.
    func cosines(_ vector: [Float]?) -> [Float] {
        var cosines = [Float](repeating: 0, count: articles.count)
        if let embedding, let vector, vectors.count > 0 {
            DenseKernels.multiply(
                vectors, rows: articles.count, columns: embedding.dimension, by: vector, into: &cosines)
        }
        return cosines
    }
}
