internal import Foundation

/// A certificate authority, and certificates for 127.0.0.1 and localhost that it signed; made by openssl.
package final class Certificates: Sendable {
    /// The authority's certificate.
    package let authority: String
    /// The server's certificate and its authority's, one after the other.
    package let chain: String
    /// The server's private key.
    package let key: String
    private let scratch: Scratch

    /// Makes an authority and one certificate.
    package init(name: String = "first") throws {
        scratch = try Scratch()
        authority = scratch.file("authority.pem")
        chain = scratch.file("chain.pem")
        key = scratch.file("key.pem")
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test authority", "-keyout", scratch.file("authority.key"), "-out", authority,
        ])
        try issue(name)
    }

    /// Makes another certificate of the same authority, and puts it and its key in the place of the former.
    package func issue(_ name: String) throws {
        let (request, certificate, fresh) = (
            scratch.file("request.pem"), scratch.file("certificate.pem"), scratch.file("fresh.key")
        )
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=\(name)", "-keyout", fresh, "-out", request,
        ])
        try "subjectAltName=IP:127.0.0.1,DNS:localhost\n"
            .write(toFile: scratch.file("names"), atomically: true, encoding: .utf8)
        try openssl([
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", scratch.file("authority.key"),
            "-CAcreateserial", "-days", "1", "-extfile", scratch.file("names"), "-out", certificate,
        ])
        let both =
            try String(contentsOfFile: certificate, encoding: .utf8)
            + String(contentsOfFile: authority, encoding: .utf8)
        try both.write(toFile: chain, atomically: true, encoding: .utf8)
        try String(contentsOfFile: fresh, encoding: .utf8).write(
            toFile: key, atomically: true, encoding: .utf8)
    }

    /// Spoils the certificate's file.
    package func spoil() throws {
        try "no certificate\n".write(toFile: chain, atomically: true, encoding: .utf8)
    }

    private func openssl(_ words: [String]) throws { try Peer.run(["openssl"] + words, in: scratch.path) }
}
