internal import TriageEngine
internal import TriageModel

/// An evaluation with all its figures, ready to be written as JSON, Markdown, HTML or for a terminal.
public struct EvaluationReport: Sendable {
    /// The model's name.
    public let modelName: String
    /// The model's identity.
    public let modelSHA256: String
    /// The second model's name; nil without one.
    public let otherName: String?
    /// Names of the data files.
    public let dataFiles: [String]
    /// Rows with text and a label.
    public let rows: Int
    /// Rows that could not be read.
    public let badRows: Int
    /// What minutes are counted.
    public let costs: Costs
    /// The column rows were compared by.
    public let sourceColumn: String?
    /// The fields that have labelled rows.
    public internal(set) var fields: [FieldReport]
    /// Facts of the rows behind the examples.
    let examples: [String: [[RowFacts]]]
    /// The field that fills the role of severity.
    public let severityField: String?

    /// What is asked of a report.
    public struct Options: Sendable {
        /// Names of the data files.
        public var dataFiles: [String] = []
        /// Rows that could not be read.
        public var badRows = 0
        /// What minutes are counted.
        public var costs = Costs()
        /// The column to compare rows by.
        public var source: String?

        /// The defaults.
        public init() {}
    }

    /// Confusions that are listed, and examples of each.
    static let listedConfusions = 15
    private static let examplesEach = 3

    /// Measures an evaluation, beside a second one of the same rows when there is one.
    public init(_ evaluation: Evaluation, against other: Evaluation? = nil, _ options: Options) {
        modelName = evaluation.snapshot.model.manifest.name
        modelSHA256 = evaluation.snapshot.model.sha256
        otherName = other.map { $0.snapshot.model.manifest.name }
        dataFiles = options.dataFiles
        rows = evaluation.rows
        badRows = options.badRows
        costs = options.costs
        sourceColumn = options.source
        let severity = evaluation.severityField
        severityField = severity
        let measured = evaluation.fields.filter { !$0.rows.isEmpty }
        var examples: [String: [[RowFacts]]] = [:]
        fields = measured.map { field in
            var report = FieldReport(
                field, facts: evaluation.facts, isSeverity: field.name == severity,
                hasSources: options.source != nil)
            report.comparison = other?.fields.first { $0.name == field.name }.flatMap {
                PairedComparison(field, $0)
            }
            examples[field.name] = report.confusion.confusions.prefix(Self.listedConfusions).map {
                confusion in
                confusion.rows.prefix(Self.examplesEach).compactMap { evaluation.facts[field.rows[$0]] }
            }
            return report
        }
        self.examples = examples
    }
}
