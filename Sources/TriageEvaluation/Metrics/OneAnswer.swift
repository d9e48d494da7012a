internal import TriageNumerics

/// A model that gives (nearly) every ticket the same label, although the tickets have several: it distinguishes nothing.
///
/// That is so when at least 95 % of its answers are one label, and answers that had this label as often as the tickets do
/// would be so uniform with a probability below 5 % (one-sided binomial tail).
package struct OneAnswer: Sendable, Equatable {
    /// Who answers.
    package let model: String
    package let label: String
    /// Rows answered with that label.
    package let count: Int
    package let rows: Int
    /// Rows that have the label.
    package let gold: Int

    private static let share = 0.95
    private static let significance = 0.05

    /// Nil for a model whose answers differ, or for tickets that (nearly) all have the label.
    package init?(_ field: ScoredField, by model: String) {
        var counts = [Int](repeating: 0, count: field.labels.count)
        for index in field.rows.indices { counts[field.predicted(index)] += 1 }
        guard let label = counts.placeOfMaximum else { return nil }
        self.model = model
        self.label = field.labels[label]
        (count, rows) = (counts[label], field.rows.count)
        gold = field.gold.count { $0 == label }
        let others = 1 - Double(gold) / Double(max(rows, 1))
        guard rows > 0, Double(count) >= OneAnswer.share * Double(rows),
            Binomial.cumulative(rows - count, of: rows, probability: others) < OneAnswer.significance
        else { return nil }
    }

    package var sentence: String {
        let often = count == rows ? "all \(rows)" : "\(count) of \(rows)"
        return
            "\(model) always gives one answer: \"\(label)\" for \(often) tickets, of which \(gold) have that label. "
            + "It distinguishes nothing; do not use it in this field."
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
