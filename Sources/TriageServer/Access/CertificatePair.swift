internal import FoundationEssentials
internal import NIOSSL
internal import SystemPackage
internal import TriageData

/// A certificate chain and its private key.
///
/// Errors of the TLS library are not passed on, because they may quote the key.
struct CertificatePair: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    private let files: TLSFiles
    /// Whether users outside its owner and group may read the key.
    private let isKeyExposed: Bool

    private static let maximumSize = 1 << 20

    /// - Throws: `AccessError` when a file cannot be read or lacks its content, or the two do not belong together.
    init(_ files: TLSFiles) throws(AccessError) {
        self.files = files
        chain = try Self.chain(files.certificate)
        key = try Self.key(files.key)
        isKeyExposed = Self.isReadableByOthers(files.key)
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw .keyMismatch(certificate: files.certificate, key: files.key)
        }
    }

    var configuration: TLSConfiguration {
        .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }

    func warnings(now: Date) -> [CertificateWarning] {
        let begin = chain.map(\.notValidBefore).max() ?? 0
        let end = chain.map(\.notValidAfter).min() ?? 0
        let seconds = Int(now.timeIntervalSince1970)
        var warnings: [CertificateWarning] = []
        if begin > seconds { warnings.append(.notYetValid(path: files.certificate, from: begin)) }
        if end <= seconds {
            warnings.append(.expired(path: files.certificate, at: end))
        } else if end - seconds < CertificateWarning.notice {
            warnings.append(.expiresSoon(path: files.certificate, at: end))
        }
        if isKeyExposed { warnings.append(.exposedKey(path: files.key)) }
        return warnings
    }

    private static func chain(_ path: String) throws(AccessError) -> [NIOSSLCertificate] {
        let certificates = try? NIOSSLCertificate.fromPEMBytes(try bytes(path))
        guard let certificates, !certificates.isEmpty else { throw .badCertificate(path: path) }
        return certificates
    }

    private static func key(_ path: String) throws(AccessError) -> NIOSSLPrivateKey {
        let bytes = try bytes(path)
        struct Encrypted: Error {}
        // Without this closure the library would ask for a passphrase on the terminal.
        let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { (_: (([UInt8]) -> Void)) in
            throw Encrypted()
        }
        guard let key else {
            let isEncrypted = String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED")
            throw .badPrivateKey(path: path, isEncrypted: isEncrypted)
        }
        return key
    }

    private static func bytes(_ path: String) throws(AccessError) -> [UInt8] {
        do throws(DataError) { return try FileInput.bytes(of: path, limit: maximumSize) } catch {
            throw .keyFile(error)
        }
    }

    private static func isReadableByOthers(_ path: String) -> Bool {
        (try? Stat(path))?.permissions.contains(.otherRead) ?? false
    }
}

/// A problem of a usable pair, with times in seconds since 1970.
enum CertificateWarning: Sendable, Hashable {
    case expired(path: String, at: Int)
    case expiresSoon(path: String, at: Int)
    case notYetValid(path: String, from: Int)
    case exposedKey(path: String)

    /// Two weeks, in seconds.
    static let notice = 14 * 86_400
}

extension CertificateWarning: CustomStringConvertible {
    var description: String {
        switch self {
        case .expired(let path, let end):
            "\(path): a certificate expired at \(Self.text(end)); clients reject it; renew it"
        case .expiresSoon(let path, let end):
            "\(path): a certificate expires at \(Self.text(end)); renew it before then"
        case .notYetValid(let path, let begin):
            "\(path): a certificate becomes valid at \(Self.text(begin)); clients reject it until then; check the clock"
        case .exposedKey(let path):
            "\(path): every user of this machine can read the private key; remove that permission (chmod o-r)"
        }
    }

    private static func text(_ seconds: Int) -> String {
        Timestamp(milliseconds: Int64(seconds) * 1000).text
    }
}
