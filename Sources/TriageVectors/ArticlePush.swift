#if Service
internal import TriageData
internal import TriageSearch

/// What a push did.
package struct PushOutcome: Sendable, Equatable {
    package var version: String
    package var articles: Int
    /// Whether the version was there already.
    package var wasThere: Bool
    /// Versions that were removed.
    package var removed: [String]
}

/// Writes a knowledge base to a server as a new version, and points readers to it.
struct ArticlePush {
    let store: any VectorStore
    /// Called with how much is done, from 0 to 1.
    var progress: @Sendable (Double) -> Void = { _ in }

    private static let batch = 1_000

    /// Writes what is not there yet; with `again`, everything.
    ///
    /// The version that readers used before stays, so that readers under way can finish; older ones are removed.
    func push(_ upload: CorpusUpload, again: Bool = false) async throws(VectorError) -> PushOutcome {
        let former = try await store.current()
        let isThere = try await isWhole(upload)
        if again || !isThere {
            guard !(again && former == upload.version) else { return try await rewrite(upload) }
            try await write(upload)
        }
        try await store.point(to: upload.version)
        return PushOutcome(
            version: upload.version, articles: upload.count, wasThere: isThere && !again,
            removed: try await removeAll(but: [upload.version, former ?? upload.version]))
    }

    /// Writes the version that readers use once more. Until it is whole they find no articles.
    private func rewrite(_ upload: CorpusUpload) async throws(VectorError) -> PushOutcome {
        try await write(upload)
        try await store.point(to: upload.version)
        return PushOutcome(
            version: upload.version, articles: upload.count, wasThere: false,
            removed: try await removeAll(but: [upload.version]))
    }

    private func isWhole(_ upload: CorpusUpload) async throws(VectorError) -> Bool {
        guard try await store.versions().contains(upload.version),
            let bytes = try await store.entries(of: [KnowledgeBaseHead.key], in: upload.version)[
                KnowledgeBaseHead.key]
        else { return false }
        return KnowledgeBaseHead(bytes: bytes) == KnowledgeBaseHead(upload)
    }

    private func removeAll(but kept: Set<String>) async throws(VectorError) -> [String] {
        let old = try await store.versions().filter { !kept.contains($0) }
        for version in old { try await store.remove(version) }
        return old
    }

    private func write(_ upload: CorpusUpload) async throws(VectorError) {
        let version = upload.version
        try await store.create(version, dimension: upload.dimension)
        for start in stride(from: 0, to: upload.count, by: Self.batch) {
            let rows = upload.rows(start..<min(start + Self.batch, upload.count)).map { row in
                StoredArticle(
                    number: row.number, id: row.id, json: row.json, record: row.record.bytes, vector: row.vector)
            }
            try await store.write(rows, to: version)
            progress(0.4 * Double(start + rows.count) / Double(upload.count))
        }
        let terms = upload.terms()
        try await write(.terms, terms.count, to: version) { Array(terms[$0]) }
        try await write(.postings, upload.postingCount, to: version) { upload.postings($0) }
        progress(0.5)
        try await store.optimise(version)
        // Last, since a version with a head is whole.
        let head = KnowledgeBaseHead(upload)
        try await store.write([StoredEntry(key: KnowledgeBaseHead.key, bytes: head.bytes)], to: version)
        progress(1)
    }

    private func write(
        _ file: PagedFile, _ count: Int, to version: String, _ bytes: (Range<Int>) -> [UInt8]
    ) async throws(VectorError) {
        let pages = PagedFile.pageCount(count)
        for first in stride(from: 0, to: pages, by: Self.batch / 2) {
            let entries = (first..<min(first + Self.batch / 2, pages)).map { page in
                let start = page * PagedFile.pageSize
                return StoredEntry(
                    key: file.key(page), bytes: bytes(start..<min(start + PagedFile.pageSize, count)))
            }
            try await store.write(entries, to: version)
        }
    }

    // MARK: - Checking

    /// What a version on the server has that differs from a knowledge base; nothing when it is the same.
    func differences(from upload: CorpusUpload) async throws(VectorError) -> [String] {
        guard let version = try await store.current() else { throw .empty }
        guard version == upload.version else {
            return ["the server has the version \(version), and the knowledge base is \(upload.version)"]
        }
        guard try await isWhole(upload) else { return ["the version \(version) is not whole"] }
        var found: [String] = []
        let count = try await store.count(in: version)
        if count != upload.count { found.append("the server has \(count) articles of \(upload.count)") }
        for start in stride(from: 0, to: upload.count, by: Self.batch) {
            let rows = upload.rows(start..<min(start + Self.batch, upload.count))
            let numbers = rows.map(\.number)
            let records = try await store.records(of: numbers, in: version)
            let articles = try await store.articles(of: numbers, in: version)
            for row in rows where records[row.number] != row.record.bytes || articles[row.number] != row.json {
                found.append("article \(row.id) is missing or another one")
            }
            progress(Double(start + rows.count) / Double(upload.count))
            if found.count >= 10 { return found + ["more was not checked"] }
        }
        let terms = upload.terms()
        found += try await differences(.terms, terms.count, in: version) { Array(terms[$0]) }
        found += try await differences(.postings, upload.postingCount, in: version) { upload.postings($0) }
        return found
    }

    private func differences(
        _ file: PagedFile, _ count: Int, in version: String, _ bytes: (Range<Int>) -> [UInt8]
    ) async throws(VectorError) -> [String] {
        let pages = PagedFile.pageCount(count)
        var wrong = 0
        for first in stride(from: 0, to: pages, by: 200) {
            let range = first..<min(first + 200, pages)
            let entries = try await store.entries(of: range.map(file.key), in: version)
            for page in range {
                let start = page * PagedFile.pageSize
                if entries[file.key(page)] != bytes(start..<min(start + PagedFile.pageSize, count)) { wrong += 1 }
            }
        }
        return wrong == 0 ? [] : ["\(wrong) of \(pages) pages of \(file.name) are missing or others"]
    }
}
#endif
