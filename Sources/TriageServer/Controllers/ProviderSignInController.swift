internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import TriageData
internal import TriageStore

/// Signing in to the pages at the identity provider: there, and back with a code.
struct ProviderSignInController {
    let console: ConsoleServices
    let provider: IdentityProvider

    static let beginPath = "/ui/sign-in/provider"
    /// The cookie that ties a sign-in to the browser that began it.
    private static let cookie = "triage_sign_in"

    var operations: [Operation] {
        [
            Operation(
                method: .get, path: Self.beginPath, summary: "Go to the identity provider to sign in.",
                parameters: [
                    .init(
                        name: "to", summary: "The page to go to afterwards.",
                        schema: WireType<String>.text.schema)
                ],
                answers: [.redirect("The identity provider's page.")] + Self.problems, isPage: true,
                handler: { request, context in try await begin(request, context) }),
            Operation(
                method: .get, path: OpenIDOptions.returnPath,
                summary: "Where the identity provider sends the browser back.",
                parameters: ["state", "code", "error", "iss"].map { name in
                    .init(
                        name: name, summary: "As OpenID Connect defines it.",
                        schema: WireType<String>.text.schema)
                },
                answers: [.redirect("The session's cookie, and the page to go to.")] + Self.problems,
                isPage: true, handler: { request, context in try await finish(request, context) }),
        ]
    }

    private static let problems: [Operation.Answer] = [
        .problem(.badRequest, "The sign-in is not under way in this browser."),
        .problem(.unauthorized, "The identity provider did not confirm who it is."),
        .problem(.forbidden, "The person has no role here."),
        .problem(.serviceUnavailable, "The identity provider does not answer as it must."),
    ]

    private func begin(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let target = ConsoleAddress.local(request.query("to"))
        guard let address = console.address(request) else {
            throw Problem(.badRequest, "no_host", "The request has no usable Host; set oidc.address.")
        }
        do throws(ProviderError) {
            let beginning = try await provider.begin(
                target: target, redirectAddress: address + OpenIDOptions.returnPath)
            var response = Response.seeOther(beginning.address)
            response.headers[.setCookie] = cookie(beginning.browser, seconds: SignInAttempts.time)
            return response
        } catch { return failure(error, target, request, context) }
    }

    private func finish(_ request: Request, _ context: ServiceContext) async throws -> Response {
        do throws(ProviderError) {
            let person = try await provider.finish(
                state: request.query("state"), code: request.query("code"), error: request.query("error"),
                issuer: request.query("iss"), browser: request.cookie(Self.cookie))
            await record(person, context)
            let secret = console.access.sessions.begin(person.caller)
            var response = Response.seeOther(person.target)
            response.headers[.setCookie] = cookie("", seconds: .zero)
            response.headers.append(HTTPField(name: .setCookie, value: console.sessionCookie(secret)))
            return response
        } catch { return failure(error, "/ui", request, context) }
    }

    /// The ledger names the person behind an id; a full disk does not keep people from reading.
    private func record(_ person: IdentityProvider.SignedIn, _ context: ServiceContext) async {
        console.people.add(person.caller, to: console.store)
        let roles = Role.allCases.filter(person.roles.contains).map(\.rawValue).joined(separator: " ")
        let event = AuditEvent(
            SignedInPeople.event, [("name", person.caller.name), ("roles", roles)], by: person.caller.keyID)
        do { try await console.store?.record(event) } catch {
            context.logger.warning(
                "a sign-in is not in the ledger", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// The page to sign in with what went wrong; the log has the reason.
    private func failure(
        _ error: ProviderError, _ target: String, _ request: Request, _ context: ServiceContext
    ) -> Response {
        AccessControl.countProviderFailure()
        let level: Logger.Level = error.isOperators ? .error : .warning
        context.logger.log(
            level: level, "signing in at the identity provider failed",
            metadata: ["error": "\(error.safeDescription)"])
        let visit = ConsoleVisit(request, context, console)
        var response = Response(
            SignInPage(target: target, message: visit.words.failure(error)), for: visit)
        response.status = error.status
        if error.status == .serviceUnavailable { response.headers[.retryAfter] = "5" }
        return response
    }

    private func cookie(_ secret: String, seconds: Duration) -> String {
        console.cookie(Self.cookie, secret, path: "/ui/sign-in", seconds: seconds)
    }
}

extension ProviderError {
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .unreachable, .badAnswer, .foreignHost, .otherIssuer: .serviceUnavailable
        case .notUnderWay: .badRequest
        case .refused, .token: .unauthorized
        case .noRole: .forbidden
        }
    }
}

extension ConsoleWords {
    /// What a person reads after a sign-in failed.
    func failure(_ error: ProviderError) -> String {
        switch error {
        case .unreachable, .badAnswer, .foreignHost, .otherIssuer: providerAway
        case .notUnderWay: signInLost
        case .refused, .token: signInRefused
        case .noRole: noRoleHere
        }
    }
}
