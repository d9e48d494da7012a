package import AsyncHTTPClient
package import NIOCore
package import NIOSSL
internal import Synchronization

/// An HTTP client that is made for the first request, so that a server which is never called costs no connection.
///
/// It follows no redirect, uses no proxy, checks certificates, and passes on no trace.
package final class OnDemandClient: Sendable {
    private enum State {
        case unused
        case open(HTTPClient)
        case closed
    }

    /// The authorities to trust instead of the system's.
    private let authorities: [NIOSSLCertificate]?
    private let connectTimeout: TimeAmount
    private let retriesConnection: Bool
    private let state = Mutex(State.unused)

    package init(
        authorities: [NIOSSLCertificate]?, connectTimeout: TimeAmount, retriesConnection: Bool = true
    ) {
        self.authorities = authorities
        self.connectTimeout = connectTimeout
        self.retriesConnection = retriesConnection
    }

    /// The certificates of a file in PEM; nil for a file without any.
    package static func authorities(in path: String) -> [NIOSSLCertificate]? {
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else { return nil }
        return found
    }

    /// A client that nobody shut down is shut down here, since its connections would outlive it.
    deinit {
        if case .open(let client) = state.withLock({ $0 }) { client.shutdown { _ in } }
    }

    /// Whether a client was ever made.
    package var isUsed: Bool {
        state.withLock { state in
            if case .unused = state { return false }
            return true
        }
    }

    /// The client; nil after the end.
    package var client: HTTPClient? {
        state.withLock { state in
            switch state {
            case .open(let client): return client
            case .closed: return nil
            case .unused:
                let client = make()
                state = .open(client)
                return client
            }
        }
    }

    package func shutdown() async {
        let client: HTTPClient? = state.withLock { state in
            defer { state = .closed }
            guard case .open(let client) = state else { return nil }
            return client
        }
        try? await client?.shutdown()
    }

    private func make() -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.proxy = nil
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.timeout = .init(connect: connectTimeout)
        configuration.connectionPool.retryConnectionEstablishment = retriesConnection
        configuration.tracing.tracer = nil
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.trustRoots = .certificates(authorities) }
        configuration.tlsConfiguration = tls
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
