internal import TriageText

/// The codes of an article: what it is about, and every number in it.
struct ArticleCodes: Sendable, Equatable {
    /// The families of the codes in title, symptoms and tags, in ascending order; empty for most articles.
    var families: [UInt64] = []
    /// All numbers of the article, and shorter forms of them, in ascending order; empty without families.
    var values: [UInt64] = []
    /// The whole numbers, in ascending order.
    var wholes: [UInt64] = []

    init(families: [UInt64], values: [UInt64], wholes: [UInt64]) {
        (self.families, self.values, self.wholes) = (families, values, wholes)
    }

    init(_ article: Article) {
        let about = ([article.title] + article.symptoms + article.tags).flatMap(ArticleCodes.codes)
        families = Set(about.flatMap(\.families)).sorted()
        guard !families.isEmpty else { return }
        let all = about + [article.recommendedAction ?? "", article.body].flatMap(ArticleCodes.codes)
        values = Set(all.flatMap(\.values)).sorted()
        wholes = Set(all.map(\.whole)).sorted()
    }

    private static func codes(_ text: String) -> [Code] {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 &- 0x30 < 10 }) else { return [] }
        return Code.codes(in: Words(bytes), .article)
    }
}

/// The codes of a question, by which an article about another code is recognised.
struct QuestionCodes {
    private var byFamily: [UInt64: [Code]] = [:]
    /// "From viewer 4.3.7 to 4.3.8": the second one has no name of its own, and is one of the viewer too.
    private let unnamed: [Code]

    init(_ codes: [Code]) {
        let codes = codes.prefix(QuestionCodes.maximumCodes)
        for code in codes { for family in code.families { byFamily[family, default: []].append(code) } }
        unnamed = codes.filter(\.isUnnamed)
    }

    /// A log of more codes is not about one of them.
    private static let maximumCodes = 32

    /// The families that the question names.
    var families: some Collection<UInt64> { byFamily.keys }

    /// Whether an article has codes of a family that the question names, and none of the question's codes of that family.
    func conflict(with article: ArticleCodes) -> Bool {
        guard !byFamily.isEmpty, !article.families.isEmpty else { return false }
        return article.families.contains { family in
            guard let members = byFamily[family] else { return false }
            return !(members + unnamed).contains { QuestionCodes.has(article, $0) }
        }
    }

    /// A question about 7.2 is answered by an article about 7.2.1, and the other way round.
    private static func has(_ article: ArticleCodes, _ code: Code) -> Bool {
        article.values.contains(code.whole) || code.values.contains { article.wholes.contains($0) }
    }
}

/// Which articles are about another code than a question has.
struct CodeIndex: Sendable {
    /// The articles whose title, symptoms or tags have a code of a family.
    private var articles: [UInt64: [Int]] = [:]
    /// By article, for those with such codes.
    private var codes: [Int: ArticleCodes] = [:]

    init(_ source: some Sequence<ArticleCodes>) {
        for (place, found) in source.enumerated() where !found.families.isEmpty {
            for family in found.families { articles[family, default: []].append(place) }
            codes[place] = found
        }
    }

    /// The articles that have codes of a family of a question's codes, and none of these.
    func conflicting(_ found: [Code]) -> [Int] {
        guard !articles.isEmpty, !found.isEmpty else { return [] }
        let question = QuestionCodes(found)
        let near = Set(question.families.flatMap { articles[$0] ?? [] })
        return near.filter { place in codes[place].map { question.conflict(with: $0) } ?? false }.sorted()
    }
}
