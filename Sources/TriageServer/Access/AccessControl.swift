internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Metrics

/// Who may do what, and how much of it.
package struct AccessControl: Sendable {
    /// The keys; nil where everybody may do everything.
    package var keys: KeyHolder?
    /// The limits; nil for none.
    package var limiter: RequestLimiter?
    /// Proxies whose `X-Forwarded-For` is believed.
    package var proxies: [AddressBlock]

    /// No keys, no limits, no proxies, unless they are given.
    package init(keys: KeyHolder? = nil, limiter: RequestLimiter? = nil, proxies: [AddressBlock] = []) {
        self.keys = keys
        self.limiter = limiter
        self.proxies = proxies
    }
}

/// Finds out who calls, and takes a token from the caller's bucket.
///
/// A request with a good key counts for that key; any other for the address it comes from, so that wrong keys cannot be
/// tried at will and do not use up what good ones may do.
struct AccessMiddleware: RouterMiddleware {
    let access: AccessControl
    /// Paths whose bodies are streams: their bytes count as they come in.
    let streamed: Set<String>
    /// Paths that probes ask for, which no limit may keep from an answer.
    static let unlimited: Set<String> = ["/health", "/ready"]

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let keys = access.keys {
            do throws(CredentialError) {
                guard let key = request.headers.credential else { throw .missing }
                context.caller = try keys.caller(sending: key).get()
            } catch {
                context.credentialFault = error
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

    /// The request with its body's bytes taken from its caller's bucket: at once where their number is known, else as
    /// they come in, and then with a pause while the bucket is empty.
    ///
    /// - Throws: `Problem` with status 429 when a body of known length is too many.
    private func metered(
        _ request: Request, _ limiter: RequestLimiter, _ caller: LimitedCaller
    ) async throws(Problem) -> Request {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        if let length, !streamed.contains(request.uri.path) {
            let kilobytes = length / 1024 + 1
            if length > 0, let decision = await limiter.takeBytes(caller, kilobytes: kilobytes),
                !decision.isAllowed
            {
                throw decision.bytesProblem
            }
            return request
        }
        guard length != nil || request.headers[.transferEncoding] != nil else { return request }
        let meter = ByteMeter(limiter, caller)
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
    /// An operation's handler that asks first whether the caller's key allows it.
    func guarding(_ operation: Operation) -> Operation.Handler {
        guard keys != nil, let scope = operation.scope else { return operation.handler }
        let counters = Self.failures
        return { request, context in
            guard let caller = context.caller else {
                let fault = context.credentialFault ?? .missing
                counters[fault.rawValue]?.increment()
                throw Problem.unauthenticated(fault, inBrowser: operation.isPage)
            }
            guard caller.scopes.contains(scope) else {
                counters["scope"]?.increment()
                throw Problem.forbidden(scope)
            }
            return try await operation.handler(request, context)
        }
    }

    private static var failures: [String: Counter] {
        let reasons = CredentialError.allCases.map(\.rawValue) + ["scope"]
        return Dictionary(
            uniqueKeysWithValues: reasons.map { reason in
                (reason, Counter(label: "triage_auth_failures_total", dimensions: [("reason", reason)]))
            })
    }
}

extension Problem {
    /// A browser is asked for a name and a password, of which the password is the key.
    fileprivate static func unauthenticated(_ fault: CredentialError, inBrowser: Bool) -> Problem {
        let bearer = fault == .missing ? "Bearer" : #"Bearer error="invalid_token""#
        let challenge =
            inBrowser
            ? #"Basic realm="triage: any name, and a key as the password", charset="UTF-8""# : bearer
        return Problem(
            .unauthorized, "key_\(fault.rawValue)", fault.detail, headers: [.wwwAuthenticate: challenge])
    }

    fileprivate static func forbidden(_ scope: Scope) -> Problem {
        Problem(
            .forbidden, "missing_scope",
            "This key does not have the scope \(scope.rawValue), which this needs.",
            headers: [.wwwAuthenticate: #"Bearer error="insufficient_scope", scope="\#(scope.rawValue)""#])
    }
}

extension HTTPFields {
    /// The key of a request: after `Bearer` in `Authorization`, the password after `Basic` there, or in `X-API-Key`.
    fileprivate var credential: Substring? {
        guard let field = self[.authorization] else { return self[.apiKey].map { $0[...] } }
        let parts = field.split(separator: " ", maxSplits: 1)
        switch parts.first?.lowercased() {
        case "bearer": return parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        case "basic": return parts.count > 1 ? Self.password(parts[1]) : ""
        default: return self[.apiKey].map { $0[...] } ?? ""
        }
    }

    /// The password in `name:password` in Base64 (RFC 7617).
    private static func password(_ encoded: Substring) -> Substring {
        guard encoded.utf8.count < 1024, let data = Data(base64Encoded: String(encoded)) else { return "" }
        let pair = String(decoding: data, as: UTF8.self)
        return pair.firstIndex(of: ":").map { pair[pair.index(after: $0)...] } ?? ""
    }
}
