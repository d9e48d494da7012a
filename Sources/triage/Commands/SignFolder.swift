import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageSearch

#if Service
import TriageVectors
#endif

extension Models {
    /// `triage models sign`: a signature over every file of a model's folder.
    struct SignModel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign", abstract: "Sign every file of a model, or of an embedding matrix.",
            discussion: """
                Writes SHA256SUMS, the hash of each file below the folder, and SHA256SUMS.minisig. The manifest names the \
                hash of the model's matrix, so the signature covers that too, wherever it lies.
                """)
        @Argument(help: "The folder.") var directory: String
        @OptionGroup var signing: SigningOptions

        func run() throws {
            try reportingErrors {
                try check()
                try SignedFolder.sign(directory, by: signing.load(), comment: signing.comment)
            }
        }
    }
}

extension Models.SignModel {
    /// Refuses a folder that is damaged, or is no model and no matrix; the matrix of a model may lie on another machine.
    private func check() throws {
        let isMatrix =
            FileInput.exists("\(directory)/\(EmbeddingTable.tableFile)")
            && !FileInput.exists("\(directory)/manifest.json")
        guard !isMatrix else { return _ = try EmbeddingTable(directory: directory) }
        do throws(ModelError) {
            _ = try ModelBundle(directory: directory, homes: Installation.roots)
        } catch {
            guard case .embeddingNotFound(let name, _, _) = error else { throw error }
            Terminal.say("triage: the matrix \(name) is not here; its hash in the manifest is signed")
        }
    }
}

/// `triage kb`: signatures and the index of a knowledge base.
struct KnowledgeBaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kb", abstract: "Sign a knowledge base, check its signature, and index a large one.",
        subcommands: [SignArticles.self, Verify.self, IndexCommand.self] + servers)

    #if Service
    private static let servers: [any ParsableCommand.Type] = [Push.self, Status.self]
    #else
    private static let servers: [any ParsableCommand.Type] = []
    #endif

    struct SignArticles: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign",
            abstract: "Sign every file of a knowledge base, its playbook and calibration too.",
            discussion: """
                In a folder this writes SHA256SUMS, the hash of each file below it, and SHA256SUMS.minisig. A knowledge base of \
                one file, and a playbook beside it, get FILE.minisig.
                """)
        @Argument(help: "The folder or file.") var path: String
        @OptionGroup var signing: SigningOptions

        func run() throws {
            try reportingErrors {
                _ = try KnowledgeBase.load(path: path)
                let key = try signing.load()
                guard !FileInput.isFolder(path) else {
                    return try SignedFolder.sign(path, by: key, comment: signing.comment)
                }
                for file in KnowledgeBaseCommand.files(of: path) {
                    let made = try FileSignature(of: file, by: key, comment: signing.comment)
                    try AtomicOutput.write(Array(made.text.utf8), to: file + FileSignature.fileEnding)
                    print("wrote \((file + FileSignature.fileEnding).shown)")
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that a knowledge base is what was signed; exit code 65 when it is not.",
            discussion: """
                With --search-url it checks instead that the vector database has every article, record and page of the knowledge                 base.
                """)
        @Argument(help: "The folder or file (default: the shipped one).") var path: String?
        @OptionGroup var trusted: KeyOption
        @OptionGroup var search: SearchFlags
        @Option(help: ArgumentHelp("With --search-url, the model whose matrix the articles were embedded with.", valueName: "dir"))
        var model: String?

        func run() async throws {
            try await reportingErrors {
                guard try await !checkedServer() else { return }
                let keys = try trusted.required()
                let path =
                    try path
                    ?? Installation.find("kb", missing: { SearchError.noKnowledgeBase(searched: $0) })
                guard !FileInput.isFolder(path) else { return try SignedFolder(path, by: keys).show() }
                for file in KnowledgeBaseCommand.files(of: path) {
                    try keys.check(file: file).show(file)
                }
            }
        }
    }

    /// A knowledge base that is one file, and the playbook beside it.
    private static func files(of path: String) -> [String] {
        [path] + [Snapshot.Places.playbook(ofKB: path)].compactMap(\.self)
    }
}

extension KnowledgeBaseCommand.Verify {
    /// Compares a vector database with the knowledge base and prints what differs; false when none is named.
    fileprivate func checkedServer() async throws -> Bool {
        #if Service
        guard let database = try search.database() else { return false }
        let files = DecisionFiles(model: model, kb: path, state: Installation.state)
        let (bar, upload) = (ProgressBar("verify"), try files.upload())
        let found = try await database.differences(from: upload) { bar.show("compare", fraction: $0) }
        bar.finish()
        await database.close()
        for line in found { print(line.shown) }
        guard found.isEmpty else { throw ExitCode.badData }
        print("\(database.server): version \(upload.version) has \(upload.count.counted("article")), as here".shown)
        return true
        #else
        return false
        #endif
    }
}

extension SignedFolder {
    /// Signs a folder and prints what was written.
    ///
    /// - Throws: `ValidationError` for options that files alone have.
    static func sign(
        _ folder: String, by key: SigningKey, comment: String?, whole: Bool = false, _ place: String? = nil
    ) throws {
        guard !whole, place == nil else {
            throw ValidationError("--legacy and --signature are for files, and \(folder.shown) is a folder.")
        }
        let count = try write(folder, by: key, comment: comment)
        print("wrote \(folder)/\(listName) and \(signatureName): \(count.counted("file"))".shown)
    }

    /// Prints what was checked.
    func show() {
        print(
            "\(path): \(fileCount.counted("file")), signed with \(signed.key.name) (\(signed.comment))".shown)
    }
}

extension TrustedKeys.Signed {
    /// Prints what was checked.
    func show(_ file: String) { print("\(file): good, signed with \(key.name) (\(comment))".shown) }
}
