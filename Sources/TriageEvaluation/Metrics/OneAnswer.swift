package import TriageModel
internal import TriageNumerics

extension OneAnswer {
    /// Of a field's rows.
    package init?(_ field: ScoredField, by model: String) {
        self.init(
            predicted: field.rows.indices.map(field.predicted), gold: field.gold, labels: field.labels,
            by: model)
    }
}

extension ScoredField {
    /// The commonest label of these rows, of equal ones the first, and the answers of a model that always gives it; nil
    /// when the model knows no row's label.
    package var commonest: (label: String, answers: ScoredField)? {
        var counts = [Int](repeating: 0, count: labels.count)
        for label in gold where label < labels.count { counts[label] += 1 }
        guard let best = counts.placeOfMaximum, counts[best] > 0 else { return nil }
        var answers = ScoredField(name: name, labels: labels)
        for index in rows.indices {
            answers.add(
                row: rows[index], gold: allLabels[gold[index]],
                probabilities: labels.indices.map { $0 == best ? 1 : 0 })
        }
        return (labels[best], answers)
    }
}
