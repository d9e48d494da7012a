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

    /// From the places of the answered and the right labels of each row, the latter from `labels.count` on where the model
    /// does not know the label.
    ///
    /// Nil for a model whose answers differ, or for tickets that (nearly) all have the label.
    package init?(predicted: [Int], gold places: [Int], labels: [String], by model: String) {
        var counts = [Int](repeating: 0, count: labels.count)
        for label in predicted { counts[label] += 1 }
        guard let label = counts.placeOfMaximum else { return nil }
        self.model = model
        self.label = labels[label]
        (count, rows) = (counts[label], predicted.count)
        gold = places.count { $0 == label }
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
