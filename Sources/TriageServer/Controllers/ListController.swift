internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageStore

/// Lists of what the store has: queued tickets, decisions and corrections.
struct ListController {
    let store: TicketStore

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/v1/tickets", summary: "Queued tickets, newest first.",
                scope: .triage, otherScope: .audit,
                parameters: [.choice("state", "Only tickets in this state.", of: TicketState.self)]
                    + Operation.Parameter.times + Operation.Parameter.page(cursor: Operation.Parameter.row),
                answers: Operation.Answer.tagged("TicketList", "A part of the list.") + [.storeProblem],
                handler: { request, _ in try tickets(request) }),
            Operation(
                method: .get, path: "/v1/decisions",
                summary: "Stored decisions; the newest million can be listed.",
                scope: .triage, otherScope: .audit,
                parameters: ListController.filters + Operation.Parameter.times
                    + Operation.Parameter.page(cursor: DecisionCursor.pattern),
                answers: Operation.Answer.tagged("DecisionList", "A part of the list.") + [.storeProblem],
                handler: { request, _ in try decisions(request) }),
            Operation(
                method: .get, path: "/v1/feedback", summary: "Corrections and confirmations, newest first.",
                scope: .feedback, otherScope: .audit,
                parameters: [
                    .text("field", "Only of this field."), .text("label", "Only with this label."),
                    .choice("undone", "Only undone ones, or only those in force.", of: Flag.self),
                ] + Operation.Parameter.times + Operation.Parameter.page(cursor: Operation.Parameter.row),
                answers: Operation.Answer.tagged("FeedbackList", "A part of the list.") + [.storeProblem],
                handler: { request, _ in try feedback(request) }),
        ]
    }

    /// A filter by something that is true or false.
    enum Flag: String, CaseIterable { case yes = "true", no = "false" }

    private static let filters: [Operation.Parameter] = [
        .choice(
            "state",
            "open: a field is not auto and nobody has confirmed or corrected it. reviewed: a person has. automatic: "
                + "every field is auto. expired: open when its text expired. erased.", of: DecisionState.self),
        .text("field", "The field that label, level, reason and order are about; without it any field."),
        .text("label", "Only with this label in force: the correction's, or else the decided one."),
        .choice("level", "Only with this level.", of: Decision.Level.self),
        .choice("reason", "Only with this reason.", of: Decision.Reason.self),
        .text("language", "Only tickets in this language (ISO 639-1)."),
        .text("article", "Only tickets that this article answers best, by its id."),
        .choice("known", "Only known issues, or only new ones.", of: Flag.self),
        .choice(
            "order", "least_sure: by the lowest probability among the fields.", of: DecisionOrder.self,
            default: .newest),
    ]

    private func tickets(_ request: Request) throws -> Response {
        let page = try store.tickets(
            state: request.choice("state", of: TicketState.self), from: request.time("from"),
            to: request.time("to"), before: request.row(), limit: request.limit())
        return request.answer(QueuedTicket.list.json(page))
    }

    private func decisions(_ request: Request) throws -> Response {
        let page = try store.decisions(
            try DecisionFilter(request),
            by: request.choice("order", of: DecisionOrder.self) ?? .newest,
            after: request.cursor(DecisionCursor.init), limit: request.limit())
        return request.answer(ListedDecision.list.json(page))
    }

    private func feedback(_ request: Request) throws -> Response {
        var filter = FeedbackFilter()
        (filter.field, filter.label) = (try request.text("field"), try request.text("label"))
        filter.isUndone = try request.choice("undone", of: Flag.self).map { $0 == .yes }
        (filter.from, filter.to) = (try request.time("from"), try request.time("to"))
        let page = try store.feedback(filter, before: request.row(), limit: request.limit())
        return request.answer(Feedback.list.json(page))
    }
}

extension DecisionFilter {
    /// The filter of a request's query.
    init(_ request: Request) throws(Problem) {
        self.init()
        state = try request.choice("state", of: DecisionState.self)
        (field, label) = (try request.text("field"), try request.text("label"))
        level = try request.choice("level", of: Decision.Level.self)
        reason = try request.choice("reason", of: Decision.Reason.self)
        (language, article) = (try request.text("language"), try request.text("article"))
        isKnownIssue = try request.choice("known", of: ListController.Flag.self).map { $0 == .yes }
        (from, to) = (try request.time("from"), try request.time("to"))
    }
}

