internal import TriageModel

/// An index on disk with another text of one article, before it is saved.
struct EditedIndex: Ranking {
    private let index: StoredIndex
    private let number: Int
    private let edited: Article
    private let record: ArticleRecord

    init(_ index: StoredIndex, article number: Int, by edited: Article) {
        (self.index, self.number, self.edited) = (index, number, edited)
        record = ArticleRecord(edited, embedding: index.embedding)
    }

    var count: Int { index.count }
    var embedding: EmbeddingTable? { index.embedding }
    var terms: any TermStatistics { index.terms }
    var largestGroup: Int { index.largestGroup }
    func article(_ number: Int) -> Article { number == self.number ? edited : index.article(number) }
    func areSame(_ article: Int, _ other: Int) -> Bool { index.areSame(article, other) }

    func candidates(_ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int) -> Candidates {
        index.candidates(query, vector, weight: weight, count: count, replacing: number, by: record)
    }

    func candidates(
        _ query: SearchQuery, _ vector: [Float]?, weight: Float, count: Int,
        without withdrawal: BM25.Withdrawal
    ) -> Candidates {
        index.candidates(query, vector, weight: weight, count: count, without: withdrawal)
    }
}
