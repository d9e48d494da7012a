package import TriageData
internal import TriageImport
package import TriageEngine
internal import TriageModel
package import TriageNumerics
package import TriageTickets
package import TriageTraining

/// A training measured on its own rows: those of each fold are decided by a bundle of all the others.
///
/// Everything is chosen inside the other folds (settings, temperature, thresholds), and near-duplicates stay on one side,
/// so that the figures are those of new tickets of the same kind, a little too low since each bundle has a fifth fewer rows.
package struct CrossValidation {
    /// The figures, as if one model had answered.
    package private(set) var fields: [ScoredField] = []
    /// The fields of tags.
    package private(set) var tagFields: [ScoredTags] = []
    /// Facts of the rows, by their place in the training set.
    package private(set) var facts: [Int: RowFacts] = [:]
    package private(set) var severityField: String?

    /// Trains a bundle a fold and decides the fold's rows, `rows` being those of the set as they were read.
    ///
    /// - Throws: `EvaluationError.tooFewForFolds` for fewer rows than folds; what training and `progress` throw.
    package init(
        _ set: TrainingSet, rows: [InputRow], text: TicketColumns, options: TrainingOptions,
        embedding: (name: String, table: EmbeddingTable)?, workers: Workers, source: String? = nil,
        snapshot: (ModelBundle) -> Snapshot, progress: @escaping (Int, TrainingProgress) throws -> Void
    ) throws {
        precondition(rows.count == set.examples.count, "\(rows.count) rows of \(set.examples.count) examples")
        let plain = set.fields.indices.filter { !set.hasTags[$0] }
        fields = plain.map { ScoredField(name: set.fields[$0], labels: set.labelSets[$0]) }
        let folds = Folds(set.examples, field: 0, workers)
        guard set.examples.count >= folds.count else {
            throw EvaluationError.tooFewForFolds(rows: set.examples.count, needed: folds.count)
        }
        for fold in 0..<folds.count {
            let (others, own) = folds.split(fold)
            guard !own.isEmpty, !others.isEmpty else { continue }
            let trained = try Trainer(options, embedding: embedding, workers: workers) {
                try progress(fold, $0)
            }.train(set.keeping(others))
            let model = try ModelBundle(trained, embedding: embedding?.table)
            severityField = model.head(role: "severity")?.manifest.field
            try add(own, rows, Evaluation(snapshot(model), columns: text, only: [], source: source))
        }
    }

    /// The rows of a set as they are in its files, in its order.
    package static func rows(of set: TrainingSet, in paths: [String], _ columns: TicketColumns) throws
        -> [InputRow]
    {
        let wanted = Set(set.examples.map { "\($0.origin)#\($0.row ?? 0)" })
        var found: [InputRow] = []
        let joined = try JoinedFiles(paths, columns)
        for path in joined.files {
            let reader = try joined.rows(path)
            while let row = try reader.next() {
                guard let row = try? row.get(), wanted.contains("\(reader.name):\(row.line)#\(row.row)")
                else {
                    continue
                }
                found.append(row)
            }
        }
        return found
    }

    private mutating func add(_ places: [Int], _ rows: [InputRow], _ evaluation: Evaluation) throws {
        var evaluation = evaluation
        for place in places { try evaluation.add(rows[place]) }
        for (row, fact) in evaluation.facts { facts[places[row]] = fact }
        for index in fields.indices {
            guard let field = evaluation.fields.first(where: { $0.name == fields[index].name }) else {
                continue
            }
            fields[index].append(field, at: places)
        }
        for field in evaluation.tagFields {
            if let index = tagFields.firstIndex(where: { $0.name == field.name }) {
                tagFields[index].append(field, at: places)
            } else {
                tagFields.append(field.moved(to: places))
            }
        }
    }
}

extension ScoredField {
    /// Adds the rows of a field whose labels are some of this one's; row n of it is `places[n]` here.
    mutating func append(_ other: ScoredField, at places: [Int]) {
        let columns = other.labels.map { labels.firstIndex(of: $0) }
        for index in other.rows.indices {
            var values = [Float](repeating: 0, count: labels.count)
            for (label, column) in columns.enumerated() {
                guard let column else { continue }
                values[column] = other.probabilities[index * other.labels.count + label]
            }
            let best = (0..<other.ranked).compactMap { columns[other.ranking[index * other.ranked + $0]] }
            let rest = labels.indices.filter { !best.contains($0) }
            add(
                row: places[other.rows[index]], gold: other.allLabels[other.gold[index]],
                probabilities: values, ranking: best + rest, level: other.levels[index],
                tree: other.trees.indices.contains(index) ? other.trees[index] : nil)
        }
    }
}
