#if Service
internal import CoreMetrics
internal import Metrics
internal import Synchronization
package import TriageModel
package import TriageSearch

/// The vector database that a setting names: a breaker, metrics, and the versions of a knowledge base in it.
///
/// No connection is opened before the first question.
package final class SearchDatabase: Sendable {
    private let store: any VectorStore
    private let breaker: CircuitBreaker
    private let state = Mutex(State())
    private let onChange: @Sendable (VectorError?) -> Void

    private struct State {
        /// The version that was last opened, or could not be used; nil where the server did not answer.
        var attempted: String??
        var isUp: Bool?
    }

    /// `onChange` is called with nil when the server answers, and with the error when it does no longer; of several failures
    /// in a row only with the first.
    init(_ store: any VectorStore, onChange: @escaping @Sendable (VectorError?) -> Void = { _ in }) {
        self.store = store
        self.onChange = onChange
        breaker = CircuitBreaker { Gauge(label: "triage_search_breaker_open").record($0 ? 1 : 0) }
    }

    /// The address, without secrets.
    package var server: String { store.server }

    package func close() async { await store.close() }

    // MARK: - Questions

    /// Does `work` with the server when the breaker lets it, and counts how it ended.
    func ask<Value: Sendable>(
        _ work: @Sendable (any VectorStore) async throws(VectorError) -> Value
    ) async throws(VectorError) -> Value {
        let start = ContinuousClock.now
        do throws(VectorError) {
            try breaker.admit()
            let value = try await work(store)
            breaker.succeeded()
            count("ok", since: start)
            note(nil)
            return value
        } catch {
            if error.isServersFault {
                breaker.failed()
                note(error)
            }
            count(error.code, since: start)
            throw error
        }
    }

    private func count(_ outcome: String, since start: ContinuousClock.Instant) {
        Counter(label: "triage_search_requests_total", dimensions: [("outcome", outcome)]).increment()
        Timer(label: "triage_search_duration_seconds").recordSeconds(start.duration(to: .now) / .seconds(1))
    }

    private func note(_ error: VectorError?) {
        let isNew = state.withLock { state in
            defer { state.isUp = error == nil }
            return state.isUp != (error == nil)
        }
        guard isNew else { return }
        Gauge(label: "triage_search_up").record(error == nil ? 1 : 0)
        onChange(error)
    }

    // MARK: - Versions

    /// Opens the version that the server points to; where that fails, a search that finds nothing there and says why.
    ///
    /// - Parameters:
    ///   - embedding: The matrix that articles must have been embedded with.
    ///   - cut: An issue is known from this probability on; nil for the calibration's.
    ///   - local: The same knowledge base on this machine, for questions that the server does not answer.
    package func open(
        embedding: EmbeddingTable?, preparation: TextPreparation, cut: Float? = nil,
        local: (any ArticleSearch)? = nil
    ) async -> DatabaseArticles {
        do throws(VectorError) {
            let found = try await ask { store throws(VectorError) in
                let version = try await store.current()
                self.state.withLock { $0.attempted = .some(version) }
                guard let version else { throw .empty }
                let corpus = try await self.corpus(of: version, embedding, preparation, cut)
                return (version: version, corpus: corpus)
            }
            return DatabaseArticles(self, .success(found), local: local)
        } catch {
            return DatabaseArticles(self, .failure(error), local: local)
        }
    }

    /// Whether the server points to another version than the one that was opened.
    package func hasMoved() async -> Bool {
        guard
            let version = try? await ask({ store throws(VectorError) in try await store.current() })
        else { return false }
        return state.withLock { $0.attempted != .some(version) }
    }

    private func corpus(
        of version: String, _ embedding: EmbeddingTable?, _ preparation: TextPreparation, _ cut: Float?
    ) async throws(VectorError) -> RemoteCorpus {
        let head = try await head(of: version)
        if head.matrix != embedding?.sha256 {
            throw .otherMatrix(found: Self.name(head.matrix), wanted: Self.name(embedding?.sha256))
        }
        let bytes = head.terms * RemoteCorpus.bytesPerTerm
        let pages = PagedFile.pageCount(bytes)
        var rows: [UInt8] = []
        rows.reserveCapacity(bytes)
        for first in stride(from: 0, to: pages, by: 250) {
            let range = first..<min(first + 250, pages)
            let entries = try await store.entries(of: range.map(PagedFile.terms.key), in: version)
            for page in range {
                guard let found = entries[PagedFile.terms.key(page)] else { throw .damaged(what: "terms") }
                rows += found
            }
        }
        var calibration = head.calibration
        if let cut { calibration.cut = cut }
        let shape = (articles: head.articles, meanLength: head.meanLength, largestGroup: head.largestGroup)
        guard rows.count == bytes,
            let corpus = RemoteCorpus(
                rows: rows, shape: shape, embedding: embedding, calibration: calibration,
                preparation: preparation),
            corpus.postingBytes == head.postingBytes
        else { throw .damaged(what: "terms") }
        return corpus
    }

    private func head(of version: String) async throws(VectorError) -> KnowledgeBaseHead {
        let entries = try await store.entries(of: [KnowledgeBaseHead.key], in: version)
        guard let bytes = entries[KnowledgeBaseHead.key] else { throw .damaged(what: "its description") }
        guard let head = KnowledgeBaseHead(bytes: bytes) else { throw .damaged(what: "its description") }
        guard head.format == RemoteCorpus.format else { throw .otherFormat(found: head.format) }
        return head
    }

    private static func name(_ matrix: String?) -> String { matrix.map { String($0.prefix(12)) } ?? "none" }

    // MARK: - Writing

    /// What the server has.
    package struct Status: Sendable {
        package var version: String
        package var head: KnowledgeBaseHead
        package var versions: [String]
    }

    package func status() async throws(VectorError) -> Status {
        try await ask { store throws(VectorError) in
            guard let version = try await store.current() else { throw .empty }
            return Status(
                version: version, head: try await self.head(of: version), versions: try await store.versions())
        }
    }

    /// Writes a knowledge base as a new version and points readers to it.
    package func push(
        _ upload: CorpusUpload, again: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws(VectorError) -> PushOutcome {
        try await ArticlePush(store: store, progress: progress).push(upload, again: again)
    }

    /// What the server has that differs from a knowledge base; nothing when it is the same.
    package func differences(
        from upload: CorpusUpload, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws(VectorError) -> [String] {
        try await ArticlePush(store: store, progress: progress).differences(from: upload)
    }
}
#endif
