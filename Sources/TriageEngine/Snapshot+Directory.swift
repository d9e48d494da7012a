internal import TriageData
public import TriageModel
public import TriageSearch

extension Snapshot {
    /// Where the parts of a snapshot lie on disk.
    public struct Places: Sendable {
        /// The bundle's folder.
        public var model: String
        /// The KB's folder or file; nil makes every issue new.
        public var kb: String?
        /// The playbook; nil for the one in the KB's folder, if it has one.
        public var playbook: String?
        /// The language identifier's folder; nil leaves languages untold.
        public var language: String?
        /// A matrix for the search of a bundle that has none itself.
        public var embedding: String?
        /// Folders below which a bundle's matrix is looked for as `embeddings/NAME` or `models/embeddings/NAME`.
        public var homes: [String]

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
    }

    /// Reads and verifies all parts.
    ///
    /// - Throws: `ModelError`, `SearchError` or `EngineError` that names the file and what to do.
    public init(at places: Places) throws {
        let model = try ModelBundle(directory: places.model, homes: places.homes)
        let index = try places.kb.map { kb in
            let table =
                try model.featurizer.embedding ?? places.embedding.map { try EmbeddingTable(directory: $0) }
            return try SearchIndex(path: kb, embedding: table)
        }
        let policy =
            try places.playbook.map { try Policy(playbook: FileInput.bytes(of: $0), path: $0) }
            ?? Policy(kb: places.kb)
        let language = try places.language.map { try ModelBundle(directory: $0, homes: places.homes) }
        self.init(model: model, index: index, policy: policy ?? Policy(), language: language)
    }
}

extension Policy {
    /// The policy of the playbook in a KB's folder; nil without a folder, or when it has none.
    public init?(kb: String?) throws {
        guard let path = kb.map({ "\($0)/playbook.yaml" }), FileInput.exists(path) else { return nil }
        try self.init(playbook: FileInput.bytes(of: path), path: path)
    }
}
