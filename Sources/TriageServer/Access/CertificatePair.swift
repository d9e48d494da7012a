internal import FoundationEssentials
internal import NIOSSL
internal import SystemPackage
internal import TriageData

/// A certificate chain and its private key, as two files hold them.
///
/// The files are read here and no library's error is passed on: such an error may quote the key.
struct CertificatePair: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    private let files: TLSFiles
    /// Whether users other than its owner and its group may read the key.
    private let isKeyExposed: Bool

    /// The most bytes that are read of a file.
    private static let largest = 1 << 20

    /// - Throws: `AccessError` when a file cannot be read, holds no such thing, or the two do not fit.
    init(_ files: TLSFiles) throws(AccessError) {
        self.files = files
        chain = try Self.chain(files.certificate)
        key = try Self.key(files.key)
        isKeyExposed = Self.isReadableByOthers(files.key)
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw .keyDoesNotFit(certificate: files.certificate, key: files.key)
        }
    }

    /// A server's configuration with this pair.
    var configuration: TLSConfiguration {
        .makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    }

    /// What is wrong with a pair that can be used.
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
        do throws(DataError) { return try FileInput.bytes(of: path, limit: largest) } catch {
            throw .keyFile(error)
        }
    }

    private static func isReadableByOthers(_ path: String) -> Bool {
        (try? Stat(path))?.permissions.contains(.otherRead) ?? false
    }
}

/// What an operator should mend before clients refuse the certificate or somebody takes the key.
///
/// Times are seconds since 1970.
enum CertificateWarning: Sendable, Hashable {
    case expired(path: String, at: Int)
    case expiresSoon(path: String, at: Int)
    case notYetValid(path: String, from: Int)
    case exposedKey(path: String)

    /// A certificate that ends within so many seconds, two weeks, ends soon.
    static let notice = 14 * 86_400
}

extension CertificateWarning: CustomStringConvertible {
    var description: String {
        switch self {
        case .expired(let path, let end):
            "\(path): a certificate expired at \(Self.text(end)), and clients refuse it; renew it"
        case .expiresSoon(let path, let end):
            "\(path): a certificate expires at \(Self.text(end)); renew it before"
        case .notYetValid(let path, let begin):
            "\(path): a certificate is valid from \(Self.text(begin)) on, and clients refuse it until then; check the clock"
        case .exposedKey(let path):
            "\(path): every user of this machine may read the private key; take that right away (chmod o-r)"
        }
    }

    private static func text(_ seconds: Int) -> String {
        Timestamp(milliseconds: Int64(seconds) * 1000).text
    }
}
