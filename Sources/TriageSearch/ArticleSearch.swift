package import TriageText
package import TriageTickets

/// What a decision requires of a knowledge base.
///
/// `SearchIndex` searches articles on this machine; a vector database's candidates are fetched beforehand (`RemoteArticleSearch`).
/// Calls are synchronous and must be safe from any thread.
package protocol ArticleSearch: Sendable {
    var count: Int { get }
    func article(of hit: SearchHit) -> Article

    /// The article with an id; nil when there is none.
    func article(id: String) -> Article?

    /// The next `count` articles behind an id in the order of ids; nil for the first ones.
    func articles(after id: String?, count: Int) -> [Article]

    /// The unit embedding that articles are compared with; nil when words alone decide.
    func embed(_ question: TicketText) -> [Float]?

    /// The best `count` articles, best first, for a question, the words of its masked text, and its unit embedding; a
    /// nil embedding leaves the words to decide.
    ///
    /// The text before masking may be looked up, and goes nowhere else.
    func search(_ question: TicketText, words: Words, embedding: [Float]?, count: Int) -> SearchResult

    /// The best `count` articles for a prepared question.
    func search(_ question: TicketText, count: Int) -> SearchResult

    /// A hash of everything that answers depend on: equal fingerprints give equal answers.
    func fingerprint() -> String
}

extension ArticleSearch {
    package func article(id: String) -> Article? { all.first { $0.id == id } }

    package func articles(after id: String?, count: Int) -> [Article] {
        let rest = all.filter { article in id.map { article.id > $0 } ?? true }
        return Array(rest.sorted { $0.id < $1.id }.prefix(count))
    }

    private var all: some Sequence<Article> {
        (0..<count).lazy.map { article(of: SearchHit(article: $0, score: 0)) }
    }
}
