#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import TriageData
internal import TriageNumerics
internal import TriageText

/// A question and the articles that answer it; none when the KB has no answer.
public struct QuestionPair: Sendable {
    /// The question's id.
    public var id: String
    /// Its text.
    public var text: String
    /// Ids of the articles that answer.
    public var relevant: [String]

    /// Reads rows of `id`, `text` (or `subject` and `body`) and `relevant`: a list of ids, or one id, as a ticket's
    /// link to the article that solved it; empty when none did.
    ///
    /// - Throws: `SearchError.badPair` for a row without text or `relevant`, or an id that no article has.
    public static func read(_ path: String, articles: [Article]) throws -> [QuestionPair] {
        let known = Set(articles.map(\.id))
        let rows = try RowReader(path: path)
        var pairs: [QuestionPair] = []
        while let result = try rows.next() {
            let row: Row
            do throws(BadRow) { row = try result.get() } catch {
                throw SearchError.badPair(path: path, line: error.line, problem: error.message)
            }
            guard let question = try? TextColumns().ticket(in: row), let links = row.fields["relevant"] else {
                throw SearchError.badPair(
                    path: path, line: row.line,
                    problem: "needs text and relevant: the ids of the articles that answer, or none")
            }
            let text = [question.subject, question.body].filter { !$0.isEmpty }.joined(separator: "\n")
            let relevant = (links.elements?.compactMap(\.text) ?? links.text.map { [$0] } ?? []).filter {
                !$0.isEmpty
            }
            if let stray = relevant.first(where: { !known.contains($0) }) {
                throw SearchError.badPair(
                    path: path, line: row.line, problem: "no article has the id \(stray)")
            }
            pairs.append(QuestionPair(id: row.id ?? "line-\(row.line)", text: text, relevant: relevant))
        }
        guard !pairs.isEmpty else { throw DataError.empty(path: rows.name) }
        return pairs
    }
}

extension SearchIndex {
    private static let weightGrid: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
    private static let folds = 5

    private struct Judged {
        var fold: Int
        /// For each weight of the grid: reciprocal rank in the best ten, features of the best article, and whether
        /// that article answers.
        var ranks: [Double] = []
        var topThree: [Bool] = []
        var features: [[Float]] = []
        var isRight: [Bool] = []
        var isAnswered: Bool
    }

    /// Fits the weight of the embedding by reciprocal rank, and P(known) by logistic regression, on pairs.
    ///
    /// What it reports comes from five folds: each pair is judged by a fit that did not see it.
    public func fit(_ pairs: [QuestionPair]) -> SearchCalibration {
        let judged = pairs.map(judge)
        var probabilities = [Double](repeating: 0, count: judged.count)
        var measured: [String: Double] = [:]
        var reciprocal = 0.0
        var topThree = 0.0
        for fold in 0..<SearchIndex.folds {
            let training = judged.filter { $0.fold != fold }
            let weight = bestWeight(training)
            let model = SearchIndex.logistic(training.map { ($0.features[weight], $0.isRight[weight]) })
            for (index, pair) in judged.enumerated() where pair.fold == fold {
                probabilities[index] = SearchIndex.probability(model, pair.features[weight])
                if pair.isAnswered {
                    reciprocal += pair.ranks[weight]
                    topThree += pair.topThree[weight] ? 1 : 0
                }
            }
        }
        let answered = judged.filter(\.isAnswered)
        let weight = bestWeight(judged)
        measured["roc_auc_known"] = SearchIndex.auc(probabilities, judged.map(\.isAnswered))
        measured["match_type_accuracy"] =
            Double(zip(probabilities, judged).count { ($0 >= 0.5) == $1.isAnswered })
            / Double(max(judged.count, 1))
        measured["mrr10_fused"] = reciprocal / Double(max(answered.count, 1))
        measured["recall3_fused"] = topThree / Double(max(answered.count, 1))
        measured["mrr10_bm25"] = answered.reduce(0) { $0 + $1.ranks[0] } / Double(max(answered.count, 1))
        let model = SearchIndex.logistic(judged.map { ($0.features[weight], $0.isRight[weight]) })
        return SearchCalibration(
            embeddingWeight: SearchIndex.weightGrid[weight], weights: model.map { Float($0) }, cut: 0.5,
            isCalibrated: true, pairs: pairs.count, metrics: measured.mapValues { ($0 * 1e4).rounded() / 1e4 }
        )
    }

