internal import NIOCore
internal import SystemPackage
package import TriageData

/// That the service cannot have its address.
package struct ListenError: Error, Equatable {
    /// The host as it was asked for.
    package let host: String
    /// The port.
    package let port: Int
    /// Why not.
    package let reason: String

    /// What an error of binding means; nil for any other error.
    init?(_ error: any Error, _ options: ServerOptions) {
        switch error {
        case let error as IOError: reason = Errno(rawValue: error.errnoCode).description
        case is SocketAddressError: reason = "no address is known for this name"
        default: return nil
        }
        (host, port) = (options.host, options.port)
    }
}

extension ListenError: DescribedError {
    /// What was asked for and what to do.
    package var description: String {
        "cannot listen on \(host), port \(port): \(reason); end what uses it, or choose others with --host and --port"
    }
}
