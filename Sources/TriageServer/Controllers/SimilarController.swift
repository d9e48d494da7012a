internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore
internal import TriageTickets

/// Past tickets that are like one.
struct SimilarController {
    let store: TicketStore
    let snapshots: SnapshotHolder

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/similar",
                summary:
                    "Stored tickets that are most like a decided one or a text, of the newest 20,000 whose text is kept.",
                scope: .triage, otherScope: .audit,
                parameters: [
                    .text("decision", "The id of a decision, or of its ticket."),
                    .text("text", "The text of a ticket, instead of decision.", maximum: 1_000),
                    .integer("limit", "Maximum number of tickets.", 1...50, default: 10),
                ],
                answers: Operation.Answer.tagged("SimilarList", "The most similar first.") + [
                    .problem(.notFound, "The store has no such decision."),
                    .problem(.gone, "The decision's text has expired, or was never kept."), .storeProblem,
                ],
                handler: { request, _ in try similar(request) })
        ]
    }

    private func similar(_ request: Request) throws -> Response {
        let limit = try request.integer("limit", in: 1...50, default: 10)
        let found: [SimilarDecision]
        switch (try request.text("decision"), try request.text("text", maximum: 1_000)) {
        case (let id?, nil):
            guard let decision = try store.decision(id) ?? store.decision(ofTicket: id) else {
                throw Problem.missing("The store has no such decision.")
            }
            guard let text = try store.text(ofDecision: decision) else {
                throw StoreError.textExpired(id: decision.id)
            }
            found = try store.similar(to: text, except: decision, limit: limit)
        case (nil, let text?):
            found = try store.similar(to: snapshots.current.prepare(Ticket(body: text)), limit: limit)
        default: throw Problem.invalid("Give either decision or text.")
        }
        return request.answer(
            SimilarDecision.list.json(ListPage(items: found, next: nil, count: found.count)))
    }
}
