internal import TriageData
import TriageModel
internal import TriageNumerics
import TriageSearch

extension Snapshot {
    /// Where the parts of a snapshot lie on disk.
    public struct Places: Sendable {
        /// The bundle's folder.
        package var model: String
        /// The KB's folder or file; nil makes every issue new.
        package var kb: String?
        /// The playbook; nil for the one in the KB's folder, if it has one.
        package var playbook: String?
        /// The language identifier's folder; nil leaves languages untold.
        package var language: String?
        /// A matrix for the search of a bundle that has none itself.
        package var embedding: String?
        /// Folders below which a bundle's matrix is looked for as `embeddings/NAME` or `models/embeddings/NAME`.
        package var homes: [String]
        /// The folder of what is derived and can be made again, such as a KB's fit; nil for none.
        package var state: String?
        /// An issue is known from this score on; nil for the cut of the KB's calibration.
        package var knownCut: Float?
        /// The public keys, as files or 56 characters each, with one of which every part must be signed; with none of them,
        /// signatures are not required.
        public var signedBy: [String] = []
        /// Whether everything is read into private memory, so that files may be overwritten in place while it decides.
        package var isCopied = false

        /// A bundle alone, or with what is named.
        public init(
            model: String, kb: String? = nil, playbook: String? = nil, language: String? = nil,
            embedding: String? = nil, homes: [String] = []
        ) {
            self.model = model
            self.kb = kb
            self.playbook = playbook
            self.language = language
            self.embedding = embedding
            self.homes = homes
        }

        /// The `playbook.yaml` in a KB's folder, or beside a KB that is one file; nil when there is none.
        package static func playbook(ofKB kb: String) -> String? {
            let folder =
                FileInput.isFolder(kb)
                ? kb + "/"
                : String(kb[..<(kb.lastIndex(of: "/").map { kb.index(after: $0) } ?? kb.startIndex)])
            let path = "\(folder)playbook.yaml"
            return FileInput.exists(path) ? path : nil
        }
    }

    /// Reads and verifies all parts.
    ///
    /// - Throws: `ModelError`, `SearchError`, `SignatureError` or `EngineError` that names the file and what to do.
    public init(at places: Places) throws {
        let trusted = try TrustedKeys(places.signedBy)
        let playbook = places.playbook ?? places.kb.flatMap { Places.playbook(ofKB: $0) }
        // What is wrong with the playbook is reported after what is wrong with the articles.
        let (model, policy) = try Workers.both(
            { try trusted.bundle(places.model, homes: places.homes, copying: places.isCopied) },
            { Result { try playbook.map { try Policy(playbook: $0, by: trusted) } } })
        let table =
            try model.featurizer.embedding
            ?? places.embedding.map { try trusted.matrix($0, copying: places.isCopied) }
        let index = try places.kb.map { kb in
            try SearchIndex(
                path: kb, embedding: table, preparation: model.preparation, cut: places.knownCut,
                state: places.state, by: trusted)
        }
        let rules = try policy.get() ?? Policy()
        let language = try places.language.map {
            try trusted.bundle($0, homes: places.homes, copying: places.isCopied)
        }
        self.init(model: model, index: index, policy: rules, language: language)
        searchEmbedding = table
        if let severityRefusal { throw severityRefusal }
    }
}

extension Policy {
    /// Reads the playbook in a file.
    ///
    /// - Throws: `DataError` when it cannot be read, `SignatureError` when one of `trusted` must have signed it and has not,
    ///   `EngineError.badPlaybook` when it cannot be used.
    package init(playbook path: String, by trusted: TrustedKeys = .none) throws {
        let limit = PlaybookReader.maximumBytes
        // A file beyond the limit is refused for its size; its hash is taken of all of it.
        let read = trusted.areRequired ? Int.max : limit
        let bytes: [UInt8]
        do throws(SignatureError) { bytes = try trusted.reader(of: path).bytes(of: path, limit: read) } catch
        {
            if case .data(let error) = error { throw error }
            throw error
        }
        try self.init(playbook: bytes, path: path)
    }
}
