import TriageData
import TriageSearch
import TriageTickets

/// Articles have ids, and an index over them gives probabilities.
enum ArticleProperties {
    private static let names = ["a.md", "kb.json", "corpus.jsonl"]

    /// The first byte chooses the format.
    static func check(_ input: [UInt8], _ check: inout Check) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        guard let read = try? KnowledgeBase.read(bytes, names[Int(first) % names.count]) else { return }
        let articles = read.map(\.article)
        check.that(articles.allSatisfy { !$0.id.isEmpty }, "an article without an id")
        guard !articles.isEmpty else { return }
        let index = SearchIndex(articles, embedding: nil, calibration: nil)
        for query in [articles[0].title, "password reset", ""] {
            let result = index.search(Ticket(body: query), count: 3)
            check.that(result.hits.count <= min(3, articles.count), "too many hits")
            check.that(
                result.hits.allSatisfy {
                    (0...1).contains($0.score) && articles.indices.contains($0.article)
                },
                "a score that is no probability")
            check.that(
                zip(result.hits, result.hits.dropFirst()).allSatisfy { $0.score >= $1.score },
                "hits that are not in the order of their scores")
        }
    }
}
