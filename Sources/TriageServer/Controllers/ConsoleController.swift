internal import HTTPTypes
internal import Hummingbird
internal import TriageData
internal import TriageEngine
internal import TriagePages
internal import TriageTickets

/// `/ui`: a page to try tickets on, and signing in; the server answers its forms, so it works without scripts.
struct ConsoleController {
    let console: ConsoleServices

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: "/ui", summary: "A page to try tickets on.",
                parameters: [
                    .integer(
                        "sample", "The sample ticket in the form.",
                        0...(ConsolePage.samples.count - 1), default: 0)
                ] + [Operation.Parameter.language],
                answers: [
                    Operation.Answer.page, .problem(.unprocessableContent, "The page has no such sample."),
                ],
                isPage: true,
                handler: { request, context in
                    let sample = try request.integer(
                        "sample", in: 0...(ConsolePage.samples.count - 1), default: -1)
                    let page = ConsolePage(text: sample < 0 ? "" : ConsolePage.samples[sample].text)
                    return Response(page, for: ConsoleVisit(request, context, console))
                }),
            Operation(
                method: .post, path: "/ui", summary: "The page with the decision for the form's ticket.",
                scope: .triage, body: .form(FormFields.ticket),
                answers: [Operation.Answer.page] + Operation.Answer.bodyProblems, isPage: true,
                handler: { request, context in try await decide(request, context) }),
            Operation(
                method: .get, path: "/ui/sign-in", summary: "The page to sign in with a key.",
                parameters: [
                    .init(
                        name: "to", summary: "The page to go to afterwards.",
                        schema: WireType<String>.text.schema), .language,
                ],
                answers: [Operation.Answer.page], isPage: true,
                handler: { request, context in signInPage(request, context) }),
            Operation(
                method: .post, path: "/ui/sign-in", summary: "Begin a session with a key.",
                body: .form("key"),
                answers: [
                    .redirect("The session's cookie, and the page to go to."), .page,
                    .problem(.unauthorized, "The key is not valid."),
                ] + Operation.Answer.bodyProblems, isPage: true,
                handler: { request, context in try await signIn(request, context) }),
            Operation(
                method: .post, path: "/ui/sign-out", summary: "End the session.",
                answers: [
                    .redirect("The session has ended."),
                    .problem(.forbidden, "The form is not one of this session."),
                    .problem(.contentTooLarge, "The form is too large."),
                ], isPage: true,
                handler: { request, context in try await signOut(request, context) }),
        ]
    }

    private func decide(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = try await request.form(context, upTo: console.maximumBody)
        let visit = ConsoleVisit(request, context, console)
        guard let text = form[FormFields.ticket] else {
            throw Problem.invalid("The form has no description.")
        }
        var page = ConsolePage(text: text)
        if text.contains(where: { !$0.isWhitespace }) {
            do {
                page.decision = try await console.service.decide(
                    Ticket(body: text), by: context.caller, explaining: true
                ).decision
            } catch { throw FormError(cause: error, text: text) }
        } else {
            page.message = visit.words.noText
        }
        return Response(page, for: visit)
    }

    // MARK: - Sessions

    private func signIn(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let form = FormFields(try await request.bytes(upTo: console.maximumBody))
        guard let key = form["key"] else { throw Problem.invalid("The form has no key.") }
        let target = ConsoleAddress.local(form["to"])
        guard let keys = console.access.keys else { return .seeOther(target) }
        let sent = key.filter { !$0.isWhitespace }
        guard case .success(let caller) = keys.caller(sending: sent) else {
            AccessControl.countFailure(keys.caller(sending: sent))
            var response = Response(
                SignInPage(
                    target: target, message: ConsoleVisit(request, context, console).words.wrongKey,
                    draft: form[FormFields.ticket]),
                for: ConsoleVisit(request, context, console))
            response.status = .unauthorized
            return response
        }
        let secret = console.access.sessions.begin(keyID: caller.keyID)
        var signedIn = context
        signedIn.caller = caller
        signedIn.formToken = console.access.sessions.session(secret)?.formToken
        var response =
            form[FormFields.ticket].map {
                Response(ConsolePage(text: $0), for: ConsoleVisit(request, signedIn, console))
            } ?? .seeOther(target)
        response.headers[.setCookie] = console.sessionCookie(secret)
        return response
    }

    private func signOut(_ request: Request, _ context: ServiceContext) async throws -> Response {
        _ = try await request.form(context, upTo: console.maximumBody)
        if let secret = request.cookie(ConsoleVisit.sessionCookie) { console.access.sessions.end(secret) }
        var response = Response.seeOther("/ui/sign-in?\(Self.signedOut)=true")
        response.headers[.setCookie] = console.sessionCookie("", seconds: .zero)
        return response
    }

    /// The parameter of the page to which signing out leads.
    private static let signedOut = "signed-out"

    private func signInPage(_ request: Request, _ context: ServiceContext) -> Response {
        var page = SignInPage(target: ConsoleAddress.local(request.query("to")))
        if request.query(Self.signedOut) != nil, let provider = console.access.provider,
            let address = console.address(request)
        {
            page.endAddress = provider.endAddress(returningTo: "\(address)/ui/sign-in")
        }
        return Response(page, for: ConsoleVisit(request, context, console))
    }
}

extension Operation.Answer {
    static let page = Self(
        status: .ok, summary: "The page.",
        content: .init(type: "text/html", schema: JSONSchema(type: "string")))

    static func redirect(_ summary: String) -> Self { Self(status: .seeOther, summary: summary) }
}

extension Operation.Parameter {
    static let language = Self(
        name: "lang", summary: "The page's language, kept in a cookie: en or de.",
        schema: WireType<String>.text.schema)
}

extension Operation.Content {
    /// A page's form, with the field that it must have.
    static func form(_ required: String?) -> Self {
        var schema = JSONSchema(type: "object")
        if let required {
            schema = schema.with("required", .array([.string(required)])).with(
                "properties", .named([.init(required, WireType<String>.text.schema)]))
        }
        return Self(type: "application/x-www-form-urlencoded", schema: schema, isRequired: required != nil)
    }
}

/// An error after the form was read, with the ticket that the page shows again.
struct FormError: Error {
    let cause: any Error
    let text: String
}

/// The fields of an `application/x-www-form-urlencoded` form (WHATWG URL, section 5).
struct FormFields {
    private var values: [String: String] = [:]

    /// The field of the ticket's text.
    static let ticket = "description"

    init(_ bytes: [UInt8]) {
        for pair in bytes.split(separator: 0x26) {
            let parts = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            values[FormFields.decode(parts[0])] = parts.count > 1 ? FormFields.decode(parts[1]) : ""
        }
    }

    subscript(name: String) -> String? { values[name] }

    private static func decode(_ bytes: some Collection<UInt8>) -> String {
        var decoded: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
