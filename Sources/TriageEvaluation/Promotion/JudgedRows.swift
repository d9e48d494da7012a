package import TriageEngine
package import TriageModel

/// Recent rows with a model's answers, for a promotion.
package struct JudgedRows: Sendable {
    /// The model that would decide, or decides.
    package let model: ModelBundle
    package private(set) var fields: [ScoredField]
    /// The places of rows that the model which answered them was trained on.
    package private(set) var trainedOn: Set<Int>
    /// For fields of tags the F1 of each row's tags, by the row's place.
    private(set) var tagScores: [String: [Int: Double]] = [:]
    private var facts: [Int: RowFacts]

    /// A model's own answers.
    package init(_ evaluation: Evaluation) {
        (model, fields) = (evaluation.snapshot.model, evaluation.fields)
        (trainedOn, facts) = (evaluation.placesTrainedOn, evaluation.facts)
        for field in evaluation.tagFields { tagScores[field.name] = field.scores }
    }

    /// Answers of models that were trained as `model` was, each without the rows that it answers.
    ///
    /// The rows of evaluation n are at `places[n]` of the data.
    package init(_ model: ModelBundle, _ evaluations: [Evaluation], places: [[Int]]) {
        self.model = model
        (trainedOn, facts) = ([], [:])
        fields = model.heads.filter { !$0.hasTags }.map {
            ScoredField(name: $0.manifest.field, labels: $0.labels.names)
        }
        for (evaluation, places) in zip(evaluations, places) {
            trainedOn.formUnion(evaluation.placesTrainedOn.map { places[$0] })
            for (row, fact) in evaluation.facts { facts[places[row]] = fact }
            for field in evaluation.tagFields {
                for (row, score) in field.scores {
                    tagScores[field.name, default: [:]][places[row]] = score
                }
            }
            for field in evaluation.fields {
                guard let known = fields.firstIndex(where: { $0.name == field.name }) else { continue }
                fields[known].append(field, at: places)
            }
        }
    }

    /// The evaluation report of these rows beside the champion's answers to them.
    package func report(named name: String, against champion: JudgedRows, named other: String, policy: Policy)
        -> EvaluationReport
    {
        var options = EvaluationReport.Options()
        options.dataFiles = ["the newest tickets that the champion was not trained on"]
        return EvaluationReport(
            modelName: name, fields: fields, facts: facts,
            severityField: model.head(role: "severity")?.manifest.field, severities: policy.severities,
            against: (other, champion.fields), options)
    }

    func heldOut(_ field: String) -> HeldOutFigure? { model.head(field: field).flatMap(HeldOutFigure.init) }

    func heldOutRecall(of label: String, in field: String) -> (right: Int, rows: Int)? {
        model.head(field: field)?.heldOutRecall(of: label)
    }

    /// The precision that the field's answers of level auto must reach, as text; nil for another target.
    func target(of field: String) -> String? {
        guard let target = model.head(field: field)?.manifest.auto?.target, target.hasPrefix("precision=")
        else { return nil }
        return String(target.dropFirst("precision=".count))
    }
}

extension ScoredTags {
    /// The F1 of the tags that each row is given, by its place; 1 where it has none and is given none.
    fileprivate var scores: [Int: Double] {
        let pairs = rows.map { row in
            let both = Set(row.gold).intersection(row.given).count
            let sum = row.gold.count + row.given.count
            return (row.place, sum == 0 ? 1 : 2 * Double(both) / Double(sum))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

extension Evaluation {
    /// The places of the rows that the model was trained on.
    fileprivate var placesTrainedOn: Set<Int> { Set(facts.filter { $0.value.wasTrainedOn }.map(\.key)) }
}
