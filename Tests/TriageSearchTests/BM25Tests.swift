import Foundation
import Testing
import TriageText

@testable import TriageSearch

/// BM25 with k₁ = 1.2 and b = 0.75, over three articles, against numbers computed by hand.
///
/// tf counts a word 3 times in a title, 2 times in a symptom and once in tags and body; |d| is the sum of an article's
/// tf, and mean |d| = (8 + 8 + 2) / 3 = 6. K = k₁ (1 − b + b · |d| / 6).
///
///     article  |d|  K                       tf of each word
///     A         8   1.2 (0.25 + 1) = 1.5    printer 3 + 1, jam 3, tray 1
///     B         8   1.5                     password 3 + 2, reset 2, account 1
///     C         2   1.2 (0.25 + 0.25) = 0.6 reset 1, tray 1
///
/// idf(n) = ln(1 + (3 − n + ½) / (n + ½)): ln 8 for n = 0, ln(8 / 3) for n = 1, ln 1.6 for n = 2.
/// A word adds idf · tf · 2.2 / (tf + K).
struct BM25Tests {
    private static let rare = log(8.0 / 3)
    private static let common = log(1.6)
    private let index = BM25([
        Article(id: "A", title: "printer jam", body: "Printer tray."),
        Article(id: "B", title: "password", symptoms: ["reset password"], tags: ["account"]),
        Article(id: "C", title: "", body: "reset tray"),
    ])

    private func score(_ query: String) -> BM25.Scores { index.score(Words(Array(query.utf8)).phrase) }

    private func isClose(_ found: [Float], _ expected: [Double]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 }
    }

    /// What a word adds, in units of its idf: tf · 2.2 / (tf + K).
    @Test(
        arguments: [
            ("printer", rare, [1.6, 0, 0]), ("jam", rare, [1.4666667, 0, 0]),
            ("password", rare, [0, 1.6923077, 0]), ("account", rare, [0, 0.88, 0]),
            ("reset", common, [0, 1.2571429, 1.375]), ("tray", common, [0.88, 0, 1.375]),
            ("reset tray", common, [0.88, 1.2571429, 2.75]), ("toner", rare, [0, 0, 0]),
            ("", rare, [0, 0, 0]),
        ] as [(String, Double, [Double])])
    func `each article's score is the one computed by hand`(query: String, idf: Double, terms: [Double]) {
        #expect(isClose(score(query).scores, terms.map { $0 * idf }))
    }

    @Test func `a word counts once in a query, and one that no article has adds to the sum alone`() {
        let found = score("Reset tray reset toner")
        #expect(isClose(found.scores, [0.88, 1.2571429, 2.75].map { $0 * Self.common }))
        #expect(isClose(found.matched, [Self.common, Self.common, 2 * Self.common]))
        #expect(isClose([found.idfSum], [2 * Self.common + log(8)]))
    }

    @Test func `idf follows its formula, falls with each article and is never negative`() {
        for articles in 1...60 {
            let values = (0...articles).map { BM25.idf(articles: articles, containing: $0) }
            let expected = (0...articles).map { count -> Double in
                let (with, without) = (Double(count) + 0.5, Double(articles - count) + 0.5)
                return log(1 + without / with)
            }
            #expect(isClose(values, expected), "\(articles) articles")
            #expect(values.allSatisfy { $0 > 0 })
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
        }
        #expect(isClose([index.largestIDF], [Self.rare]))
    }
}
