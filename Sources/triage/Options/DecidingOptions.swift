import ArgumentParser
import TriageData
import TriageEngine
import TriageEvaluation
import TriageModel

/// What decides levels beside a model: the playbook and the language identifier.
struct DecidingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The KB whose playbook's floors count, or none.", valueName: "dir|none"))
    var kb: String?
    @Option(
        help: ArgumentHelp(
            "The playbook (default: the KB's playbook.yaml, else the shipped one).", valueName: "file"))
    var playbook: String?
    @Option(help: ArgumentHelp("The language identifier's folder, or none.", valueName: "dir|none"))
    var language: String?

    var files: DecisionFiles { DecisionFiles(kb: kb, playbook: playbook, language: language) }

    /// What the playbook sets; without a KB and a playbook, nothing.
    var policy: Policy { get throws { kb == "none" && playbook == nil ? Policy() : try files.policy() } }

    /// An evaluation of a bundle's answers with these.
    func evaluation(_ folder: String, _ text: TextOption) throws -> Evaluation {
        let deciding = try files.snapshotWithoutArticles(model: folder)
        return Evaluation(deciding, columns: text.columns(deciding.model), only: [])
    }

    /// Adds to a check what the site's tests, or those that a registry remembers, find in a version.
    func add(
        _ tests: String?, _ registry: ModelRegistry, _ version: String, to check: inout PromotionCheck
    ) throws {
        let recipe = try RegistryRecipe(of: registry)
        guard let path = tests ?? recipe?.tests else { return }
        let model = try Installation.bundle(registry.folder(of: version))
        var deciding = self
        deciding.kb = kb ?? recipe?.kb
        let policy = try deciding.policy
        let judged = try SiteTestCheck(path: path, policy: policy, for: model)
        let (failures, refusal) = judged.judge(Snapshot(model: model, policy: policy))
        if let refusal { Terminal.say("triage: \(refusal)") }
        check.add(tests: path, count: judged.count, failures: failures)
    }
}

/// A compared version, before anything changes.
struct RegistryOutcome {
    var registry: ModelRegistry
    var version: String
    var champion: String?
    var check: PromotionCheck
    /// What else was found.
    var notes: [String] = []

    /// Promotes the version or records why not, and shows what was found.
    ///
    /// - Throws: `ExitCode.failure` for a version that is refused.
    func settle(by author: String, reason: String?, force: Bool, json: Bool) throws {
        try finish(record(by: author, reason: reason, force: force), json: json)
    }

    /// Shows what was found.
    ///
    /// - Throws: `ExitCode.failure` for a version that is refused.
    func finish(_ isPromoted: Bool, json: Bool) throws {
        show(isPromoted, json)
        if !isPromoted { throw ExitCode.failure }
    }

    /// Promotes the version or records why not; returns whether it was promoted.
    func record(by author: String, reason: String?, force: Bool) throws -> Bool {
        let isPromoted = check.isAllowed || force
        let sha256 = try Installation.bundle(registry.folder(of: version)).sha256
        let change = try registry.change()
        defer { change.end() }
        func entry(_ event: RegistryEntry.Event, _ reason: String) -> RegistryEntry {
            RegistryEntry(
                event, version, sha256: sha256, by: author, reason: reason, measures: check.measures)
        }
        if isPromoted {
            let why = [
                reason, check.isAllowed ? nil : "in spite of: \(check.refusals.joined(separator: "; "))",
            ]
            try change.promote(
                entry(.promoted, why.compactMap(\.self).joined(separator: "; ")),
                comparedWith: .some(champion))
        } else {
            try change.record(entry(.refused, check.refusals.joined(separator: "; ")))
            try change.alias("challenger", version, by: author, reason: "refused")
        }
        return isPromoted
    }

    private func show(_ isPromoted: Bool, _ json: Bool) {
        guard !json else {
            return print(
                JSONWriter.line { json in
                    json.string("version", version)
                    json.string("champion", isPromoted ? version : champion)
                    json.bool("promoted", isPromoted)
                    json.array("refusals", check.refusals) { $0.string($1) }
                    json.array("findings", check.lines + notes) { $0.string($1) }
                    json.value("measures", check.measures)
                })
        }
        (check.lines + notes).forEach { print($0.shown) }
        check.refusals.forEach { print("against it: \($0)".shown) }
        let path = registry.path
        print(
            isPromoted
                ? "\(path): champion \(champion ?? "none") → \(version); back with: triage models rollback --registry \(path)"
                    .shown
                : "\(path): \(version) is refused, \(champion ?? "nothing") stays the champion; \(path)/challenger is the new "
                    .shown + "model, to be looked at or run as the shadow")
    }
}
