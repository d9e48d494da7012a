internal import TriageData
package import TriageModel
internal import TriageNumerics
package import TriageText
public import TriageTickets

/// An article that may answer a query.
public struct SearchHit: Sendable, Equatable {
    /// Its place in the index's articles.
    package var article: Int
    /// The probability that it answers, 0 … 1; never above that of the hit before it.
    public package(set) var score: Float

    package init(article: Int, score: Float) {
        self.article = article
        self.score = score
    }
}

/// What a search found.
public struct SearchResult: Sendable, Equatable {
    /// Best first.
    public package(set) var hits: [SearchHit]
    /// The probability that the best one answers.
    public package(set) var knownProbability: Float
    /// The probability from which on the issue is known.
    package var cut: Float

    package init(hits: [SearchHit], knownProbability: Float, cut: Float) {
        self.hits = hits
        self.knownProbability = knownProbability
        self.cut = cut
    }

    /// Whether the best article is probable enough to call the issue known.
    public var isKnown: Bool { !hits.isEmpty && knownProbability >= cut }

    /// The articles at least half as probable as the cut.
    package var plausibleHits: ArraySlice<SearchHit> { hits.prefix { $0.score >= cut / 2 } }
}

/// A KB made searchable: immutable, shared by all threads.
public final class SearchIndex: ArticleSearch {
    package let calibration: SearchCalibration
    /// The file of the calibration; nil when there is none.
    package let calibrationFile: String?
    /// The cut of the calibration, where another one was asked for.
    private let replacedCut: Float?
    let ranking: any Ranking
    private let preparation: TextPreparation
    /// The manifest of an index on disk; nil where the articles are in memory.
    private let manifest: IndexPlace.Manifest?

    static let featureCount = 5

    package var count: Int { ranking.count }

    /// In the KB's order; those of an index on disk are read there.
    public var articles: [Article] { (0..<count).map(ranking.article) }

    /// The article of a hit.
    public func article(of hit: SearchHit) -> Article { ranking.article(hit.article) }

    /// The article with an id; nil when there is none.
    package func article(id: String) -> Article? {
        guard let stored = ranking as? StoredIndex else { return articles.first { $0.id == id } }
        return stored.number(ofArticle: id).map(stored.article)
    }

    /// The next `count` articles behind an id in the order of ids; nil for the first ones.
    package func articles(after id: String?, count: Int) -> [Article] {
        guard let stored = ranking as? StoredIndex else {
            let rest = articles.filter { article in id.map { article.id > $0 } ?? true }
            return Array(rest.sorted { $0.id < $1.id }.prefix(count))
        }
        return stored.numbers(after: id, count: count).map(stored.article)
    }

    /// The folder of the index on disk; nil where the articles are in memory.
    package var storedFolder: String? { (ranking as? StoredIndex)?.folder }

    /// Knowledge bases with fewer articles are read and indexed in memory at each start.
    package static let minimumStoredArticles = IndexPlace.minimumArticles

    /// The SHA-256 of the matrix; nil when words alone decide.
    var matrixSHA256: String? { ranking.embedding?.sha256 }

    /// An index over articles, with the matrix's vectors where there is one.
    ///
    /// Questions are prepared as the tickets of decisions are; with another bundle than the shipped one, by its
    /// `preparation`.
    package convenience init(
        _ articles: [Article], embedding: EmbeddingTable?, calibration: SearchCalibration?,
        preparation: TextPreparation = TextPreparation(), calibrationFile: String? = nil
    ) {
        self.init(
            ArticleRanking(articles, embedding: embedding), calibration: calibration ?? .uncalibrated,
            preparation: preparation, calibrationFile: calibrationFile, replacedCut: nil)
    }

    /// An index over a few articles that another search has found: it ranks them as one over all articles does.
    package convenience init(
        fetched: [FetchedArticle], _ statistics: CorpusStatistics, embedding: EmbeddingTable?,
        calibration: SearchCalibration, preparation: TextPreparation = TextPreparation()
    ) {
        self.init(
            FetchedRanking(fetched, statistics, embedding: embedding), calibration: calibration,
            preparation: preparation, calibrationFile: nil, replacedCut: nil)
    }

    init(
        _ ranking: any Ranking, calibration: SearchCalibration,
        preparation: TextPreparation = TextPreparation(),
        calibrationFile: String? = nil, replacedCut: Float? = nil, manifest: IndexPlace.Manifest? = nil
    ) {
        self.replacedCut = replacedCut
        self.ranking = ranking
        self.calibration = calibration
        self.preparation = preparation
        self.calibrationFile = calibrationFile
        self.manifest = manifest
    }

