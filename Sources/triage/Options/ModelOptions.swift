import ArgumentParser
import Foundation
import TriageEngine
import TriageText

/// Which bundle is used: the flag, or the starter bundle where `Places` finds it.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The bundle's folder (default: the starter bundle).", valueName: "dir"))
    var model: String?

    /// The folder of the bundle asked for, or of the starter bundle.
    func path() throws -> String {
        try model ?? Places.find("models/starter", missing: { ModelError.noBundle(searched: $0) })
    }

    /// The bundle.
    func load() throws -> ModelBundle { try ModelBundle(directory: path(), homes: Places.roots) }
}

/// Everything that a decision is made with.
struct SnapshotOptions: ParsableArguments {
    @OptionGroup var models: ModelOptions

    @Option(help: ArgumentHelp("The KB's folder or file, or none.", valueName: "dir|none"))
    var kb: String?

    /// Where the KB is; nil for none.
    var kbPath: String? { kb == "none" ? nil : kb ?? Places.existing("kb") }

    /// Where the playbook is: with the KB, or without one with the shipped KB; nil for none.
    var playbookPath: String? {
        guard let kb = kbPath else { return Places.existing("kb/playbook.yaml") }
        return Snapshot.Places.playbook(ofKB: kb)
    }

    /// Where the language identifier is; nil for none.
    var languagePath: String? { Places.existing("models/language") }

    /// Model, KB, playbook and language identifier as one value; an issue is known from a probability on, nil for the
    /// KB's own.
    func loadSnapshot(knownFrom cut: Float? = nil) throws -> Snapshot {
        var places = Snapshot.Places(
            model: try models.path(), kb: kbPath, playbook: playbookPath, language: languagePath,
            embedding: Places.embedding, homes: Places.roots)
        places.knownCut = cut
        return try Snapshot(at: places)
    }

    /// A bundle's folder with what else decides levels: playbook and language identifier, without the KB's articles.
    func loadDeciding(_ model: String) throws -> Snapshot {
        if let kb = kbPath, !FileInput.exists(kb) { throw DataError.notFound(path: kb) }
        return try Snapshot(
            at: Snapshot.Places(
                model: model, playbook: playbookPath, language: languagePath, homes: Places.roots))
    }

    /// Says what decisions lack when no KB was found and nobody asked for none.
    func warnWithoutKB() {
        if kbPath == nil, kb == nil { Places.warnWithoutKB() }
    }

    /// The KB alone, made searchable with the matrix of the bundle that was asked for, or the shipped one.
    func loadIndex() throws -> SearchIndex {
        let path = try kb ?? Places.find("kb", missing: { SearchError.noKnowledgeBase(searched: $0) })
        return try SearchIndex(path, with: models.model == nil ? nil : models.load())
    }
}

extension SearchIndex {
    /// The index of a KB, with the matrix of a bundle, or the shipped one.
    convenience init(_ path: String, with bundle: ModelBundle?, cut: Float? = nil) throws {
        let table =
            try bundle?.featurizer.embedding ?? Places.embedding.map { try EmbeddingTable(directory: $0) }
        try self.init(
            path: path, embedding: table, preparation: bundle?.preparation ?? TextPreparation(), cut: cut)
    }
}

/// The folders in which shipped things are looked for.
enum Places {
    /// TRIAGE_HOME, the current folder, `../share/triage` beside the executable; those that are set.
    static var roots: [String] {
        var roots: [String] = []
        if let home = ProcessInfo.processInfo.environment["TRIAGE_HOME"], !home.isEmpty { roots.append(home) }
        roots.append(".")
        // Found through PATH, the first argument is a bare name; the system knows the file.
        let running = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let executable = URL(fileURLWithPath: running ?? CommandLine.arguments[0]).resolvingSymlinksInPath()
        roots.append(
            executable.deletingLastPathComponent().deletingLastPathComponent().path + "/share/triage")
        return roots
    }

    /// The first root that has `name`; nil when none does.
    static func existing(_ name: String) -> String? {
        roots.map { $0 == "." ? name : "\($0)/\(name)" }.first { FileInput.exists($0) }
    }

    /// The shipped embedding matrix.
    static var embedding: String? { existing("models/embeddings/minilm-256") }

    /// The matrix in a folder, or the shipped one, for training; nil for "none" or when there is none.
    static func loadEmbedding(_ wanted: String?) throws -> (name: String, table: EmbeddingTable)? {
        if wanted == "none" { return nil }
        guard let path = wanted ?? embedding else {
            Terminal.say(
                "triage: no embedding matrix found; training on n-grams alone (name one with --embedding)")
            return nil
        }
        return (URL(fileURLWithPath: path).lastPathComponent, try EmbeddingTable(directory: path))
    }

    /// Says what decisions lack when no KB was found and nobody asked for none.
    static func warnWithoutKB() {
        let searched = roots.map { "\($0)/kb" }.joined(separator: ", ")
        Terminal.say(
            "triage: no knowledge base in \(searched): every issue is new and no safety floors apply; "
                + "name one with --kb DIR, or say --kb none")
    }

    static func find(_ name: String, missing: ([String]) -> any Error) throws -> String {
        guard let path = existing(name) else { throw missing(roots.map { "\($0)/\(name)" }) }
        return path
    }
}
