import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageTraining

/// `triage retrain`: corrections to a new champion, in one command.
struct Retrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Train a registry's model again with new corrections, compare it with the champion, and promote or refuse it.",
        discussion: """
            Trains as the registry's last `train --registry` did, on the same files and the corrections of --store, beginning \
            with the champion's weights. Tickets that the champion was not trained on, 2000 at most, are answered by both: \
            each half by a model that was trained without it. The rules are those of `models promote`. A refused model stays \
            in the registry as `challenger`, and the exit code is 1. Without a new ticket nothing is done. `triage schedule` \
            prints what runs it by itself.
            """)

    @OptionGroup var place: RegistryOptions
    @Option(
        help: ArgumentHelp(
            "A store whose corrected and confirmed decisions are rows too, from now on; it may be in use. none leaves "
                + "corrections out (default: the store of the last training).",
            valueName: "dir|none"))
    var store: String?
    @Option(
        help: ArgumentHelp(
            "Labelled tickets instead of those of the last training, from now on; may be given several times.",
            valueName: "file"))
    var data: [String] = []
    @OptionGroup var rules: PromotionOptions
    @OptionGroup var files: DecidingOptions
    @Option(
        help: ArgumentHelp(
            "Tests that the model must pass, from now on (default: those of the last training).",
            valueName: "file"))
    var tests: String?
    @OptionGroup var threads: ThreadsOption
    @OptionGroup var report: ReportOptions

    func run() throws {
        try reportingErrors {
            let registry = try place.load()
            guard let version = registry.champion else { throw RegistryError.noChampion(path: registry.path) }
            let folder = try report.folder()
            let champion = try files.files.snapshotWithoutArticles(model: registry.folder(of: version))
            let recipe = try recipe(of: registry, champion.model)
            let train = try recipe.train(
                from: registry.folder(of: version), into: registry, threads: threads.threads)
            let sources = try TrainingSources(files: recipe.files, store: recipe.store)
            let parts = try train.read()
            let new = Challenge.newRows(of: parts.set, to: champion)
            // A label that was corrected makes a ticket another one, though its text is known.
            guard champion.model.manifest.training.dataFingerprint != parts.set.fingerprint else {
                return sayNothingNew(parts.set.examples.count, version)
            }
            let notes = noteLabels(parts.set, champion.model, version)
            let challenge = try self.challenge(parts, new, champion)
            try recipe.write(to: registry)
            try settle(challenge, sources, new: new.count, registry, version, folder, champion.policy, notes)
        }
    }

    /// The registry's recipe with what this command changes in it.
    private func recipe(of registry: ModelRegistry, _ champion: ModelBundle) throws -> RegistryRecipe {
        var recipe = try RegistryRecipe(of: registry) ?? RegistryRecipe(champion)
        if !data.isEmpty { recipe.data = data.map(RegistryRecipe.wholePath) }
        if let tests { recipe.tests = RegistryRecipe.wholePath(tests) }
        if let kb = files.kb { recipe.kb = RegistryRecipe.wholePath(kb) }
        if !rules.minimumRecall.isEmpty { recipe.minimumRecall = rules.minimumRecall }
        try takeStore(into: &recipe)
        guard !recipe.data.isEmpty || recipe.store != nil else {
            throw ValidationError(
                "The registry does not know the files that its champion was trained on; give them once with --data."
            )
        }
        return recipe
    }

    /// The store that is named, or that of the last training: without it the new model would forget its corrections.
    private func takeStore(into recipe: inout RegistryRecipe) throws {
        if let store { recipe.store = store == "none" ? nil : RegistryRecipe.wholePath(store) }
        guard let path = recipe.store else { return }
        #if Service
        guard store == nil else { return }
        guard FileInput.exists(path) else {
            throw ValidationError(
                "The last training took corrections from \(path), which is not there; give its place with --store, or "
                    + "--store none to train without them.")
        }
        Terminal.say(
            "triage: with the corrections of \(path.shown), as the last time; --store none leaves them out")
        #else
        throw MissingPart(option: "--store \(path.shown)")
        #endif
    }

    private func sayNothingNew(_ rows: Int, _ version: String) {
        let sentence =
            "nothing new: \(version) was trained on all \(rows.counted("row")); it stays the champion"
        print(
            report.json
                ? JSONWriter.line {
                    $0.string("version", nil)
                    $0.string("champion", version)
                    $0.bool("promoted", false)
                    $0.array("findings", [sentence]) { $0.string($1) }
                } : sentence)
    }

    /// Names labels that the champion does not have, and what is noteworthy of labels, as `train` does.
    ///
    /// - Returns: The lines of new labels.
    private func noteLabels(_ set: TrainingSet, _ champion: ModelBundle, _ version: String) -> [String] {
        let new = NewLabels(of: set, beside: champion).lines(model: version)
        (new + set.labelNotes.flatMap(\.lines)).forEach { Terminal.say("triage: \($0)") }
        return new
    }

    private func challenge(_ parts: Train.Parts, _ new: [Int], _ champion: Snapshot) throws -> Challenge {
        let stop = StopSignals(ending: "triage: interrupted; nothing was written")
        let bar = ProgressBar("retrain")
        let challenge = try Challenge(
            parts.set, newRows: new, options: parts.options, embedding: parts.matrix,
            workers: threads.workers,
            champion: champion
        ) { bar.show($0.stage, fraction: $0.fraction) }
        stop.beginWriting()
        bar.finish()
        return challenge
    }

    private func settle(
        _ challenge: Challenge, _ sources: TrainingSources, new: Int, _ registry: ModelRegistry,
        _ champion: String, _ folder: OutputFolder?, _ policy: Policy, _ notes: [String]
    ) throws {
        var check = PromotionCheck(
            challenge.challenger, champion: challenge.champion, rules.rules(try RegistryRecipe(of: registry)))
        let rows = challenge.trained.manifest.training.rows
        let reason = "\(rows.counted("row")), \(new) of them new"
        let version = try add(challenge.trained, of: sources, to: registry, reason)
        try files.add(tests, registry, version, to: &check)
        // The same tickets give the same model, which a timer must not bring back.
        if let back = ModelRegistry.rollback(from: version, in: try registry.history()) {
            check.add(refusal: back.refusal(of: version))
        }
        if !report.json { print("\(version): trained on \(reason)") }
        let outcome = RegistryOutcome(
            registry: registry, version: version, champion: champion, check: check, notes: notes)
        let isPromoted = try outcome.record(
            by: place.author, reason: place.reason ?? reason, force: false)
        if let folder {
            let measured = challenge.challenger.report(
                named: version, against: challenge.champion, named: champion, policy: policy)
            let end =
                isPromoted
                ? "\(version) is the champion now, in place of \(champion)."
                : "\(version) is refused; \(champion) stays the champion."
            try report.write(
                measured, folder, title: "Retraining: \(version) beside \(champion)",
                opening: [end] + check.lines + notes + check.refusals.map { "Against it: \($0)" })
        }
        try outcome.finish(isPromoted, json: report.json)
    }

    private func add(
        _ bundle: TrainedBundle, of sources: TrainingSources, to registry: ModelRegistry, _ reason: String
    ) throws -> String {
        let change = try registry.change()
        defer { change.end() }
        // `triage forget` deletes versions under the same lock: what is added before that goes with them.
        try sources.check()
        return try change.add(
            bundle.files, by: place.author, reason: "retrained on \(reason)",
            measures: PromotionCheck.measures(of: bundle.manifest)
        ).version
    }
}

