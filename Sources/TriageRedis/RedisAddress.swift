internal import FoundationEssentials

/// Where a Redis server is and who logs in there.
package struct RedisAddress: Sendable, Equatable {
    /// The host's name or its address.
    package var host: String
    /// The port.
    package var port: Int
    /// The ACL user; nil for the server's default one.
    package var username: String?
    /// The password; nil when none is asked for.
    package var password: String?
    /// The number of the database.
    package var database: Int
    /// Whether the connection is TLS.
    package var usesTLS: Bool

    /// An address as `redis://user:password@host:port/database`, where all after the host may be left out; `rediss` is TLS.
    package init(_ url: String) throws(RedisError) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme else {
            throw .badAddress(problem: "is not a URL")
        }
        guard scheme == "redis" || scheme == "rediss" else {
            throw .badAddress(problem: "begins with neither redis:// nor rediss://")
        }
        guard let host = parts.host, !host.isEmpty else { throw .badAddress(problem: "names no host") }
        guard parts.port.map({ (1...65535).contains($0) }) ?? true else {
            throw .badAddress(problem: "has a port outside 1 to 65535")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw .badAddress(problem: "has a part after ? or #")
        }
        let path = parts.path.drop { $0 == "/" }
        guard let database = path.isEmpty ? 0 : Int(path), database >= 0 else {
            throw .badAddress(problem: "has a database that is not a number")
        }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? 6379
        username = parts.user.flatMap { $0.isEmpty ? nil : $0 }
        password = parts.password
        self.database = database
        usesTLS = scheme == "rediss"
        guard username == nil || password != nil else {
            throw .badAddress(problem: "names a user without a password")
        }
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The address without user and password, for logs and errors.
    package var description: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(usesTLS ? "rediss" : "redis")://\(shown):\(port)/\(database)"
    }
}
