internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

/// Articles scored for a question by words and by an embedding, all of them in memory: an index without a calibration.
struct ArticleRanking: Ranking {
    let articles: [Article]
    let bm25: BM25
    let embedding: EmbeddingTable?
    /// Articles that are nearly the same.
    let groups: ArticleGroups
    private let codes: CodeIndex
    /// articles × dimension unit vectors, row-major.
    private let vectors: ConstantBuffer<Float>

    /// How articles and questions are turned into terms, and what P(known) is computed from: a fit for another version is
    /// not used.
    static let version = 3

    init(_ articles: [Article], embedding: EmbeddingTable?) {
        let records = ArticleRecord.all(of: articles, embedding: embedding)
        self.articles = articles
        self.embedding = embedding
        bm25 = BM25(records)
        groups = ArticleGroups(articles)
        codes = CodeIndex(records.lazy.map(\.codes))
        vectors = ConstantBuffer(records.flatMap(\.vector))
    }

    /// Title and symptoms describe what an article is about; the body counts only without them.
    static func embeddedText(_ article: Article) -> String {
        let about = ([article.title] + article.symptoms).filter { !$0.isEmpty }.joined(separator: ". ")
        return about.isEmpty ? article.body : about
    }

    /// A calibration for these articles without questions.
    func fitOnArticles() -> SearchCalibration { fitOnArticles(HeldOutText.all(of: articles)) }

    var count: Int { articles.count }
    var terms: any TermStatistics { bm25 }
    var largestGroup: Int { groups.largest }
    func article(_ number: Int) -> Article { articles[number] }
    func areSame(_ article: Int, _ other: Int) -> Bool { groups.areSame(article, other) }

    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int) -> Candidates {
        candidates(query, vector, weight: weight)
    }

    /// All articles.
    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float) -> Candidates {
        candidates(bm25.score(query.terms, grammar: query.grammar), cosines(vector), query, weight: weight)
    }

    func candidates(
        _ found: BM25.Scores, _ cosine: [Float], _ query: SearchQuery, weight: Float
    ) -> Candidates {
        let mass = mass(found.idfSum)
        return Candidates(
            lexical: found.scores.map { $0 / mass }, matched: found.matched.map { $0 / mass }, cosine: cosine,
            weight: weight, conflicting: codes.conflicting(query.codes), hasContent: query.hasContent)
    }

    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int,
        without withdrawal: BM25.Withdrawal
    ) -> Candidates {
        var cosine = cosines(vector)
        if let vector { cosine[withdrawal.article] = DenseKernels.dot(vector, withdrawal.record.vector) }
        var candidates = candidates(
            bm25.score(query.terms, without: withdrawal), cosine, query, weight: weight)
        for copy in groups.copies(of: withdrawal.article) { candidates.remove(article: copy) }
        return candidates
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
