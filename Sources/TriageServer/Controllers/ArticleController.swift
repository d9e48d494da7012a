internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageSearch
internal import TriageStore

/// The list of the knowledge base's articles.
struct ArticleController {
    let snapshots: SnapshotHolder
    /// Nil for a service without a store, which cannot tell what an article answered.
    let store: TicketStore?

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/articles", summary: "Articles of the knowledge base, by id.",
                scope: .triage, otherScope: .audit,
                parameters: [
                    .text("category", "Only of this category."),
                    .choice(
                        "answered",
                        "Only articles that answered a stored decision best, or only those that never did.",
                        of: ListController.Flag.self),
                ] + Operation.Parameter.page(cursor: nil),
                answers: Operation.Answer.tagged("ArticleList", "A part of the list.") + [
                    .problem(.notFound, "The service has no knowledge base."), .storeProblem,
                ],
                handler: { request, _ in try list(request) })
        ]
    }

    private func list(_ request: Request) throws -> Response {
        guard let index = snapshots.current.index?.onThisMachine else { throw Problem.noKnowledgeBase }
        let category = try request.text("category")
        let isAnswered = try request.choice("answered", of: ListController.Flag.self).map { $0 == .yes }
        let counts = try store?.articleCounts() ?? [:]
        func accepted(after id: String?, limit: Int) -> [ListedArticle] {
            var accepted: [ListedArticle] = []
            var page = index.articles(after: id, count: 1_000)
            while accepted.count < limit, let last = page.last {
                accepted += page.map { ListedArticle($0, counts[$0.id] ?? 0) }.filter { listed in
                    let fits = category.map { $0 == listed.article.category } ?? true
                    return fits && (isAnswered.map { $0 == (listed.answered > 0) } ?? true)
                }
                page = index.articles(after: last.id, count: 1_000)
            }
            return accepted
        }
        let limit = try request.limit()
        let found = accepted(after: try request.text("after"), limit: limit + 1)
        let items = Array(found.prefix(limit))
        let isFiltered = category != nil || isAnswered != nil
        return request.answer(
            ListedArticle.list.json(
                ListPage(
                    items: items, next: found.count > items.count ? items.last?.article.id : nil,
                    count: isFiltered
                        ? counted(index) { accepted(after: nil, limit: .max).count } : index.count)))
    }

    /// A count that needs every article: nil where there are too many to read for a request.
    private func counted(_ index: any ArticleSearch, _ count: () -> Int) -> Int? {
        index.count <= ArticleController.maximumCounted ? count() : nil
    }

    private static let maximumCounted = 10_000
}

/// An article and how many stored decisions it answered best.
struct ListedArticle {
    var article: Article
    var answered: Int

    init(_ article: Article, _ answered: Int) { (self.article, self.answered) = (article, answered) }

    static let list = WireType<ListPage<ListedArticle>>.page("ArticleList", of: item)

    private static let item = WireType<ListedArticle>.object("ListedArticle") { object in
        object.member("id", .text) { $0.article.id }
        object.member("title", .text) { $0.article.title }
        object.member("category", .text) { $0.article.category }
        object.member("severity", .orNull(.text)) { $0.article.severity }
        object.member("symptoms", .list(of: .text)) { $0.article.symptoms }
        object.member("tags", .list(of: .text)) { $0.article.tags }
        object.member("recommended_action", .orNull(.text)) { $0.article.recommendedAction }
        object.member("answered", .count, "Stored decisions that it answers best; 0 without a store.") {
            $0.answered
        }
    }

    static let components = [item.component, list.component]
}

extension Problem {
    static let noKnowledgeBase = Problem.missing(
        "The service has no knowledge base; give it one with the setting kb.")
}
