/// All that a report says of one field.
public struct FieldReport: Sendable {
    /// The field.
    public let name: String
    /// Rows with a label.
    public let rows: Int
    /// Labels of the model.
    public let modelLabels: Int
    /// Rows whose gold label the model does not know; they count as wrong.
    public let unknownRows: Int
    /// Those labels as a report names them: ten at most, and a name for all others.
    public let unknownLabels: [String]
    /// The headline figures; a metric that is undefined is absent.
    public let estimates: [Metric: Estimate]
    /// Probabilities against outcomes.
    public let reliability: Reliability
    /// Precision over coverage.
    public let curve: CoverageCurve
    /// Gold against predicted labels.
    public let confusion: ConfusionMatrix
    /// Rows by level.
    public let levels: [Bucket]
    /// Rows by length.
    public let lengths: [Bucket]
    /// Rows by language.
    public let languages: [Bucket]
    /// Rows by the column asked for; empty without one.
    public let sources: [Bucket]
    /// How well rows of none of the labels are seen; nil without such rows.
    public let scope: OutOfScopeScore?
    /// How label sets did; nil when none were asked for.
    public let labelSets: LabelSetScore?
    /// Simple ways to answer, beside the model.
    public internal(set) var baselines: [BaselineScore] = []
    /// Rows with a near-duplicate in the training file, and the score without them.
    public internal(set) var duplicates: DuplicateScore?
    /// A second bundle on the same rows.
    public internal(set) var comparison: PairedComparison?
    /// Splits at random and in time.
    public internal(set) var timeGap: TimeGap?
    /// Scores by the number of training rows.
    public internal(set) var learningCurve: [LearningPoint] = []

    /// Measures one field of an evaluation; `severities` is the scale of its labels, mildest first, if they have one.
    public init(
        _ field: ScoredField, facts: [Int: RowFacts], severities: [String]? = nil, hasSources: Bool
    ) {
        let measurer = FieldMeasurer(field, severities: severities)
        name = field.name
        rows = field.rows.count
        modelLabels = field.labels.count
        unknownRows = field.gold.indices.count { !field.isKnown($0) }
        unknownLabels = Array(field.shownLabels.dropFirst(field.labels.count))
        estimates = Bootstrap.estimates(measurer)
        reliability = Reliability(measurer, seed: Bootstrap.seed)
        curve = CoverageCurve(measurer)
        confusion = ConfusionMatrix(field)
        scope = OutOfScopeScore(field)
        labelSets = LabelSetScore(field)
        let bucketing = Bucketing(field)
        levels = bucketing.byLevel()
        lengths = bucketing.byLength(facts)
        languages = bucketing.by({ $0.language }, facts)
        sources = hasSources ? bucketing.by({ $0.source }, facts) : []
    }
}

/// A simple way to answer, measured on the same rows.
public struct BaselineScore: Sendable {
    /// Its name.
    public var name: String
    /// How it answers.
    public var explanation: String
    /// Its figures.
    public var estimates: [Metric: Estimate]
}

/// What near-duplicates between training and test rows do to the score.
public struct DuplicateScore: Sendable {
    /// Rows with a near-duplicate in the training file.
    public var rows: Int
    /// The figures on the other rows; empty when there are none.
    public var without: [Metric: Estimate]
}

/// The same training in splits at random and in time.
public struct TimeGap: Sendable {
    /// One step of the rolling origin.
    public struct Step: Sendable {
        /// Rows trained on.
        public var trainingRows: Int
        /// Rows tested on.
        public var testRows: Int
        /// Accuracy on later rows.
        public var inTime: Double
        /// Accuracy on rows at random, as many trained on.
        public var atRandom: Double
    }

    /// The steps, earliest first.
    public var steps: [Step]
    /// Mean accuracy at random less that in time, by test rows.
    public var gap: Double?
}

/// A training on part of the rows.
public struct LearningPoint: Sendable {
    /// Rows trained on.
    public var rows: Int
    /// Its figures on the test rows.
    public var estimates: [Metric: Estimate]
}
