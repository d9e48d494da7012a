internal import TriageData
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

/// The labelled rows of one field with a model's answers; every metric is computed from this table.
package struct ScoredField: Sendable {
    package let name: String
    /// The model's labels, in its order.
    package let labels: [String]
    /// Gold labels that the model does not know, in order of appearance; their places follow those of `labels`.
    package private(set) var unknownLabels: [String] = []
    /// Rows with text and without a label; they count nowhere else.
    package var unlabelled = 0
    /// For each row its place in the data.
    package private(set) var rows: [Int] = []
    /// For each row the place of its gold label, from `labels.count` on that of an unknown one.
    package private(set) var gold: [Int] = []
    /// Rows × labels, row-major.
    package private(set) var probabilities: [Float] = []
    /// Rows × up to three: places of the best labels, best first.
    package private(set) var ranking: [Int] = []
    /// The level of each row's decision; nil from a model without levels.
    package private(set) var levels: [String?] = []

    /// How unlike the training data each row is; empty from a model that cannot tell.
    package private(set) var scope: [OutOfScopePrediction] = []
    /// The rows that belong to none of the labels; they count nowhere else.
    package private(set) var outside: [OutOfScopePrediction] = []

    /// Each row's label set; empty without label sets.
    package private(set) var labelSets: [LabelSetScore.Outcome] = []
    /// Each row's answer in the tree of labels; empty without a tree.
    package private(set) var trees: [TreeOutcome] = []

    package init(name: String, labels: [String]) {
        self.name = name
        self.labels = labels
    }

    /// Labels a row of `ranking` has.
    package var ranked: Int { min(3, labels.count) }

    /// All labels, the unknown ones last.
    package var allLabels: [String] { labels + unknownLabels }

    /// Adds a row; a `ranking` of nil takes the most probable labels, equal ones in label order.
    package mutating func add(
        row: Int, gold name: String, probabilities values: [Float], ranking best: [Int]? = nil,
        level: String? = nil, scope prediction: OutOfScopePrediction? = nil,
        labelSet: LabelSetScore.Outcome? = nil, tree: TreeOutcome? = nil
    ) {
        precondition(values.count == labels.count, "\(values.count) probabilities of \(labels.count) labels")
        rows.append(row)
        gold.append(place(of: name))
        probabilities.append(contentsOf: values)
        ranking.append(contentsOf: (best ?? TopK.indices(of: values, count: 3)).prefix(ranked))
        levels.append(level)
        if let prediction { scope.append(prediction) }
        if let labelSet { labelSets.append(labelSet) }
        if let tree { trees.append(tree) }
    }

    /// Adds a row that belongs to none of the labels.
    package mutating func addOutside(_ prediction: OutOfScopePrediction) { outside.append(prediction) }

    private mutating func place(of name: String) -> Int {
        if let place = labels.firstIndex(of: name) { return place }
        if let place = unknownLabels.firstIndex(of: name) { return labels.count + place }
        unknownLabels.append(name)
        return labels.count + unknownLabels.count - 1
    }

    /// All labels as reports name them: of labels that the model does not know, which may be a ticket's text, ten at most,
    /// masked and cut short; the last name is for all others, if there are any.
    var shownLabels: [String] {
        let others = unknownLabels.count - ScoredField.listedUnknown
        let shown = unknownLabels.prefix(ScoredField.listedUnknown).map(ScoredField.excerpt)
        return labels + shown + (others > 0 ? ["\(others.counted("other label"))"] : [])
    }

    /// The place in `shownLabels` of a row's gold label.
    func shownGold(_ index: Int) -> Int { min(gold[index], labels.count + ScoredField.listedUnknown) }

    private static let listedUnknown = 10
    private static let maximumUnknownLength = 40
    private static let masker = Masker()

    private static func excerpt(_ label: String) -> String {
        let masked = String(decoding: masker.mask(label).text.bytes, as: UTF8.self)
        return masked.count > maximumUnknownLength ? masked.prefix(maximumUnknownLength - 1) + "…" : masked
    }

    /// The place of a row's best label.
    func predicted(_ index: Int) -> Int { ranking[index * ranked] }

    /// The probability of a row's best label.
    func confidence(_ index: Int) -> Float { probabilities[index * labels.count + predicted(index)] }

    /// Whether a row's best label is its gold one.
    func isCorrect(_ index: Int) -> Bool { predicted(index) == gold[index] }

    /// Whether the model knows a row's gold label.
    func isKnown(_ index: Int) -> Bool { gold[index] < labels.count }

    /// The same field with only some of its rows, given by index.
    func keeping(_ indices: [Int]) -> ScoredField {
        var kept = ScoredField(name: name, labels: labels)
        kept.unlabelled = unlabelled
        for index in indices {
            let start = index * labels.count
            kept.add(
                row: rows[index], gold: allLabels[gold[index]],
                probabilities: Array(probabilities[start..<start + labels.count]),
                ranking: Array(ranking[index * ranked..<(index + 1) * ranked]), level: levels[index],
                scope: scope.indices.contains(index) ? scope[index] : nil,
                labelSet: labelSets.indices.contains(index) ? labelSets[index] : nil,
                tree: trees.indices.contains(index) ? trees[index] : nil)
        }
        return kept
    }

    /// The same field without the rows at some places in the data, whether they have a label or none.
    func leavingOut(_ places: Set<Int>) -> ScoredField {
        var kept = keeping(rows.indices.filter { !places.contains(rows[$0]) })
        kept.outside = outside.filter { !places.contains($0.row) }
        return kept
    }
}

