internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

/// Articles that can be scored for a question, wherever they are kept.
protocol Ranking: Sendable {
    var count: Int { get }
    /// The matrix; nil when words alone decide.
    var embedding: EmbeddingTable? { get }
    var terms: any TermStatistics { get }
    /// How many articles the largest group of copies has.
    var largestGroup: Int { get }
    func article(_ number: Int) -> Article
    /// Whether two articles are nearly the same.
    func areSame(_ article: Int, _ other: Int) -> Bool

    /// Scores of articles among which are the `count` most relevant ones, in ascending order of their numbers.
    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int) -> Candidates

    /// The same as if one text of an article, and the article's copies, were not there.
    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int,
        without withdrawal: BM25.Withdrawal
    ) -> Candidates
}

extension Ranking {
    /// A prepared question whose masked text has these words.
    func query(_ question: TicketText, words: Words) -> SearchQuery {
        let masked = question.masked
        return SearchQuery(
            words, masked, unmasked: question.unmasked == masked ? nil : question.unmasked, terms)
    }

    /// A text in which nothing is masked; hidden terms are treated as unknown.
    func query(_ text: TicketText.Fields, hidden: Set<UInt64>) -> SearchQuery {
        var words = Words()
        words.scan(subject: text.subject, body: text.body)
        return SearchQuery(words, text, unmasked: nil, terms, hidden: hidden)
    }

    /// What scores are shares of.
    ///
    /// A few common words tell less than two rare ones: an article that has them all is not certain.
    func mass(_ idfSum: Float) -> Float { max(idfSum, 2 * terms.largestIDF) }

    /// How many of the most relevant articles a search for `count` compares: at least two, and enough that one of them is not a
    /// copy of the first.
    func depth(_ count: Int) -> Int { max(count, 2) + min(largestGroup - 1, 8) }

    /// The places of the most relevant candidates, best first.
    func best(_ candidates: Candidates, count: Int) -> [Int] {
        TopK.indices(of: candidates.relevance, count: depth(count))
    }

    /// The features of P(known): 1, relevance, cosine, matched share, and the margin over the next best article that is not a
    /// copy.
    func features(of place: Int, _ candidates: Candidates, _ best: [Int]) -> [Float] {
        let (article, relevance) = (candidates.number(place), candidates.relevance)
        let rival = best.first {
            $0 != place && !areSame(candidates.number($0), article) && relevance[$0].isFinite
        }
        return [
            1, relevance[place], candidates.cosine[place], candidates.matched[place],
            relevance[place] - (rival.map { relevance[$0] } ?? 0),
        ]
    }
}

/// Articles' scores for one query; an article is named by its place here.
struct Candidates {
    /// BM25 and the idf of the query's words that the article has, both as shares of the query's mass.
    var lexical: [Float]
    var matched: [Float]
    var cosine: [Float]
    /// lexical + weight · cosine; about half of it where the article is about another code.
    var relevance: [Float]
    /// The places of articles about another code than the question has.
    var conflicting: [Int]
    /// Whether the question names anything.
    var hasContent: Bool
    /// The articles' numbers; nil when they are the places.
    private var numbers: [Int]?

    init(
        lexical: [Float], matched: [Float], cosine: [Float], weight: Float, conflicting: [Int],
        hasContent: Bool,
        numbers: [Int]? = nil
    ) {
        relevance = zip(lexical, cosine).map { Candidates.relevance($0, $1, weight: weight) }
        for place in conflicting { relevance[place] *= Candidates.otherCodeRelevance }
        (self.lexical, self.matched, self.cosine) = (lexical, matched, cosine)
        (self.conflicting, self.hasContent, self.numbers) = (conflicting, hasContent, numbers)
    }

    /// Of articles that were scored one by one.
    init(_ scores: [(number: Int, score: RecordScore)], weight: Float, hasContent: Bool) {
        self.init(
            lexical: scores.map(\.score.lexical), matched: scores.map(\.score.matched),
            cosine: scores.map(\.score.cosine), weight: weight,
            conflicting: scores.indices.filter { scores[$0].score.isConflicting }, hasContent: hasContent,
            numbers: scores.map(\.number))
    }

    /// The relevance of an article that is about no other code.
    static func relevance(_ lexical: Float, _ cosine: Float, weight: Float) -> Float {
        lexical + weight * cosine
    }

    /// The number of the article at a place.
    func number(_ place: Int) -> Int { numbers.map { $0[place] } ?? place }

    /// Treats an article as if it were not there.
    mutating func remove(article number: Int) {
        guard let numbers else { return relevance[number] = -.infinity }
        if let place = numbers.firstIndex(of: number) { relevance[place] = -.infinity }
    }

    /// What an article about another code keeps of its probability: the same product, so it may still help, but a
    /// tenth is below every usual cut, and shows in the list of near misses that it was considered.
    private static let otherCode: Float = 0.1
    /// What it keeps of its relevance: an article that is half as near and names no code comes before it.
    static let otherCodeRelevance: Float = 0.5

    /// What P(known) is multiplied by: nothing answers a question without content, and an article about another code
    /// of the same kind seldom does.
    func factor(of place: Int) -> Float {
        hasContent ? conflicting.contains(place) ? Candidates.otherCode : 1 : 0
    }
}
