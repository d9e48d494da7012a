internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage
internal import TriageData
package import TriageSettings

/// Whether the service that settings describe answers on this machine.
package struct ServiceProbe: Sendable {
    /// What was found.
    package enum Result: Sendable, Equatable {
        case status(UInt)
        /// No answer, with a short reason.
        case silent(String)
    }

    /// The address that is called.
    package let address: String

    /// `/ready` when it shall take work, else `/health`.
    package init(_ listening: ServiceSettings.Listening, ready: Bool) {
        address = ServiceProbe.address(listening) + (ready ? "/ready" : "/health")
    }

    /// Calls it once.
    ///
    /// The certificate is not checked: nothing secret is sent, and it names another host.
    package func call(timeout seconds: Double) async -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = .makeClientConfiguration()
        configuration.tlsConfiguration?.certificateVerification = .none
        let client = HTTPClient(configuration: configuration)
        let result: Result
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: address), timeout: .milliseconds(Int64(seconds * 1000)))
            result = .status(response.status.code)
        } catch {
            result = .silent(ServiceProbe.reason(error))
        }
        try? await client.shutdown()
        return result
    }

    /// Why no connection came about, in the system's words where it has some.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case is NIOSSLError: "no TLS connection came about: does the service use TLS?"
        case let error as IOError: Errno.text(error.errnoCode)
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "the host's name has no address"
        default: error.safeDescription
        }
    }

    /// Where this machine reaches the service; an address that means all of them is called on loopback.
    package static func address(_ listening: ServiceSettings.Listening) -> String {
        let host =
            switch listening.host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::", "[::]": "[::1]"
            case let host: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            }
        return "\(listening.certificate == nil ? "http" : "https")://\(host):\(listening.port)"
    }
}