    /// The index with one article in the place of the one with its id; the calibration stays.
    ///
    /// An index on disk counts words as before.
    package func replacing(_ article: Article) -> SearchIndex {
        if let stored = ranking as? StoredIndex {
            let edited: any Ranking =
                stored.number(ofArticle: article.id).map { EditedIndex(stored, article: $0, by: article) }
                ?? stored
            return SearchIndex(
                edited, calibration: calibration, preparation: preparation, calibrationFile: calibrationFile,
                replacedCut: replacedCut, manifest: manifest)
        }
        let changed = articles.map { $0.id == article.id ? article : $0 }
        return SearchIndex(
            ArticleRanking(changed, embedding: ranking.embedding), calibration: calibration,
            preparation: preparation, calibrationFile: calibrationFile, replacedCut: replacedCut)
    }

    /// The index of a KB on disk.
    ///
    /// A large KB is indexed once in the state folder, and again when its files change; without a state folder, or one that can
    /// be written to, it is indexed in memory.
    ///
    /// Its calibration is the site's own fit for just these articles, where the state folder has one; else the
    /// `calibration.json` in the KB's folder; else it is fitted on the articles alone.
    ///
    /// - Parameters:
    ///   - path: The KB's folder or file.
    ///   - embedding: The matrix; nil searches by words alone.
    ///   - preparation: How questions are prepared.
    ///   - cut: An issue is known from this probability on, whatever the calibration has; nil for the calibration's.
    ///   - state: The state folder; nil for none.
    ///   - trusted: The keys with which the KB and its calibration must be signed; with none of them they need not be.
    ///   - checksIndex: Whether an index on disk is compared with its hashes, which reads all of it.
    ///   - progress: Called with the number of articles that are indexed.
    /// - Throws: `SearchError` that names file and line.
    package convenience init(
        path: String, embedding: EmbeddingTable?, preparation: TextPreparation = TextPreparation(),
        cut: Float? = nil, state: String? = nil, by trusted: TrustedKeys = .none,
        checksIndex: Bool = false, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(SearchError) {
        let source = try ArticleSource(
            path: path, embedding: embedding, state: state, by: trusted, checksIndex: checksIndex,
            progress: progress)
        let fit = state.map { SearchIndex.fitFile(inState: $0, contents: source.contents) }
        let file = [fit, "\(path)/calibration.json"].compactMap(\.self).first { FileInput.exists($0) }
        var calibration: SearchCalibration
        if let file {
            let reader = try SearchError.checking { () throws(SignatureError) in
                try trusted.reader(of: path)
            }
            calibration = try SearchCalibration(file: file, reader)
        } else {
            calibration = source.fitOnArticles()
        }
        let ownCut = calibration.cut
        if let cut { calibration.cut = cut }
        self.init(
            source.ranking, calibration: calibration, preparation: preparation, calibrationFile: file,
            replacedCut: calibration.cut == ownCut ? nil : ownCut, manifest: source.manifest)
    }

    /// A warning when the cut that was asked for is wrong more often than the calibration's, on the KB's own titles and
    /// symptoms as questions; nil when it is about as good.
    package var cutNote: String? {
        guard let replacedCut else { return nil }
        let cut = calibration.cut
        let items = manifest?.heldOut ?? HeldOutText.all(of: articles)
        let found = ranking.errors(items, calibration, cut: cut, other: replacedCut)
        guard found.errors - found.others > found.count / 10 else { return nil }
        return
            "with a threshold of \(cut), \(found.errors) of \(found.count) questions made of the knowledge base's own "
            + "titles and symptoms are known or new by mistake; with its own threshold of \(replacedCut), \(found.others)"
    }

    /// The file in a state folder for the site's fit of this index's articles and matrix.
    package func fitFile(inState folder: String) -> String {
        SearchIndex.fitFile(inState: folder, contents: contents)
    }

    private static func fitFile(inState folder: String, contents: String) -> String {
        "\(folder)/kb-\(contents.prefix(16))/calibration.json"
    }

    /// A hash of what a calibration is fitted for.
    private var contents: String {
        manifest?.contents ?? SearchIndex.contents(articles, matrix: matrixSHA256).hexadecimal()
    }

    /// Reads the knowledge base in a folder, or in one file.
    ///
    /// - Parameters:
    ///   - path: The folder or file.
    ///   - matrix: The folder of an embedding matrix, such as `models/embeddings/minilm-256`; nil searches by words alone.
    /// - Throws: An error that names the file, the line, and what to do.
    public convenience init(knowledgeBase path: String, matrix: String? = nil) throws {
        try self.init(path: path, embedding: matrix.map { try EmbeddingTable(directory: $0) })
    }

    /// The best `count` articles for a question, best first.
    ///
    /// - Complexity: O(postings of its words + articles × dimension).
    public func search(_ question: Ticket, count: Int) -> SearchResult {
        search(preparation.prepare(question), count: count)
    }

    /// The best `count` articles for a prepared question.
    package func search(_ question: TicketText, count: Int) -> SearchResult {
        let query = query(question)
        return search(query.found, query.vector, count: count)
    }

    func query(_ question: Ticket) -> (found: SearchQuery, vector: [Float]?) {
        query(preparation.prepare(question))
    }

    private func query(_ question: TicketText) -> (found: SearchQuery, vector: [Float]?) {
        var words = Words()
        words.scan(subject: question.subject.bytes, body: question.body.bytes)
        return (ranking.query(question, words: words), embed(question))
    }

    /// The unit embedding by which articles are compared with a question; nil when words alone decide.
    package func embed(_ question: TicketText) -> [Float]? {
        guard let embedding = ranking.embedding else { return nil }
        let fields = question.withoutPlaceholders
        return embedding.embed(subject: fields.subject, body: fields.body)
    }

    package func search(
        _ question: TicketText, words: Words, embedding: [Float]?, count: Int
    ) -> SearchResult {
        search(ranking.query(question, words: words), embedding, count: count)
    }

    /// The best articles by relevance.
    ///
    /// A question without words has none. P(known) was fitted on first places; further down it may be higher than above,
    /// and is limited to the value above it.
    private func search(_ query: SearchQuery, _ vector: [Float]?, count: Int) -> SearchResult {
        guard !query.terms.isEmpty else {
            return SearchResult(hits: [], knownProbability: 0, cut: calibration.cut)
        }
        let candidates = ranking.candidates(
            query, vector, weight: calibration.embeddingWeight, count: ranking.depth(count))
        let best = ranking.best(candidates, count: count)
        var ceiling: Float = 1
        let hits = best.prefix(count).map { article in
            let features = ranking.features(of: article, candidates, best)
            ceiling = min(ceiling, candidates.factor(of: article) * calibration.probability(features))
            return SearchHit(article: candidates.number(article), score: ceiling)
        }
        return SearchResult(hits: hits, knownProbability: hits.first?.score ?? 0, cut: calibration.cut)
    }

    /// Each article's BM25 score for a prepared text, as a share of the most that it could reach; the embedding and the
    /// calibration stay out of it.
    package func lexicalScores(_ text: TicketText.Fields) -> [Float] {
        ranking.candidates(ranking.query(text, hidden: []), nil, weight: 0, count: count).lexical
    }

    // MARK: - Fingerprint

    /// SHA-256 over articles, calibration and the matrix's own hash.
    ///
    /// Replies are left out: no decision depends on them. Actions in other languages are added where there are some, so
    /// that other knowledge bases keep their fingerprints.
    ///
    /// - Complexity: O(bytes of the articles).
    package func fingerprint() -> String {
        var fingerprint: Fingerprint
        // Indexes on disk keep hashes: the same knowledge base has one fingerprint, wherever its articles are.
        let isLarge = count >= IndexPlace.minimumArticles
        if isLarge {
            fingerprint = Fingerprint()
            fingerprint.add(contents)
        } else {
            fingerprint = SearchIndex.contents(articles, matrix: matrixSHA256)
        }
        let numbers = [calibration.embeddingWeight, calibration.cut] + calibration.weights
        numbers.forEach { fingerprint.add(String($0.bitPattern)) }
        if isLarge {
            fingerprint.add(manifest?.translations ?? SearchIndex.translations(articles))
        } else {
            SearchIndex.add(translationsOf: articles, to: &fingerprint)
        }
        return fingerprint.hexadecimal()
    }

    /// A hash of the actions in other languages.
    static func translations(_ articles: [Article]) -> String {
        var fingerprint = Fingerprint()
        add(translationsOf: articles, to: &fingerprint)
        return fingerprint.hexadecimal()
    }

    private static func add(translationsOf articles: [Article], to fingerprint: inout Fingerprint) {
        for article in articles {
            for (language, text) in article.translations.sorted(by: { $0.key < $1.key }) {
                guard let action = text.recommendedAction else { continue }
                for text in [article.id, language, action] { fingerprint.add(text) }
            }
        }
    }

    /// What a calibration is fitted for: the articles and the matrix.
    static func contents(_ articles: [Article], matrix: String?) -> Fingerprint {
        var fingerprint = Fingerprint()
        fingerprint.add("articles \(ArticleRanking.version)")
        for article in articles {
            for text in [article.id, article.title, article.category, article.body] { fingerprint.add(text) }
            for text in [article.recommendedAction, article.severity] {
                fingerprint.add(text == nil ? "absent" : "present")
                fingerprint.add(text ?? "")
            }
            for list in [article.symptoms, article.tags] {
                fingerprint.add(String(list.count))
                list.forEach { fingerprint.add($0) }
            }
        }
        fingerprint.add(matrix ?? "none")
        return fingerprint
    }
}
