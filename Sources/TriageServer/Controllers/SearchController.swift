internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageSearch
internal import TriageTickets

/// Articles for a question.
struct SearchController {
    let snapshots: SnapshotHolder

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/search", summary: "Find articles of the knowledge base.",
                scope: .triage,
                parameters: [
                    .init(
                        name: "q", summary: "What to look for.",
                        schema: #"{"type":"string","minLength":1,"maxLength":1000}"#,
                        isRequired: true),
                    .integer("count", "How many articles at most.", 1...100, default: 3),
                ],
                answers: [
                    .ok("SearchAnswer", "The best articles first."),
                    .problem(.notFound, "There is no knowledge base."),
                    .problem(.unprocessableContent, "A parameter is missing or out of range."),
                ],
                handler: { request, _ in try search(request) })
        ]
    }

    private func search(_ request: Request) throws -> Response {
        guard let question = request.query("q"), !question.isEmpty else {
            throw Problem.invalid("q, what to look for, is missing.")
        }
        guard question.unicodeScalars.count <= 1000 else {
            throw Problem.invalid("q has over 1000 characters; ask for less.")
        }
        let count = try request.integer("count", in: 1...100, default: 3)
        let snapshot = snapshots.current
        guard let index = snapshot.index else {
            throw Problem.missing("There is no knowledge base; start the service with --kb DIR.")
        }
        let result = index.search(snapshot.prepare(Ticket(body: question)), count: count)
        var json = JSONWriter()
        json.object { json in
            json.key("matches")
            json.array(result.hits) { json, hit in
                let article = index.article(of: hit)
                json.object { json in
                    json.key("id")
                    json.string(article.id)
                    json.key("title")
                    json.string(article.title)
                    json.key("score")
                    json.sixDecimals(hit.score)
                    json.key("recommended_action")
                    json.string(article.recommendedAction)
                }
            }
            json.key("known_probability")
            json.sixDecimals(result.knownProbability)
            json.key("is_known")
            json.bool(result.isKnown)
        }
        return Response(json)
    }
}
