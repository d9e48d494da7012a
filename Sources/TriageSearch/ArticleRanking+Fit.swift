internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

extension ArticleRanking {
    /// A calibration for a KB without questions, fitted on its own texts.
    ///
    /// Each title and symptom is a question that its article, without that text, should answer, and that no article answers
    /// when its own is left out. Copies of an article are left out with it. Foreign questions, which no KB answers, join
    /// the unknown ones.
    ///
    /// The fit stays near the default weights where there are few texts. It is the same for the same articles and matrix,
    /// and takes half a second for 10,000 articles.
    func fitOnArticles() -> SearchCalibration {
        var calibration = SearchCalibration.uncalibrated
        let weight = calibration.embeddingWeight
        var (known, near) = heldOut(weight: weight)
        guard !known.isEmpty else { return calibration }
        // Half of the unknown questions are near the KB, half are far; there are as many as known ones.
        var far = foreign(weight: weight)
        ArticleRanking.weigh(&near, Double(known.count) / 2)
        ArticleRanking.weigh(&far, Double(known.count) / 2)
        var weights = LogisticRegression.fit(
            known + near + far, penalty: ArticleRanking.penalty, prior: calibration.weights.map(Double.init))
        // Held-out texts are easier or harder to find than real questions, by how alike the texts of an article are.
        // Unknown questions are as they will be: they decide where the cut is, the more the more of them there are.
        let trust = Double(near.count) / Double(near.count + 10)
        weights[0] -= trust * ArticleRanking.cutLogit(near + far, weights)
        // Rounded, so that processors that differ in the last bits fit the same.
        calibration.weights = weights.map { Float(($0 * 1e3).rounded() / 1e3) }
        calibration.pairs = known.count
        return calibration
    }

    /// The logit that all but `falseKnownShare` of the unknown questions stay below.
    private static func cutLogit(_ unknown: [Observation], _ weights: [Double]) -> Double {
        let logits = unknown.map { one in
            (logit: zip(weights, one.features).reduce(0) { $0 + $1.0 * Double($1.1) }, weight: one.weight)
        }.sorted { $0.logit > $1.logit }
        var rest = falseKnownShare * unknown.reduce(0) { $0 + $1.weight }
        for one in logits {
            rest -= one.weight
            if rest < 0 { return one.logit }
        }
        return 0
    }

    /// Of the unknown questions, half of which are near the KB, so many are known by mistake at the cut.
    private static let falseKnownShare = 0.1

    /// The foreign questions that are nearest to the KB: those in other languages are too easy.
    private func foreign(weight: Float) -> [Observation] {
        let all = ForeignQuestions.all.compactMap { observation($0, weight: weight) }
        let order = TopK.indices(of: all.map { $0.features[1] }, count: all.count / 2)
        return order.map { all[$0] }
    }

    /// How many held-out titles and symptoms are known or new by mistake at a cut and at another, and of how many.
    ///
    /// A higher cut is judged by those that find their article, a lower one by those whose article is left out.
    func errors(
        _ calibration: SearchCalibration, cut: Float, other: Float
    ) -> (errors: Int, others: Int, count: Int) {
        let (known, unknown) = heldOut(weight: calibration.embeddingWeight)
        let judged = cut > other ? known.filter(\.isPositive) : unknown
        let probabilities = judged.map { calibration.probability($0.features) }
        func errors(_ cut: Float) -> Int {
            zip(probabilities, judged).count { ($0 >= cut) != $1.isPositive }
        }
        return (errors(cut), errors(other), judged.count)
    }

    /// Held-out titles and symptoms as questions to a KB with their article, and to one without it.
    func heldOut(weight: Float) -> (known: [Observation], unknown: [Observation]) {
        var (known, unknown): ([Observation], [Observation]) = ([], [])
        for item in heldOutItems() { judge(item, weight, &known, &unknown) }
        return (known, unknown)
    }

    typealias Observation = LogisticRegression.Observation

    /// How strongly the fit is held to the default weights.
    private static let penalty = 2.0

    private static func weigh(_ observations: inout [Observation], _ sum: Double) {
        for index in observations.indices { observations[index].weight = sum / Double(observations.count) }
    }

    /// A title or a symptom.
    private struct Item {
        var article: Int
        /// Its place in the fields of its article.
        var field: Int
        var text: String
    }

    /// All titles and symptoms of articles that have other text too, or of the many as many as are searched in a second.
    private func heldOutItems() -> [Item] {
        var items: [Item] = []
        for (number, article) in articles.enumerated() {
            let fields = BM25.fields(article)
            guard fields.count(where: { !$0.text.isEmpty }) > 1 else { continue }
            for field in 0...article.symptoms.count where !fields[field].text.isEmpty {
                items.append(Item(article: number, field: field, text: fields[field].text))
            }
        }
        let limit = min(400, max(60, 4_000_000 / max(articles.count, 1)))
        guard items.count > limit else { return items }
        let order = items.map {
            StableHash.hash(Array("\(articles[$0.article].id)\n\($0.text)".utf8), kind: .word)
        }
        return items.indices.sorted { (order[$0], $0) < (order[$1], $1) }.prefix(limit).map { items[$0] }
    }

    /// Searches for an item in a KB without it, and then without its article.
    private func judge(
        _ item: Item, _ weight: Float, _ known: inout [Observation], _ unknown: inout [Observation]
    ) {
        let article = articles[item.article]
        let withdrawal = BM25.Withdrawal(item.field, of: item.article, BM25.fields(article))
        let hidden = withdrawal.gone.filter { bm25.articles(with: $0) == 1 }
        let question = TicketText.Fields(subject: [], body: Array(item.text.utf8))
        let query = query(question, hidden: hidden)
        guard query.hasContent else { return }
        let found = bm25.score(query.terms, without: withdrawal)
        var cosine = [Float](repeating: 0, count: articles.count)
        if let embedding {
            let vector = embedding.embed(question.body)
            cosine = cosines(vector)
            cosine[item.article] = DenseKernels.dot(vector, embedding.embed(rest(of: article, without: item)))
        }
        var candidates = candidates(found, cosine, query, weight: weight)
        for copy in groups.copies(of: item.article) { candidates.relevance[copy] = -.infinity }
        if let one = observation(candidates, answer: item.article) { known.append(one) }
        candidates.relevance[item.article] = -.infinity
        if let one = observation(candidates, answer: nil) { unknown.append(one) }
    }

    /// What is embedded of an article without one of its texts.
    private func rest(of article: Article, without item: Item) -> [UInt8] {
        var rest = article
        if item.field == 0 { rest.title = "" } else { rest.symptoms.remove(at: item.field - 1) }
        return Array(ArticleRanking.embeddedText(rest).utf8)
    }

    func observation(_ text: String, weight: Float) -> Observation? {
        let question = TicketText.Fields(subject: [], body: Array(text.utf8))
        let query = query(question)
        guard query.hasContent else { return nil }
        let candidates = candidates(query, embedding?.embed(question.body), weight: weight)
        return observation(candidates, answer: nil)
    }

    /// The best article's features, and whether it is the one that answers; nil where no article is left, or the best is
    /// about another code.
    private func observation(_ candidates: Candidates, answer: Int?) -> Observation? {
        let best = best(candidates, count: 2)
        guard let first = best.first, candidates.relevance[first].isFinite, candidates.factor(of: first) == 1
        else { return nil }
        return Observation(
            features: candidates.features(of: first, best, groups), isPositive: first == answer)
    }
}
