internal import TriageData
internal import TriageModel

/// The articles of a KB on disk: read and indexed in memory, or mapped from an index that was made once.
struct ArticleSource {
    let ranking: any Ranking
    /// Of an index on disk.
    let manifest: IndexPlace.Manifest?
    private let articles: [Article]
    private let embedding: EmbeddingTable?

    /// Reads the articles, or their index in the state folder.
    ///
    /// A knowledge base of at least `minimum` articles gets an index where it has none. A state folder that cannot be written to
    /// gives a note, and the articles are indexed in memory. With keys in `trusted` no index on disk is read or made.
    ///
    /// `checksIndex` compares an index with its hashes first. `progress` gets the number of articles that are done, and of all.
    ///
    /// - Throws: `SearchError` that names file and line.
    init(
        path: String, embedding: EmbeddingTable?, state: String?, by trusted: TrustedKeys,
        minimum: Int = IndexPlace.minimumArticles, checksIndex: Bool = false,
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(SearchError) {
        self.embedding = embedding
        // Whoever may write to the state folder could put other articles into an index, which nobody signs.
        let place =
            trusted.areRequired
            ? nil : state.map { IndexPlace(state: $0, kb: path, matrix: embedding?.sha256) }
        if checksIndex, let place, place.removeIfDamaged() {
            ReadingNotes.add("the index in \(place.folder) is damaged; it is made again")
        }
        let files = place.flatMap { _ in IndexPlace.files(of: path) }
        if let files, let found = place?.current(files, embedding: embedding) {
            (ranking, manifest, articles) = (found.index, found.manifest, [])
            return
        }
        let read = try KnowledgeBase.load(path: path, by: trusted)
        if read.count >= minimum, place == nil, !trusted.areRequired {
            ReadingNotes.add(
                "\(read.count) articles are indexed in memory at each start: no state folder is set; name one with "
                    + "--state or TRIAGE_STATE")
        }
        if read.count >= minimum, let place, let files {
            ReadingNotes.add("indexing \(read.count) articles once, in \(place.folder)")
            do {
                let made = try place.write(read, files: files, embedding: embedding, progress: progress)
                (ranking, manifest, articles) = (made.index, made.manifest, [])
                return
            } catch {
                ReadingNotes.add(
                    "\(read.count) articles are indexed in memory at each start: \(error.safeDescription)")
            }
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
