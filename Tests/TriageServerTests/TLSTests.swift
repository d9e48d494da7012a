import Logging
import NIOHTTP1
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import ServerTestSupport
import Testing

@testable import TriageServer

struct TLSTests {
    private static func client(
        _ certificates: Certificates, _ change: (inout TLSConfiguration) -> Void = { _ in }
    )
        -> HTTPClient
    {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(certificates.authority)
        change(&tls)
        return HTTPClient(configuration: .init(tlsConfiguration: tls))
    }

    private static func options(_ certificates: Certificates) -> ServerOptions {
        var options = ServerOptions()
        options.port = 0
        options.tls = TLSFiles(
            certificate: certificates.chain, key: certificates.key, interval: .milliseconds(50))
        return options
    }

    /// The status of one request, or nil when no connection came about.
    private static func status(_ client: HTTPClient, _ port: Int) async -> UInt? {
        let request = HTTPClientRequest(url: "https://127.0.0.1:\(port)/health")
        return try? await client.execute(request, timeout: .seconds(10)).status.code
    }

    /// The name in the certificate that the service shows now.
    private static func name(_ port: Int, _ scratch: Scratch) throws -> String {
        let file = scratch.file("shown-\(UUID().uuidString)")
        try Peer.run(
            [
                "sh", "-c",
                "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject > \(file)",
            ], in: scratch.path)
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    @Test func `TLS 1.2 and 1.3 are spoken, older ones and plain HTTP are not`() async throws {
        let certificates = try Certificates()
        try await LiveServer.run(Self.options(certificates)) { server in
            for (oldest, newest, expected) in [
                (TLSVersion.tlsv13, TLSVersion.tlsv13, UInt(200) as UInt?), (.tlsv12, .tlsv12, 200),
                (.tlsv1, .tlsv11, nil),
            ] {
                let client = Self.client(certificates) {
                    ($0.minimumTLSVersion, $0.maximumTLSVersion) = (oldest, newest)
                }
                #expect(await Self.status(client, server.port) == expected, "\(newest)")
                try await client.shutdown()
            }
            let plain = try RawConnection(port: server.port)
            plain.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(statuses(plain.readToEnd()).isEmpty)
        }
    }

    /// The status line of a request over TLS 1.2 with one cipher, and what openssl said.
    private static func shake(_ cipher: String, _ port: Int, _ scratch: Scratch) throws -> String {
        let file = scratch.file("shaken-\(cipher)")
        try Peer.run(
            [
                "sh", "-c",
                "printf 'GET /health HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n' | openssl s_client -connect "
                    + "127.0.0.1:\(port) -tls1_2 -cipher '\(cipher):@SECLEVEL=0' -ign_eof > \(file) 2>&1; true",
            ], in: scratch.path)
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    @Test func `TLS 1.2 takes ciphers with forward secrecy and authentication alone, and answers say HSTS`()
        async throws
    {
        let certificates = try Certificates()
        try await LiveServer.run(Self.options(certificates)) { server in
            let scratch = try Scratch()
            for cipher in [
                "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                "ECDHE-ECDSA-CHACHA20-POLY1305",
            ] {
                let said = try Self.shake(cipher, server.port, scratch)
                #expect(statuses(said) == [200], "\(cipher): \(said.suffix(300))")
                #expect(said.lowercased().contains("strict-transport-security: max-age=31536000"))
            }
            for cipher in [
                "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256",
                "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256", "AES128-SHA", "DES-CBC3-SHA",
            ] {
                #expect(statuses(try Self.shake(cipher, server.port, scratch)).isEmpty, "\(cipher)")
            }
        }
        let plain = try await LiveServer.run { try await $0.ask("GET", "/health").headers }
        #expect(plain["strict-transport-security"] == nil)
    }

    @Test
    func `a new certificate is shown to new connections, old ones go on, and a bad one changes nothing`()
        async throws
    {
        let certificates = try Certificates(name: "first")
        try await LiveServer.run(Self.options(certificates)) { server in
            let scratch = try Scratch()
            let client = Self.client(certificates)
            #expect(await Self.status(client, server.port) == 200)
            #expect(try Self.name(server.port, scratch).contains("first"))
            try certificates.issue("second")
            #expect(try await eventually { try Self.name(server.port, scratch).contains("second") })
            try certificates.spoil()
            try await Task.sleep(for: .milliseconds(300))
            #expect(try Self.name(server.port, scratch).contains("second"))
            #expect(await Self.status(client, server.port) == 200, "the connection of before")
            try await client.shutdown()
        }
    }

    @Test func `files that do not belong together are an error that names them`() throws {
        let (one, other) = (try Certificates(), try Certificates())
        for files in [
            TLSFiles(certificate: one.chain, key: other.key),
            TLSFiles(certificate: "/none.pem", key: one.key),
            TLSFiles(certificate: one.key, key: one.chain),
        ] {
            let error = #expect(throws: AccessError.self) { try files.load(logger: .init(label: "test")) }
            #expect(error?.description.hasPrefix(files.certificate) == true, "\(error?.description ?? "")")
        }
    }
}
