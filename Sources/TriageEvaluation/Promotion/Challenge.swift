package import TriageEngine
package import TriageModel
package import TriageNumerics
package import TriageTraining

/// A retraining, and what it shows on recent rows beside the champion.
///
/// Recent rows are the newest ones that the champion was not trained on. They are halved, near-duplicates together, and
/// each half is answered by a model of the same kind that was trained on all rows but that half. So the figures are of
/// rows that no model in the comparison knows, though the model that would be promoted learns from all of them.
package struct Challenge {
    /// More rows make the intervals of labels narrower, and each retraining slower.
    package static let maximumRows = 2000

    package let trained: TrainedBundle
    package let model: ModelBundle
    package let challenger: JudgedRows
    package let champion: JudgedRows
    /// The recent rows, by their places in the training set.
    package let rows: [Int]

    /// The rows of a set that a model was not trained on, newest first.
    package static func newRows(of set: TrainingSet, to champion: Snapshot) -> [Int] {
        var evaluation = Evaluation(champion, columns: .init(), only: [])
        for row in set.examples.indices { evaluation.add(row, of: set) }
        let rows = set.examples.indices.filter { row in
            evaluation.facts[row].map { !$0.wasTrainedOn && $0.words > 0 } ?? false
        }
        return rows.sorted {
            (set.examples[$1].time ?? "", $1) < (set.examples[$0].time ?? "", $0)
        }
    }

    /// Trains on all rows of a set, then without each half of `newRows`, with the settings that the first training chose.
    ///
    /// - Throws: What training and `progress` throw.
    package init(
        _ set: TrainingSet, newRows: [Int], options: TrainingOptions,
        embedding: (name: String, table: EmbeddingTable)?, workers: Workers, champion: Snapshot,
        progress: @escaping (TrainingProgress) throws -> Void
    ) throws {
        let rows = newRows.prefix(Challenge.maximumRows).sorted()
        self.rows = rows
        func train(_ set: TrainingSet, _ options: TrainingOptions, from start: Double, part: Double) throws
            -> TrainedBundle
        {
            try Trainer(options, embedding: embedding, workers: workers) { step in
                var step = step
                step.fraction = start + part * step.fraction
                try progress(step)
            }.train(set)
        }
        trained = try train(set, options, from: 0, part: 0.5)
        model = try ModelBundle(trained, embedding: embedding?.table)
        var options = options
        options.measuresLearning = false
        for head in trained.manifest.heads { options.chosenSettings[head.field] = head.settings }
        let recent = set.keeping(rows)
        let folds = Folds(
            clusters: Folds.clusters(recent.examples, workers),
            labels: recent.examples.map { $0.labels.first.flatMap { $0 } ?? -1 },
            count: 2)
        var (evaluations, places): ([Evaluation], [[Int]]) = ([], [])
        for fold in 0..<2 {
            let held = folds.split(fold).test
            guard !held.isEmpty else { continue }
            let away = Set(held.map { rows[$0] })
            let others = set.examples.indices.filter { !away.contains($0) }
            let half = try train(
                set.keeping(others), options, from: 0.5 + 0.25 * Double(fold), part: 0.25)
            var evaluation = Evaluation(
                champion.with(try ModelBundle(half, embedding: embedding?.table)), columns: .init(), only: [])
            for row in held { evaluation.add(row, of: recent) }
            evaluations.append(evaluation)
            places.append(held)
        }
        challenger = JudgedRows(model, evaluations, places: places)
        var present = Evaluation(champion, columns: .init(), only: [])
        for row in recent.examples.indices { present.add(row, of: recent) }
        self.champion = JudgedRows(present)
    }
}

extension Snapshot {
    /// The same snapshot with another bundle.
    fileprivate func with(_ model: ModelBundle) -> Snapshot {
        Snapshot(model: model, index: index, policy: policy, language: language)
    }
}
