internal import NIOCore
internal import SystemPackage
package import TriageData

/// The service could not bind its address.
package struct ListenError: Error, Equatable {
    package let host: String
    package let port: Int
    package let reason: String

    /// Nil for an error that is not about binding.
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
    package var description: String {
        // A host that is only a name may be a secret in the wrong setting.
        let shown = IPAddress(host) == nil && host != "localhost" ? "its host" : host
        return
            "the service could not bind \(shown), port \(port): \(reason); stop the program that uses it, or choose others "
            + "(settings host and port)"
    }
}
