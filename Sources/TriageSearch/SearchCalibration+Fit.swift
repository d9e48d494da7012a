internal import TriageData
internal import TriageNumerics
internal import TriageText
package import TriageTickets

/// A question and the articles that answer it; none when the KB has no answer.
package struct QuestionPair: Sendable {
    package var id: String
    package var question: Ticket
    /// Ids of the articles that answer.
    package var relevant: [String]

    /// Reads rows of `id`, `text` (or `subject` and `body`) and `relevant`: a list of ids, or one id, as a ticket's
    /// link to the article that solved it; empty when none did.
    ///
    /// - Throws: `SearchError.badPair` for a row without text or `relevant`, or an id that no article has.
    package static func read(_ path: String, articles: [Article]) throws -> [QuestionPair] {
        let known = Set(articles.map(\.id))
        let rows = try RowReader(path: path)
        let columns = TicketColumns(others: ["relevant"])
        var pairs: [QuestionPair] = []
        while let result = try rows.next() {
            let row: InputRow
            do throws(BadRow) { row = try result.get() } catch {
                throw SearchError.badPair(path: path, line: error.line, problem: error.message)
            }
            guard let question = try? columns.ticket(in: row, needsID: false),
                let links = row["relevant"]
            else {
                throw SearchError.badPair(
                    path: path, line: row.line,
                    problem: "needs text and relevant: the ids of the articles that answer, or none")
            }
            let relevant = (links.elements?.compactMap(\.text) ?? links.text.map { [$0] } ?? []).filter {
                !$0.isEmpty
            }
            if let stray = relevant.first(where: { !known.contains($0) }) {
                throw SearchError.badPair(
                    path: path, line: row.line, problem: "no article has the id \(stray)")
            }
            pairs.append(
                QuestionPair(id: question.id ?? "line-\(row.line)", question: question, relevant: relevant))
        }
        guard !pairs.isEmpty else { throw DataError.empty(path: rows.name) }
        return pairs
    }
}

extension SearchIndex {
    private static let weightGrid: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
    private static let folds = 5
    /// Fewer questions, or fewer of a kind, do not represent the others.
    private static let minimumQuestions = 20
    private static let minimumOfEachKind = 5

    private struct Judged {
        var fold: Int
        var isAnswered: Bool
        /// For each weight of the grid the ten most relevant articles, best first.
        var candidates: [[Candidate]] = []
    }

    private struct Candidate {
        var features: [Float]
        /// What its probability is multiplied by.
        var factor: Float
        var isRight: Bool
    }

    /// Fits the weight of the embedding by reciprocal rank, and P(known) by logistic regression, on pairs.
    ///
    /// The metrics come from five folds: each pair is judged by a fit on the other folds.
    ///
    /// - Throws: `SearchError.tooFewQuestions` below 20 questions, or 5 with an answer or without.
    package func fit(_ pairs: [QuestionPair]) throws(SearchError) -> SearchCalibration {
        let answered = pairs.count { !$0.relevant.isEmpty }
        guard pairs.count >= SearchIndex.minimumQuestions,
            min(answered, pairs.count - answered) >= SearchIndex.minimumOfEachKind
        else {
            throw .tooFewQuestions(
                answered: answered, unanswered: pairs.count - answered, needed: SearchIndex.minimumQuestions,
                ofEachKind: SearchIndex.minimumOfEachKind)
        }
        let judged = pairs.map(judge)
        let weight = bestWeight(judged)
        return SearchCalibration(
            embeddingWeight: SearchIndex.weightGrid[weight],
            weights: SearchIndex.logistic(judged.compactMap { $0.candidates[weight].first }).map {
                Float($0)
            },
            cut: SearchIndex.cut, isCalibrated: true, pairs: pairs.count,
            metrics: measure(judged).mapValues { ($0 * 1e4).rounded() / 1e4 })
    }

    private static let cut: Float = 0.5

