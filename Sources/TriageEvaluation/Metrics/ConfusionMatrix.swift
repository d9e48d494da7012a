/// How often each gold label was answered by each label.
package struct ConfusionMatrix: Sendable {
    package struct LabelScore: Sendable, Equatable {
        package var label: String
        /// Rows whose gold label it is.
        package var support: Int
        /// Rows it was predicted for.
        package var predicted: Int
        /// Rows both at once.
        package var hits: Int

        /// hits / predicted; nil when it was never predicted.
        package var precision: Double? { .ratio(hits, predicted) }
        /// hits / support; nil without gold rows.
        package var recall: Double? { .ratio(hits, support) }
        /// 2 hits / (support + predicted); nil when both are 0.
        package var f1: Double? { .ratio(2 * hits, support + predicted) }
    }

    /// A mistake that was made more than once, perhaps.
    package struct Confusion: Sendable, Equatable {
        package var gold: Int
        package var predicted: Int
        /// Indices of its rows in the field.
        package var rows: [Int]
    }

    /// All labels, those the model does not know last: ten of them, and one name for any others.
    package let labels: [String]
    /// labels × labels, a row for each gold label.
    package let counts: [Int]
    /// All confusions, the most frequent first.
    package let confusions: [Confusion]

    package init(_ field: ScoredField) {
        labels = field.shownLabels
        var counts = [Int](repeating: 0, count: labels.count * labels.count)
        var mistakes: [Int: [Int]] = [:]
        for index in field.gold.indices {
            let cell = field.shownGold(index) * labels.count + field.predicted(index)
            counts[cell] += 1
            if !field.isCorrect(index) { mistakes[cell, default: []].append(index) }
        }
        self.counts = counts
        let width = labels.count
        confusions = mistakes.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map {
            Confusion(gold: $0.key / width, predicted: $0.key % width, rows: $0.value)
        }
    }

    package subscript(gold: Int, predicted: Int) -> Int { counts[gold * labels.count + predicted] }

    /// The figures of each label that is gold or predicted somewhere.
    package var scores: [LabelScore] {
        labels.indices.map { label in
            LabelScore(
                label: labels[label], support: labels.indices.reduce(0) { $0 + self[label, $1] },
                predicted: labels.indices.reduce(0) { $0 + self[$1, label] }, hits: self[label, label])
        }.filter { $0.support + $0.predicted > 0 }
    }

    /// The places of the `count` labels with most mistakes, in label order.
    package func mostConfused(_ count: Int) -> [Int] {
        var mistakes = [Int](repeating: 0, count: labels.count)
        for confusion in confusions {
            mistakes[confusion.gold] += confusion.rows.count
            mistakes[confusion.predicted] += confusion.rows.count
        }
        let used = labels.indices.filter { label in
            labels.indices.contains { self[label, $0] + self[$0, label] > 0 }
        }
        return used.sorted { (mistakes[$1], $0) < (mistakes[$0], $1) }.prefix(count).sorted()
    }
}
