internal import RealModule
internal import TriageModel
internal import TriageText

/// BM25 over articles (Robertson and Zaragoza, 2009), title and symptoms counted several times.
///
/// score(q, d) = Σ idf(t) · tf (k₁ + 1) / (tf + k₁ (1 − b + b · |d| / mean |d|)),
/// idf(t) = ln(1 + (N − n + ½) / (n + ½)): never negative, so a common word never counts against an article.
struct BM25: TermStatistics {
    static let k1: Float = 1.2
    static let b: Float = 0.75
    /// How often a word of the title or of a symptom counts; a word of the tags or the body counts once.
    static let titleWeight: Float = 3
    static let symptomWeight: Float = 2
    /// The action is written for agents, in words that requesters seldom use.
    static let actionWeight: Float = 0.5

    /// A code that a question and an article share tells more than two words that they share.
    static let codeWeight: Float = 2

    /// The number of each word.
    private let terms: UInt64HashTable
    private let starts: [Int]
    private let postings: [Posting]
    /// idf · weight.
    private let idf: [Float]
    /// What each word counts beside its idf.
    private let weights: [Float]
    package let count: Int
    package let meanLength: Float

    private struct Posting {
        var article: UInt32
        /// The finished weight of the term in the article, so that a query only adds.
        var weight: Float
    }

    /// How often each term counts in some fields of an article.
    struct Frequencies {
        private(set) var counts: [UInt64: Float] = [:]
        /// The terms, in the order of the text.
        private(set) var order: [UInt64] = []
        /// |d|: other spellings of a word make no text longer.
        private(set) var length: Float = 0
        /// Terms that weigh more, or less, than a word.
        private(set) var codes: Set<UInt64> = []
        private(set) var grammar: Set<UInt64> = []

        init(_ fields: [(text: String, weight: Float)]) {
            for (text, weight) in fields {
                let terms = SearchTerms(article: text)
                for term in terms.words { add(term, weight) }
                for term in terms.spellings { add(term, weight) }
                length += weight * Float(terms.words.count)
                codes.formUnion(terms.codes)
                grammar.formUnion(terms.grammar)
            }
        }

        private mutating func add(_ term: UInt64, _ weight: Float) {
            if counts[term] == nil { order.append(term) }
            counts[term, default: 0] += weight
        }
    }

    init(_ source: [Article]) { self.init(source.map { ArticleRecord($0, embedding: nil) }) }

    init(_ records: [ArticleRecord]) {
        var lists: [[(article: UInt32, frequency: Float)]] = []
        var numbers: [UInt64: Int] = [:]
        var order: [ArticleRecord.Term] = []
        for (article, record) in records.enumerated() {
            for term in record.terms {
                if let number = numbers[term.hash] {
                    order[number].add(term)
                    lists[number].append((UInt32(article), term.frequency))
                } else {
                    numbers[term.hash] = order.count
                    order.append(term)
                    lists.append([(UInt32(article), term.frequency)])
                }
            }
        }
        count = records.count
        meanLength = BM25.meanLength(records.lazy.map(\.length))
        var starts = [0]
        var finished: [Posting] = []
        var idf: [Float] = []
        for (term, list) in zip(order, lists) {
            let wordIDF = term.weight * BM25.idf(articles: count, containing: list.count)
            idf.append(wordIDF)
            for (article, frequency) in list {
                let length = records[Int(article)].length / meanLength
                finished.append(
                    Posting(article: article, weight: wordIDF * BM25.saturation(frequency, length: length)))
            }
            starts.append(finished.count)
        }
        var terms = UInt64HashTable(capacity: order.count)
        for (number, term) in order.enumerated() { _ = terms.insert(term.hash, UInt32(number)) }
        self.terms = terms
        (self.starts, self.postings, self.idf, weights) = (starts, finished, idf, order.map(\.weight))
    }

    /// The mean of |d|, at least 1.
    static func meanLength(_ lengths: some Collection<Float>) -> Float {
        max(lengths.reduce(0, +) / Float(max(lengths.count, 1)), 1)
    }

    package func statistics(of term: UInt64) -> TermCount? {
        terms[term].map {
            TermCount(articles: starts[Int($0) + 1] - starts[Int($0)], weight: weights[Int($0)])
        }
    }

