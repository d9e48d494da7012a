internal import Foundation
internal import Glibc

/// A redis-server of a test's own: in memory, on loopback, with an ACL user, and with TLS when it has certificates.
package final class RedisServer {
    /// The ACL user that may log in.
    package static let user = "triage"
    /// That user's password, with signs that a URL must escape.
    package static let password = "p@ss:w/rd"

    /// The port, the same after a restart.
    package let port: Int
    private let scratch: Scratch
    private let certificates: Certificates?
    private var peer: Peer

    /// Starts it and waits until it takes connections.
    package init(certificates: Certificates? = nil) throws {
        scratch = try Scratch()
        self.certificates = certificates
        port = try FreePort.next()
        peer = try Self.start(port, scratch, certificates)
    }

    /// The address, with user and password.
    package var url: String { url(password: Self.password) }

    /// The address of a user who may do everything, in the same database.
    package var adminURL: String { url.replacing("\(Self.user):", with: "admin:") }

    /// The address with another password.
    package func url(password: String) -> String {
        let escaped = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "\(certificates == nil ? "redis" : "rediss")://\(Self.user):\(escaped)@127.0.0.1:\(port)/2"
    }

    /// Kills it.
    package func end() { peer.end() }

    /// Starts it again on the same port, empty.
    package func startAgain() throws { peer = try Self.start(port, scratch, certificates) }

    /// Lets it stand still: it takes connections, through the system, and answers nothing.
    package func freeze() { peer.signal(SIGSTOP) }

    /// Lets it go on.
    package func thaw() { peer.signal(SIGCONT) }

    private static func start(_ port: Int, _ scratch: Scratch, _ certificates: Certificates?) throws -> Peer {
        let users = """
            user default off
            user \(user) on >\(password) ~triage:* +ping +select +auth +eval +evalsha +script|load +time +get +set \
            +del +pexpire +exists +pttl
            user admin on >\(password) ~* +@all

            """
        try users.write(toFile: scratch.file("users.acl"), atomically: true, encoding: .utf8)
        var words = [
            "redis-server", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", scratch.path,
            "--aclfile", scratch.file("users.acl"),
        ]
        if let certificates {
            words += [
                "--port", "0", "--tls-port", "\(port)", "--tls-auth-clients", "no",
                "--tls-cert-file", certificates.chain, "--tls-key-file", certificates.key,
                "--tls-ca-cert-file", certificates.authority,
            ]
        } else {
            words += ["--port", "\(port)"]
        }
        let log = scratch.file("redis.log")
        let peer = try Peer(words, log: log)
        let deadline = Date.now + 20
        while Date.now < deadline {
            let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if said.contains("Ready to accept connections") { return peer }
            usleep(5000)
        }
        throw PeerError(words: words, said: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }
}
