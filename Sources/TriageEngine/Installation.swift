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

    /// The folder of a bundle, or of the starter model.
    ///
    /// - Throws: `ModelError.noBundle` when there is no starter model.
    package static func model(_ path: String? = nil) throws -> String {
        try path ?? find("models/starter", missing: { ModelError.noBundle(searched: $0) })
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
        (variable("TRIAGE_SIGNED_BY") ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// The shipped embedding matrix.
    package static var embedding: String? { existing("models/embeddings/minilm-256") }

    /// The embedding matrix in a folder, or the shipped one; nil for "none", or when there is none.
    package static func loadEmbedding(_ path: String?) throws -> (name: String, table: EmbeddingTable)? {
        guard path != "none", let path = path ?? embedding else { return nil }
        return (URL(fileURLWithPath: path).lastPathComponent, try EmbeddingTable(directory: path))
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

    package init(
        model: String? = nil, kb: String? = nil, playbook: String? = nil, language: String? = nil,
        state: String? = nil, knownCut: Float? = nil
    ) {
        (self.model, self.kb, self.playbook) = (model, kb, playbook)
        (self.language, self.state, self.knownCut) = (language, state, knownCut)
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
    package func policy() throws -> Policy { try playbookPath.map { try Policy(playbook: $0) } ?? Policy() }

    /// All parts, with another bundle in place of `model` where one is named.
    ///
    /// - Throws: `ModelError.noBundle` when no bundle is named and there is no starter model.
    package func places(model other: String? = nil) throws -> Snapshot.Places {
        var places = Snapshot.Places(
            model: try Installation.model(other ?? model), kb: kbPath, playbook: playbookPath,
            language: languagePath, embedding: Installation.embedding, homes: Installation.roots)
        places.knownCut = knownCut
        places.state = state
        return places
    }

    /// A bundle with what else decides levels: playbook and language identifier, without the articles.
    ///
    /// - Throws: Also `DataError.notFound` for a knowledge base that is named and missing.
    package func snapshotWithoutArticles(model: String) throws -> Snapshot {
        if let kb = kbPath, !FileInput.exists(kb) { throw DataError.notFound(path: kb) }
        return try Snapshot(
            at: Snapshot.Places(
                model: model, playbook: playbookPath, language: languagePath, homes: Installation.roots))
    }

    /// The knowledge base alone, searched with the matrix of `bundle`, or the shipped one.
    ///
    /// - Throws: `SearchError.noKnowledgeBase` when none is named and none is shipped.
    package func index(with bundle: ModelBundle?) throws -> SearchIndex {
        let path =
            try kb ?? Installation.find("kb", missing: { SearchError.noKnowledgeBase(searched: $0) })
        let table =
            try bundle?.featurizer.embedding
            ?? Installation.embedding.map { try EmbeddingTable(directory: $0) }
        return try SearchIndex(
            path: path, embedding: table, preparation: bundle?.preparation ?? TextPreparation(),
            cut: knownCut, state: state)
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
