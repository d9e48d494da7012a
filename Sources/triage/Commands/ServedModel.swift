#if Service
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageNumerics
import TriageServer
import TriageSettings
import TriageTraining

/// What the console's page of the model does: the work of `models tune`, `models promote` and `models rollback`.
extension ModelDesk {
    init(_ settings: ServiceSettings) {
        let files = settings.decidingFiles
        let registry = files.model.flatMap(ModelRegistry.containing)
        self.init(
            fields: { $0.heads.map(ModelDesk.field) },
            effect: { model, field, precision in
                guard let head = model.head(field: field) else { return Effect(nil, of: 0) }
                let manifest = try ModelDesk.tuned(head, precision)
                return Effect(manifest.auto, of: head.heldOut(under: manifest)?.count ?? 0)
            },
            save: { wish in try ModelDesk.save(wish, files, registry) },
            promote: { version, author, inSpite in
                guard let registry else { return [] }
                return try ModelDesk.promote(version, in: registry, author, inSpite, files)
            },
            rollback: { author in
                guard let registry else { return "" }
                return try registry.rollBack(by: author.name, reason: author.reason).champion
            },
            version: { version in
                guard let registry else {
                    return try Installation.bundle(try Installation.model(files.model))
                }
                return try Installation.bundle(registry.folder(of: version), signedBy: files.signedBy)
            },
            audit: { try ModelDesk.audit($0, $1, $2) }, registry: registry,
            card: {
                let path = try? Installation.model(files.model)
                let bytes = path.flatMap { try? FileInput.bytes(of: "\($0)/MODEL_CARD.md") }
                return bytes.map { String(decoding: $0, as: UTF8.self) }
            })
    }

    private static func field(_ head: ModelBundle.Head) -> Field {
        let manifest = head.manifest
        let scores = head.hasTags ? nil : head.heldOut(under: manifest)
        let right = scores.map { scores in
            (0..<scores.count).count { scores.predicted[$0] == scores.gold[$0] }
        }
        let curve = scores.map { ThresholdSolver($0, suggest: manifest.threshold).curve } ?? []
        return Field(
            name: manifest.field, labels: head.labels.count, isCalibrated: manifest.isCalibrated,
            target: manifest.auto?.target,
            effect: manifest.auto.flatMap { $0.above > 0 ? Effect($0, of: $0.rows) : nil },
            rows: scores?.count ?? 0, right: right ?? 0,
            curve: curve.map { Point(threshold: $0.threshold, above: $0.above, errors: $0.errors) })
    }

    /// A field's part of the manifest with thresholds for a precision.
    private static func tuned(_ head: ModelBundle.Head, _ precision: Double) throws -> ModelManifest.Head {
        var manifest = head.manifest
        var change = ThresholdChange()
        change.target = .precision(precision)
        _ = try change.apply(to: &manifest, of: head)
        return manifest
    }

    private static func save(
        _ wish: Wish, _ files: DecisionFiles, _ registry: ModelRegistry?
    ) throws -> String? {
        guard files.signedBy.isEmpty else { throw Problem.mustBeSigned }
        let path = try Installation.model(files.model)
        let bundle = try Installation.bundle(path)
        guard bundle.sha256 == wish.model else { throw Problem.changedMeanwhile }
        var manifest = bundle.manifest
        for (place, head) in bundle.heads.enumerated() where head.manifest.field == wish.field {
            manifest.heads[place] = try tuned(head, wish.precision)
        }
        let written = try bundle.files(in: path, under: manifest)
        guard let registry else {
            try OutputFolder(path, names: ModelBundle.fileNames).write(written)
            return nil
        }
        let change = try registry.change()
        defer { change.end() }
        return try change.add(
            written, by: wish.by, reason: "\(wish.field) for precision=\(wish.precision)",
            measures: PromotionCheck.measures(of: manifest)
        ).version
    }

    /// Promotes a version without objections on the rows that each training held out, and in the site's tests.
    private static func promote(
        _ version: String, in registry: ModelRegistry, _ author: Author, _ inSpite: Bool,
        _ files: DecisionFiles
    ) throws -> [String] {
        func judged(_ version: String) throws -> JudgedRows {
            let bundle = try Installation.bundle(registry.folder(of: version), signedBy: files.signedBy)
            return JudgedRows(bundle, [], places: [])
        }
        let (champion, recipe) = (registry.champion, try RegistryRecipe(of: registry))
        var rules = PromotionRules()
        rules.recalls = (recipe?.minimumRecall ?? []).compactMap { PromotionRules.RecallFloor(parsing: $0) }
        let challenger = try judged(version)
        var check =
            try champion.map { PromotionCheck(challenger, champion: try judged($0), rules) }
            ?? PromotionCheck(first: challenger, rules)
        if let tests = recipe?.tests {
            let policy = try files.policy()
            let judged = try SiteTestCheck(path: tests, policy: policy, for: challenger.model)
            let (failures, _) = judged.judge(Snapshot(model: challenger.model, policy: policy))
            check.add(tests: tests, count: judged.count, failures: failures)
        }
        let outcome = RegistryOutcome(registry: registry, version: version, champion: champion, check: check)
        let isPromoted = try outcome.record(by: author.name, reason: author.reason, force: inSpite)
        return isPromoted ? [] : check.refusals
    }
}

extension ModelDesk.Effect {
    /// What a rule reaches; nothing without one.
    fileprivate init(_ rule: ModelManifest.AutoRule?, of rows: Int) {
        let (above, errors) = (rule?.above ?? 0, rule?.errors ?? 0)
        self.init(
            threshold: rule?.threshold, rows: rows, above: above, errors: errors,
            atLeast: above == 0
                ? 0 : Binomial.lowerBound(above - errors, of: above, error: ThresholdSolver.error))
    }
}
#endif
