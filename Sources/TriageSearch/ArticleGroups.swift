internal import TriageNumerics
internal import TriageText

/// Articles that are nearly the same: an old copy that was kept, or one article for each operating system.
///
/// Copies are found by MinHash over the words of title and symptoms (Broder, 1997), 32 values in 16 bands of 2. They
/// are grouped when they share 60 % of their words, or when the shorter one has four words and the longer one has 80 %
/// of them.
struct ArticleGroups: Sendable {
    /// For each article the first article of its group.
    let first: [Int]
    /// How many articles the largest group has.
    let largest: Int

    init(_ articles: [Article]) {
        var builder = Builder()
        builder.add(articles)
        self = builder.finish()
    }

    private init(first: [Int]) {
        self.first = first
        largest = Dictionary(grouping: first) { $0 }.values.map(\.count).max() ?? 0
    }

    /// Groups articles that are given one after another.
    struct Builder {
        private var first: [Int] = []
        /// The words of each article, in ascending order.
        private var words: [[UInt64]] = []
        /// The first article with the same words in a band.
        private var buckets: [UInt64: Int32] = [:]

        mutating func add(_ articles: [Article]) {
            let keys = Workers.map(articles) { article in
                let words = Set(SearchTerms(article: ArticleRanking.embeddedText(article)).words).sorted()
                return (words: words, bands: words.isEmpty ? [] : bands(words))
            }
            for key in keys {
                let article = first.count
                first.append(article)
                words.append(key.words)
                for band in key.bands {
                    guard let other = buckets[band] else {
                        buckets[band] = Int32(article)
                        continue
                    }
                    let head = first[Int(other)]
                    if first[article] == article, head != article,
                        areAlike(words[article], words[head])
                    {
                        first[article] = head
                    }
                }
            }
        }

        func finish() -> ArticleGroups { ArticleGroups(first: first) }
    }

    func areSame(_ article: Int, _ other: Int) -> Bool { first[article] == first[other] }

    /// The other articles of a group.
    func copies(of article: Int) -> [Int] {
        largest > 1 ? first.indices.filter { $0 != article && first[$0] == first[article] } : []
    }

    /// Compares the words of two articles, each in ascending order.
    fileprivate static func areAlike(_ one: [UInt64], _ other: [UInt64]) -> Bool {
        var (left, right, common) = (0, 0, 0)
        while left < one.count, right < other.count {
            if one[left] == other[right] { common += 1 }
            let isLess = one[left] <= other[right]
            if other[right] <= one[left] { right += 1 }
            if isLess { left += 1 }
        }
        let shared = Double(common)
        let (least, most) = (min(one.count, other.count), max(one.count, other.count))
        return shared >= 0.6 * (Double(least + most) - shared) || least >= 4 && shared >= 0.8 * Double(least)
    }

    fileprivate static func bands(_ words: [UInt64]) -> [UInt64] {
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
