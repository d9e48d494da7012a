package import TriageEngine
package import TriageModel
package import TriageTraining

/// A site's tests around a training: read before the fit, judged after it, before anything is written.
package struct SiteTestCheck: Sendable {
    private let tests: SiteTests
    private let policy: Policy

    /// The file, as errors name it.
    package var path: String { tests.path }
    package var count: Int { tests.count }

    /// Reads tests of the fields that will be trained.
    ///
    /// - Throws: `SiteTestError.badTest` for the first line that is not a test; `DataError` when the file has no line.
    package init(
        path: String, policy: Policy, for set: TrainingSet, _ options: TrainingOptions
    ) throws {
        self.policy = policy
        let names = zip(set.labelSets, set.trees).map { labels, tree in
            let parents = tree.map { LabelTree(labels, paths: $0.paths).depths.flatMap(\.names) } ?? []
            return labels + Set(parents).subtracting(labels).sorted()
        }
        tests = try SiteTests(
            path: path, labels: Dictionary(uniqueKeysWithValues: zip(set.fields, names)),
            joinsForms: set.joinsLabelForms,
            severityField: set.fields.first { options.role(of: $0) == "severity" }, policy: policy,
            input: set.input)
    }

    /// Reads tests of a bundle's fields.
    package init(path: String, policy: Policy, for model: ModelBundle) throws {
        self.policy = policy
        let names = model.heads.map { head in
            let parents = head.tree.map { $0.depths.flatMap(\.names) } ?? []
            let labels = head.labels.names
            return (head.manifest.field, labels + Set(parents).subtracting(labels).sorted())
        }
        tests = try SiteTests(
            path: path, labels: Dictionary(uniqueKeysWithValues: names),
            joinsForms: model.heads.contains { $0.manifest.joinsLabelForms == true },
            severityField: model.head(role: "severity")?.manifest.field, policy: policy,
            input: model.manifest.input)
    }

    /// The demands that a snapshot does not meet, and why its severities are not decided as the playbook wants.
    package func judge(_ snapshot: Snapshot) -> (failures: [SiteTests.Failure], refusal: EngineError?) {
        (tests.failures(snapshot), snapshot.severityRefusal)
    }

    /// The demands that a bundle does not meet, and why its severities are not decided as the playbook wants.
    ///
    /// - Throws: `ModelError` when the bundle needs another embedding matrix.
    package func judge(
        _ bundle: TrainedBundle, embedding: EmbeddingTable?
    ) throws -> (failures: [SiteTests.Failure], refusal: EngineError?) {
        judge(Snapshot(model: try ModelBundle(bundle, embedding: embedding), policy: policy))
    }
}
