#if Service
import ArgumentParser
import Foundation
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageStore
import TriageTickets
import TriageTraining

/// The model that `triage forget` trains again, in a folder of its own or in a registry, with what it is trained from.
struct ForgetModel {
    /// As it was named.
    let path: String
    /// The files of the training, from which rows go.
    let files: [String]
    let earlier: ModelBundle
    private let place: Place
    private let train: Train

    private enum Place {
        case folder
        case registry(RegistryErasure)
    }

    /// Finds out how the model is trained again.
    ///
    /// - Parameters:
    ///   - path: A model's folder, a registry, or a folder or link in one.
    ///   - data: The files that were named; a registry knows its own.
    ///   - stores: The stores in which the erasure takes place.
    /// - Throws: When the model cannot be read or trained, whatever its rows are.
    init(_ path: String, data: [String], stores: [String]) throws {
        self.path = path
        if let registry = ModelRegistry.containing(path) {
            let erasure = try RegistryErasure(registry, data: data, stores: stores)
            (place, files, earlier) = (.registry(erasure), erasure.recipe.files, erasure.earlier)
            train = try Train.parse(erasure.words)
        } else {
            _ = try OutputFolder(path, names: ModelBundle.fileNames)
            (place, files, earlier) = (.folder, data, try Installation.bundle(path))
            train = try Train.parse(
                data.flatMap { ["--data", $0] } + ["--output", path] + earlier.trainingWords(data: data))
        }
        _ = try Installation.loadEmbedding(train.embedding.embedding)
    }

    /// Trains the model from the files that are left, and deletes what was trained before.
    func retrain(by: String?) throws -> [ErasureReceipt.Place] {
        switch place {
        case .registry(let erasure): return try erasure.retrain(train, by: by ?? ModelRegistry.user)
        case .folder:
            try train.run()
            let after = try Installation.bundle(path).sha256
            let place = ErasureReceipt.Place("model", path, before: earlier.sha256, after: after)
            return [place] + (try previousPlace().map { [$0] } ?? [])
        }
    }

    /// The version that the training put aside holds the forgotten rows' share in its weights: it goes.
    private func previousPlace() throws -> ErasureReceipt.Place? {
        let path = "\(path).previous"
        guard FileInput.isFolder(path) else { return nil }
        let hash = try? Installation.bundle(path).sha256
        try OutputFolder.delete(path, names: ModelBundle.fileNames)
        print("deleted \(path.shown); a running service decides with it until it reads models again (reload)")
        return ErasureReceipt.Place("previous model", path, before: hash, after: nil)
    }
}

extension ModelBundle {
    /// The options of `train` for another training with these columns, roles and targets.
    ///
    /// It does not begin with these weights, which know the rows that went.
    fileprivate func trainingWords(data: [String]) throws -> [String] {
        var words: [String] = []
        for head in heads {
            let field = head.manifest.field
            if head.hasTags {
                words += ["--tags", field]
            } else if let tree = head.manifest.tree {
                words += ["--tree", (tree.columns ?? [field]).joined(separator: ",")]
            } else {
                words += ["--label", field]
            }
            if let role = head.manifest.role { words += ["--role", "\(role)=\(field)"] }
        }
        if heads.allSatisfy({ $0.manifest.tree == nil }) { words += ["--tree", "none"] }
        if manifest.embedding == nil { words += ["--embedding", "none"] }
        return try words + targetWords + columnWords(data)
    }

    /// What `auto` must reach, which may have been tuned since the training.
    fileprivate var targetWords: [String] {
        var words: [String] = []
        let targets = Set(heads.compactMap { $0.manifest.auto?.target })
        if targets.count == 1, let target = targets.first, AutoTarget(parsing: target) != nil {
            words += ["--target", target]
        }
        let shares = heads.compactMap { ForeignShare($0.manifest.auto)?.share }
        if let share = shares.max() { words += ["--foreign", "\(share)"] }
        return words
    }

    /// Of names that a file lacks, the columns are found as in a first training.
    fileprivate func columnWords(_ data: [String]) throws -> [String] {
        guard let input = manifest.input else { return [] }
        var words: [String] = []
        let text = input.subject.prefix(1) + input.body
        if input.subject.count == 1, text.count > 1, try ModelBundle.haveColumns(Array(text), data) {
            words += text.flatMap { ["--text", $0] }
        }
        if let id = input.id, try ModelBundle.haveColumns([id], data) { words += ["--id-column", id] }
        if let requester = input.requester { words += ["--group", requester] }
        if let time = input.time { words += ["--time", time] }
        return words
    }

    /// Whether each file has columns of these names, by its header or its first row.
    private static func haveColumns(_ names: [String], _ data: [String]) throws -> Bool {
        try data.allSatisfy { file in
            let reader = try RowReader(path: file)
            var columns = reader.columns
            if columns.isEmpty, case .success(let row)? = try reader.next() {
                columns = row.fields.keys.sorted()
            }
            return names.allSatisfy { KnownColumns.match($0, among: columns) != nil }
        }
    }
}

