internal import Foundation
internal import TriageData
internal import TriageModel

/// Where a state folder keeps the index of one knowledge base, searched with one matrix.
///
/// `kb-index/KEY/manifest.json` names the folder that is in use; it is written last, so that a reader meets a whole index or
/// none.
struct IndexPlace {
    let folder: String
    private let kb: String

    /// Knowledge bases with fewer articles are read and indexed in memory.
    static let minimumArticles = 5_000

    init(state: String, kb: String, matrix: String?) {
        var key = Fingerprint()
        for text in ["kb-index", FileInput.absolute(kb), matrix ?? "none"] { key.add(text) }
        folder = "\(state)/kb-index/\(key.hexadecimal().prefix(16))"
        self.kb = kb
    }

    /// What an index was made of, and what was fitted on it.
    struct Manifest: Codable {
        /// Of the files' form, and of how articles are turned into terms.
        var version: String
        /// A hash of the names, sizes and times of the knowledge base's files.
        var files: String
        /// The folder of the index's files.
        var folder: String
        var shape: StoredShape
        /// The SHA-256 of each of its files.
        var hashes: [String]
        /// `SearchIndex.contents` of the articles.
        var contents: String
        /// A hash of the actions in other languages.
        var translations: String
        /// The fit on the articles' own texts, and the texts that it was made of.
        var calibration: SearchCalibration
        var heldOut: [HeldOutText]

        static let currentVersion = "2.\(ArticleRanking.version)"
    }

    /// The index, if there is one of these files.
    func current(_ files: String, embedding: EmbeddingTable?) -> (index: StoredIndex, manifest: Manifest)? {
        guard let manifest, manifest.version == Manifest.currentVersion, manifest.files == files,
            let index = try? StoredIndex(
                folder: "\(folder)/\(manifest.folder)", manifest.shape, embedding: embedding)
        else { return nil }
        return (index, manifest)
    }

    private var manifest: Manifest? {
        guard let bytes = try? FileInput.bytes(of: "\(folder)/manifest.json") else { return nil }
        return try? JSONDecoder().decode(Manifest.self, from: Data(bytes))
    }

    /// Writes an index of articles in the place of the one that is there, or finds the one that another program has just written;
    /// `files` is `IndexPlace.files` of the knowledge base before its articles were read.
    func write(
        _ articles: [Article], files: String, embedding: EmbeddingTable?,
        progress: (_ done: Int, _ all: Int) -> Void
    ) throws -> (index: StoredIndex, manifest: Manifest) {
        try AtomicOutput.makeFolders(folder)
        // One program at a time: several would each need the memory of all words.
        let lock = try FolderLock(holding: "\(folder)/manifest.json")
        defer { lock.release() }
        if let found = current(files, embedding: embedding) { return found }
        removeAll(but: manifest?.folder)
        let name = "\(files.prefix(16))-\(ProcessInfo.processInfo.processIdentifier)"
        try AtomicOutput.makeFolders("\(folder)/\(name)")
        do {
            let shape = try StoredIndexWriter.write(
                articles, embedding: embedding, folder: "\(folder)/\(name)", progress: progress)
            let index = try StoredIndex(folder: "\(folder)/\(name)", shape, embedding: embedding)
            let heldOut = HeldOutText.all(of: articles)
            let manifest = Manifest(
                version: Manifest.currentVersion, files: files, folder: name, shape: shape,
                hashes: try hashes(of: name),
                contents: SearchIndex.contents(articles, matrix: embedding?.sha256).hexadecimal(),
                translations: SearchIndex.translations(articles), calibration: index.fitOnArticles(heldOut),
                heldOut: heldOut)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try AtomicOutput.write([UInt8](try encoder.encode(manifest)), to: "\(folder)/manifest.json")
            removeAll(but: name)
            return (index, manifest)
        } catch {
            remove(name)
            throw error
        }
    }

    private static let fileNames = [
        StoredIndex.tensorFile, StoredIndex.recordFile, StoredIndex.articleFile,
    ]

    /// The SHA-256 of each file of an index.
    private func hashes(of name: String) throws(DataError) -> [String] {
        var hashes: [String] = []
        for file in Self.fileNames { hashes.append(try Checksum.sha256(file: "\(folder)/\(name)/\(file)")) }
        return hashes
    }

    /// Removes an index whose files are not those that were written; a start compares their sizes alone.
    ///
    /// - Returns: Whether there was one.
    func removeIfDamaged() -> Bool {
        guard let manifest, (try? hashes(of: manifest.folder)) != manifest.hashes else { return false }
        AtomicOutput.remove("\(folder)/manifest.json")
        return true
    }

    /// Removes what interrupted builds and former ones have left.
    private func removeAll(but kept: String?) {
        let names = (try? FileInput.names(inFolder: folder)) ?? []
        for name in names where name != kept && FileInput.isFolder("\(folder)/\(name)") { remove(name) }
    }

    /// Programs that have the files open keep them.
    private func remove(_ name: String) {
        for file in Self.fileNames { AtomicOutput.remove("\(folder)/\(name)/\(file)") }
        AtomicOutput.remove("\(folder)/\(name)")
    }

    /// A hash of the names, sizes and times of a knowledge base's files: it changes whenever one of them does.
    ///
    /// Nil when they cannot be listed.
    static func files(of kb: String) -> String? {
        guard let names = try? KnowledgeBase.files(of: kb) else { return nil }
        var hash = Fingerprint()
        for file in names {
            guard let signature = FileInput.signature(of: file) else { return nil }
            // Without the folder: it may be spelled in several ways.
            hash.add(
                String(file[(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)...]))
            hash.add(signature)
        }
        return hash.hexadecimal()
    }
}
