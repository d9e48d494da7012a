internal import AsyncHTTPClient
internal import Dispatch
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import SystemPackage
internal import TriageData

/// Sends one request to the one address there is; the connection comes with the first.
///
/// No redirect is followed, no proxy asked, no certificate let pass.
final class ChatTransport: Sendable {
    /// The status of an answer, and the pause it asks for.
    struct Head: Sendable {
        var status: Int
        var retryAfter: String?
    }

    private let endpoint: Endpoint
    private let connection: OnDemandClient
    private let maximumBytes: Int

    /// - Throws: `.badSetting` when the file of authorities has no certificates.
    init(_ endpoint: Endpoint, _ options: LLMOptions) throws(LLMError) {
        self.endpoint = endpoint
        let authorities = try options.authorities.map { path throws(LLMError) in
            guard let found = OnDemandClient.authorities(in: path) else {
                throw .badSetting(
                    name: "llm.ca", problem: "\(path) is not a readable file of certificates in PEM")
            }
            return found
        }
        connection = OnDemandClient(
            authorities: authorities,
            connectTimeout: .nanoseconds(Int64(options.connectTimeout / .nanoseconds(1))),
            retriesConnection: false)
        maximumBytes = options.maximumAnswerBytes
    }

    /// Whether a connection was ever asked for.
    var isUsed: Bool { connection.isUsed }

    /// Sends `body`; `onBytes` gets the answer's pieces as they come, when the status is 200.
    func send(
        _ body: [UInt8], key: String?, seconds: Double, isStream: Bool,
        onBytes: ([UInt8]) async throws -> Void
    ) async throws(LLMError) -> Head {
        guard let client = connection.client else { throw .disabled }
        var request = HTTPClientRequest(url: endpoint.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "accept", value: isStream ? "text/event-stream" : "application/json")
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(
                request, timeout: .nanoseconds(Int64(max(0.001, min(seconds, 86_400)) * 1e9)))
            let status = Int(response.status.code)
            guard status == 200 else {
                return Head(status: status, retryAfter: response.headers.first(name: "retry-after"))
            }
            var received = 0
            for try await piece in response.body {
                received += piece.readableBytes
                guard received <= maximumBytes else { throw LLMError.tooLarge(limit: maximumBytes) }
                try await onBytes(Array(piece.readableBytesView))
            }
            return Head(status: status, retryAfter: nil)
        } catch let error as LLMError {
            throw error
        } catch {
            throw fault(error, seconds: seconds)
        }
    }

    func shutdown() async { await connection.shutdown() }

    private func fault(_ error: any Error, seconds: Double) -> LLMError {
        if Task.isCancelled || error is CancellationError { return .cancelled }
        guard let error = error as? HTTPClientError else {
            // Socket and TLS errors name the system's reason; none holds what was sent.
            let reason = (error as? IOError).map { Errno.text($0.errnoCode) } ?? "\(type(of: error))"
            return .unreachable(host: endpoint.host, reason: reason)
        }
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout: return .timedOut(seconds: seconds)
        case .cancelled: return .cancelled
        default: return .unreachable(host: endpoint.host, reason: error.shortDescription)
        }
    }
}
