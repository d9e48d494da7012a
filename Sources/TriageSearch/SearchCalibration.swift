internal import Foundation
internal import TriageData
package import TriageModel
internal import TriageNumerics

/// How BM25 and the embedding are put together, and when an issue counts as known: fitted on pairs of questions
/// and articles, or the stated default.
package struct SearchCalibration: Codable, Sendable, Equatable {
    /// relevance = bm25 / idf mass of the query + weight · cosine; the mass is at least that of two rare words.
    package var embeddingWeight: Float
    /// P(known) = σ(w · (1, relevance, cosine, matched share, margin)) over the best article, times its
    /// `ArticleRanking.Candidates.factor(of:)`.
    package var weights: [Float]
    /// Known from this probability on.
    package var cut: Float
    /// Whether it was fitted on pairs.
    package var isCalibrated: Bool
    /// Pairs it was fitted on.
    package var pairs: Int
    /// Measures on pairs not used to fit, by name.
    package var metrics: [String: Double]

    /// Hand-set values for a KB without pairs: an article is likely when it matches most of the query's words
    /// or is very near.
    ///
    /// Uncalibrated: treat its probabilities as an order, not as frequencies.
    package static let uncalibrated = SearchCalibration(
        embeddingWeight: 1, weights: [-5, 1, 4, 3, 1], cut: 0.5, isCalibrated: false, pairs: 0, metrics: [:])

    /// Whether it was fitted on the KB's own texts, for want of questions.
    package var isFittedOnArticles: Bool { !isCalibrated && pairs > 0 }

    /// The probability that an article with these features answers.
    func probability(_ features: [Float]) -> Float {
        let logit = zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }
        return Softmax.rounded(Softmax.logistic(logit))
    }

    /// Reads a calibration file.
    package init(file path: String, _ reader: SignedFileReader = .unchecked) throws(SearchError) {
        let bytes = try SearchError.checking { () throws(SignatureError) in try reader.bytes(of: path) }
        guard let value = try? JSONDecoder().decode(SearchCalibration.self, from: Data(bytes)),
            value.weights.count == SearchIndex.featureCount
        else { throw .badCalibration(path: path) }
        self = value
    }

    init(
        embeddingWeight: Float, weights: [Float], cut: Float, isCalibrated: Bool, pairs: Int,
        metrics: [String: Double]
    ) {
        self.embeddingWeight = embeddingWeight
        self.weights = weights
        self.cut = cut
        self.isCalibrated = isCalibrated
        self.pairs = pairs
        self.metrics = metrics
    }

    /// Writes it as JSON with sorted keys.
    package func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try AtomicOutput.write([UInt8](try encoder.encode(self)) + [0x0A], to: path)
    }
}