    static func idf(articles: Int, containing n: Int) -> Float {
        Float.log(1 + (Float(articles) - Float(n) + 0.5) / (Float(n) + 0.5))
    }

    /// What a word that no article has counts: the largest idf.
    static func unknownIDF(_ term: UInt64, _ grammar: Set<UInt64>, articles: Int) -> Float {
        TermCount.weight(term, isGrammar: grammar.contains(term)) * idf(articles: articles, containing: 0)
    }

    /// What a term of an article adds, in units of its idf; `length` is |d| / mean |d|.
    static func saturation(_ tf: Float, length: Float) -> Float {
        tf * (k1 + 1) / (tf + k1 * (1 - b + b * length))
    }

    static func fields(_ article: Article) -> [(text: String, weight: Float)] {
        [(article.title, titleWeight)] + article.symptoms.map { ($0, symptomWeight) }
            + article.tags.map { ($0, 1) } + [(article.recommendedAction ?? "", actionWeight)]
            + [(article.body, 1)]
    }

    struct Scores {
        /// One for each article.
        var scores: [Float]
        /// Σ idf of the distinct words of the query: the largest sum that `matched` can reach.
        var idfSum: Float = 0
        /// For each article Σ idf of the query's words that it has.
        var matched: [Float]

        init(count: Int) {
            scores = [Float](repeating: 0, count: count)
            matched = scores
        }
    }

    /// Scores all articles for the distinct words of a query; words that no article has count with the largest idf.
    func score(_ query: [UInt64], grammar: Set<UInt64> = []) -> Scores {
        var found = Scores(count: count)
        var seen = UInt64HashTable(capacity: query.count)
        for word in query where seen.insert(word) {
            guard let term = terms[word].map({ Int($0) }) else {
                found.idfSum += BM25.unknownIDF(word, grammar, articles: count)
                continue
            }
            found.idfSum += idf[term]
            add(term, to: &found.scores, &found.matched)
        }
        return found
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

    /// An article without one of its texts.
    struct Withdrawal {
        let article: Int
        /// The withdrawn text.
        let text: String
        /// The article that is left, and its record.
        let record: ArticleRecord
        /// The terms that only the withdrawn text has.
        let gone: Set<UInt64>
        /// Those of its terms that are grammar.
        let grammar: Set<UInt64>

        init(_ source: Article, _ item: HeldOutText, _ embedding: EmbeddingTable?) {
            article = item.article
            let fields = BM25.fields(source)
            text = fields[item.field].text
            var rest = source
            if item.field == 0 { rest.title = "" } else { rest.symptoms.remove(at: item.field - 1) }
            // Its codes stay: which articles a code speaks against does not depend on one text.
            record = ArticleRecord(rest, codes: ArticleCodes(source), embedding: embedding)
            let left = Set(record.terms.map(\.hash))
            let withdrawn = Frequencies([fields[item.field]])
            gone = Set(withdrawn.order.filter { !left.contains($0) })
            grammar = withdrawn.grammar
        }
    }

    /// Scores as if one text of an article were not in the KB; the mean length stays as it is.
    func score(_ query: [UInt64], without withdrawn: Withdrawal) -> Scores {
        var found = Scores(count: count)
        let rest = Dictionary(uniqueKeysWithValues: withdrawn.record.terms.map { ($0.hash, $0.frequency) })
        for word in Set(query).sorted() {
            let isGone = withdrawn.gone.contains(word)
            let left = articles(with: word) - (isGone ? 1 : 0)
            let number = terms[word].map { Int($0) }
            let weight =
                left > 0
                ? number.map { weights[$0] } ?? 1
                : TermCount.weight(word, isGrammar: withdrawn.grammar.contains(word))
            let idf = weight * BM25.idf(articles: count, containing: left)
            found.idfSum += idf
            guard left > 0, let term = number else { continue }
            let change = idf / self.idf[term]
            for posting in postings[starts[term]..<starts[term + 1]]
            where posting.article != withdrawn.article {
                found.scores[Int(posting.article)] += posting.weight * change
                found.matched[Int(posting.article)] += idf
            }
            guard let tf = rest[word] else { continue }
            let length = withdrawn.record.length / meanLength
            found.scores[withdrawn.article] += idf * BM25.saturation(tf, length: length)
            found.matched[withdrawn.article] += idf
        }
        return found
    }
}
