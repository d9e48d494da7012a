internal import Foundation
internal import TriageData
package import TriageModel
package import TriageSearch
internal import TriageTickets

/// The shipped files of this installation: starter model, language identifier, embedding matrix and knowledge base.
package enum Installation {
    /// The folders that are searched: TRIAGE_HOME, the current folder, `../share/triage` beside the executable.
    package static var roots: [String] {
        let beside = ProgramArguments.executable.map {
            AtomicOutput.parent(of: AtomicOutput.parent(of: $0)) + "/share/triage"
        }
        return [variable("TRIAGE_HOME"), ".", beside].compactMap(\.self)
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first root that has `name`; nil when none does.
    package static func existing(_ name: String) -> String? {
        roots.map { $0 == "." ? name : "\($0)/\(name)" }.first { FileInput.exists($0) }
    }

    package static func find(_ name: String, missing: ([String]) -> any Error) throws -> String {
        guard let path = existing(name) else { throw missing(roots.map { "\($0)/\(name)" }) }
        return path
    }

    /// The folder of a bundle, of a registry's champion, or of the starter model.
    ///
    /// - Throws: `ModelError.noBundle` when there is no starter model.
    package static func model(_ path: String? = nil) throws -> String {
        try path.map { try ModelRegistry.bundleFolder(of: $0) }
            ?? find("models/starter", missing: { ModelError.noBundle(searched: $0) })
    }

    /// The state folder where no option names one: TRIAGE_STATE, else `triage` in the user's cache folder; nil when the
    /// environment names neither.
    package static var state: String? {
        variable("TRIAGE_STATE")
            ?? (variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" }).map { "\($0)/triage" }
    }

    /// The public keys with which the files that decide must be signed, where no option names one: TRIAGE_SIGNED_BY, with
    /// commas between several.
    package static var signedBy: [String] {
        TrustedKeys.names(in: variable("TRIAGE_SIGNED_BY") ?? "")
    }

    /// The shipped embedding matrix.
    package static var embedding: String? { existing("models/embeddings/minilm-256") }

    /// The embedding matrix in a folder, or the shipped one; nil for "none", or when there is none.
    ///
    /// - Throws: Also `SignatureError` where TRIAGE_SIGNED_BY asks for a signature that it lacks.
    package static func loadEmbedding(_ path: String?) throws -> (name: String, table: EmbeddingTable)? {
        guard path != "none", let path = path ?? embedding else { return nil }
        let table = try TrustedKeys(signedBy).matrix(path)
        return (URL(fileURLWithPath: path).lastPathComponent, table)
    }

    /// The bundle in a folder, or a registry's champion, its matrix from the bundle or the installation.
    ///
    /// It must be signed with one of `keys`, which are those of TRIAGE_SIGNED_BY unless others are given.
    ///
    /// - Throws: `ModelError`, or `SignatureError` where a signature is required and missing or bad.
    package static func bundle(_ path: String, signedBy keys: [String]? = nil) throws -> ModelBundle {
        try TrustedKeys(keys ?? signedBy).bundle(ModelRegistry.bundleFolder(of: path), homes: roots)
    }

    /// A bundle's own matrix, or the shipped one; nil when there is neither.
    package static func embedding(of model: ModelBundle) throws -> (name: String, table: EmbeddingTable)? {
        guard let table = model.featurizer.embedding else { return try loadEmbedding(nil) }
        return (model.manifest.embedding?.name ?? "embedding", table)
    }
}

/// The parts of a decision as options or settings name them; what is nil comes from the installation, and "none" leaves a
/// part out.
package struct DecisionFiles: Sendable {
    package var model: String?
    package var kb: String?
    package var playbook: String?
    package var language: String?
    package var state: String?
    /// The probability from which an issue is known; nil for the knowledge base's own.
    package var knownCut: Float?
    /// The public keys with which every part must be signed; with none of them, signatures are not required.
    package var signedBy: [String]

    package init(
        model: String? = nil, kb: String? = nil, playbook: String? = nil, language: String? = nil,
        state: String? = nil, knownCut: Float? = nil, signedBy: [String] = Installation.signedBy
    ) {
        (self.model, self.kb, self.playbook) = (model, kb, playbook)
        (self.language, self.state, self.knownCut) = (language, state, knownCut)
        self.signedBy = signedBy
    }

    /// The knowledge base; nil for none.
    package var kbPath: String? { kb == "none" ? nil : kb ?? Installation.existing("kb") }

    /// What decisions lack when no knowledge base was found, though one may be wanted; else nil.
    package var noteWithoutKB: String? {
        guard kbPath == nil, kb == nil else { return nil }
        let searched = Installation.roots.map { "\($0)/kb" }.joined(separator: ", ")
        return "no knowledge base in \(searched): every issue is new and no safety floors apply; "
            + "name its folder, or none"
    }

    /// The playbook: the one named, else the knowledge base's, else the shipped one; nil when there is none.
    package var playbookPath: String? {
        playbook ?? kbPath.flatMap { Snapshot.Places.playbook(ofKB: $0) }
            ?? Installation.existing("kb/playbook.yaml")
    }

    /// The language identifier; nil for none.
    package var languagePath: String? {
        language == "none" ? nil : language ?? Installation.existing("models/language")
    }

    /// The policy that the playbook sets.
    package func policy() throws -> Policy {
        let trusted = try TrustedKeys(signedBy)
        return try playbookPath.map { try Policy(playbook: $0, by: trusted) } ?? Policy()
    }

    /// All parts, with another bundle in place of `model` where one is named.
    ///
    /// - Throws: `ModelError.noBundle` when no bundle is named and there is no starter model.
    package func places(model other: String? = nil) throws -> Snapshot.Places {
        var places = Snapshot.Places(
            model: try Installation.model(other ?? model), kb: kbPath, playbook: playbookPath,
            language: languagePath, embedding: Installation.embedding, homes: Installation.roots)
        places.knownCut = knownCut
        places.state = state
        places.signedBy = signedBy
        return places
    }

    /// A bundle with what else decides levels: playbook and language identifier, without the articles.
    ///
    /// - Throws: Also `DataError.notFound` for a knowledge base that is named and missing.
    package func snapshotWithoutArticles(model: String) throws -> Snapshot {
        if let kb = kbPath, !FileInput.exists(kb) { throw DataError.absent(kb) }
        var places = Snapshot.Places(
            model: model, playbook: playbookPath, language: languagePath, homes: Installation.roots)
        places.signedBy = signedBy
        return try Snapshot(at: places)
    }

    /// The knowledge base alone, searched with the matrix of `bundle`, or the shipped one.
    ///
    /// - Throws: `SearchError.noKnowledgeBase` when none is named and none is shipped.
    package func index(
        with bundle: ModelBundle?, checksIndex: Bool = false,
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> SearchIndex {
        let path =
            try kb ?? Installation.find("kb", missing: { SearchError.noKnowledgeBase(searched: $0) })
        let trusted = try TrustedKeys(signedBy)
        let table =
            try bundle?.featurizer.embedding ?? Installation.embedding.map { try trusted.matrix($0) }
        return try SearchIndex(
            path: path, embedding: table, preparation: bundle?.preparation ?? TextPreparation(),
            cut: knownCut, state: state, by: trusted, checksIndex: checksIndex, progress: progress)
    }
}

extension Snapshot {
    /// A warning about a `match-threshold` that the knowledge base does not suit; nil when none is set, or it is as good as
    /// the knowledge base's own.
    package var matchThresholdNote: String? {
        (index as? SearchIndex)?.cutNote.map { note in
            "match-threshold: \(note). Leave it out, or fit on questions with answers (triage search --fit)"
        }
    }
}
