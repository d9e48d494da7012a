import ArgumentParser
import TriageEngine
import TriageEvaluation
import TriageModel
import TriageTraining

/// A site's tests as `triage train` checks them.
struct SiteTestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tickets with what they must and must not be; a model that fails one is not written.",
            valueName: "file"))
    var tests: String?
    @Option(
        help: ArgumentHelp("The KB whose playbook's floors count in --tests, or none.", valueName: "dir|none")
    )
    var kb: String?

    /// The tests, checked against the fields that will be trained; nil when none are given.
    func load(_ set: TrainingSet, _ options: TrainingOptions) throws -> SiteTestCheck? {
        try tests.map { path in
            let policy = kb == "none" ? Policy() : try DecisionFiles(kb: kb).policy()
            return try SiteTestCheck(path: path, policy: policy, for: set, options)
        }
    }
}

extension SiteTestCheck {
    /// Names each test that the bundle fails.
    ///
    /// - Throws: `SiteTestError.failed` when there is one.
    func check(_ bundle: TrainedBundle, _ table: EmbeddingTable?) throws {
        let (failures, refusal) = try judge(bundle, embedding: table)
        if let refusal { Terminal.say("triage: \(refusal)") }
        guard !failures.isEmpty else { return }
        Terminal.status("")
        for failure in failures { Terminal.say("triage: \(path): \(failure)") }
        throw SiteTestError.failed(path: path, failed: Set(failures.map(\.line)).count, tests: count)
    }
}
