package import TriageText

/// A search whose articles lie behind a network: what a decision looks up is fetched first, so that the decision itself stays a
/// pure function.
package protocol RemoteArticleSearch: ArticleSearch {
    /// The same knowledge base on this machine; nil without one.
    var local: (any ArticleSearch)? { get }

    /// The search for one question: the best `count` articles, or the local ones where the server does not answer.
    func fetch(_ question: TicketText, count: Int) async -> any ArticleSearch
}

/// Why a search behind a network found nothing.
package struct SearchOutage: Sendable, Equatable {
    /// A short word, such as `timeout`.
    package var reason: String
    /// Whether articles of this machine took the place of those behind the network.
    package var usesLocal: Bool

    package init(reason: String, usesLocal: Bool) { (self.reason, self.usesLocal) = (reason, usesLocal) }
}

extension ArticleSearch {
    /// The articles that are on this machine; nil where all are behind a network.
    package var onThisMachine: (any ArticleSearch)? {
        guard let remote = self as? any RemoteArticleSearch else { return self }
        return remote.local
    }

    /// The same articles without those of this machine that are searched.
    package var outage: SearchOutage? { (self as? FallbackSearch)?.reason }
}

/// The search of a question that the server did not answer: with the articles of this machine, or none.
package struct FallbackSearch: ArticleSearch {
    let local: (any ArticleSearch)?
    let reason: SearchOutage

    package init(_ local: (any ArticleSearch)?, reason: String) {
        self.local = local
        self.reason = SearchOutage(reason: reason, usesLocal: local != nil)
    }

    package var count: Int { local?.count ?? 0 }

    package func article(of hit: SearchHit) -> Article { local?.article(of: hit) ?? Article(id: "", title: "") }

    package func embed(_ question: TicketText) -> [Float]? { local?.embed(question) }

    package func search(
        _ question: TicketText, words: Words, embedding: [Float]?, count: Int
    ) -> SearchResult {
        local?.search(question, words: words, embedding: embedding, count: count) ?? .none
    }

    package func search(_ question: TicketText, count: Int) -> SearchResult {
        local?.search(question, count: count) ?? .none
    }

    package func fingerprint() -> String { local?.fingerprint() ?? "none" }
}

extension SearchResult {
    fileprivate static let none = SearchResult(hits: [], knownProbability: 0, cut: 1)
}

/// The articles that a server found for one question, ranked.
package struct FetchedSearch: ArticleSearch {
    package let count: Int
    private let hash: String
    private let result: SearchResult
    /// By number.
    private let articles: [Int: Article]
    private let vector: [Float]?

    /// - Parameters:
    ///   - result: The best articles by their numbers.
    ///   - articles: Those articles.
    ///   - vector: The question's unit embedding.
    ///   - count: How many articles the server has.
    ///   - fingerprint: Of the server's knowledge base.
    package init(
        _ result: SearchResult, _ articles: [Int: Article], vector: [Float]?, of count: Int, fingerprint: String
    ) {
        (self.result, self.articles, self.vector) = (result, articles, vector)
        (self.count, hash) = (count, fingerprint)
    }

    package func article(of hit: SearchHit) -> Article { articles[hit.article] ?? Article(id: "", title: "") }

    package func embed(_ question: TicketText) -> [Float]? { vector }

    package func search(
        _ question: TicketText, words: Words, embedding: [Float]?, count: Int
    ) -> SearchResult { search(question, count: count) }

    package func search(_ question: TicketText, count: Int) -> SearchResult {
        var found = result
        found.hits = Array(found.hits.prefix(count))
        return found
    }

    package func fingerprint() -> String { hash }
}
