package import Logging
package import ServiceLifecycle
internal import Synchronization
internal import TriageData
internal import TriageModel
internal import TriageSettings

/// The keys in force; a changed file that cannot be used is logged and ignored.
package final class KeyHolder: Service, Sendable {
    private struct Held {
        var byID: [String: KeyRecord]
        var stamp: FileVersion?
    }

    private let path: String
    private let logger: Logger
    private let held: Mutex<Held>

    /// - Throws: `AccessError` when the file cannot be used.
    package init(path: String, logger: Logger) throws(AccessError) {
        let stamp = FileVersion(path)
        held = Mutex(Held(byID: Self.byID(try KeyFile(path: path)), stamp: stamp))
        self.path = path
        self.logger = logger
    }

    package func run() async throws { await untilShutdown(every: .seconds(1)) { self.refresh() } }

    /// Reloads the file if it changed.
    func refresh() {
        let stamp = FileVersion(path)
        guard held.withLock({ $0.stamp != stamp }) else { return }
        do throws(AccessError) {
            let keys = Self.byID(try KeyFile(path: path))
            held.withLock { $0 = Held(byID: keys, stamp: stamp) }
            logger.info("keys reloaded", metadata: ["keys": .stringConvertible(keys.count)])
        } catch {
            held.withLock { $0.stamp = stamp }
            logger.error(
                "key reload failed; the old keys stay in use", metadata: ["error": "\(error.safeDescription)"]
            )
        }
    }

    /// The owner of a key.
    ///
    /// The id is not secret. The hash of the whole key is compared in constant time, even for an unknown id, so that
    /// the time does not depend on the secret.
    func caller(sending key: some StringProtocol, now: Timestamp = .now) -> Result<Caller, CredentialError> {
        guard let id = APIKey.id(in: key) else { return .failure(.malformed) }
        let record = held.withLock { $0.byID[id] }
        let isRight = Cryptography.areEqual(APIKey.hash(key), record?.sha256 ?? Self.nobody)
        guard let record, isRight else { return .failure(.unknown) }
        return Self.caller(record, now)
    }

    /// The owner of a key that began a session.
    func caller(id: String, now: Timestamp = .now) -> Result<Caller, CredentialError> {
        guard let record = held.withLock({ $0.byID[id] }) else { return .failure(.unknown) }
        return Self.caller(record, now)
    }

    /// The owners' names by the ids of their keys.
    var names: [String: String] { held.withLock { $0.byID.mapValues(\.name) } }

    /// All keys, the newest first.
    var all: [KeyRecord] {
        held.withLock { Array($0.byID.values) }.sorted { ($1.created, $0.id) < ($0.created, $1.id) }
    }

    /// Adds a key to the file and returns it; it is in force at once.
    func create(name: String, scopes: Set<Scope>, lifetime: String, note: String?) throws(AccessError)
        -> String
    {
        let key = try KeyFile.create(
            in: path, name: name, scopes: scopes, lifetime: KeyFile.lifetime(lifetime), note: note)
        refresh()
        return key
    }

    /// Revokes a key in the file, at once.
    func revoke(id: String) throws(AccessError) {
        try KeyFile.revoke(id: id, in: path)
        refresh()
    }

    private static func caller(_ record: KeyRecord, _ now: Timestamp) -> Result<Caller, CredentialError> {
        switch record.state(at: now) {
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

enum CredentialError: String, Error, Sendable, CaseIterable {
    case missing
    case malformed
    case unknown
    case expired
    case revoked

    var detail: String {
        switch self {
        case .missing: "This operation requires a key; send it as Authorization: Bearer KEY, or as X-API-Key."
        case .malformed: "The value sent is not a key of this service; a key begins with tt_."
        case .unknown: "This service does not know the key; check it, or ask for a new one."
        case .expired: "This key has expired; ask for a new one."
        case .revoked: "This key was revoked; ask for a new one."
        }
    }
}
