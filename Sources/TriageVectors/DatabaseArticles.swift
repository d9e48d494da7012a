#if Service
internal import TriageData
internal import TriageModel
package import TriageSearch
package import TriageText

/// One version of a knowledge base on a server, with what is kept of it in memory.
///
/// The candidates of a question are the nearest articles by vector and the best by words, 200 in all; they are ranked exactly
/// from their records.
package final class DatabaseArticles: RemoteArticleSearch {
    package let local: (any ArticleSearch)?
    private let database: SearchDatabase
    /// Nil where it could not be read, with the reason.
    private let corpus: Result<(version: String, corpus: RemoteCorpus), VectorError>

    static let candidates = 200
    private static let nearest = 100

    init(
        _ database: SearchDatabase, _ corpus: Result<(version: String, corpus: RemoteCorpus), VectorError>,
        local: (any ArticleSearch)?
    ) {
        (self.database, self.corpus, self.local) = (database, corpus, local)
    }

    /// Why the version could not be read; nil when it was.
    package var failure: VectorError? {
        if case .failure(let error) = corpus { error } else { nil }
    }

    package var count: Int { (try? corpus.get())?.corpus.statistics.count ?? local?.count ?? 0 }

    package func fingerprint() -> String {
        guard let found = try? corpus.get() else { return local?.fingerprint() ?? "none" }
        var hash = Fingerprint()
        for text in ["vector database", found.version] { hash.add(text) }
        return hash.hexadecimal()
    }

    // MARK: - One question

    package func fetch(_ question: TicketText, count: Int) async -> any ArticleSearch {
        do throws(VectorError) {
            return try await search(question, count: count)
        } catch {
            return FallbackSearch(local, reason: error.code)
        }
    }

    /// The search of one question.
    package func search(_ question: TicketText, count: Int) async throws(VectorError) -> FetchedSearch {
        let (version, corpus) = try corpus.get()
        guard let asked = corpus.question(question) else {
            let empty = SearchResult(hits: [], knownProbability: 0, cut: 1)
            return FetchedSearch(
                empty, [:], vector: corpus.vector(of: question), of: self.count, fingerprint: fingerprint())
        }
        return try await database.ask { store throws(VectorError) in
            let numbers = try await Self.candidates(of: asked, corpus, store, version)
            let found = try await store.records(of: numbers, in: version)
            let records = found.compactMapValues { RemoteCorpus.StoredRecord(bytes: $0) }
            guard records.count == numbers.count else { throw .damaged(what: "records") }
            let result = corpus.rank(asked, records, count: count)
            let best = result.hits.map(\.article)
            let texts = best.isEmpty ? [:] : try await store.articles(of: best, in: version)
            let articles = texts.compactMapValues { bytes in
                JSONValue(parsing: bytes).flatMap { Article(stored: $0) }
            }
            guard articles.count == best.count else { throw .damaged(what: "articles") }
            return FetchedSearch(
                result, articles, vector: asked.vector, of: self.count, fingerprint: self.fingerprint())
        }
    }

    /// The nearest articles and, in the places that are left, the best by words.
    private static func candidates(
        of question: RemoteCorpus.Question, _ corpus: RemoteCorpus, _ store: any VectorStore, _ version: String
    ) async throws(VectorError) -> [Int] {
        async let near = result { () throws(VectorError) in
            guard let vector = question.vector else { return [Int]() }
            return try await store.nearest(vector, count: Self.nearest, in: version)
        }
        let words = await result { () throws(VectorError) in
            try await best(question, corpus, store, version)
        }
        let nearest = try await near.get()
        let known = Set(nearest)
        return nearest + (try words.get()).filter { !known.contains($0) }.prefix(Self.candidates - nearest.count)
    }

    private static func best(
        _ question: RemoteCorpus.Question, _ corpus: RemoteCorpus, _ store: any VectorStore, _ version: String
    ) async throws(VectorError) -> [Int] {
        let pages = Set(question.ranges.flatMap { PagedFile.pages($0) }).sorted()
        guard !pages.isEmpty else { return [] }
        let entries = try await store.entries(of: pages.map(PagedFile.postings.key), in: version)
        var postings: [[UInt8]] = []
        for range in question.ranges {
            guard let bytes = PagedFile.postings.bytes(range, in: entries) else {
                throw .damaged(what: "postings")
            }
            postings.append(bytes)
        }
        return corpus.best(question, postings, count: Self.candidates)
    }

    /// A child task cannot throw a typed error.
    private static func result<Value: Sendable>(
        _ work: @Sendable () async throws(VectorError) -> Value
    ) async -> Result<Value, VectorError> {
        do throws(VectorError) { return .success(try await work()) } catch { return .failure(error) }
    }

    // MARK: - Without a question of its own

    package func article(of hit: SearchHit) -> Article {
        local?.article(of: hit) ?? Article(id: "", title: "")
    }

    package func embed(_ question: TicketText) -> [Float]? {
        (try? corpus.get())?.corpus.vector(of: question) ?? local?.embed(question)
    }

    /// What was not fetched before is searched on this machine.
    package func search(
        _ question: TicketText, words: Words, embedding: [Float]?, count: Int
    ) -> SearchResult {
        FallbackSearch(local, reason: "not_fetched").search(
            question, words: words, embedding: embedding, count: count)
    }

    package func search(_ question: TicketText, count: Int) -> SearchResult {
        FallbackSearch(local, reason: "not_fetched").search(question, count: count)
    }
}
#endif
