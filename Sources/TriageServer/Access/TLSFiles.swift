internal import FoundationEssentials
internal import Logging
internal import NIOCertificateReloading
internal import NIOSSL
internal import TriageData

/// A certificate and its key, read again when they change; connections that are open keep theirs.
package struct TLSFiles: Sendable, Equatable {
    /// The server's certificate and those of its authorities, PEM.
    package var certificate: String
    /// The private key, PEM.
    package var key: String
    /// Whether TLS 1.2 is refused too.
    package var isOnlyTLS13: Bool
    /// How often the files are looked at.
    package var interval: Duration

    /// Two files.
    package init(
        certificate: String, key: String, isOnlyTLS13: Bool = false, interval: Duration = .seconds(10)
    ) {
        self.certificate = certificate
        self.key = key
        self.isOnlyTLS13 = isOnlyTLS13
        self.interval = interval
    }

    /// Reads both files, as the service does at its start.
    ///
    /// - Returns: What an operator should mend although the service starts: a sentence each.
    /// - Throws: `AccessError` when no service can start with them.
    package func examine() throws(AccessError) -> [String] {
        try CertificatePair(self).warnings(now: .now).map(\.description)
    }

    /// What a server needs of them, and the service that reads them again.
    ///
    /// - Parameter logger: Where warnings, a new pair, and a pair that cannot be used are logged.
    /// - Returns: The TLS configuration, which asks the service for the pair at each handshake.
    /// - Throws: `AccessError` when they cannot be used to begin with.
    func load(logger: Logger) throws(AccessError) -> (
        configuration: TLSConfiguration, holder: CertificateHolder
    ) {
        let holder = try CertificateHolder(self, logger: logger)
        var configuration = holder.pair.configuration
        configuration.setCertificateReloader(holder)
        configuration.minimumTLSVersion = isOnlyTLS13 ? .tlsv13 : .tlsv12
        configuration.cipherSuiteValues = Self.ciphers
        configuration.applicationProtocols = ["http/1.1"]
        return (configuration, holder)
    }

    /// What TLS 1.2 may use: forward secrecy and authenticated encryption, as TLS 1.3 always has.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ]
}
