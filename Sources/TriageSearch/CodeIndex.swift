internal import TriageText

/// Which articles are about another code than a question has.
struct CodeIndex: Sendable {
    /// The articles whose title, symptoms or tags have a code of a family.
    private var articles: [UInt64: [Int]] = [:]
    /// By article, for those with such codes: all numbers of the article, and the whole ones.
    private var numbers: [Int: (values: Set<UInt64>, wholes: Set<UInt64>)] = [:]

    init(_ source: [Article]) {
        for (place, article) in source.enumerated() {
            let about = ([article.title] + article.symptoms + article.tags).flatMap(CodeIndex.codes)
            let families = Set(about.flatMap(\.families))
            guard !families.isEmpty else { continue }
            for family in families.sorted() { articles[family, default: []].append(place) }
            let all = about + [article.recommendedAction ?? "", article.body].flatMap(CodeIndex.codes)
            numbers[place] = (Set(all.flatMap(\.values)), Set(all.map(\.whole)))
        }
    }

    private static func codes(_ text: String) -> [Code] {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 &- 0x30 < 10 }) else { return [] }
        return Code.codes(in: Words(bytes), .article)
    }

    /// The articles that have codes of a family of a question's codes, and none of these.
    func conflicting(_ codes: [Code]) -> [Int] {
        guard !articles.isEmpty, !codes.isEmpty else { return [] }
        var found: Set<Int> = []
        var byFamily: [UInt64: [Code]] = [:]
        for code in codes.prefix(CodeIndex.maximumCodes) {
            for family in code.families { byFamily[family, default: []].append(code) }
        }
        // "From viewer 4.3.7 to 4.3.8": the second one has no name of its own, and is one of the viewer too.
        let unnamed = codes.prefix(CodeIndex.maximumCodes).filter(\.isUnnamed)
        for (family, members) in byFamily {
            for article in articles[family] ?? []
            where !(members + unnamed).contains(where: { has(article, $0) }) {
                found.insert(article)
            }
        }
        return found.sorted()
    }

    /// A log of more codes is not about one of them.
    private static let maximumCodes = 32

    /// A question about 7.2 is answered by an article about 7.2.1, and the other way round.
    private func has(_ article: Int, _ code: Code) -> Bool {
        guard let numbers = numbers[article] else { return false }
        return numbers.values.contains(code.whole) || code.values.contains { numbers.wholes.contains($0) }
    }
}
