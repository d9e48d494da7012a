package import TriageData
internal import TriageImport
public import TriageEngine
internal import TriageModel
internal import TriageText
public import TriageTickets
package import TriageTraining

/// A snapshot's answers to labelled rows, collected in one pass.
public struct Evaluation: Sendable {
    /// Facts of the rows with a label, by their place in the data.
    package private(set) var facts: [Int: RowFacts] = [:]
    /// The fields measured, in the bundle's order.
    package private(set) var fields: [ScoredField]
    /// The fields of tags, in the bundle's order.
    package private(set) var tagFields: [ScoredTags]
    /// Rows offered, whether they had a label or not.
    package private(set) var offered = 0
    package let snapshot: Snapshot
    /// Which columns were read of each file, and what is doubtful about them, a line each.
    package var columnNotes: [String] { tickets.notes }
    private var tickets: TicketReader
    private let source: String?
    private let outOfScopeLabel: String?
    private let heads: [ModelBundle.Head]
    private let tagHeads: [ModelBundle.Head]
    /// The columns of the labels measured.
    private let shapes: TrainingSet.LabelColumns
    private var scratch = DecisionScratch()

    /// An evaluation of a bundle's fields, or only of `names`.
    ///
    /// `source` is the column to compare rows by; rows labelled `outOfScopeLabel` belong to none of the bundle's labels
    /// and tell how well it sees that.
    package init(
        _ snapshot: Snapshot, columns: TicketColumns, only names: [String], source: String? = nil,
        outOfScopeLabel: String? = nil
    ) {
        self.outOfScopeLabel = outOfScopeLabel
        self.snapshot = snapshot
        self.source = source
        let wanted = snapshot.model.heads.filter { names.isEmpty || names.contains($0.manifest.field) }
        heads = wanted.filter { !$0.hasTags }
        var shapes = TrainingSet.LabelColumns(snapshot.model)
        shapes.trees = shapes.trees.filter { tree in wanted.contains { $0.manifest.field == tree.key } }
        self.shapes = shapes
        tagHeads = wanted.filter(\.hasTags)
        tagFields = tagHeads.map { ScoredTags($0.manifest) }
        fields = heads.map { ScoredField(name: $0.manifest.field, labels: $0.labels.names) }
        var columns = columns
        columns.others += snapshot.model.heads.flatMap(\.labelColumns) + [source ?? "language", "language"]
        tickets = TicketReader(columns)
    }

    /// An evaluation of all fields of a snapshot's model.
    public init(_ snapshot: Snapshot) { self.init(snapshot, columns: TicketColumns(), only: []) }

    /// Decides a ticket and compares the decision with its labels; a ticket without a label counts for nothing.
    ///
    /// - Throws: An error that describes what is wrong with the ticket.
    public mutating func add(_ example: LabelledTicket) throws { try add(example.row(line: offered + 1)) }

    /// Rows with text and a label.
    package var rows: Int { facts.count }

    /// Makes sure that what was named is somewhere in the rows: the column to compare them by, the out-of-scope label,
    /// and of a second bundle a field that both measure.
    ///
    /// - Throws: `EvaluationError` with what is missing.
    package func checkNames(against other: Evaluation?) throws(EvaluationError) {
        if let source, !facts.values.contains(where: { $0.source != nil }) { throw .noSource(column: source) }
        if let outOfScopeLabel, fields.allSatisfy(\.outside.isEmpty) {
            throw .noOutside(label: outOfScopeLabel, fields: fields.map(\.name))
        }
        guard let other else { return }
        let (own, others) = (measuredFields, other.measuredFields)
        guard Set(own).isDisjoint(with: others) else { return }
        throw .nothingShared(fields: own, others: others)
    }

    /// Makes sure that a second bundle has one of the fields, before any row is read.
    ///
    /// - Throws: `EvaluationError.nothingShared` with the fields of both.
    package func checkFields(against other: Evaluation?) throws(EvaluationError) {
        guard let other else { return }
        let (own, others) = (fieldNames, other.fieldNames)
        guard Set(own).isDisjoint(with: others) else { return }
        throw .nothingShared(fields: own, others: others)
    }

    private var measuredFields: [String] {
        fields.filter { !$0.rows.isEmpty }.map(\.name) + tagFields.filter { !$0.rows.isEmpty }.map(\.name)
    }

    /// The names of all fields measured.
    package var fieldNames: [String] { fields.map(\.name) + tagFields.map(\.name) }

    package var severityField: String? { snapshot.model.head(role: "severity")?.manifest.field }

    /// Scores one row; fields without a label in it are passed over.
    ///
    /// - Throws: `BadRow` when its text cannot be read, or a label below others lacks its parent.
    package mutating func add(_ row: InputRow) throws(BadRow) {
        let ticket = try tickets.ticket(in: row, needsID: false)
        for head in heads where shapes.trees[head.manifest.field] != nil {
            _ = try shapes.text(of: head.manifest.field, in: row, id: ticket.id)
        }
        let place = offered
        offered += 1
        let labelled = heads.indices.compactMap { index in
            heads[index].label(in: row).map { (index, label: $0) }
        }
        for index in Set(heads.indices).subtracting(labelled.map(\.0)) { fields[index].unlabelled += 1 }
        var tagged: [(Int, gold: [String])] = []
        for (index, head) in tagHeads.enumerated() {
            if let gold = try head.tags(in: row) { tagged.append((index, gold)) }
        }
        guard !labelled.isEmpty || !tagged.isEmpty else { return }
        let source = source.flatMap { row.text($0) }
        score(
            snapshot.prepare(ticket), at: place, labelled, tagged, language: row.text("language"),
            source: source)
    }

