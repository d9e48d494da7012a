internal import NIOCore
internal import SystemPackage
package import TriageData

/// The service could not bind its address.
package struct ListenError: Error, Equatable {
    package let host: String
    package let port: Int
    /// The system's error number; nil when the host's name has no address.
    package let code: CInt?

    /// Nil for an error that is not about binding.
    init?(_ error: any Error, _ options: ServerOptions) {
        switch error {
        case let error as IOError: code = error.errnoCode
        case is SocketAddressError, is SocketAddressError.UnknownHost: code = nil
        default: return nil
        }
        (host, port) = (options.host, options.port)
    }
}

extension ListenError: DescribedError {
    package var description: String {
        // A host that is only a name may be a secret in the wrong setting.
        let shown = IPAddress(host) == nil && host != "localhost" ? "its host" : host
        let failure = "the service could not bind \(shown), port \(port): "
        switch code.map({ Errno(rawValue: $0) }) {
        case nil:
            return failure + "no address is known for this name; choose another (setting host)"
        case .addressInUse:
            return failure
                + "port \(port) is in use; stop the program that uses it, or choose another (setting port)"
        case .permissionDenied:
            return failure
                + "this user may not use port \(port); choose one from 1024 (setting port), or allow it with the "
                + "capability CAP_NET_BIND_SERVICE"
        case .addressNotAvailable:
            return failure + "this machine has no such address; choose one that it has (setting host)"
        case let error?:
            return failure + "\(error.description); choose others (settings host and port)"
        }
    }
}
