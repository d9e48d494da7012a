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
    /// Articles that are nearly the same.
    let groups: ArticleGroups
    private let codes: CodeIndex
    /// articles × dimension unit vectors, row-major.
    private let vectors: ConstantBuffer<Float>

    /// How articles and questions are turned into terms, and what P(known) is computed from: a fit for another version is
    /// not used.
    static let version = 3

    /// What an article about another code keeps of its probability: the same product, so it may still help, but a
    /// tenth is below every usual cut, and shows in the list of near misses that it was considered.
    static let otherCode: Float = 0.1
    /// What it keeps of its relevance: an article that is half as near and names no code comes before it.
    static let otherCodeRelevance: Float = 0.5

    init(_ articles: [Article], embedding: EmbeddingTable?) {
        self.articles = articles
        self.embedding = embedding
        bm25 = BM25(articles)
        groups = ArticleGroups(articles)
        codes = CodeIndex(articles)
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

    /// A prepared question whose masked text has these words.
    func query(_ question: TicketText, words: Words) -> SearchQuery {
        let masked = question.masked
        return SearchQuery(
            words, masked, unmasked: question.unmasked == masked ? nil : question.unmasked, bm25)
    }

    /// A text in which nothing is masked.
    func query(_ text: TicketText.Fields, hidden: Set<UInt64> = []) -> SearchQuery {
        var words = Words()
        words.scan(subject: text.subject, body: text.body)
        return SearchQuery(words, text, unmasked: nil, bm25, hidden: hidden)
    }

    /// Each article's BM25 score for a text, as a share of the most that it could reach.
    func lexicalScores(_ text: TicketText.Fields) -> [Float] {
        let query = query(text)
        let found = bm25.score(query.terms, grammar: query.grammar)
        return found.scores.map { $0 / mass(found) }
    }

    /// What scores are shares of.
    ///
    /// A few common words tell less than two rare ones: an article that has them all is not certain.
    private func mass(_ found: BM25.Scores) -> Float { max(found.idfSum, 2 * bm25.largestIDF) }

    /// Every article's scores for one query.
    struct Candidates {
        var lexical: [Float]
        var matched: [Float]
        var cosine: [Float]
        var relevance: [Float]

        /// Articles about another code than the question has.
        var conflicting: [Int] = []
        /// Whether the question names anything.
        var hasContent = true

        /// What the probability is computed from: 1, relevance, cosine, matched share, margin over the next best that is
        /// no copy.
        func features(of article: Int, _ best: [Int], _ groups: ArticleGroups) -> [Float] {
            let rival = best.first { $0 != article && !groups.areSame($0, article) && relevance[$0].isFinite }
            return [
                1, relevance[article], cosine[article], matched[article],
                relevance[article] - (rival.map { relevance[$0] } ?? 0),
            ]
        }

        /// What P(known) is multiplied by: nothing answers a question without content, and an article about another code
        /// of the same kind seldom does.
        func factor(of article: Int) -> Float {
            hasContent ? conflicting.contains(article) ? ArticleRanking.otherCode : 1 : 0
        }
    }

    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float) -> Candidates {
        candidates(bm25.score(query.terms, grammar: query.grammar), cosines(vector), query, weight: weight)
    }

    /// relevance = BM25 ÷ idf mass of the query + weight · cosine.
    func candidates(
        _ found: BM25.Scores, _ cosine: [Float], _ query: SearchQuery, weight: Float
    ) -> Candidates {
        let mass = mass(found)
        let lexical = found.scores.map { $0 / mass }
        var relevance = zip(lexical, cosine).map { $0 + weight * $1 }
        let conflicting = codes.conflicting(query.codes)
        for article in conflicting { relevance[article] *= ArticleRanking.otherCodeRelevance }
        return Candidates(
            lexical: lexical, matched: found.matched.map { $0 / mass }, cosine: cosine, relevance: relevance,
            conflicting: conflicting, hasContent: query.hasContent)
    }

    /// The most relevant articles, at least two, and behind them one that is no copy of the first where there is one.
    func best(_ candidates: Candidates, count: Int) -> [Int] {
        TopK.indices(of: candidates.relevance, count: max(count, 2) + min(groups.largest - 1, 8))
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
