internal import Crypto
internal import FoundationEssentials
package import Logging
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
internal import TriageSettings

/// The keys that count now.
///
/// The file is read again when it changes; one that turns bad changes nothing but the log.
package final class KeyHolder: Service, Sendable {
    private struct Held {
        var byID: [String: KeyRecord]
        var stamp: FileVersion?
    }

    private let path: String
    private let logger: Logger
    private let held: Mutex<Held>

    /// The keys of a file.
    ///
    /// - Parameters:
    ///   - path: The key file.
    ///   - logger: Where reading it again is logged.
    /// - Throws: `AccessError` when it cannot be used.
    package init(path: String, logger: Logger) throws(AccessError) {
        let stamp = FileVersion(path)
        held = Mutex(Held(byID: Self.byID(try KeyFile(path: path)), stamp: stamp))
        self.path = path
        self.logger = logger
    }

    /// Looks once a second whether the file changed, until the service ends.
    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                self.refresh()
            }
        }
    }

    /// Reads the file again if it changed.
    func refresh() {
        let stamp = FileVersion(path)
        guard held.withLock({ $0.stamp != stamp }) else { return }
        do throws(AccessError) {
            let keys = Self.byID(try KeyFile(path: path))
            held.withLock { $0 = Held(byID: keys, stamp: stamp) }
            logger.info("keys were read again", metadata: ["keys": "\(keys.count)"])
        } catch {
            held.withLock { $0.stamp = stamp }
            logger.error("the keys of before stay in use", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// Who sends a key.
    ///
    /// Which id was sent is no secret. The hash of the whole is compared in constant time, also where there is no such
    /// id, so that the time tells nothing of the secret.
    func caller(sending key: some StringProtocol, now: Date = .now) -> Result<Caller, CredentialError> {
        guard let id = APIKey.id(in: key) else { return .failure(.malformed) }
        let record = held.withLock { $0.byID[id] }
        let isRight = APIKey.hash(key) == (record?.sha256 ?? Self.nobody)
        guard let record, isRight else { return .failure(.unknown) }
        return switch record.state(at: now) {
        case .valid: .success(Caller(keyID: record.id, name: record.name, scopes: record.scopes))
        case .expired: .failure(.expired)
        case .revoked: .failure(.revoked)
        }
    }

    private static let nobody = [UInt8](repeating: 0, count: 32)

    private static func byID(_ file: KeyFile) -> [String: KeyRecord] {
        Dictionary(file.keys.map { ($0.id, $0) }) { first, _ in first }
    }
}

/// Why a request has no caller.
enum CredentialError: String, Error, Sendable, CaseIterable {
    case missing
    case malformed
    case unknown
    case expired
    case revoked

    /// What to tell its sender.
    var detail: String {
        switch self {
        case .missing: "This operation needs a key; send it as Authorization: Bearer KEY, or as X-API-Key."
        case .malformed: "What was sent is no key of this service; a key begins with tt_."
        case .unknown: "This key is not known here."
        case .expired: "This key's time is over; ask for a new one."
        case .revoked: "This key was revoked; ask for a new one."
        }
    }
}