    /// Measures by name, each pair ranked and judged by a fit on the other folds.
    private func measure(_ judged: [Judged]) -> [String: Double] {
        var probabilities = [Double](repeating: 0, count: judged.count)
        var (fused, topThree, lexical) = (0.0, 0.0, 0.0)
        for fold in 0..<SearchIndex.folds {
            let training = judged.filter { $0.fold != fold }
            let weight = bestWeight(training)
            let model = SearchIndex.logistic(training.compactMap { $0.candidates[weight].first })
            for (index, pair) in judged.enumerated() where pair.fold == fold {
                let candidates = pair.candidates[weight]
                probabilities[index] =
                    candidates.first.map {
                        Double($0.factor) * LogisticRegression.probability(model, $0.features)
                    } ?? 0
                guard pair.isAnswered else { continue }
                let rank = candidates.firstIndex { $0.isRight }
                fused += SearchIndex.reciprocal(rank)
                topThree += (rank ?? .max) < 3 ? 1 : 0
                lexical += SearchIndex.reciprocal(pair.candidates[0].firstIndex { $0.isRight })
            }
        }
        let answered = Double(max(judged.count { $0.isAnswered }, 1))
        let right = zip(probabilities, judged).count { ($0 >= Double(SearchIndex.cut)) == $1.isAnswered }
        var measured = [
            "match_type_accuracy": Double(right) / Double(max(judged.count, 1)),
            "mrr10_fused": fused / answered, "recall3_fused": topThree / answered,
            "mrr10_bm25": lexical / answered,
        ]
        measured["roc_auc_known"] = SearchIndex.auc(probabilities, judged.map(\.isAnswered))
        return measured
    }

    private func judge(_ pair: QuestionPair) -> Judged {
        let fold = Int(StableHash.hash(Array(pair.id.utf8), kind: .word) % UInt64(SearchIndex.folds))
        var judged = Judged(fold: fold, isAnswered: !pair.relevant.isEmpty)
        let query = query(pair.question)
        for weight in SearchIndex.weightGrid {
            let candidates = ranking.candidates(
                query.found, query.vector, weight: weight, count: ranking.depth(10))
            let best = ranking.best(candidates, count: 10)
            judged.candidates.append(
                best.prefix(10).map { article in
                    Candidate(
                        features: ranking.features(of: article, candidates, best),
                        factor: candidates.factor(of: article),
                        isRight: pair.relevant.contains(
                            ranking.article(candidates.number(article)).id))
                })
        }
        return judged
    }

    private static func reciprocal(_ rank: Int?) -> Double { rank.map { 1 / Double($0 + 1) } ?? 0 }

    /// The weight of highest mean reciprocal rank over answered pairs; the smallest of equal ones.
    private func bestWeight(_ pairs: [Judged]) -> Int {
        let sums = SearchIndex.weightGrid.indices.map { weight in
            pairs.reduce(0.0) { sum, pair in
                sum + SearchIndex.reciprocal(pair.candidates[weight].firstIndex { $0.isRight })
            }
        }
        return sums.placeOfMaximum ?? 0
    }

    /// The weights that separate right best articles from wrong ones.
    private static func logistic(_ rows: [Candidate]) -> [Double] {
        LogisticRegression.fit(
            rows.filter { $0.factor == 1 }.map { .init(features: $0.features, isPositive: $0.isRight) },
            penalty: 0.1)
    }

    /// The chance that an answered question scores above an unanswered one, ties counting half; nil without both.
    private static func auc(_ scores: [Double], _ positives: [Bool]) -> Double? {
        var wins = 0.0
        var pairs = 0.0
        for (score, isPositive) in zip(scores, positives) where isPositive {
            for (other, otherPositive) in zip(scores, positives) where !otherPositive {
                wins += score > other ? 1 : score == other ? 0.5 : 0
                pairs += 1
            }
        }
        return pairs > 0 ? wins / pairs : nil
    }
}
