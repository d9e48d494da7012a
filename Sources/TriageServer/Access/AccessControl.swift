internal import Foundation
internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import Metrics
package import TriageSettings

/// API keys, rate limits and trusted proxies.
package struct AccessControl: Sendable {
    /// Nil where no key is required.
    package var keys: KeyHolder?
    /// Nil for no limits.
    package var limiter: RequestLimiter?
    /// Proxies whose `X-Forwarded-For` is trusted.
    package var proxies: [AddressBlock]
    /// Where people sign in to the pages; nil where they do with keys alone.
    package var provider: IdentityProvider?
    /// Sessions of people who signed in to the pages.
    package var sessions = SessionTable()

    package init(keys: KeyHolder? = nil, limiter: RequestLimiter? = nil, proxies: [AddressBlock] = []) {
        self.keys = keys
        self.limiter = limiter
        self.proxies = proxies
    }
}

/// Identifies the caller and applies the caller's rate limits.
///
/// A request with a valid key counts for that key, any other for its address. So wrong keys cannot be tried without
/// limit, and trying them does not use up the limits of valid ones.
struct AccessMiddleware: RouterMiddleware {
    let access: AccessControl
    /// Paths of streamed bodies, whose bytes are counted as they arrive.
    let streamed: Set<String>
    /// In bytes, for the other bodies.
    let maximumBody: Int
    /// Paths of probes, which have no rate limit.
    static let unlimited: Set<String> = ["/health", "/ready"]

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let keys = access.keys {
            do throws(CredentialError) {
                if let key = request.headers.credential {
                    context.caller = try keys.caller(sending: key).get()
                } else {
                    (context.caller, context.formToken) = try session(request, keys)
                }
            } catch {
                context.credentialError = error
            }
        }
        guard let limiter = access.limiter, !Self.unlimited.contains(request.uri.path) else {
            return try await next(request, context)
        }
        let caller = limitedCaller(request, context)
        let decision = await limiter.take(caller)
        if let decision, !decision.isAllowed { throw decision.problem(for: caller) }
        let fields = decision?.fields(for: caller) ?? [:]
        do {
            let metered = try await metered(request, limiter, caller)
            var response = try await next(metered, context)
            response.headers.append(contentsOf: fields)
            return response
        } catch var problem as Problem {
            problem.headers.append(contentsOf: fields)
            throw problem
        }
    }

    /// The owner of a session and its form token; a session's cookie is for pages alone.
    private func session(_ request: Request, _ keys: KeyHolder) throws(CredentialError) -> (Caller, String) {
        guard ConsoleAddress.isPage(request.uri.path),
            let secret = request.cookie(ConsoleVisit.sessionCookie)
        else { throw .missing }
        guard let session = access.sessions.session(secret) else { throw .missing }
        if let person = session.person { return (person, session.formToken) }
        do throws(CredentialError) {
            return (try keys.caller(id: session.keyID).get(), session.formToken)
        } catch {
            access.sessions.end(secret)
            throw error
        }
    }

    /// Counts the body's bytes: at once where their number is known, else as they arrive, with pauses while the
    /// caller's bucket is empty.
    ///
    /// - Throws: `Problem` when a body of known length is too large: status 429, or 413 when waiting cannot help.
    private func metered(
        _ request: Request, _ limiter: RequestLimiter, _ caller: LimitedCaller
    ) async throws(Problem) -> Request {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, !streamed.contains(request.uri.path) {
            // Raising the rates would not help such a body, and it takes nothing of them.
            guard length <= maximumBody else { throw Problem.tooLarge(limit: maximumBody) }
            let kilobytes = length / 1024 + 1
            if length > 0, let decision = await limiter.takeBytes(caller, kilobytes: kilobytes),
                !decision.isAllowed
            {
                throw decision.bytesProblem
            }
            return request
        }
        guard length != nil || request.headers[.transferEncoding] != nil else { return request }
        guard let meter = ByteMeter(limiter, caller) else { return request }
        var request = request
        request.body = RequestBody(asyncSequence: request.body.map { await meter.pass($0) })
        return request
    }

    private func limitedCaller(_ request: Request, _ context: ServiceContext) -> LimitedCaller {
        if let caller = context.caller { return .key(caller.keyID) }
        let address = ClientAddress(proxies: access.proxies).find(
            socket: context.address, forwarded: request.headers[values: .forwardedFor])
        return address.map { .address($0.network) } ?? .local
    }
}

extension AccessControl {
    /// The operation's handler, which first checks the caller's key and the query.
    func guarding(_ operation: Operation) -> Operation.Handler {
        let handler = operation.checkedHandler
        guard keys != nil, let scope = operation.scope else { return handler }
        let counters = Self.failures
        return { request, context in
            guard let caller = context.caller else {
                let fault = context.credentialError ?? .missing
                counters[fault.rawValue]?.increment()
                throw Problem.unauthenticated(fault, inBrowser: operation.isPage)
            }
            guard caller.has(scope) || operation.otherScope.map(caller.has) == true else {
                counters["scope"]?.increment()
                throw Problem.forbidden(scope, operation.scopeNames)
            }
            return try await handler(request, context)
        }
    }

