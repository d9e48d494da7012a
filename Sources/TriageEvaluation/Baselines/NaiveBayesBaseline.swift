internal import RealModule
internal import TriageNumerics
internal import TriageText
internal import TriageTraining

/// The label that multinomial naive Bayes finds most likely, with one more of each word than was seen (Laplace).
struct NaiveBayesBaseline: Baseline {
    let name = "naive Bayes on words"
    let explanation = "multinomial, add-one smoothing"
    let labels: [String]
    private var places: [UInt64: Int] = [:]
    /// Words × labels: ln P(word | label).
    private var weights: [Float] = []
    private var priors: [Float] = []

    init(_ rows: [TrainingExample], _ targets: [Int], labels: [String]) {
        self.labels = labels
        var counts: [Float] = []
        var totals = [Float](repeating: 0, count: labels.count)
        var rowsOf = totals
        var found = Words()
        for (row, target) in zip(rows, targets) {
            rowsOf[target] += 1
            found.scan(subject: row.subject, body: row.body)
            for word in found.phrase {
                let place = places[word] ?? places.count
                if place == places.count {
                    places[word] = place
                    counts.append(contentsOf: repeatElement(0, count: labels.count))
                }
                counts[place * labels.count + target] += 1
                totals[target] += 1
            }
        }
        let vocabulary = Float(places.count)
        weights = counts.indices.map { cell in
            let total = totals[cell % labels.count] + vocabulary
            return Float(Double.log(Double((counts[cell] + 1) / total)))
        }
        // A label without rows keeps a small prior.
        priors = rowsOf.map { Float(Double.log(Double(max($0, 0.5) / Float(max(rows.count, 1))))) }
    }

    func probabilities(of row: RowFacts) -> [Float] {
        var found = Words()
        found.scan(subject: row.subject, body: row.body)
        var sums = priors
        for word in found.phrase {
            guard let place = places[word] else { continue }
            for label in labels.indices { sums[label] += weights[place * labels.count + label] }
        }
        return Softmax.probabilities(sums[...])
    }
}
