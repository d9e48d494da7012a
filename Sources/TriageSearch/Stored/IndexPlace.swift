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
        /// `SearchIndex.contents` of the articles.
        var contents: String
        /// A hash of the actions in other languages.
        var translations: String
        /// The fit on the articles' own texts, and the texts that it was made of.
        var calibration: SearchCalibration
        var heldOut: [HeldOutText]

        static let currentVersion = "1.\(ArticleRanking.version)"
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

    /// Writes an index of articles in the place of the one that is there; `files` is `IndexPlace.files` of the knowledge base
    /// before its articles were read.
    func write(
        _ articles: [Article], files: String, embedding: EmbeddingTable?,
        progress: (_ done: Int, _ all: Int) -> Void
    ) throws -> (index: StoredIndex, manifest: Manifest) {
        let name = "\(files.prefix(16))-\(ProcessInfo.processInfo.processIdentifier)"
        try AtomicOutput.makeFolders("\(folder)/\(name)")
        do {
            let shape = try StoredIndexWriter.write(
                articles, embedding: embedding, folder: "\(folder)/\(name)", progress: progress)
            let index = try StoredIndex(folder: "\(folder)/\(name)", shape, embedding: embedding)
            let heldOut = HeldOutText.all(of: articles)
            let manifest = Manifest(
                version: Manifest.currentVersion, files: files, folder: name, shape: shape,
                contents: SearchIndex.contents(articles, matrix: embedding?.sha256).hexadecimal(),
                translations: SearchIndex.translations(articles), calibration: index.fitOnArticles(heldOut),
                heldOut: heldOut)
            let former = self.manifest?.folder
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try AtomicOutput.write([UInt8](try encoder.encode(manifest)), to: "\(folder)/manifest.json")
            if let former, former != name { remove(former) }
            return (index, manifest)
        } catch {
            remove(name)
            throw error
        }
    }

    /// Programs that have the files mapped keep them.
    private func remove(_ name: String) {
        for file in [StoredIndex.tensorFile, StoredIndex.recordFile, StoredIndex.articleFile] {
            AtomicOutput.remove("\(folder)/\(name)/\(file)")
        }
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
            hash.add(file)
            hash.add(signature)
        }
        return hash.hexadecimal()
    }
}
