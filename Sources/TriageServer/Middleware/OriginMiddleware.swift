internal import HTTPTypes
internal import Hummingbird
internal import TriageSettings

/// The web pages that may use the service through a browser, and the service's own names.
package struct PageRules: Sendable {
    /// Host names of the service in lower case, beside those of loopback.
    package var names: Set<String> = []
    /// Whether requests by any other name are rejected, as a protection against DNS rebinding.
    package var isNameRequired = false
    /// Other sites whose pages may use the service, in the form of `ServiceAddress.origin`.
    package var origins: Set<String> = []

    package init() {}
}

/// Protects against web pages of other sites in a browser that can reach the service.
///
/// It rejects requests of other sites that change something (CSRF) and, where no key is required, requests by a
/// name that is not the service's (DNS rebinding), with which a page could read answers. It answers preflight
/// requests of listed origins (CORS).
struct OriginMiddleware: RouterMiddleware {
    let rules: PageRules
    let routes: RouteTable

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if rules.isNameRequired, let authority = request.head.authority {
            let name = Self.name(in: authority)
            guard rules.names.contains(name) || ServiceAddress.isLoopback(name) else {
                throw Problem.foreignName(name)
            }
        }
        let isReading = Self.reading.contains(request.method) && !request.isPreflight
        if !isReading { try rejectOtherSites(request) }
        return request.isPreflight ? preflight(of: request.uri.path) : try await next(request, context)
    }

    private static let reading: Set<HTTPRequest.Method> = [.get, .head, .options]

    /// - Throws: `Problem` when a page of an unlisted site sent the request.
    private func rejectOtherSites(_ request: Request) throws(Problem) {
        let origin = request.headers[.origin].flatMap { ServiceAddress.origin($0) }
        if let origin, rules.origins.contains(origin) { return }
        if isFromAnotherSite(request, origin) { throw .foreignSite(origin) }
    }

    /// By the browser's Fetch Metadata, or else by comparing the page's origin with the service's.
    private func isFromAnotherSite(_ request: Request, _ origin: String?) -> Bool {
        if let site = request.headers[.fetchSite] { return site != "same-origin" && site != "none" }
        guard let field = request.headers[.origin] else { return false }
        guard let origin, let page = origin.split(separator: "/").last else { return true }
        if rules.names.contains(Self.name(in: String(page))) { return false }
        let authority = field.split(separator: "/").last.map { $0.lowercased() }
        return authority != request.head.authority?.lowercased()
    }

    /// The answer to a preflight request; `CrossOriginMiddleware` adds the origin.
    private func preflight(of path: String) -> Response {
        let methods = routes.methods(at: path).map(\.rawValue).joined(separator: ", ")
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: methods, .accessControlMaxAge: "600",
                .accessControlAllowHeaders:
                    "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Request-Id",
            ])
    }

    /// The host of `host:port` in lower case, without IPv6 brackets and a final dot.
    private static func name(in authority: String) -> String {
        if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" }.lowercased() }
        let name = authority.prefix { $0 != ":" }.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}

/// Lets pages of listed origins read answers and errors.
///
/// It never sends `Access-Control-Allow-Credentials`: a page needs its own key and cannot use a password that
/// the browser keeps.
struct CrossOriginMiddleware: RouterMiddleware {
    let origins: Set<String>

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        guard let field = request.headers[.origin], let origin = ServiceAddress.origin(field),
            origins.contains(origin)
        else { return response }
        response.headers[.accessControlAllowOrigin] = field
        response.headers[.accessControlExposeHeaders] =
            "Location, RateLimit, RateLimit-Policy, Retry-After, Triage-Decision-Id, X-Request-Id"
        return response
    }
}

extension Request {
    /// A CORS preflight request.
    fileprivate var isPreflight: Bool {
        method == .options && headers[.origin] != nil && headers[.accessControlRequestMethod] != nil
    }
}

extension Problem {
    fileprivate static func foreignName(_ name: String) -> Problem {
        // Text that is not a name is not repeated.
        let shown = ServiceAddress.origin("http://\(name)").map { String($0.dropFirst(7)) } ?? "the name"
        return Problem(
            .misdirectedRequest, "unknown_host",
            "The Host header has a name or address that this service does not have. Use localhost, or add \(shown) to "
                + "the setting names (TRIAGE_NAMES).")
    }

    fileprivate static func foreignSite(_ origin: String?) -> Problem {
        guard let origin, let host = ServiceAddress(origin, schemes: ["http", "https"])?.host else {
            return Problem(
                .forbidden, crossSite,
                "A page of another site may not send this, and the request names no site that could be allowed. Serve "
                    + "the page from this service's address, or from an origin in the setting cors.origins "
                    + "(TRIAGE_CORS_ORIGINS).")
        }
        return Problem(
            .forbidden, crossSite,
            "A page of \(origin) may not send this. If it is a page of this service behind a proxy, add \(host.contains(":") ? "[\(host)]" : host) to the "
                + "setting names (TRIAGE_NAMES). If it is a page of another site that may use this service, add "
                + "\(origin) to the setting cors.origins (TRIAGE_CORS_ORIGINS).")
    }
}

extension HTTPField.Name {
    fileprivate static let fetchSite = HTTPField.Name(known: "Sec-Fetch-Site")
}
