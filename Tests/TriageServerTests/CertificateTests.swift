import Foundation
import Logging
import ServerTestSupport
import Testing

@testable import TriageServer

/// Certificates and keys that are cut, spoiled, too old, or open to everybody.
struct CertificateTests {
    private static func files(_ certificates: Certificates) -> TLSFiles {
        TLSFiles(certificate: certificates.chain, key: certificates.key)
    }

    @Test func `a key or a certificate cut at any byte is in no error and no log, at the start and later`()
        throws
    {
        let certificates = try Certificates()
        let log = RecordedLog()
        let holder = try CertificateHolder(Self.files(certificates), logger: log.logger)
        for path in [certificates.key, certificates.chain] {
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let secret = String(decoding: whole, as: UTF8.self).withoutPEMFrame
            for count in 0..<whole.count {
                try whole.prefix(count).write(to: URL(fileURLWithPath: path))
                holder.refresh()
                do throws(AccessError) { _ = try CertificatePair(Self.files(certificates)) } catch {
                    #expect(error.description.contains(path), "\(error)")
                    #expect(!error.description.holdsPart(of: secret), "cut at \(count)")
                    #expect(
                        !"\(error)".holdsPart(of: secret) && !String(reflecting: error).holdsPart(of: secret))
                }
            }
            #expect(!log.lines.joined().holdsPart(of: secret))
            try whole.write(to: URL(fileURLWithPath: path))
            holder.refresh()
        }
        #expect(log.lines.contains { $0.contains("certificate reload failed; the old one stays in use") })
        #expect(log.lines.contains { $0.contains("certificate reloaded") })
    }

    @Test func `at a first start nothing of before is in use, and nothing is logged of it`() throws {
        let certificates = try Certificates()
        try certificates.spoil()
        let log = RecordedLog()
        #expect(throws: AccessError.badCertificate(path: certificates.chain)) {
            try CertificateHolder(Self.files(certificates), logger: log.logger)
        }
        #expect(log.lines.isEmpty)
    }

    @Test func `a bad pair is an error once, until it changes`() throws {
        let certificates = try Certificates()
        let log = RecordedLog()
        let holder = try CertificateHolder(Self.files(certificates), logger: log.logger)
        try certificates.spoil()
        for _ in 0..<3 { holder.refresh() }
        #expect(log.lines.count { $0.contains("certificate reload failed; the old one stays in use") } == 1)
        try certificates.issue("second")
        holder.refresh()
        #expect(log.lines.count { $0.contains("certificate reloaded") } == 1)
    }

    @Test func `a certificate that ends, a key that others may read: each is warned of once`() throws {
        let certificates = try Certificates()
        chmod(certificates.key, 0o600)
        let log = RecordedLog()
        let holder = try CertificateHolder(Self.files(certificates), logger: log.logger)
        #expect(log.lines.count == 1 && log.lines[0].contains("expires at"), "\(log.lines)")
        holder.refresh()
        holder.refresh(now: .now + 40 * 86_400)
        holder.refresh(now: .now + 40 * 86_400)
        #expect(log.lines.count == 2 && log.lines[1].contains("expired at"), "\(log.lines)")
        holder.refresh(now: .now - 40 * 86_400)
        #expect(log.lines.count == 3 && log.lines[2].contains("becomes valid"), "\(log.lines)")
        chmod(certificates.key, 0o644)
        holder.refresh()
        #expect(log.lines.count { $0.contains("every user of this machine can read") } == 1)
        #expect(
            log.lines.allSatisfy {
                $0.contains(certificates.chain) || $0.contains(certificates.key) || $0.hasPrefix("info")
            })
    }

    @Test func `a key that does not fit, and one with a passphrase, are errors with their remedy`() throws {
        let (one, other) = (try Certificates(), try Certificates())
        let mixed = TLSFiles(certificate: one.chain, key: other.key)
        #expect(throws: AccessError.keyMismatch(certificate: one.chain, key: other.key)) {
            try mixed.examine()
        }
        let scratch = try Scratch()
        let locked = scratch.file("locked.pem")
        try Peer.run(
            ["openssl", "pkey", "-in", one.key, "-aes256", "-passout", "pass:hunter2", "-out", locked],
            in: scratch.path)
        let encrypted = TLSFiles(certificate: one.chain, key: locked)
        #expect(throws: AccessError.badPrivateKey(path: locked, isEncrypted: true)) {
            try encrypted.examine()
        }
    }
}
