internal import Hummingbird
internal import NIOPosix
internal import TriageData
internal import TriageStore

/// `/ui/access`: people with the scope `admin` make and revoke keys and end sessions; auditors read.
struct AccessController {
    let console: ConsoleServices

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui/access", summary: "The page of keys, sessions and the audit log.",
                scope: .admin, otherScope: .audit, parameters: [.language], answers: [.page, .storeProblem],
                isPage: true, handler: { request, context in try show(request, context) }),
            post("keys", "Make a key; the page shows it once.", required: "name") { request, context in
                try await create(request, context)
            },
            post("revoke", "Revoke a key.", required: "id") { request, context in
                try await revoke(request, context)
            },
            post("end", "End a session.", required: "id") { request, context in
                try await end(request, context)
            },
        ]
    }

    private func post(
        _ name: String, _ summary: String, required: String, _ handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method: .post, path: "/ui/access/\(name)", summary: summary, scope: .admin,
            body: .form(required),
            answers: [
                .page, .redirect("It was done."), .problem(.notFound, "There is no such key or session."),
                .problem(.conflict, "The file of keys cannot be changed."),
            ] + Operation.Answer.bodyProblems + [.storeProblem], isPage: true, handler: handler)
    }

    private func page(_ request: Request, _ context: ServiceContext) throws -> AccessPage {
        let after = request.query("after").flatMap { Int64($0) } ?? .max
        let log = try console.store?.auditLog(before: after, limit: AccessPage.length + 1) ?? []
        let shown = Array(log.prefix(AccessPage.length))
        return AccessPage(
            keys: console.access.keys?.all, sessions: console.access.sessions.list(), log: shown,
            next: log.count > shown.count ? shown.last.map { "\($0.sequence)" } : nil,
            own: context.caller?.keyID, names: console.names)
    }

    private func show(_ request: Request, _ context: ServiceContext) throws -> Response {
        var page = try page(request, context)
        page.message = request.query("message")
        return Response(page, for: ConsoleVisit(request, context, console))
    }

    // MARK: - Changes

    private func keys() throws(Problem) -> KeyHolder {
        guard let keys = console.access.keys else { throw .missing("This service requires no keys.") }
        return keys
    }

    /// The ledger comes first: a change that cannot be recorded must not happen.
    private func record(_ name: String, _ details: [(name: String, value: String)], _ context: ServiceContext)
        async throws
    {
        try await console.store?.record(AuditEvent(name, details, by: context.caller?.keyID))
    }

    /// A change of the file of keys.
    private func changing<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        do { return try await NIOThreadPool.singleton.runIfActive(body) } catch {
            throw Problem(.conflict, "keys_unchanged", "Nothing was changed: \(error.safeDescription)")
        }
    }

    private func create(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let keys = try keys()
        let name = (form["name"] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !name.isEmpty, name.count <= 100, let role = form["role"].flatMap(Role.init),
            let expires = form["expires"], AccessPage.lifetimes.contains(expires)
        else { throw Problem.invalid("The form has no name, role and time.") }
        let note = form["note"].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : String($0.prefix(100)) }
        try await record(
            "key_made", [("name", name), ("role", role.rawValue), ("expires", expires)], context)
        let made = try await changing {
            try keys.create(name: name, scopes: role.scopes, lifetime: expires, note: note)
        }
        var page = try page(request, context)
        page.made = made
        return Response(page, for: ConsoleVisit(request, context, console))
    }

    private func revoke(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let keys = try keys()
        guard let id = form["id"], let key = keys.all.first(where: { $0.id == id }),
            id != context.caller?.keyID
        else { throw Problem.missing("There is no such key, or it is your own.") }
        try await record("key_revoked", [("id", id), ("name", key.name)], context)
        try await changing { try keys.revoke(id: id) }
        return .seeOther("/ui/access?message=\(AccessMessage.revoked.rawValue)")
    }

    private func end(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        guard let id = form["id"], let session = console.access.sessions.list().first(where: { $0.id == id })
        else { throw Problem.missing("There is no such session any more.") }
        try await record("session_ended", [("key", session.keyID)], context)
        console.access.sessions.end(listed: id)
        return .seeOther("/ui/access?message=\(AccessMessage.ended.rawValue)")
    }
}
