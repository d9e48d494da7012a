#if Service
internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import SystemPackage
internal import TriageData
internal import TriageLLM

/// JSON over HTTP with one vector database.
///
/// No redirect is followed, no proxy is used, certificates are checked.
struct VectorHTTP: Sendable {
    enum Kind: String { case chroma, qdrant, weaviate, pinecone }

    /// `chroma+https://host:port/path`.
    struct Address: Sendable, Equatable {
        let kind: Kind
        /// The address as HTTP has it, without a slash at the end.
        let base: String

        init?(_ url: String) {
            guard var parts = URLComponents(string: url),
                let scheme = parts.scheme?.lowercased().split(separator: "+"), scheme.count == 2,
                let kind = Kind(rawValue: String(scheme[0])), ["http", "https"].contains(scheme[1]),
                let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
                parts.query == nil,
                parts.fragment == nil
            else { return nil }
            self.kind = kind
            parts.scheme = String(scheme[1])
            guard let base = parts.string else { return nil }
            self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
        }
    }

    private let address: Address
    private let connection: OnDemandClient
    /// The name of the header with the key, and what comes before the key there.
    private let header: (name: String, prefix: String)
    private let secret: @Sendable () -> String?
    /// The time for one question.
    let time: Duration
    /// The time for one batch of a version that is written.
    static let writingTime = Duration.seconds(120)
    private static let maximumBytes = 64 << 20

    init(_ address: Address, _ options: SearchDatabaseOptions) throws(VectorError) {
        self.address = address
        let authorities = try options.authorities.map { path throws(VectorError) in
            guard let found = OnDemandClient.authorities(in: path) else {
                throw .badSetting(
                    name: "search.ca", problem: "\(path) is not a readable file of certificates in PEM")
            }
            return found
        }
        connection = OnDemandClient(
            authorities: authorities,
            connectTimeout: .nanoseconds(Int64(options.connectTimeout / .nanoseconds(1))),
            retriesConnection: false)
        switch address.kind {
        case .chroma: header = ("x-chroma-token", "")
        case .qdrant, .pinecone: header = ("api-key", "")
        case .weaviate: header = ("authorization", "Bearer ")
        }
        (secret, time) = (options.secret, options.timeout)
    }

    var server: String { "\(address.kind.rawValue) at \(address.base)" }

    func close() async { await connection.shutdown() }

    /// Sends a request and returns what it is answered; nil for status 404 where `mayLack`.
    @discardableResult
    func call(
        _ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil, within time: Duration? = nil,
        mayLack: Bool = false
    ) async throws(VectorError) -> JSONValue? {
        guard let client = connection.client else { throw .cancelled }
        let limit = time ?? self.time
        var request = HTTPClientRequest(url: address.base + path)
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        if address.kind == .pinecone { request.headers.add(name: "x-pinecone-api-version", value: "2025-04") }
        if let key = secret() { request.headers.add(name: header.name, value: header.prefix + key) }
        if let body {
            var json = JSONWriter()
            json.value(body)
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json.bytes))
        }
        let (status, bytes): (Int, [UInt8])
        do {
            let response = try await client.execute(
                request, timeout: .nanoseconds(Int64(limit / .nanoseconds(1))))
            status = Int(response.status.code)
            bytes = Array(try await response.body.collect(upTo: Self.maximumBytes).readableBytesView)
        } catch {
            throw fault(error, limit)
        }
        if status == 404, mayLack { return nil }
        guard (200...299).contains(status) else { throw error(status) }
        guard !bytes.isEmpty else { return .null }
        guard let value = JSONValue(parsing: bytes) else { throw .badAnswer(problem: "what is not JSON") }
        return value
    }

    private func error(_ status: Int) -> VectorError {
        switch status {
        case 401, 403: .notAdmitted(server: server, reason: "status \(status)")
        case 408, 504: .timedOut(milliseconds: Int(time / .milliseconds(1)))
        case 413, 429, 507: .full(state: "HTTP \(status)")
        case 502, 503: .unreachable(server: server, reason: "status \(status)")
        default: .rejected(state: "HTTP \(status)")
        }
    }

    private func fault(_ error: any Error, _ limit: Duration) -> VectorError {
        if Task.isCancelled || error is CancellationError { return .cancelled }
        if error is NIOTooManyBytesError {
            return .badAnswer(problem: "more than \(Self.maximumBytes) bytes")
        }
        guard let error = error as? HTTPClientError else {
            let reason = (error as? IOError).map { Errno.text($0.errnoCode) } ?? "\(type(of: error))"
            return .unreachable(server: server, reason: reason)
        }
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            return .timedOut(milliseconds: Int(limit / .milliseconds(1)))
        case .cancelled: return .cancelled
        default: return .unreachable(server: server, reason: error.shortDescription)
        }
    }
}

extension JSONValue {
    /// A vector's elements.
    static func vector(_ numbers: [Float]) -> JSONValue { .array(numbers.map { .number(String($0)) }) }

    /// Bytes as text.
    static func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }

    /// The bytes of such a text.
    var base64: [UInt8]? { text.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } }

    /// A whole number, or a text of its digits, as some servers have ids.
    var integer: Int? { text.flatMap { Int($0) } ?? double.map { Int($0) } }

    static func texts(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }
}
#endif