/// The training that replaces all versions of a registry.
struct RegistryErasure {
    let registry: ModelRegistry
    /// What the training repeats, with files that are there.
    let recipe: RegistryRecipe
    let earlier: ModelBundle
    /// The arguments of the training.
    let words: [String]
    private let isRecipeNew: Bool

    init(_ registry: ModelRegistry, data: [String], stores: [String]) throws {
        guard let champion = registry.champion else { throw RegistryError.noChampion(path: registry.path) }
        self.registry = registry
        earlier = try Installation.bundle(registry.folder(of: champion))
        let known = try RegistryRecipe(of: registry)
        var recipe = known ?? RegistryRecipe(earlier)
        let missing = recipe.data.first { !FileInput.exists($0) }
        isRecipeNew = recipe.data.isEmpty && recipe.store == nil || missing != nil
        if isRecipeNew, !data.isEmpty {
            recipe.data = data.map(RegistryRecipe.wholePath)
        } else if let missing {
            throw ValidationError(
                "The registry's last training read \(missing), which is not there; give the files with --data."
            )
        }
        try RegistryErasure.checkStore(of: &recipe, among: stores)
        guard !recipe.data.isEmpty || recipe.store != nil else {
            throw ValidationError(
                "The registry does not know the files that its champion was trained on; give them with --data."
            )
        }
        self.recipe = recipe
        var words = recipe.data.flatMap { ["--data", $0] } + recipe.options + ["--registry", registry.path]
        words += earlier.targetWords + (recipe.store.map { ["--feedback", $0] } ?? [])
        words += known == nil ? try earlier.columnWords(recipe.data) : []
        self.words = words
    }

    /// The corrections of a store are rows of the training, so the erasure must reach that store.
    private static func checkStore(of recipe: inout RegistryRecipe, among stores: [String]) throws {
        guard let path = recipe.store else { return }
        guard FileInput.exists(path) else {
            Terminal.say(
                "triage: the last training took corrections from \(path), which is not there; they are left out"
            )
            recipe.store = nil
            return
        }
        guard stores.contains(where: { isSame($0, path) }) else {
            throw ValidationError(
                "The registry's last training took corrections from the store \(path); erase in it too, with --backup \(path)."
            )
        }
    }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        let paths = [first, second].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
        return paths[0] == paths[1]
    }

    /// Trains the next version, makes it the champion without a comparison, and deletes all others.
    func retrain(_ train: Train, by: String) throws -> [ErasureReceipt.Place] {
        let sources = try TrainingSources(files: recipe.files, store: recipe.store)
        let bundle = try self.bundle(train)
        try sources.check()
        let change = try registry.change()
        defer { change.end() }
        let measures = PromotionCheck.measures(of: bundle.manifest)
        let version = try change.add(bundle.files, by: by, reason: "forget", measures: measures).version
        let sha256 = try Installation.bundle(registry.folder(of: version)).sha256
        let champion = registry.champion
        if champion != version {
            try change.promote(
                RegistryEntry(
                    .promoted, version, sha256: sha256, by: by, reason: "forget", measures: measures))
        }
        if isRecipeNew { try recipe.write(to: registry) }
        print(
            "\(registry.path): champion \(champion ?? "none") → \(version), trained without what is gone"
                .shown)
        let place = ErasureReceipt.Place("model", registry.path, before: earlier.sha256, after: sha256)
        return [place] + (try deleteOthers(than: version, change, by: by))
    }

    private func bundle(_ train: Train) throws -> TrainedBundle {
        let start = ContinuousClock.now
        let (set, matrix, options, feedback) = try train.read()
        let stop = StopSignals(
            ending: "triage: interrupted before the model was trained; run the same command again")
        let bar = ProgressBar("train")
        let trainer = Trainer(options, embedding: matrix, workers: train.threads.workers) { progress in
            bar.show(progress.stage, fraction: progress.fraction)
        }
        let bundle = try trainer.train(set)
        stop.beginWriting()
        bar.finish()
        let report = TrainingReport(
            bundle, set, seconds: start.duration(to: .now) / .seconds(1), countsFeedback: feedback != nil)
        report.lines.forEach { print($0.shown) }
        return bundle
    }

    private func deleteOthers(
        than version: String, _ change: RegistryChange, by: String
    ) throws -> [ErasureReceipt.Place] {
        for alias in try registry.aliases() where alias.version != version {
            try change.alias(alias.name, nil, by: by, reason: "forget")
        }
        let others = try registry.versions().filter { $0 != version }
        let places = try others.map { other in
            let folder = registry.folder(of: other)
            let hash = try? Installation.bundle(folder).sha256
            try OutputFolder.delete(folder, names: ModelBundle.fileNames)
            return ErasureReceipt.Place("previous model", folder, before: hash, after: nil)
        }
        if !others.isEmpty {
            print(
                "deleted \(others.joined(separator: ", ")), which knew it; a running service changes over within seconds"
            )
        }
        return places
    }
}
#endif
