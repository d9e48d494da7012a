internal import Hummingbird
internal import NIOPosix
internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageSearch
internal import TriageStore
internal import TriageTickets

/// `/ui/knowledge` and `/ui/operations`: what articles and decisions add up to.
struct OverviewController {
    let console: ConsoleServices

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui/knowledge", summary: "The page of articles.", scope: .triage,
                otherScope: .audit, parameters: [.language],
                answers: [.page, .problem(.notFound, "The service has no knowledge base."), .storeProblem],
                isPage: true,
                handler: { request, context in
                    request.query("unanswered") == "true"
                        ? try await unanswered(request, context) : try knowledge(request, context)
                }),
            Operation(
                method: .get, path: "/ui/knowledge/{id}", summary: "The page of one article.",
                scope: .triage, otherScope: .audit,
                parameters: [.path("id", "The article's id."), .language],
                answers: [
                    .page, .problem(.notFound, "The knowledge base has no such article."), .storeProblem,
                ],
                isPage: true, handler: { request, context in try article(request, context) }),
            Operation(
                method: .get, path: "/ui/operations", summary: "The page of counts.", scope: .audit,
                otherScope: .admin, parameters: [.language],
                answers: [.page, .problem(.notFound, "The service keeps no tickets."), .storeProblem],
                isPage: true, handler: { request, context in try await counts(request, context) }),
        ]
    }

    private func articles() throws(Problem) -> any ArticleSearch {
        guard let index = console.snapshot.index?.onThisMachine else { throw .noKnowledgeBase }
        return index
    }

    private func knowledge(_ request: Request, _ context: ServiceContext) throws -> Response {
        let (index, counts) = (try articles(), try console.store?.articleCounts() ?? [:])
        let question = String((request.query("q") ?? "").prefix(1_000))
        let isUnused = request.query("unused") == "true"
        var listed: [ListedArticle] = []
        var rest = 0
        func list(_ found: [Article]) {
            listed += found.map { ListedArticle($0, counts[$0.id] ?? 0) }
                .filter { !isUnused || $0.answered == 0 }
        }
        if question.allSatisfy(\.isWhitespace) {
            var page = index.articles(after: nil, count: KnowledgePage.length)
            while listed.count < KnowledgePage.length, let last = page.last {
                list(page)
                page = index.articles(after: last.id, count: KnowledgePage.length)
            }
            rest = index.count - (isUnused ? counts.count : 0) - KnowledgePage.length
        } else {
            let text = console.snapshot.prepare(Ticket(body: question))
            list(index.search(text, count: KnowledgePage.found).hits.map { index.article(of: $0) })
        }
        return Response(
            KnowledgePage(
                articles: Array(listed.prefix(KnowledgePage.length)), question: question, isUnused: isUnused,
                rest: max(0, rest)),
            for: ConsoleVisit(request, context, console))
    }

    private func unanswered(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let store = try console.requiredStore()
        let groups = try await NIOThreadPool.singleton.runIfActive {
            try store.unansweredGroups(limit: UnansweredPage.length)
        }
        return Response(UnansweredPage(groups: groups), for: ConsoleVisit(request, context, console))
    }

    private func article(_ request: Request, _ context: ServiceContext) throws -> Response {
        let (index, id) = (try articles(), try context.identifier())
        guard let article = index.article(id: id) else {
            throw Problem.missing("The knowledge base has no such article.")
        }
        var filter = DecisionFilter()
        filter.article = id
        let tickets = try console.store?.decisions(filter, by: .newest, limit: 20)
        return Response(
            ArticlePage(
                article: article, tickets: tickets ?? ListPage(items: [], count: 0),
                isEditable: console.editsArticles, isSaved: request.query("message") == ArticlePage.saved),
            for: ConsoleVisit(request, context, console))
    }

    private func counts(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let store = try console.requiredStore()
        let wanted = request.query("days").flatMap { Int($0) } ?? 7
        let days = OperationsPage.choices.contains(wanted) ? wanted : 7
        // Whole minutes, so that readers of one minute share the counts.
        let to = (Timestamp.now.milliseconds / 60_000 + 1) * 60_000
        let from = to - Int64(days) * 86_400_000
        let model = console.snapshot.model
        var page = OperationsPage(
            from: from, to: to, days: days, counts: try store.counts(from: from, to: to),
            queue: try store.statistics(), outages: try store.outages(onlyCurrent: true))
        page.drift = await console.drift.state(
            "drift", model: model.sha256, version: try store.lastRow()
        ) { try DriftReport(store, model) }
        page.latency = OperationsPage.Latency.all(console.registry)
        if console.llm.model != nil { page.spending = await console.llm.status() }
        return Response(page, for: ConsoleVisit(request, context, console))
    }
}
