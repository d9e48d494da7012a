internal import NIOCore

/// That the service cannot have its address.
public struct ListenError: Error, Equatable {
    /// The host as it was asked for.
    public let host: String
    /// The port.
    public let port: Int
    /// Why not.
    public let reason: String

    /// What an error of binding means; nil for any other error.
    init?(_ error: any Error, _ options: ServerOptions) {
        switch error {
        case let error as IOError: reason = String(describing: error).lastWords
        case is SocketAddressError: reason = "no address is known for this name"
        default: return nil
        }
        (host, port) = (options.host, options.port)
    }
}

extension ListenError: CustomStringConvertible {
    /// What was asked for and what to do.
    public var description: String {
        "cannot listen on \(host), port \(port): \(reason); end what uses it, or choose others with --host and --port"
    }
}

extension String {
    /// What NIO's errors say after the name of the call, without their number.
    fileprivate var lastWords: String {
        let words = split(separator: ": ").last.map(String.init) ?? self
        return words.split(separator: ") (errno").first.map(String.init) ?? words
    }
}
