internal import TriageModel
internal import TriageNumerics
package import TriageTraining

/// What a training file adds to a report: baselines that learn, near-duplicates, time, and fewer rows.
package struct Comparisons {
    private let set: TrainingSet
    private let training: FixedTraining
    private let timeColumn: String?
    private let wantsLearningCurve: Bool
    private let progress: (_ stage: String, _ fraction: Double) throws -> Void

    /// Comparisons with a training file; with `timeColumn`, splits in time too.
    package init(
        _ set: TrainingSet, _ training: FixedTraining, timeColumn: String?, learningCurve: Bool,
        progress: @escaping (_ stage: String, _ fraction: Double) throws -> Void
    ) {
        self.set = set
        self.training = training
        self.timeColumn = timeColumn
        wantsLearningCurve = learningCurve
        self.progress = progress
    }

    /// Fills in a report of an evaluation.
    ///
    /// - Throws: what training throws; `EvaluationError` when rows cannot be put in order of time.
    package func add(to report: inout EvaluationReport, _ evaluation: Evaluation) throws {
        try progress("near-duplicates", 0)
        let seen = rowsSeen(evaluation)
        for place in report.fields.indices {
            guard let whole = evaluation.fields.first(where: { $0.name == report.fields[place].name }),
                let number = set.fields.firstIndex(of: whole.name)
            else { continue }
            let field = report.seenRows?.leavingSeenOut(of: whole) ?? whole
            let share = Double(place) / Double(report.fields.count)
            let rows = Rows(set, field: number)
            report.fields[place].duplicates = duplicates(
                field, seen, severities: report.scale(of: field.name))
            report.fields[place].baselines = try baselines(field, evaluation.facts, rows) {
                try progress($0, share + 0.5 * $1 / Double(report.fields.count))
            }
            if let timeColumn {
                try progress("splits in time", share + 0.5 / Double(report.fields.count))
                report.fields[place].timeGap = try TimeSplits(training, timeColumn).gap(rows)
            }
            if wantsLearningCurve {
                try progress("learning curve", share + 0.8 / Double(report.fields.count))
                let curve = try learningCurve(field, evaluation.facts, rows)
                report.fields[place].learningCurve = curve.points
                report.fields[place].lastDoubling = curve.lastDoubling
            }
        }
    }

    /// The labelled rows of one field of a training set.
    struct Rows {
        let tickets: TrainingSet
        let field: Int
        let targets: [Int]

        init(_ whole: TrainingSet, field: Int) {
            let labelled = whole.examples.indices.filter { whole.examples[$0].labels[field] != nil }
            self.init(part: whole.keeping(labelled), field: field)
        }

        private init(part: TrainingSet, field: Int) {
            tickets = part
            self.field = field
            targets = part.examples.compactMap { $0.labels[field] }
        }

        var name: String { tickets.fields[field] }
        var labels: [String] { tickets.labelSets[field] }

        func keeping(_ rows: [Int]) -> Rows { Rows(part: tickets.keeping(rows), field: field) }
    }

    // MARK: - Near-duplicates

    /// Places of measured rows in a cluster with a training row.
    private func rowsSeen(_ evaluation: Evaluation) -> Set<Int> {
        let places = evaluation.facts.keys.sorted()
        let measured = places.compactMap { place in
            evaluation.facts[place].map { TrainingExample(subject: $0.subject, body: $0.body) }
        }
        let clusters = Folds.clusters(set.examples + measured, training.workers)
        // A cluster is named for its first row, and training rows come first.
        return Set(zip(places, clusters[set.examples.count...]).filter { $1 < set.examples.count }.map(\.0))
    }

    private func duplicates(_ field: ScoredField, _ seen: Set<Int>, severities: SeverityOrder?)
        -> DuplicateScore
    {
        let fresh = field.rows.indices.filter { !seen.contains(field.rows[$0]) }
        let without =
            fresh.count == field.rows.count || fresh.isEmpty
            ? [:] : Bootstrap.estimates(FieldMeasurer(field.keeping(fresh), severities: severities))
        return DuplicateScore(rows: field.rows.count - fresh.count, without: without)
    }

    // MARK: - Baselines and fewer rows

    private func baselines(
        _ field: ScoredField, _ facts: [Int: RowFacts], _ rows: Rows,
        _ progress: (String, Double) throws -> Void
    ) throws -> [BaselineScore] {
        try progress("baselines", 0.1)
        let examples = rows.tickets.examples
        let counts = rows.targets.reduce(into: [Int](repeating: 0, count: rows.labels.count)) { $0[$1] += 1 }
        let majority = MajorityBaseline(labels: rows.labels, counts: counts, fromTraining: true)
        var ways: [any Baseline] = [
            majority, KeywordBaseline(labels: rows.labels, fallback: majority.best),
            NeighbourBaseline(examples, rows.targets, labels: rows.labels),
            NaiveBayesBaseline(examples, rows.targets, labels: rows.labels),
        ]
        try progress("n-grams alone", 0.4)
        ways += try bundle("n-grams alone", rows, .ngrams)
        if training.hasEmbedding {
            try progress("embedding alone", 0.7)
            ways += try bundle("embedding alone", rows, .embedding)
        }
        return ways.indices.map { ways[$0].score(field, facts) }
    }

    private func bundle(_ name: String, _ rows: Rows, _ parts: FixedTraining.Parts) throws -> [any Baseline] {
        let bundle = try training.bundle(rows.tickets, parts: parts)
        return BundleBaseline(name, "this trainer, documented settings", bundle, field: rows.name).map {
            [$0]
        } ?? []
    }

    private func learningCurve(_ field: ScoredField, _ facts: [Int: RowFacts], _ rows: Rows) throws
        -> (points: [LearningPoint], lastDoubling: PairedComparison?)
    {
        var generator = SplitMix64(seed: Bootstrap.seed)
        let order = rows.targets.indices.shuffled(using: &generator)
        var answers: [ScoredField?] = []
        let points = try [8, 4, 2, 1].map { part in
            let chosen = rows.keeping(order.prefix(max(1, order.count / part)).sorted())
            var way = BundleBaseline("", "", try training.bundle(chosen.tickets), field: rows.name)
            answers.append(way?.answers(to: field, facts))
            return LearningPoint(
                rows: chosen.targets.count, estimates: way?.score(field, facts).estimates ?? [:])
        }
        guard let whole = answers[3], let half = answers[2] else { return (points, nil) }
        return (points, PairedComparison(whole, half))
    }
}