    /// Counts a key that was refused.
    static func countFailure(_ result: Result<Caller, CredentialError>) {
        if case .failure(let error) = result { failures[error.rawValue]?.increment() }
    }

    /// Counts a sign-in at the identity provider that failed.
    static func countProviderFailure() { failures[providerReason]?.increment() }

    private static let providerReason = "provider"

    private static var failures: [String: Counter] {
        let reasons = CredentialError.allCases.map(\.rawValue) + ["scope", providerReason]
        return Dictionary(
            uniqueKeysWithValues: reasons.map { reason in
                (reason, Counter(label: "triage_auth_failures_total", dimensions: [("reason", reason)]))
            })
    }
}

extension Problem {
    /// A browser shows the page to sign in.
    fileprivate static func unauthenticated(_ fault: CredentialError, inBrowser: Bool) -> Problem {
        let challenge = fault == .missing ? "Bearer" : #"Bearer error="invalid_token""#
        let detail =
            inBrowser
            ? "This page requires a key. Sign in at /ui/sign-in, or send the key as Authorization: Bearer KEY."
            : fault.detail
        return Problem(
            .unauthorized, "key_\(fault.rawValue)", detail, headers: [.wwwAuthenticate: challenge])
    }

    fileprivate static func forbidden(_ scope: Scope, _ names: String?) -> Problem {
        Problem(
            .forbidden, "missing_scope",
            "This key does not have the scope \(names ?? scope.rawValue), which the operation requires; use a key that has it.",
            headers: [.wwwAuthenticate: #"Bearer error="insufficient_scope", scope="\#(scope.rawValue)""#])
    }
}

extension HTTPFields {
    /// The key: after `Bearer` in `Authorization`, the password after `Basic` there, or `X-API-Key`.
    fileprivate var credential: Substring? {
        guard let field = self[.authorization] else { return self[.apiKey].map { $0[...] } }
        let parts = field.split(separator: " ", maxSplits: 1)
        switch parts.first?.lowercased() {
        case "bearer": return parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        case "basic": return parts.count > 1 ? Self.password(parts[1]) : ""
        default: return self[.apiKey].map { $0[...] } ?? ""
        }
    }

    /// The password of `name:password` in Base64 (RFC 7617).
    private static func password(_ encoded: Substring) -> Substring {
        guard encoded.utf8.count < 1024, let data = Data(base64Encoded: String(encoded)) else { return "" }
        let pair = String(decoding: data, as: UTF8.self)
        return pair.firstIndex(of: ":").map { pair[pair.index(after: $0)...] } ?? ""
    }
}

extension AccessControl {
    /// Access by the settings, with limits shared through `redis` where it is given.
    ///
    /// - Throws: `AccessError` when a file or an address cannot be used.
    package init(_ settings: ServiceSettings, redis: SharedRedis?, logger: Logger) throws(AccessError) {
        let limits = settings.limits
        let key = RateLimit(perSecond: limits.ratePerKey, burst: limits.burst)
        let address = RateLimit(perSecond: limits.ratePerAddress, burst: limits.burst)
        let keyBytes = RateLimit(bytesPerSecond: limits.bytesPerKey, burst: limits.burst)
        let addressBytes = RateLimit(bytesPerSecond: limits.bytesPerAddress, burst: limits.burst)
        let shared = redis.map { SharedBuckets($0.client) }
        var proxies: [AddressBlock] = []
        for (index, text) in settings.listening.trustedProxies.enumerated() {
            guard let block = AddressBlock(text) else { throw .badProxy(position: index + 1) }
            proxies.append(block)
        }
        self.init(
            keys: try settings.listening.keys.map { path throws(AccessError) in
                try KeyHolder(path: path, logger: logger)
            },
            limiter: RequestLimiter(
                keyLimit: key, addressLimit: address, keyBytes: keyBytes, addressBytes: addressBytes,
                shared: shared),
            proxies: proxies)
        provider = try OpenIDOptions(settings.signingIn).map { options throws(AccessError) in
            try IdentityProvider(options)
        }
    }
}

extension RateLimit {
    /// A rate of requests a second, with a bucket for `burst`; nil for a rate of 0.
    init?(perSecond rate: Double, burst: Duration) {
        guard rate > 0 else { return nil }
        let quota = max(1, (rate * Double(burst.microseconds) / 1e6).rounded())
        self.init(quota: Int(quota), window: .microseconds(Int64((quota / rate * 1e6).rounded(.up))))
    }

    /// A rate of bytes, with tokens of a kilobyte.
    init?(bytesPerSecond rate: ByteCount, burst: Duration) {
        self.init(perSecond: Double(rate.bytes) / 1024, burst: burst)
    }
}
