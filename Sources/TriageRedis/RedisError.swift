internal import NIOCore
internal import NIOPosix
internal import SystemPackage
package import TriageData

/// What keeps a command from its reply.
package enum RedisError: Error, Equatable, Sendable {
    /// The address cannot be read; it is not repeated, for it may hold a password.
    case badAddress(problem: String)
    /// The file with the certificates to trust cannot be used.
    case badTrust(path: String)
    /// No connection: refused, not found, no TLS, or too slow to come about.
    case unreachable(server: String, reason: String)
    /// The server is there, but does not let this client in.
    case notAdmitted(server: String, reply: String)
    /// The server answered with an error.
    case replied(String)
    /// No answer within the time that a command may take.
    case timedOut(milliseconds: Int)
    /// So many commands wait for their replies that no more are taken.
    case busy(pending: Int)
    /// The connection broke before the reply came.
    case disconnected(reason: String)
    /// What came is not what a Redis server sends.
    case malformed(reason: String)
    /// The client was closed.
    case closed
}

extension RedisError: DescribedError {
    /// What was found and what to do.
    package var description: String {
        switch self {
        case .badAddress(let problem):
            "the Redis address \(problem); it looks like redis://user:password@host:6379/0, or rediss:// for TLS, "
                + "with signs such as @ : / in the password written as %40 %3A %2F"
        case .badTrust(let path):
            "\(path): no certificate in PEM can be read, to check Redis's against; name a PEM file of whole certificates"
        case .unreachable(let server, let reason):
            "Redis at \(server) cannot be reached (\(reason)); check that it runs there and that the address is right"
        case .notAdmitted(let server, let reply):
            "Redis at \(server) does not let this client in (\(Self.code(reply))); check user, password and database"
        case .replied(let message):
            "Redis answered with an error (\(Self.code(message)))"
        case .timedOut(let milliseconds):
            "Redis did not answer within \(milliseconds) ms"
        case .busy(let pending):
            "\(pending) commands already wait for Redis"
        case .disconnected(let reason):
            "the connection to Redis broke (\(reason))"
        case .malformed(let reason):
            "the server did not answer as Redis does (\(reason)); check the address, and use rediss:// if it requires TLS"
        case .closed:
            "the Redis client was closed"
        }
    }
}

extension RedisError {
    /// The code that an error reply begins with, such as WRONGPASS; what follows may quote a command and its password.
    private static func code(_ reply: String) -> String { String(reply.prefix { $0.isUppercase }) }

    /// Why a connection failed, in words that quote nothing.
    static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: Errno.text(error.errnoCode)
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "no address is known for this name"
        case ChannelError.connectTimeout: "no answer in time"
        default: error.safeDescription
        }
    }
}
