internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore
internal import TriageTickets

/// Stored decisions and their corrections.
struct DecisionController {
    let store: TicketStore
    let snapshots: SnapshotHolder
    let maximumBody: Int
    let memory: MemoryKeeper?

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/decisions/{id}",
                summary: "A stored decision with its corrections in force.",
                scope: .triage,
                parameters: [.path("id", "The decision's id, or the ticket's own id.")],
                answers: [
                    .ok("StoredDecision", "The decision."),
                    .problem(.notFound, "The store has no such decision."),
                    .problem(.gone, "The decision was erased."), .storeProblem,
                ],
                handler: { _, context in try decision(try context.identifier()) }),
            Operation(
                method: .delete, path: "/v1/decisions/{id}",
                summary:
                    "Erase a decision's text, answer and notes. The ledger keeps labels and hashes.",
                scope: .admin, parameters: [.path("id", "The decision's id.")],
                answers: Operation.Answer.erasure("The store has no such decision."),
                handler: { _, context in
                    let id = try context.identifier()
                    return Response(
                        try await store.erase(.decision(id), by: context.caller?.keyID),
                        as: DeletionReport.wire)
                }),
            Operation(
                method: .post, path: "/v1/feedback", summary: "Correct or confirm one field of a decision.",
                scope: .feedback,
                body: .init(
                    schema: "NewFeedback",
                    example: #"{"decision_id":"01J…","field":"category","label":"Billing","version":1}"#),
                answers: [
                    .init(
                        status: .created, summary: "The correction is durable.",
                        content: .init(schema: "Feedback")),
                    .problem(.notFound, "The store has no such decision, or the decision has no such field."),
                    .problem(.gone, "The decision was erased."),
                    .problem(
                        .conflict,
                        "The decision has changed since that version, or the field has no such label."),
                ] + Operation.Answer.bodyProblems + [.storeProblem],
                handler: { request, context in try await add(request, context) }),
            Operation(
                method: .delete, path: "/v1/feedback/{id}", summary: "Undo a correction.",
                scope: .feedback,
                parameters: [.path("id", "The correction's id.")],
                answers: [
                    .ok("Feedback", "The correction is no longer in force."),
                    .problem(.notFound, "The store has no such correction."),
                    .problem(.conflict, "The correction was undone before."), .storeProblem,
                ],
                handler: { _, context in
                    let id = try context.identifier()
                    let undone = try await store.undoFeedback(id, by: context.caller?.keyID)
                    await memory?.refresh()
                    return Response(undone, as: Feedback.wire)
                }),
        ]
    }

    private func decision(_ id: String) throws -> Response {
        guard let found = try store.decision(id) ?? store.decision(ofTicket: id) else {
            throw Problem.missing("The store has no such decision.")
        }
        guard !found.isErased else { throw Problem.erased("decision") }
        return Response(found, as: StoredDecision.wire)
    }

    private func add(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let body = try await request.value(FeedbackBody.wire, upTo: maximumBody)
        let subject: NewFeedback.Subject
        switch (body.decision, body.ticket) {
        case (let id?, nil): subject = .decision(id)
        case (nil, let id?): subject = .ticket(id)
        default: throw Problem.invalid("Give either decision_id or ticket_id.")
        }
        let label = try label(body.label, of: body.field, isNew: body.isNewLabel ?? false)
        let feedback = NewFeedback(
            subject, field: body.field, label: label, by: context.caller?.keyID, note: body.note,
            expecting: body.version)
        let stored = try await store.addFeedback(feedback)
        await memory?.refresh()
        return Response(stored, as: Feedback.wire, status: .created)
    }
}

extension DecisionController {
    /// A label in the bundle's spelling.
    ///
    /// - Throws: `Problem` for a label that the bundle lacks, unless the caller declares it new: training would
    ///   learn it.
    private func label(_ text: String, of field: String, isNew: Bool) throws(Problem) -> String {
        do throws(UnknownLabel) { return try snapshots.current.model.label(text, of: field) } catch {
            guard !isNew else { return error.label }
            let question = error.nearest.map { "; did you mean \"\($0)\"?" } ?? ";"
            throw Problem(
                .conflict, "unknown_label",
                "The field has no such label\(question) GET /v1/models lists them. Send \"new_label\": true to add it."
            )
        }
    }
}

struct FeedbackBody {
    var decision: String?
    var ticket: String?
    var field = ""
    var label = ""
    var note: String?
    var version: Int?
    var isNewLabel: Bool?

    static let wire = WireType<FeedbackBody>.object(
        "NewFeedback", "A correction of one field; give decision_id or ticket_id, not both.",
        empty: { FeedbackBody() }
    ) { object in
        let name = WireType<String>.text(minimumLength: 1)
        object.optional("decision_id", name, "The decision's id.", allowsNull: false, \.decision)
        object.optional(
            "ticket_id", name, "The caller's own id of the ticket, instead of decision_id.",
            allowsNull: false,
            \.ticket)
        object.member("field", name, "The field to correct, as category.", \.field)
        let line = WireType<String>.text(
            minimumLength: 1, pattern: #"^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$"#)
        object.member("label", line, "The right label.", \.label)
        object.optional("note", name, "A remark for people.", \.note)
        object.optional(
            "version", .integer(minimum: 0, maximum: 1_000_000_000),
            "The version that the decision must still have.", \.version)
        object.optional(
            "new_label", .flag, "Accept a label that the field does not have yet.", \.isNewLabel)
        object.allowNoOthers()
        object.requireEither("decision_id", "ticket_id")
    }
}

extension Feedback {
    static let wire = WireType<Feedback>.object("Feedback") { object in
        object.member("id", .text) { $0.id }
        object.member("decision_id", .text) { $0.decision }
        object.member("ticket_id", .orNull(.text)) { $0.ticket }
        object.member("field", .text) { $0.field }
        object.member("decided", .text) { $0.decided }
        object.member("label", .text) { $0.label }
        object.member("by", .orNull(.text)) { $0.by }
        object.member("note", .orNull(.text)) { $0.note }
        object.member("at", .time) { $0.time }
        object.member("undone", .flag) { $0.isUndone }
        object.member("version", .integer) { $0.version }
    }
}

extension StoredDecision {
    static let wire = WireType<StoredDecision>.object("StoredDecision") { object in
        object.member("id", .text) { $0.id }
        object.member("ticket_id", .orNull(.text)) { $0.ticket }
        object.member("at", .time) { $0.time }
        object.member("version", .integer(minimum: 1)) { $0.version }
        object.member("ledger_row", .integer(minimum: 1)) { Int($0.sequence) }
        object.member("category", .text) { $0.record.category }
        object.member("severity", .text) { $0.record.severity }
        object.member("model", snapshot) { $0.record.snapshot }
        object.member("corrections", .list(of: Feedback.wire)) { $0.corrections }
        object.member("subject", .orNull(.text), "Masked; null once it has expired.") { $0.text?.subject }
        object.member("body", .orNull(.text)) { $0.text?.body }
        object.member("decision", .orNull(.written(as: Decision.wire))) { $0.text?.answer }
    }

    private static let snapshot = WireType<SnapshotFingerprint>.object { object in
        object.member("name", .text) { $0.modelName }
        object.member("sha256", .text) { $0.model }
        object.member("policy_sha256", .text) { $0.policy }
        object.member("kb_sha256", .orNull(.text)) { $0.kb }
    }
}
