#if Service
internal import Foundation

/// Where a PostgreSQL is, and as whom it is used: `postgres://user@host:port/database`.
package struct PostgresAddress: Sendable, Equatable {
    let host: String
    let port: Int
    let user: String
    let database: String

    /// The address in a URL; nil when the URL has another form.
    package init?(_ url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            ["postgres", "postgresql"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.password == nil, parts.query == nil, parts.fragment == nil
        else { return nil }
        self.host = String(host.drop { $0 == "[" }.prefix { $0 != "]" })
        port = parts.port ?? 5432
        user = parts.user ?? "triage"
        let path = parts.path.drop { $0 == "/" }
        guard !path.contains("/") else { return nil }
        database = path.isEmpty ? user : String(path)
    }

    /// Whether the server is on this machine.
    var isLoopback: Bool { ["localhost", "::1"].contains(host.lowercased()) || host.hasPrefix("127.") }
}

extension PostgresAddress: CustomStringConvertible {
    package var description: String {
        "postgres://\(user)@\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
    }
}
#endif