/// How little a row looks like the training data, and what was made of it.
package struct OutOfScopePrediction: Sendable, Equatable {
    /// The row's place in the data.
    package var row: Int
    /// The bundle's out-of-scope score, 0 … 1; of a bundle without one, 1 − the best label's probability.
    package var score: Float
    /// Whether the decision has the reason `OUT_OF_SCOPE`.
    package var isRejected: Bool
    /// The level of the decision; nil from a model without levels.
    package var level: String?
    /// The label of the decision.
    package var label: String?

    package init(row: Int, score: Float, isRejected: Bool, level: String? = nil, label: String? = nil) {
        (self.level, self.label) = (level, label)
        self.row = row
        self.score = score
        self.isRejected = isRejected
    }
}

/// What a report shows of a row beside its labels.
package struct RowFacts: Sendable {
    package var id: String? = nil
    /// The beginning of its masked text, on one line.
    package var excerpt: String
    /// Its words, symbols left out.
    package var words: Int
    /// The detected language.
    package var language: String? = nil
    /// The value of the column to compare rows by.
    package var source: String? = nil
    /// Its masked subject.
    package var subject: [UInt8]
    /// Its masked body.
    package var body: [UInt8]
    /// Whether the model was trained on its text.
    package var wasTrainedOn = false

    /// At most so many characters of a text are shown.
    private static let excerptLength = 160

    /// The beginning of a prepared text on one line.
    static func excerpt(subject: [UInt8], body: [UInt8]) -> String {
        let text = String(
            decoding: subject.isEmpty ? body : subject + [0x20, 0x2F, 0x20] + body, as: UTF8.self)
        let line = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        return line.count > excerptLength ? line.prefix(excerptLength - 1) + "…" : line
    }
}

extension ScoredField {
    /// Advice when rows have labels that the model does not know: they may be forms of its own; when it knows none, the
    /// column is likely another field.
    package var unknownLabelsHint: String? { formsHint ?? strangeLabelsHint }

    private var strangeLabelsHint: String? {
        guard !gold.isEmpty, gold.allSatisfy({ $0 >= labels.count }) else { return nil }
        let first = labels.prefix(5).joined(separator: ", ") + (labels.count > 5 ? ", …" : "")
        return "\(name): the bundle knows no label of these rows; its own are \(first): "
            + "check the column, and how its labels are spelt"
    }

    private var formsHint: String? {
        let own = Dictionary(labels.map { (LabelText.form(of: $0), $0) }) { first, _ in first }
        let forms = unknownLabels.enumerated().compactMap { place, label in
            own[LabelText.form(of: label)].map { (place: labels.count + place, text: "\(label) for \($0)") }
        }
        guard !forms.isEmpty else { return nil }
        let places = Set(forms.map(\.place))
        let rows = gold.count { places.contains($0) }
        let others = forms.count > 5 ? " and \(forms.count - 5) more" : ""
        return "\(name): \(rows.counted("row")) with a label in another form than the bundle's: "
            + "\(forms.prefix(5).map(\.text).joined(separator: ", "))\(others); change the file, or train with the forms "
            + "joined (--merge-labels)"
    }
}
