internal import TriageNumerics
internal import TriageSearch
internal import TriageText
internal import TriageTraining

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
        var found = Words()
        found.scan(subject: row.subject, body: row.body)
        let scores = index.lexicalScores(words: found.phrase)
        let nearest = TopK.indices(of: scores, count: Self.neighbours)
        let sum = nearest.reduce(0) { $0 + scores[$1] }
        guard sum > 0 else { return shares }
        let prior = sum / Float(nearest.count)
        var votes = shares.map { $0 * prior }
        for neighbour in nearest { votes[targets[neighbour]] += scores[neighbour] }
        return votes.map { $0 / (sum + prior) }
    }
}
