internal import FoundationEssentials
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle
internal import Synchronization
internal import TriageData
internal import TriageSettings

/// The files of a certificate and its key, reloaded when they change; open connections keep the old pair.
package struct TLSFiles: Sendable, Equatable {
    /// The server's certificate and those of its authorities, in PEM.
    package var certificate: String
    /// The private key, in PEM.
    package var key: String
    /// Whether TLS 1.2 is rejected.
    package var isOnlyTLS13: Bool
    /// How often the files are checked for changes.
    package var interval: Duration

    package init(
        certificate: String, key: String, isOnlyTLS13: Bool = false, interval: Duration = .seconds(10)
    ) {
        self.certificate = certificate
        self.key = key
        self.isOnlyTLS13 = isOnlyTLS13
        self.interval = interval
    }

    /// Reads both files, as the service does when it starts.
    ///
    /// - Returns: Warnings, a sentence each.
    /// - Throws: `AccessError` when the service could not start with the files.
    package func examine() throws(AccessError) -> [String] {
        try CertificatePair(self).warnings(now: .now).map(\.description)
    }

    /// - Returns: The server's TLS configuration, which asks the holder for the pair at each handshake.
    /// - Throws: `AccessError` when the files cannot be used.
    func load(logger: Logger) throws(AccessError) -> (
        configuration: TLSConfiguration, holder: CertificateHolder
    ) {
        let holder = try CertificateHolder(self, logger: logger)
        var configuration = holder.pair.configuration
        configuration.sslContextCallback = { _, promise in promise.succeed(holder.contextOverride) }
        configuration.minimumTLSVersion = isOnlyTLS13 ? .tlsv13 : .tlsv12
        configuration.cipherSuiteValues = Self.ciphers
        configuration.applicationProtocols = ["http/1.1"]
        return (configuration, holder)
    }

    /// For TLS 1.2: forward secrecy and authenticated encryption, as TLS 1.3 always has.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ]
}

/// The certificate and key of new connections; a changed pair that cannot be used is logged and ignored.
final class CertificateHolder: Service {
    private struct State {
        var pair: CertificatePair
        var versions: [FileVersion?]
        /// Warnings already logged.
        var warned: Set<CertificateWarning> = []
    }

    private let files: TLSFiles
    private let logger: Logger
    private let state: Mutex<State>

    init(_ files: TLSFiles, logger: Logger) throws(AccessError) {
        self.files = files
        self.logger = logger
        // The versions are read before the content, so that a change in between is found at the next check.
        let versions = Self.versions(files)
        state = Mutex(State(pair: try CertificatePair(files), versions: versions))
        warn()
    }

    var pair: CertificatePair { state.withLock { $0.pair } }

    /// The pair for the TLS context of a new connection.
    var contextOverride: NIOSSLContextConfigurationOverride {
        let pair = pair
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = pair.chain.map { .certificate($0) }
        override.privateKey = .privateKey(pair.key)
        return override
    }

    func run() async throws { await untilShutdown(every: files.interval) { self.refresh() } }

    /// Reloads changed files, and logs new warnings.
    func refresh(now: Date = .now) {
        let versions = Self.versions(files)
        if state.withLock({ $0.versions != versions }) { read(versions) }
        warn(now: now)
    }

    private func read(_ versions: [FileVersion?]) {
        do throws(AccessError) {
            let pair = try CertificatePair(files)
            state.withLock { $0 = State(pair: pair, versions: versions) }
            logger.info("certificate reloaded")
        } catch {
            state.withLock { $0.versions = versions }
            logger.error(
                "certificate reload failed; the old one stays in use",
                metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// Logs each warning once a pair.
    private func warn(now: Date = .now) {
        let news = state.withLock { state in
            state.pair.warnings(now: now).filter { state.warned.insert($0).inserted }
        }
        for warning in news { logger.warning("TLS needs attention", metadata: ["problem": "\(warning)"]) }
    }

    private static func versions(_ files: TLSFiles) -> [FileVersion?] {
        [FileVersion(files.certificate), FileVersion(files.key)]
    }
}
