internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore

/// The queue: an accepted ticket (202) is durable and decided soon.
struct TicketController {
    let store: TicketStore
    let snapshots: SnapshotHolder
    let maximumBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .post, path: "/v1/tickets", summary: "Queue a ticket to be decided soon.",
                scope: .triage,
                parameters: [
                    .init(
                        name: "Idempotency-Key", place: "header",
                        summary:
                            "A key with which the request can be repeated without queueing the ticket twice.",
                        schema: WireType<String>.text(minimumLength: 1, pattern: "^[!-~]+$").schema
                            .with("maxLength", .integer(128)))
                ],
                body: TriageController.ticket,
                answers: [
                    .init(
                        status: .accepted,
                        summary: "The ticket is durable; `Location` is its address.",
                        content: .init(schema: "TicketState")),
                    .problem(.conflict, "The idempotency key was used with another ticket."),
                ] + Operation.Answer.bodyProblems + [.storeProblem],
                handler: { request, context in try await take(request, context) }),
            Operation(
                method: .get, path: "/v1/tickets/{id}",
                summary: "A queued ticket's state, and its decision once it has one.",
                scope: .triage,
                parameters: [
                    .path("id", "The id returned when the ticket was queued; not the ticket's own id.")
                ],
                answers: [
                    .ok("TicketState", "The ticket's state."),
                    .problem(.notFound, "The store has no such ticket."),
                    .problem(.gone, "The ticket was erased."), .storeProblem,
                ],
                handler: { _, context in try state(try context.identifier()) }),
            Operation(
                method: .delete, path: "/v1/tickets/{id}",
                summary:
                    "Erase a ticket: its queued text, and text, answer and notes of its decisions. "
                    + "The ledger keeps labels, hashes and the ticket's own id.",
                scope: .admin,
                parameters: [
                    .path("id", "The id returned when the ticket was queued, or the ticket's own id.")
                ],
                answers: Operation.Answer.erasure("The store has no such ticket."),
                handler: { _, context in
                    let id = try context.identifier()
                    return Response(
                        try await store.erase(.ticket(id), by: context.caller?.keyID), as: DeletionReport.wire
                    )
                }),
            Operation(
                method: .delete, path: "/v1/requesters/{id}",
                summary:
                    "Erase all tickets of a requester: text, answers and notes, and what waits. "
                    + "Backups, training files and models are the business of `triage forget`.",
                scope: .admin,
                parameters: [
                    .path("id", "The requester as tickets came with it, such as a mail address.")
                ],
                answers: Operation.Answer.erasure("The store has no ticket of this requester."),
                handler: { _, context in
                    guard let subject = store.requesterSubject(try context.identifier()) else {
                        throw StoreError.unknownRequester
                    }
                    return Response(
                        try await store.erase(subject, by: context.caller?.keyID),
                        as: DeletionReport.wire)
                }),
        ]
    }

    private func take(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let name = try key(request, context.caller)
        let ticket = try await request.ticket(upTo: maximumBody)
        let receipt = try await store.enqueue(
            NewTicket(ticket, idempotencyKey: name), preparedBy: snapshots.current)
        var response = try state(receipt.id)
        response.status = .accepted
        response.headers[.location] = "/v1/tickets/\(receipt.id)"
        return response
    }

    /// The idempotency key, distinct for each caller and unchanged when the caller changes keys.
    private func key(_ request: Request, _ caller: Caller?) throws(Problem) -> String? {
        guard let name = request.headers[.idempotencyKey] else { return nil }
        guard (1...128).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("Idempotency-Key must have 1 to 128 visible ASCII characters.")
        }
        return "\(caller?.name ?? "")/\(name)"
    }

    private func state(_ id: String) throws -> Response {
        guard let ticket = try store.ticket(id) else {
            throw Problem.missing("The store has no such ticket.")
        }
        let decided = try ticket.decision.flatMap { try store.decision($0) }
        guard !ticket.isErased, decided?.isErased != true else { throw Problem.erased("ticket") }
        return Response((ticket, decided?.text?.answer), as: QueuedTicket.wire)
    }
}

extension Operation.Answer {
    /// The answers of an erasure, which may be repeated.
    static func erasure(_ missing: String) -> [Self] {
        [.ok("Erased", "What was erased."), .problem(.notFound, missing), .storeProblem]
    }
}

extension DeletionReport {
    static let wire = WireType<DeletionReport>.object("Erased") { object in
        object.member("decisions", .count) { $0.decisions }
        object.member("texts", .count) { $0.texts }
        object.member("waiting_tickets", .count) { $0.tickets }
        object.member(
            "clean", .flag,
            "False while a reader, such as a backup, still uses an older state; its bytes are deleted shortly after that."
        ) { $0.isClean }
    }
}

extension QueuedTicket {
    /// A ticket, and the text of its decision while that is kept.
    typealias Shown = (ticket: QueuedTicket, answer: String?)

    static let wire = WireType<Shown>.object("TicketState") { object in
        object.member("id", .text) { $0.ticket.id }
        object.member("state", .choice) { $0.ticket.state }
        object.member("attempts", .count) { $0.ticket.attempts }
        object.member("enqueued_at", .time) { $0.ticket.enqueuedAt }
        object.member("updated_at", .time) { $0.ticket.updatedAt }
        object.member("error", .orNull(.text)) { $0.ticket.error }
        object.member("decision_id", .orNull(.text)) { $0.ticket.decision }
        object.member(
            "decision", .orNull(.written(as: Decision.wire)),
            "Null until it is decided, and again once its text has expired."
        ) { $0.answer }
    }
}
