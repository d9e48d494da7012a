internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

extension Ranking {
    /// A calibration for a KB without questions, fitted on its own texts.
    ///
    /// Each title and symptom is a question that its article, without that text, should answer, and that no article answers
    /// when its own is left out. Copies of an article are left out with it. Foreign questions, which no KB answers, join
    /// the unknown ones.
    ///
    /// The fit stays near the default weights where there are few texts. It is the same for the same articles and matrix,
    /// and takes half a second for 10,000 articles.
    func fitOnArticles(_ items: [HeldOutText]) -> SearchCalibration {
        var calibration = SearchCalibration.uncalibrated
        let weight = calibration.embeddingWeight
        var (known, near) = heldOut(items, weight: weight)
        guard !known.isEmpty else { return calibration }
        // Half of the unknown questions are near the KB, half are far; there are as many as known ones.
        var far = foreign(weight: weight)
        HeldOut.weigh(&near, Double(known.count) / 2)
        HeldOut.weigh(&far, Double(known.count) / 2)
        var weights = LogisticRegression.fit(
            known + near + far, penalty: HeldOut.penalty, prior: calibration.weights.map(Double.init))
        // Held-out texts are easier or harder to find than real questions, by how alike the texts of an article are.
        // Unknown questions are as they will be: they decide where the cut is, the more the more of them there are.
        let trust = Double(near.count) / Double(near.count + 10)
        weights[0] -= trust * HeldOut.cutLogit(near + far, weights)
        // Rounded, so that processors that differ in the last bits fit the same.
        calibration.weights = weights.map { Float(($0 * 1e3).rounded() / 1e3) }
        calibration.pairs = known.count
        return calibration
    }

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
        _ items: [HeldOutText], _ calibration: SearchCalibration, cut: Float, other: Float
    ) -> (errors: Int, others: Int, count: Int) {
        let (known, unknown) = heldOut(items, weight: calibration.embeddingWeight)
        let judged = cut > other ? known.filter(\.isPositive) : unknown
        let probabilities = judged.map { calibration.probability($0.features) }
        func errors(_ cut: Float) -> Int {
            zip(probabilities, judged).count { ($0 >= cut) != $1.isPositive }
        }
        return (errors(cut), errors(other), judged.count)
    }

    /// Held-out titles and symptoms as questions to a KB with their article, and to one without it.
    func heldOut(_ items: [HeldOutText], weight: Float) -> (known: [Observation], unknown: [Observation]) {
        var (known, unknown): ([Observation], [Observation]) = ([], [])
        for item in items { judge(item, weight, &known, &unknown) }
        return (known, unknown)
    }

    typealias Observation = LogisticRegression.Observation

    /// Searches for a text in a KB without it, and then without its article.
    private func judge(
        _ item: HeldOutText, _ weight: Float, _ known: inout [Observation], _ unknown: inout [Observation]
    ) {
        let withdrawal = BM25.Withdrawal(article(item.article), item, embedding)
        let hidden = withdrawal.gone.filter { terms.articles(with: $0) == 1 }
        let question = TicketText.Fields(subject: [], body: Array(withdrawal.text.utf8))
        let query = query(question, hidden: hidden)
        guard query.hasContent else { return }
        var candidates = candidates(
            query, embedding?.embed(question.body), weight: weight, count: depth(2) + 1, without: withdrawal)
        if let one = observation(candidates, answer: item.article) { known.append(one) }
        candidates.remove(article: item.article)
        if let one = observation(candidates, answer: nil) { unknown.append(one) }
    }

    private func observation(_ text: String, weight: Float) -> Observation? {
        let question = TicketText.Fields(subject: [], body: Array(text.utf8))
        let query = query(question, hidden: [])
        guard query.hasContent else { return nil }
        let candidates = candidates(query, embedding?.embed(question.body), weight: weight, count: depth(2))
        return observation(candidates, answer: nil)
    }

    /// The best article's features, and whether it is the one that answers; nil where no article is left, or the best is
    /// about another code.
    private func observation(_ candidates: Candidates, answer: Int?) -> Observation? {
        let best = best(candidates, count: 2)
        guard let first = best.first, candidates.relevance[first].isFinite, candidates.factor(of: first) == 1
        else { return nil }
        return Observation(
            features: features(of: first, candidates, best),
            isPositive: candidates.number(first) == answer)
    }
}

/// A title or a symptom that a fit takes out of its article.
struct HeldOutText: Codable, Equatable {
    var article: Int
    /// Its place in `BM25.fields` of its article.
    var field: Int

    /// All titles and symptoms of articles that have other text too, or of the many as many as are searched in a second.
    static func all(of articles: [Article]) -> [HeldOutText] {
        var items: [(item: HeldOutText, text: String)] = []
        for (number, article) in articles.enumerated() {
            let fields = BM25.fields(article)
            guard fields.count(where: { !$0.text.isEmpty }) > 1 else { continue }
            for field in 0...article.symptoms.count where !fields[field].text.isEmpty {
                items.append((HeldOutText(article: number, field: field), fields[field].text))
            }
        }
        let limit = min(400, max(60, 4_000_000 / max(articles.count, 1)))
        guard items.count > limit else { return items.map(\.item) }
        let order = items.map {
            StableHash.hash(Array("\(articles[$0.item.article].id)\n\($0.text)".utf8), kind: .word)
        }
        return items.indices.sorted { (order[$0], $0) < (order[$1], $1) }.prefix(limit).map { items[$0].item }
    }
}

/// How a fit on held-out texts is made.
private enum HeldOut {
    typealias Observation = LogisticRegression.Observation

    /// The logit that all but `falseKnownShare` of the unknown questions stay below.
    static func cutLogit(_ unknown: [Observation], _ weights: [Double]) -> Double {
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

    /// How strongly the fit is held to the default weights.
    static let penalty = 2.0

    static func weigh(_ observations: inout [Observation], _ sum: Double) {
        for index in observations.indices { observations[index].weight = sum / Double(observations.count) }
    }
}
