internal import HTTPTypes
internal import Hummingbird
internal import TriageSettings

/// Keeps web pages of others from using the service through a browser that can reach it.
///
/// Two ways in are closed: requests that change something and come from another site (CSRF), and, where no key is asked
/// for, requests by a name that is not this service's (DNS rebinding), by which a page could read answers too.
struct OriginMiddleware: RouterMiddleware {
    /// Names by which the service may be called, in lower case; nil for any.
    let names: Set<String>?

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        if let names, let authority = request.head.authority {
            let name = Self.name(in: authority)
            guard names.contains(name) || ServiceAddress.isLoopback(name) else { throw Problem.foreignName }
        }
        if !Self.reading.contains(request.method), isFromAnotherSite(request) { throw Problem.foreignSite }
        return try await next(request, context)
    }

    private static let reading: Set<HTTPRequest.Method> = [.get, .head, .options]

    /// What the browser says (Fetch Metadata), or else whether the page's origin is another than what it asks.
    private func isFromAnotherSite(_ request: Request) -> Bool {
        if let site = request.headers[.fetchSite] { return site != "same-origin" && site != "none" }
        guard let origin = request.headers[.origin] else { return false }
        let host = origin.split(separator: "/", omittingEmptySubsequences: true).last.map { $0.lowercased() }
        return host != request.head.authority?.lowercased()
    }

    /// The host of `host:port`, in lower case, without the brackets of IPv6.
    private static func name(in authority: String) -> String {
        if authority.hasPrefix("[") { return authority.dropFirst().prefix { $0 != "]" }.lowercased() }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}

extension Problem {
    fileprivate static let foreignName = Problem(
        .misdirectedRequest, "unknown_host",
        "This service has no such name; call it by its address, or have its operator add the name to the setting names."
    )
    fileprivate static let foreignSite = Problem(
        .forbidden, "cross_site", "A page of another site may not do this.")
}

extension HTTPField.Name {
    fileprivate static let fetchSite = HTTPField.Name(known: "Sec-Fetch-Site")
}