    /// Scores a row of a training set, whose text is prepared.
    package mutating func add(_ row: Int, of set: TrainingSet) {
        let example = set.examples[row]
        let place = offered
        offered += 1
        var labelled: [(Int, label: String)] = []
        for (index, head) in heads.enumerated() {
            let field = set.fields.firstIndex(of: head.manifest.field)
            if let field, let label = example.labels[field] {
                labelled.append((index, head.spelling(of: set.labelSets[field][label])))
            } else {
                fields[index].unlabelled += 1
            }
        }
        var tagged: [(Int, gold: [String])] = []
        for (index, head) in tagHeads.enumerated() {
            let field = set.fields.firstIndex(of: head.manifest.field)
            if let field, let tags = example.tags(in: field) {
                tagged.append((index, tags.map { set.labelSets[field][$0] }))
            }
        }
        guard !labelled.isEmpty || !tagged.isEmpty else { return }
        let text = TicketText(
            stored: .init(subject: example.subject, body: example.body), id: example.id)
        score(text, at: place, labelled, tagged, language: nil, source: nil)
    }

    private mutating func score(
        _ text: TicketText, at place: Int, _ labelled: [(Int, label: String)],
        _ tagged: [(Int, gold: [String])], language: String?, source: String?
    ) {
        let decision = snapshot.decide(text, &scratch)
        let (subject, body) = (text.subject.bytes, text.body.bytes)
        for (index, gold) in labelled {
            let head = heads[index]
            let field = head.manifest.field
            let prediction = decision.predictions.first { $0.field == field }
            let probabilities = head.probabilities(scratch.logits)
            let chosen = prediction.flatMap { head.labels.index(of: $0.label) }
            let likeliest = head.best(3, of: scratch.logits).map(\.label)
            let best = ([chosen].compactMap(\.self) + likeliest.filter { $0 != chosen }).prefix(
                likeliest.count)
            let outOfScope = OutOfScopePrediction(
                row: place, score: prediction?.outOfScope ?? 1 - probabilities[likeliest[0]],
                isRejected: prediction?.reasons.contains(.outOfScope) ?? false,
                level: (prediction?.path?.last?.level ?? prediction?.level)?.rawValue,
                label: prediction?.label)
            guard !(outOfScopeLabel.map { head.isPart($0, of: gold) } ?? false) else {
                fields[index].addOutside(outOfScope)
                continue
            }
            fields[index].add(
                row: place, gold: gold, probabilities: probabilities, ranking: Array(best),
                level: (prediction?.path?.last?.level ?? prediction?.level)?.rawValue, scope: outOfScope,
                labelSet: prediction?.labelSet.map { .init(size: $0.count, covers: $0.contains(gold)) },
                tree: TreeOutcome(prediction, gold: gold, likeliest: likeliest[0], head, probabilities))
        }
        for (index, gold) in tagged {
            let field = tagHeads[index].manifest.field
            let given = decision.predictions.first { $0.field == field }?.tags ?? []
            tagFields[index].add(
                row: place, gold: gold, given: given.map(\.label),
                probabilities: tagHeads[index].tagProbabilities(scratch.logits))
        }
        facts[place] = RowFacts(
            id: text.id, excerpt: RowFacts.excerpt(subject: subject, body: body),
            words: scratch.features.found.phrase.count, language: language ?? decision.language,
            source: source, subject: subject, body: body,
            wasTrainedOn: wasTrainedOn(text))
    }

    /// Whether the model was trained on the ticket just decided.
    private func wasTrainedOn(_ text: TicketText) -> Bool {
        guard !text.isEmpty, let texts = snapshot.model.trainedTexts,
            let content = TrainedTexts.content(of: scratch.features.found)
        else { return false }
        return texts.contains(content)
    }
}

extension Evaluation {
    /// Scores the rows of files, and the same rows with a second evaluation where there is one.
    ///
    /// - Returns: The rows that could not be read.
    /// - Throws: `DataError` when a file cannot be read, has no good row, or lacks text in most rows, or no row has a label
    ///   of the fields.
    package mutating func read(
        _ paths: [String], beside other: inout Evaluation?
    ) throws -> [(file: String, row: BadRow)] {
        var all: [(file: String, row: BadRow)] = []
        let joined = try JoinedFiles(paths, tickets.columns)
        for path in joined.files {
            let before = self.rows
            let rows = try joined.rows(path)
            if !rows.columns.isEmpty, let column = shapes.missingColumn(among: Set(rows.columns)) {
                throw DataError.noValues(path: path, columns: [column])
            }
            all += try add(rows, beside: &other, requiringText: true)
            // A file of another shape would else be left out without a word.
            guard self.rows > before else { throw DataError.noValues(path: path, columns: fieldNames) }
        }
        if let rest = try joined.rest() { all += try add(rest, beside: &other, requiringText: false) }
        tickets.add(notes: joined.notes)
        return all + joined.faults
    }

    private mutating func add(
        _ rows: RowReader, beside other: inout Evaluation?, requiringText: Bool
    ) throws(DataError) -> [(file: String, row: BadRow)] {
        try tickets.begin(rows)
        try other?.tickets.begin(rows)
        let bad = try rows.forEach { row throws(BadRow) in
            try add(row)
            try other?.add(row)
        }
        try tickets.finish(requiringText: requiringText)
        try other?.tickets.finish(requiringText: requiringText)
        return bad.map { (rows.name, $0) }
    }
}