extension Feedback {
    static let list = WireType<ListPage<Feedback>>.page("FeedbackList", of: wire)
}

extension QueuedTicket {
    static let list = WireType<ListPage<QueuedTicket>>.page("TicketList", of: item)

    private static let item = WireType<QueuedTicket>.object("ListedTicket") { object in
        object.member("id", .text) { $0.id }
        object.member("state", .choice) { $0.state }
        object.member("attempts", .count) { $0.attempts }
        object.member("enqueued_at", .time) { $0.enqueuedAt }
        object.member("updated_at", .time) { $0.updatedAt }
        object.member("error", .orNull(.text)) { $0.error }
        object.member("decision_id", .orNull(.text)) { $0.decision }
    }

    static let listComponents = [item.component, list.component]
}

extension ListedDecision {
    static let list = WireType<ListPage<ListedDecision>>.page("DecisionList", of: item)

    /// A field of a decision and the label of the feedback in force.
    private typealias Field = (field: DecisionRecord.Field, correction: String?)

    static let item = WireType<ListedDecision>.object(
        "ListedDecision", "A decision in short; GET /v1/decisions/{id} has all of it."
    ) { object in
        object.member("id", .text) { $0.decision.id }
        object.member("ticket_id", .orNull(.text)) { $0.decision.ticket }
        object.member("at", .time) { $0.decision.time }
        object.member("version", .integer(minimum: 1)) { $0.decision.version }
        object.member("ledger_row", .integer(minimum: 1)) { Int($0.decision.sequence) }
        object.member("state", .choice) { $0.state }
        object.member("category", .text) { $0.decision.record.category }
        object.member("severity", .text) { $0.decision.record.severity }
        object.member("known_issue", .flag) { $0.decision.record.isKnownIssue }
        object.member("matches", .list(of: .text), "Ids of articles.") { $0.decision.record.matches }
        object.member("language", .orNull(.text)) { $0.decision.record.language }
        object.member("subject", .orNull(.text), "Masked; null once it has expired.") {
            $0.decision.text?.subject
        }
        object.member("summary", .orNull(.text)) { $0.decision.summary }
        object.member("fields", .entries(of: field) { $0.field.name }, "By field.") { listed in
            listed.decision.record.fields.map { field in
                (field, listed.decision.correction(of: field.name)?.label)
            }
        }
    }

    private static let field = WireType<Field>.object { object in
        object.member("label", .text) { $0.field.decidedLabel }
        object.member("probability", .share) { $0.field.probability }
        object.member("level", .text) { $0.field.level }
        object.member("reasons", .list(of: .text)) { $0.field.reasons }
        object.member("correction", .orNull(.text), "The label of the feedback in force.") { $0.correction }
    }

    static let components = [
        item.component, list.component, SimilarDecision.list.component, Outage.list.component,
    ]
}

extension SimilarDecision {
    /// From this similarity on, a ticket is shown as a duplicate.
    static let duplicate = 0.9

    static let list = WireType<ListPage<SimilarDecision>>.page("SimilarList", of: item)

    private static let item = WireType<SimilarDecision>.object { object in
        object.member("similarity", .number, "0 for nothing in common, 1 for the same words.") {
            ($0.similarity * 1e6).rounded() / 1e6
        }
        object.member("duplicate", .flag, "Whether the words are all but the same.") {
            $0.similarity >= duplicate
        }
        object.member("decision", ListedDecision.item) { $0.listed }
    }
}

extension DecisionRecord.Field {
    /// The label that the decision went by.
    var decidedLabel: String { decided ?? label }
    /// The same as pages show it; a dash where the blind sample withholds it.
    var shownLabel: String { decidedLabel.isEmpty ? "–" : decidedLabel }
}

extension StoredDecision {
    /// The answer as JSON; nil once it has expired.
    var answer: JSONValue? { text.flatMap { JSONValue(parsing: $0.answer.utf8) } }

    /// At most two sentences of the ticket's own words; nil once they have expired.
    var summary: String? { answer?["summary"]?.text }

    /// Fields whose label the blind sample withholds.
    var withheldFields: [String] {
        record.fields.filter { $0.isSampledBlind && correction(of: $0.name) == nil }.map(\.name)
    }

    /// The feedback in force on a field.
    func correction(of field: String) -> Feedback? { corrections.last { $0.field == field } }
}
