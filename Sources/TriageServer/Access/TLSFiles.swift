internal import HummingbirdTLS
internal import Logging
internal import NIOCertificateReloading
internal import NIOSSL
internal import Synchronization

/// A certificate and its key, read again when they change; connections that are open keep theirs.
public struct TLSFiles: Sendable, Equatable {
    /// The server's certificate and those of its authorities, PEM.
    public var certificate: String
    /// The private key, PEM.
    public var key: String
    /// Whether TLS 1.2 is refused too.
    public var isOnlyTLS13: Bool
    /// How often the files are looked at.
    public var interval: Duration

    /// Two files.
    public init(
        certificate: String, key: String, isOnlyTLS13: Bool = false, interval: Duration = .seconds(10)
    ) {
        self.certificate = certificate
        self.key = key
        self.isOnlyTLS13 = isOnlyTLS13
        self.interval = interval
    }

    /// What a server needs of them, and the service that reads them again.
    ///
    /// - Parameter logger: Where a new pair is logged, and one that cannot be used; the one of before stays then.
    /// - Returns: The TLS configuration, which asks the service for the pair at each handshake.
    /// - Throws: `AccessError.badCertificate` when they cannot be used to begin with.
    func load(logger: Logger) throws(AccessError) -> (
        configuration: TLSConfiguration, reloader: TimedCertificateReloader
    ) {
        let said = LastWord()
        var settings = TimedCertificateReloader.Configuration(
            refreshInterval: interval,
            certificateSource: .init(location: .file(path: certificate), format: .pem),
            privateKeySource: .init(location: .file(path: key), format: .pem))
        settings.onCertificateLoaded = { difference in
            said.forget()
            guard let before = difference.previousCertificateChain,
                before != difference.currentCertificateChain
            else {
                return
            }
            logger.info("the certificate was read again")
        }
        settings.onCertificateLoadFailed = { failure in
            guard said.isNews("\(failure.error)") else { return }
            logger.error("the certificate of before stays in use", metadata: ["error": "\(failure.error)"])
        }
        do {
            let reloader = try TimedCertificateReloader.makeReloaderValidatingSources(configuration: settings)
            var configuration = try TLSConfiguration.makeServerConfiguration(certificateReloader: reloader)
            configuration.minimumTLSVersion = isOnlyTLS13 ? .tlsv13 : .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return (configuration, reloader)
        } catch {
            throw .badCertificate(certificate: certificate, key: key, reason: "\(error)")
        }
    }
}

/// Says a thing once, not at every look.
private final class LastWord: Sendable {
    private let word = Mutex<String?>(nil)

    func isNews(_ text: String) -> Bool {
        word.withLock { word in
            defer { word = text }
            return word != text
        }
    }

    func forget() { word.withLock { $0 = nil } }
}
