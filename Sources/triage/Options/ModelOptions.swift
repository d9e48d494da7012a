import ArgumentParser
import Foundation
import TriageEngine
import TriageText
import TriageTickets

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

/// Where the parts of a decision are found, by options or by settings.
protocol DecisionPlaces {
    /// The bundle's folder.
    func modelPath() throws -> String
    /// Where the KB is; nil for none.
    var kbPath: String? { get }
    /// Where the playbook is; nil for none.
    var playbookPath: String? { get }
    /// Where the language identifier is; nil for none.
    var languagePath: String? { get }
    /// The state folder; nil for none.
    var statePath: String? { get }
    /// The probability from which on an issue is known; nil for the KB's own.
    var knownCut: Float? { get }
}

/// Everything that a decision is made with.
struct SnapshotOptions: ParsableArguments, DecisionPlaces {
    @OptionGroup var models: ModelOptions

    @Option(help: ArgumentHelp("The KB's folder or file, or none.", valueName: "dir|none"))
    var kb: String?

    @Option(
        help: ArgumentHelp(
            "The folder for what triage derives and can make again, such as a fit of the KB (default: TRIAGE_STATE, else "
                + "triage in the user's cache folder).", valueName: "dir"))
    var state: String?

    @Option(
        help: ArgumentHelp(
            "The playbook (default: the KB's playbook.yaml, else the shipped one).", valueName: "file"))
    var playbook: String?
    @Option(
        help: ArgumentHelp("The language identifier's folder, or none.", valueName: "dir|none"))
    var language: String?

    func validate() throws {
        let paths = [
            ("--kb", kb), ("--state", state), ("--playbook", playbook), ("--language", language),
            ("--model", models.model),
        ]
        for (name, path) in paths where path?.isEmpty ?? false {
            throw ValidationError("\(name) is empty; name a file or folder, or leave \(name) out.")
        }
    }

    func modelPath() throws -> String { try models.path() }
    var statePath: String? { state ?? Places.state }
    var knownCut: Float? { nil }

    /// Where the KB is; nil for none.
    var kbPath: String? { kb == "none" ? nil : kb ?? Places.existing("kb") }

    /// Where the playbook is; nil for none.
    var playbookPath: String? { playbook ?? Places.playbook(ofKB: kbPath) }

    /// Where the language identifier is; nil for none.
    var languagePath: String? {
        language == "none" ? nil : language ?? Places.existing("models/language")
    }

    /// Model, KB, playbook and language identifier as one value; an issue is known from a probability on, nil for the
    /// KB's own.
    func loadSnapshot(knownFrom cut: Float? = nil) throws -> Snapshot {
        var places = Snapshot.Places(
            model: try models.path(), kb: kbPath, playbook: playbookPath, language: languagePath,
            embedding: Places.embedding, homes: Places.roots)
        places.knownCut = cut
        places.state = statePath
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
        return try SearchIndex(
            path, with: models.model == nil ? nil : models.load(), state: statePath)
    }
}

extension SearchIndex {
    /// The index of a KB, with the matrix of a bundle, or the shipped one.
    convenience init(
        _ path: String, with bundle: ModelBundle?, cut: Float? = nil, state: String?
    ) throws {
        let table =
            try bundle?.featurizer.embedding ?? Places.embedding.map { try EmbeddingTable(directory: $0) }
        try self.init(
            path: path, embedding: table, preparation: bundle?.preparation ?? TextPreparation(), cut: cut,
            state: state)
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

    /// The state folder where no option names one: `TRIAGE_STATE`, else `triage` in the user's cache folder; nil when the
    /// environment names neither.
    static var state: String? {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return value("TRIAGE_STATE")
            ?? (value("XDG_CACHE_HOME") ?? value("HOME").map { "\($0)/.cache" }).map { "\($0)/triage" }
    }

    /// The playbook of a KB, or the shipped one where the KB has none or there is no KB; nil when neither exists.
    static func playbook(ofKB kb: String?) -> String? {
        kb.flatMap { Snapshot.Places.playbook(ofKB: $0) } ?? existing("kb/playbook.yaml")
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
