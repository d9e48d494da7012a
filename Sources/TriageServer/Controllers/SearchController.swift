internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageSearch
internal import TriageTickets

/// Searches the knowledge base.
struct SearchController {
    let snapshots: SnapshotHolder

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/search", summary: "Search the knowledge base.",
                scope: .triage,
                parameters: [
                    .init(
                        name: "q", summary: "The question.",
                        schema: WireType<String>.text(minimumLength: 1).schema.with(
                            "maxLength", .integer(1000)),
                        isRequired: true),
                    .integer("count", "Maximum number of articles.", 1...100, default: 3),
                ],
                answers: [
                    .ok("SearchAnswer", "The best articles first."),
                    .problem(.notFound, "The service has no knowledge base."),
                    .problem(.unprocessableContent, "A parameter is missing or out of range."),
                    .problem(.serviceUnavailable, "The vector database did not answer."),
                ],
                handler: { request, _ in try await search(request) })
        ]
    }

    private func search(_ request: Request) async throws -> Response {
        guard let question = request.query("q"), !question.isEmpty else {
            throw Problem.invalid("The parameter q, the question, is missing.")
        }
        guard question.unicodeScalars.count <= 1000 else {
            throw Problem.invalid("q has over 1000 characters; shorten it.")
        }
        let count = try request.integer("count", in: 1...100, default: 3)
        let snapshot = snapshots.current
        guard let index = snapshot.index else {
            throw Problem.noKnowledgeBase
        }
        let text = snapshot.prepare(Ticket(body: question))
        let found = await (index as? any RemoteArticleSearch)?.fetch(text, count: count) ?? index
        if let outage = found.outage, !outage.usesLocal { throw Problem.noSearch(outage.reason) }
        let result = found.search(text, count: count)
        return Response(
            SearchAnswer(
                matches: result.hits.map { Decision.Match(found.article(of: $0), score: $0.score) },
                result: result), as: SearchAnswer.wire)
    }
}

/// What a search found, with its articles.
struct SearchAnswer {
    var matches: [Decision.Match]
    var result: SearchResult

    static let wire = WireType<SearchAnswer>.object("SearchAnswer") { object in
        object.member("matches", .list(of: Decision.Match.wire)) { $0.matches }
        object.member("known_probability", .share) { $0.result.knownProbability }
        object.member("is_known", .flag) { $0.result.isKnown }
    }
}