    private func judge(_ pair: QuestionPair) -> Judged {
        let fold = Int(StableHash.hash(Array(pair.id.utf8), kind: .word) % UInt64(SearchIndex.folds))
        var judged = Judged(fold: fold, isAnswered: !pair.relevant.isEmpty)
        let text = Array(pair.text.utf8)
        let (words, vector) = (Words(text).phrase, embed(text))
        for weight in SearchIndex.weightGrid {
            let candidates = candidates(words, vector, weight: weight)
            let best = TopK.indices(of: candidates.relevance, count: 10)
            let rank = best.firstIndex { pair.relevant.contains(articles[$0].id) }
            judged.ranks.append(rank.map { 1 / Double($0 + 1) } ?? 0)
            judged.topThree.append((rank ?? 10) < 3)
            judged.features.append(best.first.map { candidates.features(of: $0, best) } ?? [])
            judged.isRight.append(rank == 0)
        }
        return judged
    }

    /// The weight of highest mean reciprocal rank over answered pairs; the smallest of equal ones.
    private func bestWeight(_ pairs: [Judged]) -> Int {
        let sums = SearchIndex.weightGrid.indices.map { weight in
            pairs.reduce(0.0) { $0 + ($1.isAnswered ? $1.ranks[weight] : 0) }
        }
        return sums.indices.max { (sums[$0], $1) < (sums[$1], $0) } ?? 0
    }

    /// Logistic regression by Newton's method with an L2 penalty of 0.1; five features, so a 5 × 5 solve.
    static func logistic(_ rows: [(features: [Float], isRight: Bool)]) -> [Double] {
        let size = featureCount
        var w = [Double](repeating: 0, count: size)
        for _ in 0..<30 {
            var gradient = w.map { -0.1 * $0 }
            var hessian = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
            for index in 0..<size { hessian[index][index] = 0.1 }
            for (features, isRight) in rows where features.count == size {
                let p = probability(w, features)
                for i in 0..<size {
                    gradient[i] += ((isRight ? 1 : 0) - p) * Double(features[i])
                    for j in 0..<size {
                        hessian[i][j] += p * (1 - p) * Double(features[i]) * Double(features[j])
                    }
                }
            }
            let step = solve(hessian, gradient)
            for index in 0..<size { w[index] += step[index] }
            if step.allSatisfy({ abs($0) < 1e-8 }) { break }
        }
        return w
    }

    private static func probability(_ w: [Double], _ features: [Float]) -> Double {
        1 / (1 + exp(-zip(w, features).reduce(0) { $0 + $1.0 * Double($1.1) }))
    }

    /// Gaussian elimination of a positive definite system.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var a = matrix
        var b = right
        for pivot in b.indices {
            for row in pivot + 1..<b.count {
                let factor = a[row][pivot] / a[pivot][pivot]
                for column in pivot..<b.count { a[row][column] -= factor * a[pivot][column] }
                b[row] -= factor * b[pivot]
            }
        }
        for row in b.indices.reversed() {
            for column in row + 1..<b.count { b[row] -= a[row][column] * b[column] }
            b[row] /= a[row][row]
        }
        return b
    }

    /// The chance that an answered question scores above an unanswered one; ties count half.
    static func auc(_ scores: [Double], _ positives: [Bool]) -> Double {
        var wins = 0.0
        var pairs = 0.0
        for (score, isPositive) in zip(scores, positives) where isPositive {
            for (other, otherPositive) in zip(scores, positives) where !otherPositive {
                wins += score > other ? 1 : score == other ? 0.5 : 0
                pairs += 1
            }
        }
        return pairs > 0 ? wins / pairs : 0
    }
}
