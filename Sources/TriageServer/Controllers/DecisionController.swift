internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore
internal import TriageTickets

/// What was decided, and what people said of it.
struct DecisionController {
    let store: TicketStore
    let snapshots: SnapshotHolder
    let largestBody: Int

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/decisions/{id}",
                summary: "A decision, with the corrections that stand.",
                scope: .triage,
                parameters: [.path("id", "The decision's id, or the caller's own id of its ticket.")],
                answers: [
                    .ok("StoredDecision", "The decision."), .problem(.notFound, "There is no such decision."),
                    .problem(.gone, "The decision was erased."), .storeProblem,
                ],
                handler: { _, context in try decision(try context.identifier()) }),
            Operation(
                method: .delete, path: "/v1/decisions/{id}",
                summary:
                    "Erase text, answer and notes of a decision. The ledger keeps its labels and hashes.",
                scope: .admin, parameters: [.path("id", "The decision's id.")],
                answers: Operation.Answer.erasure("There is no such decision."),
                handler: { _, context in
                    let id = try context.identifier()
                    return Response(try await store.erase(.decision(id), by: context.caller?.keyID))
                }),
            Operation(
                method: .post, path: "/v1/feedback", summary: "Say what is right in one field of a decision.",
                scope: .feedback,
                body: .init(
                    schema: "NewFeedback",
                    example: #"{"decision_id":"01J…","field":"category","label":"Billing","version":1}"#),
                answers: [
                    .init(
                        status: .created, summary: "It is on the disk.", content: .init(schema: "Feedback")),
                    .problem(.notFound, "There is no such decision, or it has no such field."),
                    .problem(.gone, "The decision was erased."),
                    .problem(
                        .conflict, "The decision has another version by now, or the field has no such label."),
                ] + Operation.Answer.bodyProblems + [.storeProblem],
                handler: { request, context in try await add(request, context) }),
            Operation(
                method: .delete, path: "/v1/feedback/{id}", summary: "Take a correction back.",
                scope: .feedback,
                parameters: [.path("id", "The correction's id.")],
                answers: [
                    .ok("Feedback", "It no longer stands."),
                    .problem(.notFound, "There is no such correction."),
                    .problem(.conflict, "It was taken back before."), .storeProblem,
                ],
                handler: { _, context in
                    let id = try context.identifier()
                    return Response(try await store.undoFeedback(id, by: context.caller?.keyID))
                }),
        ]
    }

    private func decision(_ id: String) throws -> Response {
        guard let found = try store.decision(id) ?? store.decision(ofTicket: id) else {
            throw Problem.missing("No such decision is known here.")
        }
        guard !found.isErased else { throw Problem.erased("decision") }
        var json = JSONWriter()
        found.write(to: &json)
        return Response(json)
    }

    private func add(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let fields = try await request.object(upTo: largestBody)
        let subject: NewFeedback.Subject
        switch (try FeedbackBody.text("decision_id", fields), try FeedbackBody.text("ticket_id", fields)) {
        case (let id?, nil): subject = .decision(id)
        case (nil, let id?): subject = .ticket(id)
        default: throw Problem.invalid("Give decision_id or ticket_id, one of them.")
        }
        guard let field = try FeedbackBody.text("field", fields),
            let label = try FeedbackBody.text("label", fields)
        else { throw Problem.invalid("Give field and label.") }
        try check(label, of: field, isNew: fields["new_label"] == .bool(true))
        let feedback = NewFeedback(
            subject, field: field, label: label, by: context.caller?.keyID,
            note: try FeedbackBody.text("note", fields), expecting: try FeedbackBody.version(fields))
        var response = Response(try await store.addFeedback(feedback))
        response.status = .created
        return response
    }
}

extension DecisionController {
    /// - Throws: `Problem` for a label that the field's bundle does not have, unless it is meant: training would learn it.
    private func check(_ label: String, of field: String, isNew: Bool) throws(Problem) {
        let head = snapshots.current.model.heads.first { $0.manifest.field == field }
        guard let head, !isNew, !head.labels.names.contains(label) else { return }
        throw Problem(
            .conflict, "unknown_label",
            "The field has no such label; GET /v1/models lists them. Send \"new_label\": true if it shall be a new one."
        )
    }
}

/// The members of a request for feedback.
private enum FeedbackBody {
    static func text(_ name: String, _ fields: [String: JSONValue]) throws(Problem) -> String? {
        switch fields[name] {
        case nil, .null: return nil
        case .string(let text) where !text.isEmpty: return text
        default: throw .invalid("\(name) is text that is not empty.")
        }
    }

    static func version(_ fields: [String: JSONValue]) throws(Problem) -> Int? {
        switch fields["version"] {
        case nil, .null: return nil
        case .integer(let number): return Int(number)
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: return Int(number)
        default: throw .invalid("version is a whole number.")
        }
    }
}

extension Response {
    fileprivate init(_ feedback: Feedback) {
        var json = JSONWriter()
        feedback.write(to: &json)
        self.init(json)
    }
}

extension Feedback {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in [
                ("id", id), ("decision_id", decision), ("ticket_id", ticket), ("field", field),
                ("decided", decided),
                ("label", label), ("by", by), ("note", note), ("at", Timestamp(milliseconds: time).text),
            ] as [(String, String?)] {
                json.key(named: name)
                json.string(value)
            }
            json.key("undone")
            json.bool(isUndone)
            json.key("version")
            json.integer(version)
        }
    }
}

extension StoredDecision {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.string(id)
            json.key("ticket_id")
            json.string(ticket)
            json.key("at")
            json.string(Timestamp(milliseconds: time).text)
            json.key("version")
            json.integer(version)
            json.key("ledger_row")
            json.integer(Int(sequence))
            json.key("category")
            json.string(record.category)
            json.key("severity")
            json.string(record.severity)
            json.key("model")
            json.object { json in
                for (name, value) in [
                    ("name", record.snapshot.modelName), ("sha256", record.snapshot.model),
                    ("policy_sha256", record.snapshot.policy), ("kb_sha256", record.snapshot.kb),
                ] as [(String, String?)] {
                    json.key(named: name)
                    json.string(value)
                }
            }
            json.key("corrections")
            json.array(corrections) { $1.write(to: &$0) }
            json.key("subject")
            json.string(text?.subject)
            json.key("body")
            json.string(text?.body)
            json.key("decision")
            if let text { json.json(text.answer) } else { json.string(nil) }
        }
    }
}
