internal import TriageModel
internal import TriageNumerics
internal import TriageText

/// An article's scores for a question, as `Candidates` has them in columns.
struct RecordScore {
    var lexical: Float
    var matched: Float
    var cosine: Float
    var isConflicting: Bool

    func relevance(weight: Float) -> Float {
        let relevance = Candidates.relevance(lexical, cosine, weight: weight)
        return isConflicting ? relevance * Candidates.otherCodeRelevance : relevance
    }
}

/// Scores single articles for one question from their records, with the sums of an exact scan in the same order.
struct RecordScorer {
    /// The distinct terms of the question that an article has, in the question's order, with their idf times weight.
    let terms: [(hash: UInt64, idf: Float)]
    /// What scores are shares of.
    let mass: Float
    private var places: UInt64HashTable
    private let meanLength: Float
    private let vector: [Float]?
    private let codes: QuestionCodes
    /// By term of the question: how often the article has it.
    private var frequencies: [Float]

    /// A withdrawn text is treated as if its article did not have it.
    init(
        _ query: SearchQuery, _ vector: [Float]?, of ranking: some Ranking,
        without withdrawal: BM25.Withdrawal? = nil
    ) {
        let statistics = ranking.terms
        var terms: [(hash: UInt64, idf: Float)] = []
        var sum: Float = 0
        var seen = UInt64HashTable(capacity: query.terms.count)
        places = UInt64HashTable(capacity: query.terms.count)
        for hash in query.terms where seen.insert(hash) {
            var count = statistics.statistics(of: hash) ?? TermCount(articles: 0, weight: 1)
            if let withdrawal, withdrawal.gone.contains(hash) { count.articles -= 1 }
            guard count.articles > 0 else {
                sum += BM25.unknownIDF(hash, withdrawal?.grammar ?? query.grammar, articles: statistics.count)
                continue
            }
            let idf = count.weight * BM25.idf(articles: statistics.count, containing: count.articles)
            sum += idf
            _ = places.insert(hash, UInt32(terms.count))
            terms.append((hash, idf))
        }
        self.terms = terms
        mass = ranking.mass(sum)
        meanLength = statistics.meanLength
        self.vector = vector
        codes = QuestionCodes(query.codes)
        frequencies = [Float](repeating: 0, count: terms.count)
    }

    mutating func score(_ record: ArticleRecord) -> RecordScore? {
        record.bytes.withUnsafeBytes { bytes in ArticleRecordView(bytes).map { score($0) } }
    }

    mutating func score(_ record: ArticleRecordView) -> RecordScore {
        for place in frequencies.indices { frequencies[place] = 0 }
        for number in 0..<record.termCount {
            if let place = places[record.hash(number)] {
                frequencies[Int(place)] = record.term(number).frequency
            }
        }
        let length = record.length / meanLength
        var (score, matched): (Float, Float) = (0, 0)
        for (place, term) in terms.enumerated() where frequencies[place] > 0 {
            score += term.idf * BM25.saturation(frequencies[place], length: length)
            matched += term.idf
        }
        return RecordScore(
            lexical: score / mass, matched: matched / mass,
            cosine: vector.map { record.product(with: $0) } ?? 0,
            isConflicting: record.hasCodes && codes.conflict(with: record.codes))
    }
}

/// A few articles that another search has found, scored exactly.
struct FetchedRanking: Ranking {
    private let fetched: [FetchedArticle]
    let embedding: EmbeddingTable?
    let statistics: CorpusStatistics

    init(_ fetched: [FetchedArticle], _ statistics: CorpusStatistics, embedding: EmbeddingTable?) {
        (self.fetched, self.statistics, self.embedding) = (fetched, statistics, embedding)
    }

    var count: Int { fetched.count }
    var terms: any TermStatistics { statistics }
    var largestGroup: Int { statistics.largestGroup }
    func article(_ number: Int) -> Article { fetched[number].article }
    func areSame(_ article: Int, _ other: Int) -> Bool { fetched[article].group == fetched[other].group }

    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int) -> Candidates {
        candidates(RecordScorer(query, vector, of: self), query, weight: weight)
    }

    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int,
        without withdrawal: BM25.Withdrawal
    ) -> Candidates {
        var scorer = RecordScorer(query, vector, of: self, without: withdrawal)
        let own = scorer.score(withdrawal.record).map { (withdrawal.article, $0) }
        var candidates = candidates(scorer, query, weight: weight, replacing: own)
        for copy in fetched.indices where copy != withdrawal.article && areSame(copy, withdrawal.article) {
            candidates.remove(article: copy)
        }
        return candidates
    }

    private func candidates(
        _ scorer: RecordScorer, _ query: SearchQuery, weight: Float, replacing own: (Int, RecordScore)? = nil
    ) -> Candidates {
        var scorer = scorer
        let scores = fetched.enumerated().compactMap { number, one in
            own?.0 == number
                ? own
                : one.record.withUnsafeBytes { bytes in
                    ArticleRecordView(bytes).map { (number, scorer.score($0)) }
                }
        }
        return Candidates(
            scores.map { (number: $0.0, score: $0.1) }, weight: weight, hasContent: query.hasContent)
    }
}

/// An article that another search has found.
package struct FetchedArticle: Sendable {
    package var article: Article
    /// The bytes of its `ArticleRecord`.
    package var record: [UInt8]
    /// The number of its group of copies.
    package var group: Int

    package init(_ article: Article, record: [UInt8], group: Int) {
        (self.article, self.record, self.group) = (article, record, group)
    }
}
