import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageTraining

extension Train {
    /// Where the bundle goes: a folder of its own, or a registry's next version.
    enum Destination {
        case folder(path: String, OutputFolder)
        case registry(ModelRegistry, RegistryRecipe)

        /// Writes the bundle, and gives the sentence that names its place.
        func write(_ bundle: TrainedBundle) throws -> String {
            switch self {
            case .folder(let path, let folder):
                try folder.write(bundle.files)
                return "wrote \(path)"
            case .registry(let registry, let recipe):
                try recipe.write(to: registry)
                return try registry.add(
                    bundle.files, bundle.manifest, promotesFirst: true,
                    reason: "trained on \(bundle.manifest.training.rows) rows")
            }
        }
    }

    func destination() throws -> Destination {
        if let registry {
            return .registry(try ModelRegistry(making: registry), try recipe())
        }
        let path = output ?? ""
        if let registry = ModelRegistry.containing(path) {
            throw ValidationError(
                "--output \(path) is in a registry, whose versions never change; give --registry \(registry.path)."
            )
        }
        return .folder(path: path, try OutputFolder(path, names: ModelBundle.fileNames))
    }

    /// The name that the bundle has in each decision.
    func modelName() throws -> String {
        if let registry { return URL(fileURLWithPath: registry).lastPathComponent }
        return URL(fileURLWithPath: output ?? "").lastPathComponent
    }

    /// What must not change before the model is written: of a folder's model what is erased in the store, of a registry's
    /// next version the files too.
    func sources() throws -> TrainingSources {
        try TrainingSources(files: registry == nil ? [] : try recipe().files, store: feedback)
    }

    /// What `retrain` repeats: every option that shapes the model, files with their whole paths.
    func recipe() throws -> RegistryRecipe {
        func option(_ name: String, _ values: [String]) -> [String] { values.flatMap { [name, $0] } }
        let path = RegistryRecipe.wholePath
        var words = option("--label", label) + option("--tree", shape.tree) + option("--tags", shape.tags)
        words += option("--role", role) + option("--text", text.text)
        words += option("--id-column", [text.idColumn].compactMap(\.self))
        words += option("--corrections", corrections.map(path))
        words += option("--embedding", [embedding.embedding.map(path)].compactMap(\.self))
        words += option("--unlabelled", unlabelled.map(path))
        words += option("--group", [group].compactMap(\.self)) + option("--time", [time].compactMap(\.self))
        // A target is the champion's, which may have been tuned since.
        words += ["--tag-target", tagTarget]
        words += option("--oos-label", [oosLabel].compactMap(\.self))
        words += option("--notes", [notes.map(path)].compactMap(\.self))
        words += option("--language", [language.map(path)].compactMap(\.self))
        words += [
            "--memory", "\(memory)", "--characters", characters, "--words", "\(self.words)", "--bits",
            "\(bits)",
            "--minimum-rows", "\(minimumRows)",
        ]
        let flags = [
            ("--merge-labels", mergeLabels), ("--fixed", fixed), ("--calibrate", calibrate),
            ("--balanced", balanced), ("--normalize", normalize), ("--plain-subject", plainSubject),
            ("--cold-start", coldStart), ("--learning-curve", learningCurve),
        ]
        words += flags.filter(\.1).map(\.0)
        guard !(data + unlabelled).contains("-") else {
            throw ValidationError(
                "--registry remembers its files for retrain; give --data and --unlabelled files instead of -."
            )
        }
        var recipe = RegistryRecipe(
            data: data.map(path), options: words, tests: siteTests.tests.map(path), kb: siteTests.kb.map(path)
        )
        recipe.store = feedback.map(path)
        return recipe
    }
}

/// How a registry's models are trained, kept in it as `train.json`.
struct RegistryRecipe {
    static let fileName = "train.json"

    /// The labelled tickets.
    var data: [String]
    /// Other options of `train`.
    var options: [String]
    /// The site's tests, and the KB whose floors count in them.
    var tests: String?
    var kb: String?
    /// Minimum recalls, as they were given.
    var minimumRecall: [String] = []
    /// The store whose corrections the last training took; nil for none.
    var store: String?

