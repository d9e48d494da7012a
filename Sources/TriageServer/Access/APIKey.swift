package import TriageData
internal import TriageModel

/// An API key, `tt_ID_SECRET`: a public id and 256 random bits.
struct APIKey: Sendable, Equatable {
    /// Twelve letters and digits, shown in lists and logs.
    var id: String
    var text: String

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let idLength = 12
    /// 62⁴³ is just over 2²⁵⁶.
    private static let secretLength = 43
    private static let prefix = "tt_"

    static func make() -> APIKey {
        let id = random(idLength)
        return APIKey(id: id, text: "\(prefix)\(id)_\(random(secretLength))")
    }

    /// The id within a key; nil when the text is not a key.
    static func id(in text: some StringProtocol) -> String? {
        guard text.utf8.count == prefix.utf8.count + idLength + 1 + secretLength, text.hasPrefix(prefix)
        else {
            return nil
        }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        let id = rest.prefix(idLength)
        guard rest.dropFirst(idLength).first == UInt8(ascii: "_") else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    /// The stored hash, a plain one: 256 random bits cannot be guessed.
    static func hash(_ text: some StringProtocol) -> [UInt8] { SHA256.digest(Array(text.utf8)) }

    private static func random(_ length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return String(decoding: letters, as: UTF8.self)
    }
}

package enum Scope: String, Sendable, CaseIterable {
    /// Decide, explain, search, and read decisions.
    case triage
    case feedback
    /// Read decisions, corrections and statistics.
    case audit
    /// Set thresholds, change the champion, and reload.
    case models
    /// Reload, requeue, and all else that changes the service.
    case admin
    case metrics
}

/// The scopes of a kind of person, for short.
package enum Role: String, Sendable, CaseIterable {
    /// Decides, and corrects decisions.
    case agent
    /// An agent who also reads decisions, corrections and statistics, and changes thresholds and the champion.
    case lead
    /// Reads decisions, corrections and statistics.
    case auditor
    /// Everything.
    case admin

    package var scopes: Set<Scope> {
        switch self {
        case .agent: [.triage, .feedback]
        case .lead: [.triage, .feedback, .audit, .models]
        case .auditor: [.audit]
        case .admin: Set(Scope.allCases)
        }
    }
}

struct Caller: Sendable, Equatable {
    /// The id of a key, or of a person of the identity provider.
    var keyID: String
    /// The key's owner, who may have several keys.
    var name: String
    var scopes: Set<Scope>

    func has(_ scope: Scope) -> Bool { scopes.contains(scope) }
}

/// A key as it is stored: without its secret.
package struct KeyRecord: Sendable, Equatable {
    package var id: String
    /// The key's owner; during a rotation two valid keys share a name.
    package var name: String
    package var sha256: [UInt8]
    package var scopes: Set<Scope>
    package var created: Timestamp
    /// Nil for a key that does not expire.
    package var expires: Timestamp?
    /// Nil for a key that was not revoked.
    package var revoked: Timestamp?
    package var note: String?

    package func state(at now: Timestamp) -> State {
        if let revoked, revoked <= now { return .revoked }
        if let expires, expires <= now { return .expired }
        return .valid
    }

    package enum State: String, Sendable {
        case valid
        case expired
        case revoked
    }
}

extension KeyRecord {
    /// Writes the record as the key file has it; with a time as a list has it, with its state then and without the hash.
    package func write(to json: inout JSONWriter, listedAt now: Timestamp? = nil) {
        json.object { json in
            json.string("id", id)
            json.string("name", name)
            if let now {
                json.string("state", state(at: now).rawValue)
            } else {
                json.string("sha256", Hexadecimal.text(sha256))
            }
            json.array("scopes", Scope.allCases.filter(scopes.contains)) { $0.string($1.rawValue) }
            for (name, date) in [("created", created), ("expires", expires), ("revoked", revoked)] {
                json.key(named: name)
                json.string(date?.text)
            }
            json.string("note", note)
        }
    }

    /// The record in a list for people, with its state at a time.
    package func line(at now: Timestamp) -> String {
        let ends = expires.map { "until \($0.text)" } ?? "without end"
        let names = Scope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ",")
        return "\(id)  \(state(at: now).rawValue)  \(name)  \(names)  \(ends)\(note.map { "  \($0)" } ?? "")"
    }

    /// - Throws: `FormatError`, which names the wrong member.
    init(_ json: JSONValue) throws(FormatError) {
        guard case .object(let members) = json else { throw FormatError(problem: "not an object") }
        let known = ["id", "name", "sha256", "scopes", "created", "expires", "revoked", "note"]
        guard members.keys.allSatisfy(known.contains) else {
            throw FormatError(problem: "it has a member that this version does not know")
        }
        func text(_ name: String) throws(FormatError) -> String? {
            switch members[name] {
            case .string(let text)?: return text
            case .null?, nil: return nil
            default: throw FormatError(problem: "\(name) is not text")
            }
        }
        func required(_ name: String) throws(FormatError) -> String {
            guard let text = try text(name), !text.isEmpty else {
                throw FormatError(problem: "\(name) is missing")
            }
            return text
        }
        func date(_ name: String) throws(FormatError) -> Timestamp? {
            guard let text = try text(name) else { return nil }
            guard let date = Timestamp(text) else {
                throw FormatError(problem: "\(name) is not a time such as 2030-01-31T12:00:00.000Z")
            }
            return date
        }
        (id, name, note) = (try required("id"), try required("name"), try text("note"))
        guard let hash = Hexadecimal.bytes(try required("sha256").lowercased()), hash.count == 32 else {
            throw FormatError(problem: "sha256 is not 64 hexadecimal digits")
        }
        sha256 = hash
        var scopes: Set<Scope> = []
        for element in members["scopes"]?.elements ?? [] {
            guard let scope = element.text.flatMap(Scope.init(rawValue:)) else {
                throw FormatError(problem: "scopes has a value other than \(Scope.list)")
            }
            scopes.insert(scope)
        }
        guard !scopes.isEmpty else { throw FormatError(problem: "scopes is empty; name \(Scope.list)") }
        self.scopes = scopes
        guard let created = try date("created") else { throw FormatError(problem: "created is missing") }
        (self.created, expires, revoked) = (created, try date("expires"), try date("revoked"))
    }

    struct FormatError: Error { var problem: String }
}

extension Scope {
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}

extension Role {
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
