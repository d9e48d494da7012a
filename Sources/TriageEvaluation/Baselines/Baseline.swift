internal import TriageText

/// A simple way to answer: what a model must beat to be worth having.
protocol Baseline {
    /// How it is called.
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

    /// Its answers to the rows of a field.
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

/// The most frequent label for every row.
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

    /// Its answer.
    var best: Int { shares.indices.max { (shares[$0], $1) < (shares[$1], $0) } ?? 0 }
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
