internal import RealModule
internal import TriageNumerics
internal import TriageSearch
internal import TriageText
internal import TriageTraining

/// A simple way to answer: what a model must beat to be worth having.
protocol Baseline {
    var name: String { get }
    /// How it answers, in a few words.
    var explanation: String { get }
    /// The labels it knows.
    var labels: [String] { get }
    /// Whether its numbers are meant as probabilities.
    var givesProbabilities: Bool { get }
    /// One number a label for a row, adding up to 1.
    mutating func probabilities(of row: RowFacts) -> [Float]
}

extension Baseline {
    var givesProbabilities: Bool { true }

    mutating func answers(to field: ScoredField, _ facts: [Int: RowFacts]) -> ScoredField {
        var answers = ScoredField(name: field.name, labels: labels)
        let names = field.allLabels
        for index in field.rows.indices {
            guard let row = facts[field.rows[index]] else { continue }
            answers.add(
                row: field.rows[index], gold: names[field.gold[index]], probabilities: probabilities(of: row))
        }
        return answers
    }

    /// Its figures on the rows of a field; without probabilities, those of its labels alone.
    mutating func score(_ field: ScoredField, _ facts: [Int: RowFacts]) -> BaselineScore {
        let answers = answers(to: field, facts)
        var estimates = Bootstrap.estimates(FieldMeasurer(answers))
        if !givesProbabilities { estimates = estimates.filter { [.accuracy, .macroF1].contains($0.key) } }
        return BaselineScore(name: name, explanation: explanation, estimates: estimates)
    }
}

struct MajorityBaseline: Baseline {
    let name = "most frequent label"
    let explanation: String
    let labels: [String]
    private let shares: [Float]

    /// Counted on training rows where there are any, else on the rows measured, which no constant answer can beat.
    init(labels: [String], counts: [Int], fromTraining: Bool) {
        self.labels = labels
        let sum = Float(max(counts.reduce(0, +), 1))
        shares = counts.map { Float($0) / sum }
        explanation = fromTraining ? "of the training file" : "of these rows: the best constant answer"
    }

    func probabilities(of row: RowFacts) -> [Float] { shares }

    var best: Int { shares.placeOfMaximum ?? 0 }
}

/// The label whose name's words the ticket holds.
struct KeywordBaseline: Baseline {
    let name = "label names as keywords"
    let explanation = "the name with most of its words in the ticket"
    let labels: [String]
    let givesProbabilities = false
    private let words: [Set<UInt64>]
    private let fallback: Int

    init(labels: [String], fallback: Int) {
        self.labels = labels
        self.fallback = fallback
        words = labels.map { Set(Words(Array(KeywordBaseline.spaced($0).utf8)).phrase) }
    }

    /// A name with spaces for its underscores and before its inner capitals.
    static func spaced(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, result.last?.isLowercase == true { result.append(" ") }
            result.append(character == "_" || character == "-" ? " " : character)
        }
        return result
    }

    func probabilities(of row: RowFacts) -> [Float] {
        var found = Words()
        found.scan(subject: row.subject, body: row.body)
        let ticket = Set(found.phrase)
        var (best, most) = (fallback, 0.0)
        for label in labels.indices where !words[label].isEmpty {
            let share = Double(words[label].count { ticket.contains($0) }) / Double(words[label].count)
            if share > most { (best, most) = (label, share) }
        }
        return labels.indices.map { $0 == best ? 1 : 0 }
    }
}

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

/// The labels of the ten training tickets that BM25 finds nearest, each voting with its score.
///
/// The labels' shares in training vote with the weight of one mean neighbour, so that no label is impossible.
struct NeighbourBaseline: Baseline {
    let name = "nearest tickets (BM25)"
    let explanation = "ten neighbours in the training file, voting with their scores"
    let labels: [String]
    private let targets: [Int]
    private let shares: [Float]
    private let index: SearchIndex

    static let neighbours = 10

    init(_ rows: [TrainingExample], _ targets: [Int], labels: [String]) {
        self.labels = labels
        self.targets = targets
        let counts = targets.reduce(into: [Float](repeating: 0, count: labels.count)) { $0[$1] += 1 }
        shares = counts.map { $0 / Float(max(targets.count, 1)) }
        let articles = rows.map { row in
            Article(id: "", title: "", body: String(decoding: row.subject + [0x0A] + row.body, as: UTF8.self))
        }
        index = SearchIndex(articles, embedding: nil, calibration: nil)
    }

    func probabilities(of row: RowFacts) -> [Float] {
        let scores = index.lexicalScores(.init(subject: row.subject, body: row.body))
        let nearest = TopK.indices(of: scores, count: Self.neighbours)
        let sum = nearest.reduce(0) { $0 + scores[$1] }
        guard sum > 0 else { return shares }
        let prior = sum / Float(nearest.count)
        var votes = shares.map { $0 * prior }
        for neighbour in nearest { votes[targets[neighbour]] += scores[neighbour] }
        return votes.map { $0 / (sum + prior) }
    }
}
