package import TriageTickets

/// What a decision needs of a knowledge base: the one place where another search, such as one over a vector database,
/// can stand in for the exact scan of `SearchIndex`.
///
/// Calls are synchronous and must be safe from any thread; a search that has to wait makes its tickets wait.
package protocol ArticleSearch: Sendable {
    /// How many articles there are.
    var count: Int { get }

    /// The article of a hit.
    func article(of hit: SearchHit) -> Article

    /// The unit embedding by which articles are compared with a question; nil when words alone decide.
    func embed(_ question: TicketText) -> [Float]?

    /// The best `count` articles, best first, for a question's word hashes (as `Words.question` has them)
    /// and its unit embedding; a nil embedding leaves the words to decide.
    func search(words: [UInt64], embedding: [Float]?, count: Int) -> SearchResult

    /// The best `count` articles for a prepared question.
    func search(_ question: TicketText, count: Int) -> SearchResult

    /// A hash over all that answers come from: equal fingerprints give equal answers.
    func fingerprint() -> String
}

extension SearchIndex: ArticleSearch {
    /// How many articles there are.
    package var count: Int { articles.count }

    /// The article of a hit.
    package func article(of hit: SearchHit) -> Article { articles[hit.article] }
}