extension RegistryEntry {
    /// Why a version that this roll-back took away stays away.
    fileprivate func refusal(of version: String) -> String {
        let why = reason.isEmpty ? "" : " (\(reason))"
        let day = time.text.prefix(10)
        return "\(version) was rolled back on \(day) by \(by)\(why), and the tickets are the same"
    }
}

extension RegistryRecipe {
    /// The training that it describes, beginning with a bundle.
    fileprivate func train(
        from champion: String, into registry: ModelRegistry, threads: Int?
    ) throws -> Train {
        var words = data.flatMap { ["--data", $0] } + options
        words += ["--warm-start", champion, "--registry", registry.path]
        words += store.map { ["--feedback", $0] } ?? []
        words += threads.map { ["--threads", "\($0)"] } ?? []
        return try Train.parse(words)
    }
}

extension ReportOptions {
    /// Writes a report into the folder, sentences first.
    fileprivate func write(
        _ measured: EvaluationReport, _ folder: OutputFolder, title: String, opening: [String]
    ) throws {
        var document = measured.document()
        document.title = title
        document.blocks.insert(contentsOf: opening.map { .text($0) }, at: 0)
        let texts = [document.html(), document.markdown(), measured.json()]
        try folder.write(zip(ReportOptions.names, texts).map { ($0, Array($1.utf8)) })
    }
}
