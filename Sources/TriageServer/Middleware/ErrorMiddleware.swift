internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// Turns errors into answers: problem documents, pages for a browser, or `{"detail"}` on the original service's paths.
struct ErrorMiddleware: RouterMiddleware {
    let routes: RouteTable
    let maximumBody: Int
    let console: ConsoleServices

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let raised {
            let form = raised as? FormError
            let error = form?.cause ?? raised
            if let fault = error as? LegacyAgentError { return fault.response }
            var problem = Problem(error, limit: maximumBody)
            let allowed = routes.methods(at: request.uri.path)
            if problem.status == .notFound, !allowed.isEmpty, !allowed.contains(request.method) {
                problem = .notAllowed(allowed)
            }
            if problem.status == .internalServerError || problem.code == Problem.storeUnavailable {
                context.callerBox.failure = error.safeDescription
            }
            if request.acceptsHTML, routes.isPage(at: request.uri.path) {
                let text =
                    if let form { form.text } else { await request.unreadText(problem, upTo: maximumBody) }
                var known = context
                (known.caller, known.formToken) = (context.callerBox.caller, context.callerBox.formToken)
                return problem.page(text, ConsoleVisit(request, known, console), known.requestID)
            }
            guard routes.keepsOriginalErrors(at: request.uri.path) else {
                return problem.response(requestID: context.requestID)
            }
            var response = LegacyAgentError.sentence(problem.status, problem.detail)
            response.headers.append(contentsOf: problem.headers)
            return response
        }
    }
}

extension Request {
    /// Whether a browser navigates to the path.
    fileprivate var acceptsHTML: Bool { headers[.accept]?.contains("text/html") == true }

    /// The ticket in a page's form when the error came before the body was read, so that the page can show it again; not
    /// one that another site's page sent.
    fileprivate func unreadText(_ problem: Problem, upTo limit: Int) async -> String {
        let isUnread = [.unauthorized, .forbidden, .tooManyRequests].contains(problem.status)
        guard method == .post, isUnread, problem.code != Problem.crossSite,
            let bytes = try? await bytes(upTo: limit)
        else { return "" }
        return FormFields(bytes)[FormFields.ticket] ?? ""
    }
}

extension Problem {
    /// The problem's title, detail and remedy as a page: the one to sign in where that helps, else the page to try tickets
    /// with the ticket of its form, or a page with the message alone.
    fileprivate func page(_ text: String, _ visit: ConsoleVisit, _ requestID: String) -> Response {
        let title = "\(status.reasonPhrase) (\(status.code))"
        let message = "\(detail) \(visit.words.requestID) \(requestID)."
        var response =
            if status == .unauthorized {
                Response(
                    SignInPage(
                        target: ConsoleAddress.local(visit.address), message: visit.words.signInFirst,
                        draft: text), for: visit)
            } else if visit.path == "/ui" {
                Response(ConsolePage(text: text, message: "\(title). \(message)"), for: visit)
            } else {
                Response(MessagePage(heading: title, message: message), for: visit)
            }
        response.status = status
        response.headers.append(contentsOf: headers)
        return response
    }

    fileprivate static func notAllowed(_ methods: [HTTPRequest.Method]) -> Problem {
        let names = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "method_not_allowed", "This path accepts only \(names).",
            headers: [.allow: names])
    }
}
