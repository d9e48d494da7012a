internal import Synchronization
internal import TriageData
internal import TriageModel

/// Sessions of people who signed in to the pages, with a key or at the identity provider; in memory, so a restart ends them.
///
/// A session ends when it was idle for `idleTime`, `maximumTime` after it began, when it is signed out, and when its key
/// is no longer valid. The table has the hash of a session's secret, not the secret.
package final class SessionTable: Sendable {
    struct Session: Sendable, Equatable {
        /// The id of a key, or of a person of the identity provider.
        var keyID: String
        /// Nil for the owner of a key, whose scopes are the key's.
        var person: Caller?
        /// What each form of the session must send back (CSRF).
        var formToken: String
        fileprivate var began: ContinuousClock.Instant
        fileprivate var used: ContinuousClock.Instant
    }

    let idleTime: Duration
    let maximumTime: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let sessions = Mutex<[[UInt8]: Session]>([:])

    /// Sessions at most; the one that was idle longest ends for a further one.
    static let capacity = 10_000

    package init(
        idleTime: Duration = .seconds(30 * 60), maximumTime: Duration = .seconds(12 * 3600),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        (self.idleTime, self.maximumTime, self.now) = (idleTime, maximumTime, now)
    }

    /// Begins a session of a key's owner; returns its secret, for the cookie.
    func begin(keyID: String) -> String { begin(keyID, nil) }

    /// Begins a session of somebody whom the identity provider named; returns its secret.
    func begin(_ person: Caller) -> String { begin(person.keyID, person) }

    private func begin(_ id: String, _ person: Caller?) -> String {
        let (secret, time) = (Self.random(), now())
        let session = Session(
            keyID: id, person: person, formToken: Self.random(), began: time, used: time)
        sessions.withLock { sessions in
            sessions = sessions.filter { isAlive($0.value, time) }
            if sessions.count >= Self.capacity,
                let oldest = sessions.min(by: { $0.value.used < $1.value.used })
            {
                sessions[oldest.key] = nil
            }
            sessions[Self.hash(secret)] = session
        }
        return secret
    }

    /// The session of a secret, which counts as used; nil when it has ended or never was.
    func session(_ secret: some StringProtocol) -> Session? {
        let (key, time) = (Self.hash(secret), now())
        return sessions.withLock { sessions in
            guard let session = sessions[key], isAlive(session, time) else {
                sessions[key] = nil
                return nil
            }
            sessions[key]?.used = time
            return session
        }
    }

    func end(_ secret: some StringProtocol) { sessions.withLock { $0[Self.hash(secret)] = nil } }

    /// A session as a list shows it: without its secret.
    struct Listed: Sendable, Equatable {
        /// The beginning of the secret's hash.
        var id: String
        var keyID: String
        var minutes: Int64
        var idleMinutes: Int64
    }

    /// The sessions that go on, the one used last first.
    func list() -> [Listed] {
        let time = now()
        return sessions.withLock { sessions in
            sessions.filter { isAlive($0.value, time) }.sorted { $0.value.used > $1.value.used }.map {
                Listed(
                    id: Self.listedID($0.key), keyID: $0.value.keyID,
                    minutes: (time - $0.value.began).components.seconds / 60,
                    idleMinutes: (time - $0.value.used).components.seconds / 60)
            }
        }
    }

    /// Ends a session by the id of a list.
    func end(listed id: String) {
        sessions.withLock { sessions in sessions = sessions.filter { Self.listedID($0.key) != id } }
    }

    private static func listedID(_ hash: [UInt8]) -> String { Hexadecimal.text(hash.prefix(8)) }

    private func isAlive(_ session: Session, _ time: ContinuousClock.Instant) -> Bool {
        time - session.used < idleTime && time - session.began < maximumTime
    }

    private static func hash(_ secret: some StringProtocol) -> [UInt8] {
        SHA256.digest(Array(secret.utf8))
    }

    /// 256 random bits in hexadecimal.
    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
    }
}
