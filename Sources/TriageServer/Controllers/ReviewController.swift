internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageLLM
internal import TriageStore

/// `/ui/queue` and `/ui/tickets/{id}`: people see, confirm and correct decisions.
struct ReviewController {
    let console: ConsoleServices

    private static let missing = Operation.Answer.problem(.notFound, "The store has no such decision.")

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui/queue", summary: "The page of tickets that need a person.",
                scope: .triage, otherScope: .audit, parameters: [.language],
                answers: [.page, .problem(.notFound, "The service keeps no tickets."), .storeProblem],
                isPage: true, handler: { request, context in try queue(request, context) }),
            Operation(
                method: .get, path: "/ui/tickets/{id}", summary: "The page of one ticket.",
                scope: .triage, otherScope: .audit,
                parameters: [.path("id", "The decision's id, or the ticket's own id."), .language],
                answers: [.page, Self.missing, .storeProblem], isPage: true,
                handler: { request, context in
                    let query = QueueQuery(request)
                    return try ticket(
                        request, context, done: query.done, message: query.message,
                        back: request.query("back"))
                }),
            Operation(
                method: .post, path: "/ui/tickets/{id}",
                summary: "Confirm every suggestion, or set the label of one field.", scope: .feedback,
                parameters: [.path("id", "The decision's id.")], body: .form(nil),
                answers: [
                    .redirect("The change is durable, or somebody else was faster."), Self.missing,
                    .problem(.conflict, "The field has no such label."),
                    .problem(.gone, "The decision was erased."),
                ] + Operation.Answer.bodyProblems + [.storeProblem], isPage: true,
                handler: { request, context in try await change(request, context) }),
            Operation(
                method: .post, path: "/ui/tickets/{id}/draft", summary: "The page with a drafted reply.",
                scope: .triage, parameters: [.path("id", "The decision's id.")], body: .form(nil),
                answers: [.page, Self.missing] + Operation.Answer.bodyProblems + [.storeProblem],
                isPage: true, handler: { request, context in try await draft(request, context) }),
            Operation(
                method: .post, path: "/ui/undo", summary: "Undo corrections.", scope: .feedback,
                body: .form("ids"),
                answers: [
                    .redirect("The corrections are no longer in force."),
                    .problem(.notFound, "The form names no correction of the store."),
                ]
                    + Operation.Answer.bodyProblems + [.storeProblem], isPage: true,
                handler: { request, context in try await undo(request, context) }),
        ]
    }

    /// The events of the store for the pages of a session.
    var events: [Operation] {
        guard let store = console.store else { return [] }
        return EventController(store: store).operations.map { operation in
            var operation = operation
            operation.path = "/ui/events"
            operation.summary = "The same server-sent events as /v1/events, for pages."
            return operation
        }
    }

    // MARK: - Pages

    private func queue(_ request: Request, _ context: ServiceContext) throws -> Response {
        let store = try console.requiredStore()
        let (query, visit) = (QueueQuery(request), ConsoleVisit(request, context, console))
        let list = try store.decisions(
            query.filter, by: DecisionOrder(rawValue: query.order) ?? .leastSure,
            after: query.after.flatMap(DecisionCursor.init), limit: QueuePage.length)
        let chosen = try query.open.flatMap { try? console.decision($0) } ?? list.items.first
        var open = try chosen.map { try console.view($0, counterfactual: false) }
        if let id = chosen?.decision.id { open?.others = others(lookingAt: id, context) }
        let fields = console.snapshot.model.heads.map { head in
            (name: head.manifest.field, labels: head.labels.names)
        }
        return Response(
            QueuePage(
                query: query, page: list, open: open, row: try store.lastRow(),
                outages: try store.outages(onlyCurrent: true), fields: fields),
            for: visit)
    }

    private func ticket(
        _ request: Request, _ context: ServiceContext, done: [String] = [], message: String? = nil,
        back: String?
    ) throws -> Response {
        Response(
            try page(context, done: done, message: message, back: back),
            for: ConsoleVisit(request, context, console))
    }

    private func page(
        _ context: ServiceContext, done: [String] = [], message: String? = nil, back: String?
    ) throws -> TicketPage {
        let store = try console.requiredStore()
        let listed = try console.decision(try context.identifier())
        let text = try store.text(ofDecision: listed.decision)
        var view = try console.view(listed, counterfactual: true)
        view.others = others(lookingAt: listed.decision.id, context)
        return TicketPage(
            view: view, history: try store.feedback(onDecision: listed.decision.id) ?? [],
            names: console.names,
            similar: try text.map { try store.similar(to: $0, except: listed.decision, limit: 5) } ?? [],
            back: back.map { ConsoleAddress.local($0) } ?? "/ui/queue", done: done, message: message)
    }

    private func others(lookingAt id: String, _ context: ServiceContext) -> [String] {
        guard let caller = context.caller else { return [] }
        return console.presence.look(
            at: id, session: context.formToken ?? caller.keyID, name: caller.name)
    }

    // MARK: - Changes

    private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let (store, back) = (try console.requiredStore(), ConsoleAddress.local(form["back"]))
        let listed = try console.decision(try context.identifier())
        var version = try form["version"].map { text throws(Problem) in
            guard let version = Int(text) else { throw .invalid("version must be a whole number.") }
            return version
        }
        var done: [String] = []
        do {
            if let version, version != listed.decision.version {
                throw StoreError.conflict(expected: version, found: listed.decision.version)
            }
            for (field, label) in try labels(form, listed) {
                let feedback = NewFeedback(
                    .decision(listed.decision.id), field: field, label: label, by: context.caller?.keyID,
                    note: form["note"].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 },
                    expecting: version)
                let stored = try await store.addFeedback(feedback)
                done.append(stored.id)
                version = version.map { _ in stored.version }
            }
        } catch StoreError.conflict {
            return .seeOther(
                Self.adding([("message", "conflict"), ("open", listed.decision.id)], to: back))
        }
        return .seeOther(
            Self.adding([("message", "saved"), ("done", done.joined(separator: ","))], to: back))
    }

    /// The fields that a form sets, with their labels.
    private func labels(_ form: FormFields, _ listed: ListedDecision) throws -> [(String, String)] {
        if form["accept"] != nil {
            let view = try TicketView(listed, with: console.snapshot, again: nil)
            return view.suggestions.map { ($0.name, $0.label) }
        }
        guard let field = form["field"], let label = form["label"] else {
            throw Problem.invalid("The form has neither accept nor a field with its label.")
        }
        let isKnown = listed.decision.record.fields.contains {
            $0.name == field
                && [$0.label, $0.decidedLabel, listed.decision.correction(of: field)?.label].contains(label)
        }
        if isKnown { return [(field, label)] }
        do throws(UnknownLabel) {
            return [(field, try console.snapshot.model.label(label, of: field))]
        } catch {
            throw Problem(.conflict, "unknown_label", "The field has no such label; load the page again.")
        }
    }

    private func undo(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let (store, back) = (try console.requiredStore(), ConsoleAddress.local(form["back"]))
        guard let ids = form["ids"]?.split(separator: ","), (1...50).contains(ids.count) else {
            throw Problem.missing("The form names no correction of the store.")
        }
        var (decision, message) = (String?.none, "undone")
        for id in ids {
            do {
                decision = try await store.undoFeedback(String(id), by: context.caller?.keyID).decision
            } catch StoreError.alreadyUndone { message = "notUndone" }
        }
        return .seeOther(Self.adding([("message", message), ("open", decision)], to: back))
    }

    private func draft(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        var page = try page(context, back: form["back"])
        let snapshot = console.snapshot
        guard let text = try console.requiredStore().text(ofDecision: page.view.stored) else {
            throw Problem.missing("The ticket's text is no longer kept.")
        }
        let decision = await snapshot.fetching(text).decide(text).withholding(page.view.withheldFields)
        page.draft = await console.drafter.draft(text, decision, with: snapshot)
        return Response(page, for: ConsoleVisit(request, context, console))
    }

    /// An address with other values in its query; empty ones are left out.
    private static func adding(_ query: [(String, String?)], to address: String) -> String {
        let parts = address.split(separator: "?", maxSplits: 1)
        let kept = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { pair in
            !query.contains { pair.hasPrefix("\($0.0)=") }
        }
        let added = ConsoleAddress.make("", query).dropFirst()
        let pairs = kept + (added.isEmpty ? [] : [added])
        return pairs.isEmpty ? String(parts[0]) : "\(parts[0])?\(pairs.joined(separator: "&"))"
    }
}
