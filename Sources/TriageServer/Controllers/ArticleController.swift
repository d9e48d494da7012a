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
        let all = (0..<index.count).map { index.article(of: SearchHit(article: $0, score: 0)) }
        let accepted = all.map { ListedArticle($0, counts[$0.id] ?? 0) }.filter { listed in
            let fits = category.map { $0 == listed.article.category } ?? true
            return fits && (isAnswered.map { $0 == (listed.answered > 0) } ?? true)
        }.sorted { $0.article.id < $1.article.id }
        let after = try request.text("after") ?? ""
        let rest = accepted.drop { $0.article.id <= after }
        let items = Array(rest.prefix(try request.limit()))
        return request.answer(
            ListedArticle.list.json(
                ListPage(
                    items: items, next: rest.count > items.count ? items.last?.article.id : nil,
                    count: accepted.count)))
    }
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
