internal import RealModule
internal import TriageText

/// BM25 over articles (Robertson and Zaragoza, 2009), title and symptoms counted several times.
///
/// score(q, d) = Σ idf(t) · tf (k₁ + 1) / (tf + k₁ (1 − b + b · |d| / mean |d|)),
/// idf(t) = ln(1 + (N − n + ½) / (n + ½)): never negative, so a common word never counts against an article.
struct BM25: Sendable {
    static let k1: Float = 1.2
    static let b: Float = 0.75
    /// How often a word of the title or of a symptom counts; a word of the body counts once.
    static let titleWeight: Float = 3
    static let symptomWeight: Float = 2

    /// The number of each word.
    private let terms: UInt64HashTable
    private let starts: [Int]
    private let postings: [Posting]
    private let idf: [Float]
    let count: Int

    private struct Posting {
        var article: UInt32
        /// The finished weight of the term in the article, so that a query only adds.
        var weight: Float
    }

    init(_ source: [Article]) {
        var postings: [UInt64: [(UInt32, Float)]] = [:]
        var order: [UInt64] = []
        var lengths: [Float] = []
        for (number, article) in source.enumerated() {
            var frequencies: [UInt64: Float] = [:]
            var seen: [UInt64] = []
            for (text, weight) in BM25.fields(article) {
                for word in Words(of: text).phrase {
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
        var finished: [Posting] = []
        var idf: [Float] = []
        for word in order {
            let list = postings[word] ?? []
            let wordIDF = BM25.idf(articles: source.count, containing: list.count)
            idf.append(wordIDF)
            for (article, tf) in list {
                let length = lengths[Int(article)] / mean
                let weight =
                    wordIDF * tf * (BM25.k1 + 1) / (tf + BM25.k1 * (1 - BM25.b + BM25.b * length))
                finished.append(Posting(article: article, weight: weight))
            }
            starts.append(finished.count)
        }
        var terms = UInt64HashTable(capacity: order.count)
        for (number, word) in order.enumerated() { _ = terms.insert(word, UInt32(number)) }
        self.terms = terms
        (self.starts, self.postings, self.idf) = (starts, finished, idf)
        count = source.count
    }

    /// The idf of a word that one article has: the largest that a word of the KB can have.
    var largestIDF: Float { BM25.idf(articles: count, containing: 1) }

    static func idf(articles: Int, containing n: Int) -> Float {
        Float.log(1 + (Float(articles) - Float(n) + 0.5) / (Float(n) + 0.5))
    }

    private static func fields(_ article: Article) -> [(String, Float)] {
        [(article.title, titleWeight)] + article.symptoms.map { ($0, symptomWeight) }
            + article.tags.map { ($0, 1) } + [(article.body, 1)]
    }

    struct Scores {
        /// One for each article.
        var scores: [Float]
        /// Σ idf of the distinct words of the query: the largest sum that `matched` can reach.
        var idfSum: Float
        /// For each article Σ idf of the query's words that it has.
        var matched: [Float]
    }

    /// Scores all articles for the distinct words of a query; words that no article has count with the largest idf.
    func score(_ query: [UInt64]) -> Scores {
        var scores = [Float](repeating: 0, count: count)
        var matched = scores
        var idfSum: Float = 0
        var seen = UInt64HashTable(capacity: query.count)
        for word in query where seen.insert(word) {
            guard let term = terms[word].map({ Int($0) }) else {
                idfSum += BM25.idf(articles: count, containing: 0)
                continue
            }
            idfSum += idf[term]
            add(term, to: &scores, &matched)
        }
        return Scores(scores: scores, idfSum: idfSum, matched: matched)
    }

    private func add(_ term: Int, to scores: inout [Float], _ matched: inout [Float]) {
        let (postings, idf) = (postings.span, idf[term])
        var scores = scores.mutableSpan
        var matched = matched.mutableSpan
        for place in starts[term]..<starts[term + 1] {
            let posting = postings[place]
            scores[Int(posting.article)] += posting.weight
            matched[Int(posting.article)] += idf
        }
    }
}
