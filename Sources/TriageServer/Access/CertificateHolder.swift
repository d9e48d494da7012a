internal import FoundationEssentials
internal import Logging
internal import NIOCertificateReloading
internal import NIOSSL
internal import ServiceLifecycle
internal import Synchronization
internal import TriageData
internal import TriageSettings

/// The certificate and key that new connections get.
///
/// Both files are looked at again and again; a pair that cannot be used changes nothing but the log.
final class CertificateHolder: CertificateReloader, Service {
    private struct State {
        var pair: CertificatePair
        var versions: [FileVersion?]
        /// Warnings that are in the log already.
        var warned: Set<CertificateWarning> = []
    }

    private let files: TLSFiles
    private let logger: Logger
    private let state: Mutex<State>

    /// - Throws: `AccessError` when the files cannot be used.
    init(_ files: TLSFiles, logger: Logger) throws(AccessError) {
        self.files = files
        self.logger = logger
        // The versions are taken before the content, so that a change between the two is seen at the next look.
        let versions = Self.versions(files)
        state = Mutex(State(pair: try CertificatePair(files), versions: versions))
        warn()
    }

    /// The pair of this moment.
    var pair: CertificatePair { state.withLock { $0.pair } }

    var sslContextConfigurationOverride: NIOSSLContextConfigurationOverride {
        let pair = pair
        var override = NIOSSLContextConfigurationOverride()
        override.certificateChain = pair.chain.map { .certificate($0) }
        override.privateKey = .privateKey(pair.key)
        return override
    }

    /// Looks at the files until the service ends.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: self.files.interval)
                self.refresh()
            }
        }
    }

    /// Reads the files again if one changed, and warns of what is new.
    func refresh(now: Date = .now) {
        let versions = Self.versions(files)
        if state.withLock({ $0.versions != versions }) { read(versions) }
        warn(now: now)
    }

    private func read(_ versions: [FileVersion?]) {
        do throws(AccessError) {
            let pair = try CertificatePair(files)
            state.withLock { $0 = State(pair: pair, versions: versions) }
            logger.info("the certificate was read again")
        } catch {
            state.withLock { $0.versions = versions }
            logger.error(
                "the certificate of before stays in use", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// Logs each warning once for each pair.
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
