internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageStore

/// `/ui/model/audit`: the labels that people gave and that are probably wrong.
///
/// The list keeps to one audit while people work through it: a label leaves the list when somebody keeps or changes it, and
/// comes back when that is taken back.
struct LabelAuditController {
    let console: ConsoleServices
    let desk: ModelDesk
    let store: TicketStore

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: LabelAuditPage.path,
                summary: "The page of labels that are probably wrong.", scope: .audit, otherScope: .models,
                parameters: [.language],
                answers: [.page, .problem(.notFound, "The model has no such field."), .storeProblem],
                isPage: true, handler: { request, context in try await page(request, context) })
        ]
    }

    private func page(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let model = console.snapshot.model
        let fields = model.heads.filter { !$0.hasTags }.map(\.manifest.field)
        guard let field = request.query("field") ?? fields.first, fields.contains(field) else {
            throw Problem.missing("The model has no such field.")
        }
        var page = LabelAuditPage(query: LabelAuditPage.Query(request, field: field))
        let state = await console.audits.state(
            field, model: model.sha256, version: Int64(store.memoryVersion)
        ) { [desk, store] in
            var audit = try desk.audit(store, model, field)
            audit.doubtful = try Self.unsettled(audit.doubtful, field, store)
            return audit
        }
        switch state {
        case .ready(let audit):
            page.audit = audit
            page.items = try audit.doubtful.lazy.compactMap { try item($0, field) }
        case .failed: page.hasFailed = true
        case .running: break
        }
        let chosen = page.items.first { $0.listed.decision.id == page.query.open } ?? page.items.first
        // No model explains the words here: it has the memory of the label in doubt.
        page.open = chosen.map { TicketView($0.listed, with: console.snapshot, again: nil) }
        return Response(page, for: ConsoleVisit(request, context, console))
    }

    /// A label in doubt with its ticket; nil where somebody has kept or changed it since, or where it cannot be shown.
    private func item(_ doubt: ModelDesk.DoubtfulLabel, _ field: String) throws -> LabelAuditPage.Item? {
        guard let listed = try? console.decision(doubt.id), listed.state != .erased,
            Self.given(try store.feedback(onDecision: listed.decision.id), field).last?.id == doubt.feedback
        else { return nil }
        return LabelAuditPage.Item(doubt: doubt, listed: listed)
    }

    /// What people gave for a field and did not take back, oldest first.
    private static func given(_ feedback: [Feedback]?, _ field: String) -> [Feedback] {
        (feedback ?? []).filter { $0.field == field && !$0.isUndone }
    }

    /// The labels that one person gave: one that was given twice in a row was looked at again.
    private static func unsettled(
        _ doubtful: [ModelDesk.DoubtfulLabel], _ field: String, _ store: TicketStore
    ) throws -> [ModelDesk.DoubtfulLabel] {
        var found: [ModelDesk.DoubtfulLabel] = []
        for doubt in doubtful.prefix(LabelAuditPage.lookedUp) where found.count < LabelAuditPage.length {
            guard let decision = try store.decision(doubt.id) ?? store.decision(ofTicket: doubt.id) else {
                continue
            }
            let given = given(try store.feedback(onDecision: decision.id), field)
            guard let last = given.last, last.label == doubt.label,
                given.dropLast().last?.label != last.label
            else { continue }
            var doubt = doubt
            (doubt.id, doubt.feedback) = (decision.id, last.id)
            found.append(doubt)
        }
        return found
    }
}
