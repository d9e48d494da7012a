internal import TriageModel
internal import TriageNumerics
internal import TriageTraining

/// One training tested on later rows (a rolling origin), and on rows at random.
///
/// Five stretches of time; each but the first is tested by a bundle of all before it. Beside it, a fold at random is
/// tested by a bundle of as many rows of the other folds: what differs is time alone.
struct TimeSplits {
    private let training: FixedTraining
    private let column: String
    private static let stretches = 5
    private static let minimumRows = 50

    init(_ training: FixedTraining, _ column: String) {
        self.training = training
        self.column = column
    }

    func gap(_ rows: Comparisons.Rows) throws -> TimeGap {
        let examples = rows.tickets.examples
        guard examples.count >= Self.minimumRows else {
            throw EvaluationError.tooFewRows(rows: examples.count, needed: Self.minimumRows)
        }
        try rows.tickets.checkTimes(column: column)
        let inTime = Folds(
            examples, field: rows.field, count: Self.stretches, byTime: true, training.workers)
        let atRandom = Folds(clusters: inTime.clusters, labels: rows.targets, count: Self.stretches)
        var steps: [TimeGap.Step] = []
        var (lost, tested) = (0.0, 0)
        for stretch in 1..<Self.stretches {
            let (earlier, later) = inTime.split(stretch)
            let (others, fold) = atRandom.split(stretch)
            guard !earlier.isEmpty, !later.isEmpty, !fold.isEmpty else { continue }
            let asMany = TimeSplits.thinned(others, to: earlier.count)
            let step = TimeGap.Step(
                trainingRows: earlier.count, testRows: later.count,
                inTime: try accuracy(rows, earlier, later), atRandom: try accuracy(rows, asMany, fold))
            steps.append(step)
            lost += (step.atRandom - step.inTime) * Double(later.count)
            tested += later.count
        }
        return TimeGap(steps: steps, gap: tested > 0 ? lost / Double(tested) : nil)
    }

    private func accuracy(_ rows: Comparisons.Rows, _ train: [Int], _ test: [Int]) throws -> Double {
        let bundle = try training.bundle(rows.keeping(train).tickets)
        guard var way = BundleBaseline("", "", bundle, field: rows.name) else { return 0 }
        let correct = test.count { row in
            let example = rows.tickets.examples[row]
            let facts = RowFacts(excerpt: "", words: 0, subject: example.subject, body: example.body)
            return way.probabilities(of: facts).placeOfMaximum
                .map { way.labels[$0] == rows.labels[rows.targets[row]] } ?? false
        }
        return Double(correct) / Double(test.count)
    }

    /// `count` rows, evenly spaced.
    private static func thinned(_ rows: [Int], to count: Int) -> [Int] {
        guard count < rows.count else { return rows }
        return (0..<count).map { rows[$0 * rows.count / count] }
    }
}
