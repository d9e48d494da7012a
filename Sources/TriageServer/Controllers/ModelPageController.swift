internal import Hummingbird
internal import NIOPosix
internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageStore

/// `/ui/model`: thresholds, and the registry's champion.
struct ModelPageController {
    let console: ConsoleServices
    let desk: ModelDesk

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui/model", summary: "The page of the model.", scope: .audit,
                otherScope: .models, parameters: [.language],
                answers: [.page, .problem(.conflict, "The registry's files cannot be read.")], isPage: true,
                handler: { request, context in
                    Response(try await page(request), for: ConsoleVisit(request, context, console))
                }),
            post(
                "thresholds", "Save thresholds for a precision.", required: "precision",
                { request, context in try await save(request, context) }),
            post(
                "promote", "Make a version of the registry the champion.", required: "version",
                { request, context in try await promote(request, context) }),
            post(
                "rollback", "Make the champion before the champion again.", required: "reason",
                { request, context in try await rollback(request, context) }),
        ]
    }

    private func post(
        _ name: String, _ summary: String, required: String, _ handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method: .post, path: "/ui/model/\(name)", summary: summary, scope: .models, otherScope: .admin,
            body: .form(required),
            answers: [
                .page, .redirect("The change was made."),
                .problem(.conflict, "The change cannot be made; nothing was changed."),
                .problem(.notFound, "The model has no such field, or the registry no such version."),
            ] + Operation.Answer.bodyProblems + [.storeProblem], isPage: true, handler: handler)
    }

    /// Work that reads and writes files.
    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        do { return try await NIOThreadPool.singleton.runIfActive(body) } catch let error as Problem {
            throw error
        } catch ModelDesk.Problem.changedMeanwhile {
            throw Problem(
                .conflict, "model_changed",
                "The model was changed meanwhile. Nothing was saved; load the page again.")
        } catch ModelDesk.Problem.mustBeSigned {
            throw Problem(
                .conflict, "model_signed",
                "This service requires signed models. Run triage models tune, then triage sign, where the key is."
            )
        } catch {
            throw Problem(.conflict, "model_change_refused", "Nothing was changed: \(error.safeDescription)")
        }
    }

    // MARK: - The page

    private func page(_ request: Request) async throws -> ModelPage {
        let (desk, model) = (desk, console.snapshot.model)
        let field = request.query("field")
        let precision = request.query("precision").flatMap { Double($0) }.flatMap { percent in
            ModelPage.precisions.contains(percent) ? percent / 100 : nil
        }
        let versions = [request.query("a"), request.query("b")].compactMap(\.self)
        let message = request.query("message")
        return try await blocking {
            var page = ModelPage(
                manifest: model.manifest, sha256: model.sha256, fields: desk.fields(model), card: desk.card())
            page.history = try desk.registry.map(ModelPage.History.init)
            if let field, let precision,
                page.fields.contains(where: { $0.name == field && !$0.curve.isEmpty })
            {
                page.choice = .init(
                    field: field, precision: precision, effect: try desk.effect(model, field, precision))
            }
            if versions.count == 2, versions.allSatisfy({ page.history?.versions.contains($0) == true }) {
                page.compared = try versions.map { ($0, desk.fields(try desk.version($0))) }
            }
            page.outcome = message.flatMap(ModelPage.Outcome.init)
            return page
        }
    }

    // MARK: - Changes

    /// The ledger comes first: a change that cannot be recorded must not happen.
    private func record(_ name: String, _ details: [(name: String, value: String)], _ context: ServiceContext)
        async throws
    {
        try await console.store?.record(AuditEvent(name, details, by: context.caller?.keyID))
    }

    private func author(_ form: FormFields, _ context: ServiceContext) throws(Problem) -> ModelDesk.Author {
        let reason = (form["reason"] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !reason.isEmpty, reason.utf8.count <= 1_000 else {
            throw .invalid("The change needs a reason of at most 300 characters.")
        }
        return ModelDesk.Author(name: context.caller?.name ?? "console", reason: reason)
    }

    private func done(_ outcome: ModelPage.Outcome, _ context: ServiceContext) async -> Response {
        _ = try? await console.reloader?.reload(by: context.caller?.keyID)
        return .seeOther(ConsoleAddress.make("/ui/model", [("message", outcome.rawValue)]))
    }

    private func save(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        guard let field = form["field"], let model = form["model"], let text = form["precision"],
            let precision = Double(text), (0.5..<1).contains(precision)
        else { throw Problem.invalid("The form has no field, model and precision.") }
        let wish = ModelDesk.Wish(
            field: field, precision: precision, model: model, by: context.caller?.name ?? "console")
        guard console.snapshot.model.heads.contains(where: { $0.manifest.field == field }) else {
            throw Problem.missing("The model has no such field.")
        }
        try await record(
            "thresholds", [("field", field), ("precision", "\(precision)"), ("model", model)], context)
        let version = try await blocking { [desk] in try desk.save(wish) }
        return await done(version == nil ? .saved : .added, context)
    }

    private func promote(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let author = try author(form, context)
        guard let version = form["version"], let registry = desk.registry,
            try await blocking({ try registry.versions().contains(version) })
        else { throw Problem.missing("The registry has no such version.") }
        let inSpite = form["in_spite"] == version
        try await record(
            "promote", [("version", version), ("in_spite", "\(inSpite)")], context)
        let reasons = try await blocking { [desk] in try desk.promote(version, author, inSpite) }
        guard !reasons.isEmpty, !inSpite else { return await done(.promoted, context) }
        var page = try await page(request)
        (page.objections, page.outcome) = ((version, reasons), .refused)
        return Response(page, for: ConsoleVisit(request, context, console))
    }

    private func rollback(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let author = try author(form, context)
        guard let registry = desk.registry else { throw Problem.missing("The model is in no registry.") }
        guard form["from"] == registry.champion ?? "" else {
            throw Problem(
                .conflict, "model_changed",
                "The champion was changed meanwhile. Nothing was changed; load the page again.")
        }
        try await record("rollback", [("from", form["from"] ?? "")], context)
        _ = try await blocking { [desk] in try desk.rollback(author) }
        return await done(.rolledBack, context)
    }
}

extension ModelPage.History {
    init(_ registry: ModelRegistry) throws {
        self.init(
            versions: try registry.versions(), champion: registry.champion,
            entries: try registry.history().reversed())
    }
}
