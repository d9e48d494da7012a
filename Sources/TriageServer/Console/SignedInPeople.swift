internal import HTTPTypes
internal import Hummingbird
internal import Synchronization
internal import TriageSettings
internal import TriageStore

/// The names of people who signed in at the identity provider, by the ids that stand for them in the ledger.
///
/// They come from the sign-ins of the audit log, the newest of which are read once.
final class SignedInPeople: Sendable {
    private let known = Mutex<[String: String]?>(nil)

    /// Events of the audit log that are looked through.
    private static let depth = 5_000
    static let event = "signed_in"

    func names(in store: TicketStore?) -> [String: String] {
        if let known = known.withLock({ $0 }) { return known }
        let found = Self.read(store)
        return known.withLock { known in
            let all = found.merging(known ?? [:]) { $1 }
            known = all
            return all
        }
    }

    func add(_ person: Caller, to store: TicketStore?) {
        var names = names(in: store)
        names[person.keyID] = person.name
        known.withLock { [names] in $0 = names.merging($0 ?? [:]) { new, _ in new } }
    }

    private static func read(_ store: TicketStore?) -> [String: String] {
        let events = (try? store?.auditLog(limit: depth)) ?? []
        let pairs = events.compactMap { recorded -> (String, String)? in
            guard recorded.event.name == event, let id = recorded.event.by,
                let name = recorded.event.details.first(where: { $0.name == "name" })?.value
            else { return nil }
            return (id, name)
        }
        // The newest comes first.
        return Dictionary(pairs) { first, _ in first }
    }
}

extension ConsoleServices {
    /// The cookie of a session; an empty secret ends it.
    func sessionCookie(_ secret: String, seconds: Duration? = nil) -> String {
        cookie(
            ConsoleVisit.sessionCookie, secret, path: "/ui", seconds: seconds ?? access.sessions.maximumTime)
    }

    /// A cookie that scripts cannot read and other sites' forms do not send.
    func cookie(_ name: String, _ value: String, path: String, seconds: Duration) -> String {
        let end = "Path=\(path); Max-Age=\(seconds.components.seconds); HttpOnly; SameSite=Lax"
        return "\(name)=\(value); \(end)\(isSecure ? "; Secure" : "")"
    }

    /// Where browsers reach the service: by the setting, else as this browser did; nil when that is not an address.
    func address(_ request: Request) -> String? {
        access.provider?.options.address
            ?? request.head.authority.flatMap {
                ServiceAddress.origin("\(servesTLS ? "https" : "http")://\($0)")
            }
    }
}
