internal import TriageData
package import TriageNumerics
internal import TriageText

/// How many articles have a term, and how much it counts.
package struct TermCount: Sendable, Equatable {
    package var articles: Int
    /// What it counts beside its idf.
    package var weight: Float

    package init(articles: Int, weight: Float) {
        (self.articles, self.weight) = (articles, weight)
    }

    /// The factor of the idf for a word that is not a code of an article.
    static func weight(_ term: UInt64, isGrammar: Bool) -> Float {
        isGrammar || GenericWords.contains(term) ? GenericWords.weight : 1
    }
}

extension ArticleRecord.Term {
    /// What it counts beside its idf.
    var weight: Float { isCode ? BM25.codeWeight : TermCount.weight(hash, isGrammar: isGrammar) }

    /// Joins the same term of another article: a code in one is a code in all.
    mutating func add(_ other: Self) {
        isCode = isCode || other.isCode
        isGrammar = isGrammar || other.isGrammar
    }
}

/// What BM25 must know of a whole knowledge base to score one article.
package protocol TermStatistics: Sendable {
    /// How many articles there are.
    var count: Int { get }
    /// The mean of |d|.
    var meanLength: Float { get }
    /// Nil for a term of no article.
    func statistics(of term: UInt64) -> TermCount?
}

extension TermStatistics {
    /// The idf of a word that one article has: the largest that a word of the knowledge base can have.
    var largestIDF: Float { BM25.idf(articles: count, containing: 1) }

    /// Whether an article has the term.
    func contains(_ term: UInt64) -> Bool { statistics(of: term) != nil }

    /// How many articles have the term.
    func articles(with term: UInt64) -> Int { statistics(of: term)?.articles ?? 0 }
}

/// Statistics as sorted columns: what a stored index and a database keep.
package struct CorpusStatistics: TermStatistics {
    package let count: Int
    package let meanLength: Float
    /// How many articles the largest group of copies has.
    package let largestGroup: Int
    /// The terms in ascending order.
    let terms: ConstantBuffer<UInt64>
    let articles: ConstantBuffer<Int32>
    let weights: ConstantBuffer<Float>

    /// - Precondition: columns of one length.
    package init(
        count: Int, meanLength: Float, largestGroup: Int, terms: ConstantBuffer<UInt64>,
        articles: ConstantBuffer<Int32>, weights: ConstantBuffer<Float>
    ) {
        precondition(terms.count == articles.count && terms.count == weights.count, "columns of one length")
        (self.count, self.meanLength, self.largestGroup) = (count, meanLength, largestGroup)
        (self.terms, self.articles, self.weights) = (terms, articles, weights)
    }

    var termCount: Int { terms.count }

    package func statistics(of term: UInt64) -> TermCount? {
        number(of: term).map { TermCount(articles: Int(articles[$0]), weight: weights[$0]) }
    }

    /// The place of a term among the terms, by interpolation: hashes are uniform.
    func number(of term: UInt64) -> Int? {
        var (low, high) = (0, terms.count - 1)
        while low <= high {
            let (first, last) = (terms[low], terms[high])
            guard term >= first, term <= last else { return nil }
            let share = first == last ? 0 : Double(term - first) / Double(last - first)
            let place = min(high, low + Int(share * Double(high - low)))
            let found = terms[place]
            if found == term { return place }
            // A step of interpolation, then one of bisection: no order of terms makes it slow.
            if found < term { low = place + 1 } else { high = place - 1 }
            guard low <= high else { return nil }
            let middle = (low + high) / 2
            if terms[middle] < term { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
