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

    /// The demands that a bundle does not meet, and why its severities are not decided as the playbook wants.
    ///
    /// - Throws: `ModelError` when the bundle needs another embedding matrix.
    package func judge(
        _ bundle: TrainedBundle, embedding: EmbeddingTable?
    ) throws -> (failures: [SiteTests.Failure], refusal: EngineError?) {
        let snapshot = Snapshot(model: try ModelBundle(bundle, embedding: embedding), policy: policy)
        return (tests.failures(snapshot), snapshot.severityRefusal)
    }
}
