internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import TriageData
internal import TriageLLM
internal import TriageSettings

/// Requests to the identity provider, to its hosts alone; the connection comes with the first sign-in.
///
/// No redirect is followed, no proxy is used, and certificates are checked.
final class ProviderClient: Sendable {
    private let hosts: Set<String>
    private let connection: OnDemandClient

    /// The longest answer that is read, in bytes.
    private static let maximumAnswer = 1 << 20
    private static let timeout = TimeAmount.seconds(10)

    /// - Throws: `AccessError.badCertificate` when the file of authorities has none.
    init(_ options: OpenIDOptions) throws(AccessError) {
        let issuer = ServiceAddress(options.issuer, schemes: ["http", "https"])?.host
        hosts = options.hosts.union([issuer].compactMap(\.self))
        let authorities = try options.trustFile.map { path throws(AccessError) in
            guard let found = OnDemandClient.authorities(in: path) else { throw .badAuthorities(path: path) }
            return found
        }
        connection = OnDemandClient(authorities: authorities, connectTimeout: .seconds(5))
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

    func shutdown() async { await connection.shutdown() }

    private func send(_ request: HTTPClientRequest, to address: String) async throws(ProviderError)
        -> (status: UInt, json: JSONValue?, host: String)
    {
        guard let target = ServiceAddress(address, schemes: ["http", "https"]) else {
            throw .badAnswer(host: "", problem: "its description has an address that is none")
        }
        guard hosts.contains(target.host) else { throw .foreignHost(target.host) }
        guard let client = connection.client else {
            throw .unreachable(host: target.host, reason: "the service ends")
        }
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
}
