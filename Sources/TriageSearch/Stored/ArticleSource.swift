internal import TriageData
internal import TriageModel

/// The articles of a KB on disk: read and indexed in memory, or mapped from an index that was made once.
struct ArticleSource {
    let ranking: any Ranking
    /// Of an index on disk.
    let manifest: IndexPlace.Manifest?
    private let articles: [Article]
    private let embedding: EmbeddingTable?

    /// - Throws: `SearchError` that names file and line.
    init(
        path: String, embedding: EmbeddingTable?, state: String?, by trusted: TrustedKeys,
        minimum: Int = IndexPlace.minimumArticles, progress: (Int) -> Void = { _ in }
    ) throws(SearchError) {
        self.embedding = embedding
        let place = state.map { IndexPlace(state: $0, kb: path, matrix: embedding?.sha256) }
        let files = try IndexPlace.files(of: path)
        if let found = place?.current(files, embedding: embedding) {
            try KnowledgeBase.check(path: path, by: trusted)
            (ranking, manifest, articles) = (found.index, found.manifest, [])
            return
        }
        let read = try KnowledgeBase.load(path: path, by: trusted)
        // A state folder that cannot be written to is no reason not to answer.
        if read.count >= minimum, let place,
            let made = try? place.write(read, files: files, embedding: embedding, progress: progress)
        {
            (ranking, manifest, articles) = (made.index, made.manifest, [])
            return
        }
        (ranking, manifest, articles) = (ArticleRanking(read, embedding: embedding), nil, read)
    }

    /// `SearchIndex.contents`, as a hash.
    var contents: String {
        manifest?.contents ?? SearchIndex.contents(articles, matrix: embedding?.sha256).hexadecimal()
    }

    func fitOnArticles() -> SearchCalibration {
        manifest?.calibration ?? ranking.fitOnArticles(HeldOutText.all(of: articles))
    }
}
