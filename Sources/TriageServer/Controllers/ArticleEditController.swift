internal import Hummingbird
internal import NIOPosix
internal import TriageData
internal import TriageEngine
internal import TriageSearch
internal import TriageStore

/// `/ui/knowledge/{id}/edit`: people with the scope `models` change what an article tells agents and requesters.
struct ArticleEditController {
    let console: ConsoleServices
    let desk: ArticleDesk

    var operations: [Operation] {
        let answers: [Operation.Answer] = [
            .page, .problem(.notFound, "The knowledge base has no such article in a file of its own."),
            .problem(.conflict, "The article cannot be changed; nothing was saved."),
        ]
        return [
            Operation(
                method: .get, path: "/ui/knowledge/{id}/edit", summary: "The page to edit an article.",
                scope: .models, otherScope: .admin,
                parameters: [.path("id", "The article's id."), .language], answers: answers, isPage: true,
                handler: { request, context in try await show(request, context) }),
            Operation(
                method: .post, path: "/ui/knowledge/{id}/edit",
                summary: "Show what other texts change, or save them.", scope: .models, otherScope: .admin,
                parameters: [.path("id", "The article's id.")], body: .form("version"),
                answers: answers + [.redirect("The article was saved.")] + Operation.Answer.bodyProblems
                    + [.storeProblem], isPage: true,
                handler: { request, context in try await change(request, context) }),
        ]
    }

    /// Work that reads and writes files.
    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        do { return try await NIOThreadPool.singleton.runIfActive(body) } catch let problem
            as ArticleDesk.Problem
        {
            switch problem {
            case .noFile:
                throw TriageServer.Problem.missing(
                    "The knowledge base has no such article in a Markdown file of its own. Edit the file that has it."
                )
            case .changedMeanwhile:
                throw TriageServer.Problem(
                    .conflict, "article_changed",
                    "Somebody else changed this article meanwhile. Nothing was saved; load the page again.")
            case .mustBeSigned:
                throw TriageServer.Problem(
                    .conflict, "article_signed",
                    "This service requires signed files. Edit the article, then run triage sign, where the key is."
                )
            }
        } catch let error as SearchError {
            throw TriageServer.Problem(
                .conflict, "article_unchanged", "Nothing was saved: \(error.safeDescription)")
        } catch let error as DataError {
            throw TriageServer.Problem(
                .conflict, "article_unchanged", "Nothing was saved: \(error.safeDescription)")
        }
    }

    private func show(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let (desk, id) = (desk, try context.identifier())
        let file = try await blocking { try desk.file(id) }
        return Response(
            ArticleEditPage(file: file, texts: ArticleTexts(of: file.article)),
            for: ConsoleVisit(request, context, console))
    }

    private func change(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let visit = ConsoleVisit(request, context, console)
        let (desk, id) = (desk, try context.identifier())
        guard let version = form["version"], let texts = ArticleTexts(form) else {
            throw Problem.invalid("The form has no version, or a text of it is over 20,000 letters.")
        }
        let file = try await blocking { try desk.file(id) }
        var page = ArticleEditPage(file: file, texts: texts)
        guard file.version == version else {
            page.message = visit.words.articleConflict
            return Response(page, for: visit)
        }
        if form["step"] == "save" {
            if form["seen"] == ArticleEditPage.mark(texts) { return try await save(texts, file, context) }
            page.message = visit.words.lookAgain
        }
        let (snapshot, store) = (console.snapshot, console.store)
        page.effect = try await blocking {
            // The texts must fit into the file before anybody thinks about them.
            let changed = try file.with(texts)
            return try ArticleEffect(of: changed.article, on: snapshot, store)
        }
        return Response(page, for: visit)
    }

    /// The ledger comes first: a change that cannot be recorded must not happen.
    private func save(_ texts: ArticleTexts, _ file: ArticleFile, _ context: ServiceContext) async throws
        -> Response
    {
        let (desk, id) = (desk, file.article.id)
        let changed = try await blocking { try file.with(texts) }
        let details = [("id", id), ("before", file.version), ("after", changed.version)]
        try await console.store?.record(AuditEvent("article", details, by: context.caller?.keyID))
        let before = try await blocking { try desk.save(texts, of: id, version: file.version) }
        do { _ = try await console.reloader?.reload(by: context.caller?.keyID) } catch {
            try await blocking { try desk.restore(before) }
            throw Problem(
                .conflict, "article_unusable",
                "Nothing was saved: the knowledge base cannot be read with it. \(error.safeDescription)")
        }
        let path = "/ui/knowledge/\(ConsoleAddress.escaped(id))"
        return .seeOther(ConsoleAddress.make(path, [("message", ArticlePage.saved)]))
    }
}

extension ArticleTexts {
    /// The longest text of a form, in letters.
    private static let maximumLength = 20_000

    /// The texts of a form; nil when it lacks one, or one is too long.
    fileprivate init?(_ form: FormFields) {
        guard let reply = form["reply"], let action = form["action"], let symptoms = form["symptoms"],
            [reply, action, symptoms].allSatisfy({ $0.count <= Self.maximumLength })
        else { return nil }
        func plain(_ text: String) -> String { text.replacing("\r\n", with: "\n") }
        self.init(
            symptoms: plain(symptoms).split(separator: "\n").map(String.init),
            recommendedAction: action.split(whereSeparator: \.isWhitespace).joined(separator: " "),
            reply: plain(reply))
    }
}