    init(
        data: [String], options: [String], tests: String? = nil, kb: String? = nil,
        minimumRecall: [String] = []
    ) {
        (self.data, self.options, self.tests, self.kb) = (data, options, tests, kb)
        self.minimumRecall = minimumRecall
    }

    /// The recipe of a registry; nil where no training was recorded.
    ///
    /// - Throws: `ValidationError` for a file that is not one.
    init?(of registry: ModelRegistry) throws {
        let path = "\(registry.path)/\(RegistryRecipe.fileName)"
        guard FileInput.exists(path) else { return nil }
        func list(_ value: JSONValue?) -> [String]? { value?.elements?.compactMap(\.text) }
        guard let json = JSONValue(parsing: try FileInput.bytes(of: path)), let data = list(json["data"]),
            let options = list(json["options"])
        else {
            throw ValidationError(
                "\(path) is not the record of a training; delete it, and name the files with --data.")
        }
        self.init(
            data: data, options: options, tests: json["tests"]?.text, kb: json["kb"]?.text,
            minimumRecall: list(json["minimum_recall"]) ?? [])
        store = json["store"]?.text
    }

    /// What trains again like a bundle that was trained elsewhere.
    init(_ bundle: ModelBundle) {
        var words: [String] = []
        for head in bundle.heads {
            let field = head.manifest.field
            if head.hasTags {
                words += ["--tags", field]
            } else if let tree = head.manifest.tree {
                words += ["--tree", tree.columns?.joined(separator: ",") ?? field]
            } else {
                words += ["--label", field]
            }
            if let role = head.manifest.role { words += ["--role", "\(role)=\(field)"] }
        }
        let (manifest, text) = (bundle.manifest, bundle.manifest.text)
        words += ["--bits", "\(manifest.bucketBits.words)", "--words", "\(text.wordRun)"]
        words += ["--characters", text.characterRuns.map(String.init).joined(separator: "-")]
        words += text.subjectCopies ? [] : ["--plain-subject"]
        words += text.normalizesMachineText ? ["--normalize"] : []
        words += manifest.heads.contains { $0.joinsLabelForms == true } ? ["--merge-labels"] : []
        words += manifest.embedding == nil ? ["--embedding", "none"] : []
        self.init(data: [], options: words)
    }

    /// A file's path from the root, so that a timer finds it from any folder.
    static func wholePath(_ name: String) -> String {
        ["none", "-"].contains(name) ? name : URL(fileURLWithPath: name).standardizedFileURL.path
    }

    func write(to registry: ModelRegistry) throws(DataError) {
        let bytes = JSONWriter.lineBytes { json in
            json.object { json in
                json.array("data", data) { $0.string($1) }
                json.array("options", options) { $0.string($1) }
                json.string("tests", tests)
                json.string("kb", kb)
                json.array("minimum_recall", minimumRecall) { $0.string($1) }
                json.string("store", store)
            }
        }
        try AtomicOutput.write(bytes, to: "\(registry.path)/\(RegistryRecipe.fileName)")
    }
}

extension ModelRegistry {
    /// Who changes the registry, where no option names one.
    static var user: String { Account.name(of: getuid()) }

    /// Adds a bundle as the next version, and gives the sentence that names its place.
    func add(
        _ files: [(name: String, bytes: [UInt8])], _ manifest: ModelManifest, promotesFirst: Bool,
        by: String = ModelRegistry.user, reason: String
    ) throws -> String {
        let change = try change()
        defer { change.end() }
        let measures = PromotionCheck.measures(of: manifest)
        let (version, isNew) = try change.add(files, by: by, reason: reason, measures: measures)
        guard isNew else { return "\(path) has this model already, as \(version)" }
        let wrote = "wrote \(folder(of: version))"
        guard champion == nil, promotesFirst else {
            return "\(wrote)\nmake it the champion: triage models promote \(version) --registry \(path)"
        }
        let bundle = try Installation.bundle(folder(of: version))
        try change.promote(
            RegistryEntry(
                .promoted, version, sha256: bundle.sha256, by: by, reason: "the first version",
                measures: measures))
        return "\(wrote), the champion of \(path)"
    }
}
