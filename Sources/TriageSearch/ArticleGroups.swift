internal import TriageNumerics
internal import TriageText

/// Articles that are nearly the same: an old copy that was kept, or one article for each operating system.
///
/// Copies are found by MinHash over the words of title and symptoms (Broder, 1997), 32 values in 16 bands of 2. They
/// are grouped when they share 60 % of their words, or when the shorter one has four words and the longer one has 80 %
/// of them.
struct ArticleGroups: Sendable {
    /// For each article the first article of its group.
    private let first: [Int]
    /// How many articles the largest group has.
    let largest: Int

    init(_ articles: [Article]) {
        let words = articles.map { article in
            Set(SearchTerms(article: ArticleRanking.embeddedText(article)).words)
        }
        var first = Array(articles.indices)
        var buckets: [UInt64: Int] = [:]
        for article in articles.indices where !words[article].isEmpty {
            for key in ArticleGroups.bands(words[article]) {
                guard let other = buckets[key] else {
                    buckets[key] = article
                    continue
                }
                let head = first[other]
                if first[article] == article, head != article,
                    ArticleGroups.areAlike(words[article], words[head])
                {
                    first[article] = head
                }
            }
        }
        self.first = first
        largest = Dictionary(grouping: first) { $0 }.values.map(\.count).max() ?? 0
    }

    func areSame(_ article: Int, _ other: Int) -> Bool { first[article] == first[other] }

    /// The other articles of a group.
    func copies(of article: Int) -> [Int] {
        largest > 1 ? first.indices.filter { $0 != article && first[$0] == first[article] } : []
    }

    private static func areAlike(_ one: Set<UInt64>, _ other: Set<UInt64>) -> Bool {
        let shared = Double(one.intersection(other).count)
        let (least, most) = (min(one.count, other.count), max(one.count, other.count))
        return shared >= 0.6 * (Double(least + most) - shared) || least >= 4 && shared >= 0.8 * Double(least)
    }

    private static func bands(_ words: Set<UInt64>) -> [UInt64] {
        (0..<bandCount).map { band in
            let least = (0..<bandSize).map { value in
                let seed = SplitMix64.mix(UInt64(band * bandSize + value + 1))
                return words.reduce(UInt64.max) { min($0, SplitMix64.mix($1 ^ seed)) }
            }
            return least.reduce(SplitMix64.mix(UInt64(band))) { SplitMix64.mix($0 ^ $1) }
        }
    }

    private static let bandCount = 16
    private static let bandSize = 2
}
