internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization
internal import TriageData
internal import TriageSettings

/// Requests to the identity provider, to its hosts alone; the connection comes with the first sign-in.
///
/// No redirect is followed, no proxy is used, and certificates are checked.
final class ProviderClient: Sendable {
    private enum State {
        case unused
        case open(HTTPClient)
        case closed
    }

    private let hosts: Set<String>
    private let authorities: [NIOSSLCertificate]?
    private let state = Mutex(State.unused)

    /// The longest answer that is read, in bytes.
    private static let maximumAnswer = 1 << 20
    private static let timeout = TimeAmount.seconds(10)

    /// - Throws: `AccessError.badCertificate` when the file of authorities has none.
    init(_ options: OpenIDOptions) throws(AccessError) {
        let issuer = ServiceAddress(options.issuer, schemes: ["http", "https"])?.host
        hosts = options.hosts.union([issuer].compactMap(\.self))
        authorities = try options.trustFile.map { path throws(AccessError) in
            guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
                throw .badAuthorities(path: path)
            }
            return found
        }
    }

    /// A client that nobody shut down is shut down here, since its connections would outlive it.
    deinit {
        if case .open(let client) = state.withLock({ $0 }) { client.shutdown { _ in } }
    }

    /// A JSON document with status 200.
    func document(at address: String) async throws(ProviderError) -> JSONValue {
        let (status, json, host) = try await send(HTTPClientRequest(url: address), to: address)
        guard status == 200, let json else {
            throw .badAnswer(
                host: host, problem: "status \(status) at \(Self.path(address)), expected a JSON document")
        }
        return json
    }

    /// The answer to a form: status and JSON, where it is some.
    func post(_ form: String, to address: String, authorization: String?) async throws(ProviderError)
        -> (status: UInt, json: JSONValue?)
    {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: form))
        let (status, json, _) = try await send(request, to: address)
        return (status, json)
    }

    func shutdown() async {
        let client: HTTPClient? = state.withLock { state in
            defer { state = .closed }
            guard case .open(let client) = state else { return nil }
            return client
        }
        try? await client?.shutdown()
    }

    private func send(_ request: HTTPClientRequest, to address: String) async throws(ProviderError)
        -> (status: UInt, json: JSONValue?, host: String)
    {
        guard let target = ServiceAddress(address, schemes: ["http", "https"]) else {
            throw .badAnswer(host: "", problem: "its description has an address that is none")
        }
        guard hosts.contains(target.host) else { throw .foreignHost(target.host) }
        guard let client = client() else { throw .unreachable(host: target.host, reason: "the service ends") }
        var request = request
        request.headers.add(name: "accept", value: "application/json")
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.maximumAnswer)
            return (response.status.code, JSONValue(parsing: body.readableBytesView), target.host)
        } catch is NIOTooManyBytesError {
            throw .badAnswer(host: target.host, problem: "its answer is over 1 MB")
        } catch {
            throw .unreachable(host: target.host, reason: ServiceProbe.reason(error))
        }
    }

    /// The path of an address, which an error may show.
    private static func path(_ address: String) -> String {
        let rest = address.drop { $0 != ":" }.dropFirst(3)
        return String(rest.drop { $0 != "/" }.prefix { $0 != "?" })
    }

    private func client() -> HTTPClient? {
        state.withLock { state in
            switch state {
            case .open(let client): return client
            case .closed: return nil
            case .unused:
                let client = makeClient()
                state = .open(client)
                return client
            }
        }
    }

    private func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.timeout = .init(connect: .seconds(5))
        // The provider gets no trace of this service's.
        configuration.tracing.tracer = nil
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.trustRoots = .certificates(authorities) }
        configuration.tlsConfiguration = tls
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
