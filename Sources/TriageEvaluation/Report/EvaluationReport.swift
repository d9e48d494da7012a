package import TriageEngine
internal import TriageModel

/// An evaluation with all its figures, ready to be written as JSON, Markdown, HTML or for a terminal.
public struct EvaluationReport: Sendable {
    package let modelName: String
    package let modelSHA256: String
    /// The second model's name; nil without one.
    package let otherName: String?
    package let dataFiles: [String]
    /// Rows with text and a label.
    package let rows: Int
    package let badRows: Int
    package let costs: Costs
    package let sourceColumn: String?
    /// The share of rows whose label set must hold the right label.
    package let labelSetCoverage: Double?
    /// The fields that have labelled rows.
    package internal(set) var fields: [FieldReport]
    /// The fields of tags that have rows.
    package private(set) var tagFields: [TagReport] = []
    /// Facts of the rows behind the examples.
    let examples: [String: [[RowFacts]]]
    package let severityField: String?
    let severities: SeverityOrder
    /// Rows that the model was trained on; nil for a training that is measured on its own rows.
    package private(set) var seenRows: SeenRows?
    /// For each field the figures of rows that training held out, where it did.
    private(set) var heldOut: [HeldOutFigure] = []
    /// How the playbook has the severity decided; nil for the likeliest label.
    private(set) var severityDecision: String?

    package struct Options: Sendable {
        package var dataFiles: [String] = []
        package var badRows = 0
        package var costs = Costs()
        package var source: String?
        /// The share of rows whose label set must hold the right label.
        package var labelSetCoverage: Double?
        /// Whether rows that the model was trained on count in the figures.
        package var countsSeenRows = false

        package init() {}
    }

    /// Confusions that are listed, and examples of each.
    static let listedConfusions = 15
    private static let examplesEach = 3

    /// Measures an evaluation, beside a second one of the same rows when there is one.
    package init(_ evaluation: Evaluation, against other: Evaluation? = nil, _ options: Options) {
        let seen = SeenRows(evaluation, other, counting: options.countsSeenRows)
        self.init(
            modelName: evaluation.snapshot.model.manifest.name, modelSHA256: evaluation.snapshot.model.sha256,
            fields: evaluation.fields.map(seen.leavingSeenOut), facts: evaluation.facts,
            severityField: evaluation.severityField,
            severities: evaluation.snapshot.policy.severities,
            against: other.map { (EvaluationReport.name($0, beside: evaluation), $0.fields) }, options)
        seenRows = seen
        tagFields = evaluation.tagFields.map { seen.leavingSeenOut(of: $0) }.filter { !$0.rows.isEmpty }
            .map { field in
                var report = TagReport(field)
                report.against = other?.tagFields.first { $0.name == field.name }
                    .map { TagReport.estimates(seen.leavingSeenOut(of: $0)) }
                return report
            }
        let snapshot = evaluation.snapshot
        heldOut = snapshot.model.heads.compactMap(HeldOutFigure.init)
        severityDecision = (try? snapshot.policy.severityDecision(for: snapshot.model))?.sentence
    }

    /// Measures an evaluation.
    public init(_ evaluation: Evaluation) { self.init(evaluation, Options()) }

    /// A field's metric over all its labelled tickets; nil when it is undefined, or the field has no label.
    public func value(_ metric: Metric, of field: String) -> Double? {
        fields.first { $0.name == field }?.estimates[metric]?.value
    }

    /// The report as Markdown.
    public func markdown() -> String { document().markdown() }

    /// Measures a training on its own rows.
    package init(_ validation: CrossValidation, policy: Policy, _ options: Options) {
        self.init(
            modelName: "a training in five folds", fields: validation.fields, facts: validation.facts,
            severityField: validation.severityField, severities: policy.severities, options)
        tagFields = validation.tagFields.map { TagReport($0) }
    }

    /// The second model's name, with its identity when both are called the same.
    private static func name(_ other: Evaluation, beside evaluation: Evaluation) -> String {
        let (model, first) = (other.snapshot.model, evaluation.snapshot.model)
        return model.manifest.name == first.manifest.name
            ? "\(model.manifest.name) (\(model.sha256.prefix(8)))" : model.manifest.name
    }

    init(
        modelName: String, modelSHA256: String = "", fields: [ScoredField], facts: [Int: RowFacts],
        severityField: String?, severities: SeverityOrder = .standard,
        against other: (name: String, fields: [ScoredField])? = nil,
        _ options: Options
    ) {
        self.modelName = modelName
        self.modelSHA256 = modelSHA256
        otherName = other?.name
        dataFiles = options.dataFiles
        rows = facts.count
        badRows = options.badRows
        costs = options.costs
        sourceColumn = options.source
        labelSetCoverage = options.labelSetCoverage
        self.severityField = severityField
        self.severities = severities
        var examples: [String: [[RowFacts]]] = [:]
        self.fields = fields.filter { !$0.rows.isEmpty }.map { field in
            var report = FieldReport(
                field, facts: facts, severities: field.name == severityField ? severities : nil,
                hasSources: options.source != nil)
            report.automation = AutomationShare(field)
            report.oneAnswers = [(modelName, field)].compactMap { OneAnswer($1, by: $0) }
            if let other, let own = other.fields.first(where: { $0.name == field.name }) {
                report.oneAnswers += [OneAnswer(own, by: other.name)].compactMap(\.self)
            }
            report.comparison = other?.fields.first { $0.name == field.name }.flatMap {
                PairedComparison(field, $0)
            }
            report.baselines = EvaluationReport.untrainedBaselines(field, facts)
            examples[field.name] = report.confusion.confusions.prefix(Self.listedConfusions).map {
                confusion in
                confusion.rows.prefix(Self.examplesEach).compactMap { facts[field.rows[$0]] }
            }
            return report
        }
        self.examples = examples
    }

    /// The scale of a field's labels; nil of one whose labels have no order.
    func scale(of field: String) -> SeverityOrder? { field == severityField ? severities : nil }

    /// Those that need no training file: the most frequent label of these rows, and the labels' names.
    private static func untrainedBaselines(_ field: ScoredField, _ facts: [Int: RowFacts]) -> [BaselineScore]
    {
        let counts = field.gold.reduce(into: [Int](repeating: 0, count: field.labels.count)) {
            if $1 < field.labels.count { $0[$1] += 1 }
        }
        var majority = MajorityBaseline(labels: field.labels, counts: counts, fromTraining: false)
        var keywords = KeywordBaseline(labels: field.labels, fallback: majority.best)
        return [majority.score(field, facts), keywords.score(field, facts)]
    }
}
