#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import TriageText

/// BM25 over articles (Robertson and Zaragoza, 2009), title and symptoms counted several times.
///
/// score(q, d) = Σ idf(t) · tf (k₁ + 1) / (tf + k₁ (1 − b + b · |d| / mean |d|)),
/// idf(t) = ln(1 + (N − n + ½) / (n + ½)): never negative, so a common word never counts against an article.
struct BM25: Sendable {
    static let k1: Float = 1.2
    static let b: Float = 0.75
    /// How often a word of the title or a symptom counts, against 1 in the body.
    static let titleWeight: Float = 3
    static let symptomWeight: Float = 2

    /// The numbers of words.
    private let terms: KeyMap
    private let starts: [Int]
    private let articles: [UInt32]
    /// The finished weight of a term in an article, so that a query only adds.
    private let weights: [Float]
    private let idf: [Float]
    let count: Int

    init(_ source: [Article]) {
        var postings: [UInt64: [(UInt32, Float)]] = [:]
        var order: [UInt64] = []
        var lengths: [Float] = []
        for (number, article) in source.enumerated() {
            var frequencies: [UInt64: Float] = [:]
            var seen: [UInt64] = []
            for (text, weight) in BM25.fields(article) {
                for word in Words(Array(text.utf8)).phrase {
                    if frequencies[word] == nil { seen.append(word) }
                    frequencies[word, default: 0] += weight
                }
            }
            for word in seen {
                if postings[word] == nil { order.append(word) }
                postings[word, default: []].append((UInt32(number), frequencies[word] ?? 0))
            }
            lengths.append(seen.reduce(0) { $0 + (frequencies[$1] ?? 0) })
        }
        let mean = max(lengths.reduce(0, +) / Float(max(source.count, 1)), 1)
        var starts = [0]
        var articles: [UInt32] = []
        var weights: [Float] = []
        var idf: [Float] = []
        for word in order {
            let list = postings[word] ?? []
            let rarity = BM25.idf(articles: source.count, containing: list.count)
            idf.append(rarity)
            for (article, tf) in list {
                articles.append(article)
                let length = lengths[Int(article)] / mean
                weights.append(rarity * tf * (BM25.k1 + 1) / (tf + BM25.k1 * (1 - BM25.b + BM25.b * length)))
            }
            starts.append(articles.count)
        }
        var terms = KeyMap(capacity: order.count)
        for (number, word) in order.enumerated() { _ = terms.insert(word, UInt32(number)) }
        self.terms = terms
        (self.starts, self.articles, self.weights, self.idf) = (starts, articles, weights, idf)
        count = source.count
    }

    /// The idf of a word that one article has.
    var rarity: Float { BM25.idf(articles: count, containing: 1) }

    static func idf(articles: Int, containing n: Int) -> Float {
        logf(1 + (Float(articles) - Float(n) + 0.5) / (Float(n) + 0.5))
    }

    private static func fields(_ article: Article) -> [(String, Float)] {
        [(article.title, titleWeight)] + article.symptoms.map { ($0, symptomWeight) }
            + article.tags.map { ($0, 1) } + [(article.body, 1)]
    }

    /// What a query finds.
    struct Scores {
        /// One an article.
        var scores: [Float]
        /// The idf of each distinct word of the query, and the articles' share of their sum can be told by it.
        var idfSum: Float
        /// One an article: Σ idf of the query's words that it has.
        var matched: [Float]
    }

    /// Scores all articles for the distinct words of a query; words that no article has count with the largest idf.
    func score(_ query: [UInt64]) -> Scores {
        var result = Scores(
            scores: [Float](repeating: 0, count: count), idfSum: 0,
            matched: [Float](repeating: 0, count: count))
        var seen = KeyMap(capacity: query.count)
        let unseen = BM25.idf(articles: count, containing: 0)
        for word in query where seen.insert(word) {
            guard let term = terms[word].map({ Int($0) }) else {
                result.idfSum += unseen
                continue
            }
            result.idfSum += idf[term]
            for posting in starts[term]..<starts[term + 1] {
                let article = Int(articles[posting])
                result.scores[article] += weights[posting]
                result.matched[article] += idf[term]
            }
        }
        return result
    }
}
