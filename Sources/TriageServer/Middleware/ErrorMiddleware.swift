internal import HTTPTypes
internal import Hummingbird
internal import TriageData

/// Turns every error into an answer: a problem document, or `{"detail"}` on the original's paths.
struct ErrorMiddleware: RouterMiddleware {
    let routes: RouteTable
    let largestBody: Int

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch {
            if let fault = error as? LegacyAgentError { return fault.response }
            var problem = Problem(error, limit: largestBody)
            let allowed = routes.methods(at: request.uri.path)
            if problem.status == .notFound, !allowed.isEmpty, !allowed.contains(request.method) {
                problem = .notAllowed(allowed)
            }
            if problem.status == .internalServerError || problem.code == Problem.storeUnavailable {
                context.callerBox.failure = error.safeDescription
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

extension Problem {
    fileprivate static func notAllowed(_ methods: [HTTPRequest.Method]) -> Problem {
        let names = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "method_not_allowed", "This path takes \(names).", headers: [.allow: names])
    }
}
