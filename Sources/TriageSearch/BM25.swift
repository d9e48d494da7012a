internal import RealModule
internal import TriageText

/// BM25 over articles (Robertson and Zaragoza, 2009), title and symptoms counted several times.
///
/// score(q, d) = Σ idf(t) · tf (k₁ + 1) / (tf + k₁ (1 − b + b · |d| / mean |d|)),
/// idf(t) = ln(1 + (N − n + ½) / (n + ½)): never negative, so a common word never counts against an article.
struct BM25: Sendable {
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
    let count: Int
    /// The mean of |d|.
    let meanLength: Float

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

    init(_ source: [Article]) {
        var postings: [UInt64: [(UInt32, Float)]] = [:]
        var order: [UInt64] = []
        var lengths: [Float] = []
        var (codes, grammar): (Set<UInt64>, Set<UInt64>) = ([], [])
        for (number, article) in source.enumerated() {
            let found = Frequencies(BM25.fields(article))
            codes.formUnion(found.codes)
            grammar.formUnion(found.grammar)
            for word in found.order {
                if postings[word] == nil { order.append(word) }
                postings[word, default: []].append((UInt32(number), found.counts[word] ?? 0))
            }
            lengths.append(found.length)
        }
        let mean = max(lengths.reduce(0, +) / Float(max(source.count, 1)), 1)
        var starts = [0]
        var finished: [Posting] = []
        var idf: [Float] = []
        var weights: [Float] = []
        for word in order {
            let list = postings[word] ?? []
            let weight = codes.contains(word) ? BM25.codeWeight : BM25.weight(word, grammar)
            let wordIDF = weight * BM25.idf(articles: source.count, containing: list.count)
            weights.append(weight)
            idf.append(wordIDF)
            for (article, tf) in list {
                let weight = wordIDF * BM25.saturation(tf, length: lengths[Int(article)] / mean)
                finished.append(Posting(article: article, weight: weight))
            }
            starts.append(finished.count)
        }
        var terms = UInt64HashTable(capacity: order.count)
        for (number, word) in order.enumerated() { _ = terms.insert(word, UInt32(number)) }
        self.terms = terms
        (self.starts, self.postings, self.idf, self.weights) = (starts, finished, idf, weights)
        count = source.count
        meanLength = mean
    }

    /// The idf of a word that one article has: the largest that a word of the KB can have.
    var largestIDF: Float { BM25.idf(articles: count, containing: 1) }

    /// Whether an article has the term.
    func contains(_ term: UInt64) -> Bool { terms[term] != nil }

    /// How many articles have the term.
    func articles(with term: UInt64) -> Int {
        terms[term].map { starts[Int($0) + 1] - starts[Int($0)] } ?? 0
    }

    /// What a word of no article's codes counts beside its idf.
    static func weight(_ term: UInt64, _ grammar: Set<UInt64>) -> Float {
        GenericWords.contains(term) || grammar.contains(term) ? GenericWords.weight : 1
    }

    static func idf(articles: Int, containing n: Int) -> Float {
        Float.log(1 + (Float(articles) - Float(n) + 0.5) / (Float(n) + 0.5))
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
                found.idfSum += BM25.weight(word, grammar) * BM25.idf(articles: count, containing: 0)
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
        /// The terms that the article has left.
        let rest: Frequencies
        /// The terms that only the withdrawn text has.
        let gone: Set<UInt64>
        /// Those of its terms that are grammar.
        let grammar: Set<UInt64>

        init(_ item: Int, of article: Int, _ fields: [(text: String, weight: Float)]) {
            self.article = article
            var others = fields
            others.remove(at: item)
            rest = Frequencies(others)
            let rest = rest.counts
            let withdrawn = Frequencies([fields[item]])
            gone = Set(withdrawn.order.filter { rest[$0] == nil })
            grammar = withdrawn.grammar
        }
    }

    /// Scores as if one text of an article were not in the KB; the mean length stays as it is.
    func score(_ query: [UInt64], without withdrawn: Withdrawal) -> Scores {
        var found = Scores(count: count)
        for word in Set(query).sorted() {
            let isGone = withdrawn.gone.contains(word)
            let left = articles(with: word) - (isGone ? 1 : 0)
            let number = terms[word].map { Int($0) }
            let weight = left > 0 ? number.map { weights[$0] } ?? 1 : BM25.weight(word, withdrawn.grammar)
            let idf = weight * BM25.idf(articles: count, containing: left)
            found.idfSum += idf
            guard left > 0, let term = number else { continue }
            let change = idf / self.idf[term]
            for posting in postings[starts[term]..<starts[term + 1]]
            where posting.article != withdrawn.article {
                found.scores[Int(posting.article)] += posting.weight * change
                found.matched[Int(posting.article)] += idf
            }
            guard let tf = withdrawn.rest.counts[word] else { continue }
            let length = withdrawn.rest.length / meanLength
            found.scores[withdrawn.article] += idf * BM25.saturation(tf, length: length)
            found.matched[withdrawn.article] += idf
        }
        return found
    }
}
