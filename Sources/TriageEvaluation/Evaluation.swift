public import TriageData
internal import TriageEngine
public import TriageModel
internal import TriageText

/// A bundle measured on labelled rows.
public struct Evaluation: Sendable {
    /// Rows with text.
    public private(set) var rows = 0
    /// By field, in the bundle's order.
    public private(set) var fields: [(name: String, metrics: ClassificationMetrics)]
    /// Severities predicted milder than they are, and harsher, of those that are among the four.
    public private(set) var underTriaged = 0
    /// Severities predicted harsher than they are.
    public private(set) var overTriaged = 0
    private let model: ModelBundle
    private let columns: TextColumns
    private let heads: [ModelBundle.Head]
    private var features = Features()
    private var logits: [Float] = []

    /// An evaluation of a bundle's fields, or of those named.
    public init(_ model: ModelBundle, columns: TextColumns, only names: [String]) {
        self.model = model
        self.columns = columns
        heads = model.heads.filter { names.isEmpty || names.contains($0.manifest.field) }
        fields = heads.map { ($0.manifest.field, ClassificationMetrics()) }
    }

    /// The labels that the bundle knows for a field.
    public func labels(of field: String) -> [String] {
        model.head(field: field)?.labels.names ?? []
    }

    /// All fields of the bundle.
    public var allFields: [String] { model.heads.map(\.manifest.field) }

    /// Measures one row; fields without a label in it are passed over.
    public mutating func add(_ row: Row) throws(BadRow) {
        let ticket = try columns.ticket(in: row)
        guard heads.contains(where: { !(row.text($0.manifest.field) ?? "").isEmpty }) else { return }
        rows += 1
        let input = PreparedTicket(ticket, model.preparation)
        model.score(
            subject: input.subject.bytes, body: input.body.bytes, features: &features, logits: &logits)
        for (index, head) in heads.enumerated() {
            guard let gold = row.text(head.manifest.field), !gold.isEmpty else { continue }
            let probabilities = head.probabilities(logits)
            let place = head.labels.index(of: gold)
            let best = head.best(3, of: logits).map { head.labels[$0.label] }
            fields[index].metrics.add(
                gold: gold, ranking: best, isKnown: place != nil,
                probability: place.map { probabilities[$0] } ?? 0)
            if head.manifest.role == "severity" { countTriage(gold, best[0]) }
        }
    }

    private mutating func countTriage(_ gold: String, _ predicted: String) {
        let order = ["Low", "Medium", "High", "Critical"]
        guard let truth = order.firstIndex(of: gold), let guess = order.firstIndex(of: predicted) else {
            return
        }
        if guess < truth { underTriaged += 1 }
        if guess > truth { overTriaged += 1 }
    }
}

extension Evaluation {
    /// The field that fills the role of severity.
    public var severityField: String? { model.head(role: "severity")?.manifest.field }

    /// Rows with a severity; nil when none was measured.
    public var severityRows: Int? {
        guard let field = severityField, let rows = fields.first(where: { $0.name == field })?.metrics.rows,
            rows > 0
        else { return nil }
        return rows
    }
}
