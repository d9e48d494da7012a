package import TriageModel

package struct FieldReport: Sendable {
    package let name: String
    /// Rows with a label.
    package let rows: Int
    /// Rows without one.
    package let unlabelled: Int
    package let modelLabels: Int
    /// Rows whose gold label the model does not know; they count as wrong.
    package let unknownRows: Int
    /// Those labels as a report names them: ten at most, and a name for all others.
    package let unknownLabels: [String]
    /// The headline figures; a metric that is undefined is absent.
    package let estimates: [Metric: Estimate]
    /// Probabilities against outcomes.
    package let reliability: Reliability
    package let curve: CoverageCurve
    package let confusion: ConfusionMatrix
    package let levels: [Bucket]
    package let lengths: [Bucket]
    package let languages: [Bucket]
    /// Rows by the column to compare by; empty without one.
    package let sources: [Bucket]
    /// How well rows of none of the labels are seen; nil without such rows.
    package let scope: OutOfScopeScore?
    /// How label sets did; nil without label sets.
    package let labelSets: LabelSetScore?
    /// How answers in a tree of labels did at each depth; nil without a tree.
    package let tree: TreeScore?
    /// How many tickets need no person, and how many of these would be wrong.
    package internal(set) var automation: AutomationShare?
    /// The models that give one answer to (nearly) every row.
    package internal(set) var oneAnswers: [OneAnswer] = []
    /// Simple ways to answer, beside the model.
    package internal(set) var baselines: [BaselineScore] = []
    /// Rows with a near-duplicate in the training file, and the score without them.
    package internal(set) var duplicates: DuplicateScore?
    package internal(set) var comparison: PairedComparison?
    /// Splits at random and in time.
    package internal(set) var timeGap: TimeGap?
    /// Scores by the number of training rows.
    package internal(set) var learningCurve: [LearningPoint] = []
    /// All training rows against half of them, on the same test rows; nil without a learning curve.
    package internal(set) var lastDoubling: PairedComparison?

    /// Measures one field of an evaluation; `severities` is the scale of its labels, mildest first, if they have one.
    package init(
        _ field: ScoredField, facts: [Int: RowFacts], severities: SeverityOrder? = nil, hasSources: Bool
    ) {
        let measurer = FieldMeasurer(field, severities: severities)
        name = field.name
        rows = field.rows.count
        unlabelled = field.unlabelled
        modelLabels = field.labels.count
        unknownRows = field.gold.indices.count { !field.isKnown($0) }
        unknownLabels = Array(field.shownLabels.dropFirst(field.labels.count))
        estimates = Bootstrap.estimates(measurer)
        reliability = Reliability(measurer, seed: Bootstrap.seed)
        curve = CoverageCurve(measurer)
        confusion = ConfusionMatrix(field)
        scope = OutOfScopeScore(field)
        labelSets = LabelSetScore(field)
        tree = TreeScore(field.trees)
        let bucketing = Bucketing(field)
        levels = bucketing.byLevel()
        lengths = bucketing.byLength(facts)
        languages = bucketing.by({ $0.language }, facts)
        sources = hasSources ? bucketing.by({ $0.source }, facts) : []
    }
}

/// A simple way to answer, measured on the same rows.
package struct BaselineScore: Sendable {
    package var name: String
    package var explanation: String
    package var estimates: [Metric: Estimate]
}

/// What near-duplicates between training and test rows do to the score.
package struct DuplicateScore: Sendable {
    /// Rows with a near-duplicate in the training file.
    package var rows: Int
    /// The figures on the other rows; empty when there are none.
    package var without: [Metric: Estimate]
}

/// One training in splits at random and in time.
package struct TimeGap: Sendable {
    /// One step of the rolling origin.
    package struct Step: Sendable {
        package var trainingRows: Int
        package var testRows: Int
        /// Accuracy on later rows.
        package var inTime: Double
        /// Accuracy on rows at random, as many trained on.
        package var atRandom: Double
    }

    /// The steps, earliest first.
    package var steps: [Step]
    /// Mean accuracy at random less that in time, by test rows.
    package var gap: Double?
}

/// A training on part of the rows.
package struct LearningPoint: Sendable {
    /// Rows trained on.
    package var rows: Int
    /// Its figures on the test rows.
    package var estimates: [Metric: Estimate]
}
