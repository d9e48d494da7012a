import ArgumentParser
import TriageData
import TriageEngine
import TriageModel
import TriageNumerics
import TriageTraining

/// A site's tests as `triage train` checks them: read before the fit, decided after it, before anything is written.
struct SiteTestOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tickets with what they must and must not be; a bundle that fails one is not written.",
            valueName: "file"))
    var tests: String?
    @Option(
        help: ArgumentHelp("The KB whose playbook's floors count in --tests, or none.", valueName: "dir|none")
    )
    var kb: String?

    /// The policy under which tests are judged.
    private func policy() throws -> Policy {
        guard kb != "none" else { return Policy() }
        return try Places.playbook(ofKB: kb ?? Places.existing("kb")).map { try Policy(playbook: $0) }
            ?? Policy()
    }

    /// The tests, checked against the fields that will be trained; nil when none are given.
    func load(_ set: TrainingSet, _ options: TrainingOptions) throws -> SiteTests? {
        let labels = Dictionary(uniqueKeysWithValues: zip(set.fields, set.labelSets))
        let severity = set.fields.first { options.role(of: $0) == "severity" }
        return try tests.map {
            try SiteTests(path: $0, labels: labels, severityField: severity, policy: policy())
        }
    }

    /// Says each test that the bundle fails.
    ///
    /// - Throws: `SiteTestError.failed` when there is one.
    func check(_ tests: SiteTests?, _ bundle: TrainedBundle, _ table: EmbeddingTable?) throws {
        guard let tests else { return }
        var files: [String: MappedBytes] = [:]
        for file in bundle.files { files[file.name] = MappedBytes(copying: file.bytes) }
        let model = try ModelBundle(files: files, directory: bundle.manifest.name) {
            (reference) throws(ModelError) in
            guard let table else {
                throw .embeddingNotFound(name: reference.name, sha256: reference.sha256, searched: [])
            }
            return table
        }
        let snapshot = Snapshot(model: model, policy: try policy())
        if let refusal = snapshot.severityRefusal { Terminal.say("triage: \(refusal)") }
        let failures = tests.failures(snapshot)
        guard !failures.isEmpty else { return }
        Terminal.status("")
        for failure in failures { Terminal.say("triage: \(tests.path): \(failure)") }
        throw SiteTestError.failed(
            path: tests.path, failed: Set(failures.map(\.line)).count, tests: tests.count)
    }
}
