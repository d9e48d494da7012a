package import FoundationEssentials
internal import TriageData

/// What is stored of a key: everything but the key.
package struct KeyRecord: Sendable, Equatable {
    /// The key's public part.
    package var id: String
    /// Whose key it is; two valid ones may share a name while one takes the other's place.
    package var name: String
    /// SHA-256 of the key.
    package var sha256: [UInt8]
    /// What it allows.
    package var scopes: Set<Scope>
    /// When it was made.
    package var created: Date
    /// When it ends; nil for never.
    package var expires: Date?
    /// When it was revoked; nil for a key that was not.
    package var revoked: Date?
    /// What its maker wrote about it.
    package var note: String?

    /// Whether it opens anything at a moment, and why not.
    package func state(at now: Date) -> State {
        if let revoked, revoked <= now { return .revoked }
        if let expires, expires <= now { return .expired }
        return .valid
    }

    /// Whether a key opens anything.
    package enum State: String, Sendable {
        /// It does.
        case valid
        /// Its time is over.
        case expired
        /// It was taken back.
        case revoked
    }
}

extension KeyRecord {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("id")
            json.string(id)
            json.key("name")
            json.string(name)
            json.key("sha256")
            json.string(Hexadecimal.text(sha256))
            json.key("scopes")
            json.array(Scope.allCases.filter(scopes.contains)) { $0.string($1.rawValue) }
            for (name, date) in [("created", created), ("expires", expires), ("revoked", revoked)] {
                json.key(named: name)
                json.string(date.map { $0.formatted(.iso8601) })
            }
            json.key("note")
            json.string(note)
        }
    }

    /// A record as it was written.
    ///
    /// - Throws: `FormatError` that says which member is wrong.
    init(_ json: JSONValue) throws(FormatError) {
        guard case .object(let members) = json else { throw FormatError(problem: "is no object") }
        let known = ["id", "name", "sha256", "scopes", "created", "expires", "revoked", "note"]
        guard members.keys.allSatisfy(known.contains) else {
            throw FormatError(problem: "has a member that this version does not know")
        }
        func text(_ name: String) throws(FormatError) -> String? {
            switch members[name] {
            case .string(let text)?: return text
            case .null?, nil: return nil
            default: throw FormatError(problem: "\(name) is no text")
            }
        }
        func required(_ name: String) throws(FormatError) -> String {
            guard let text = try text(name), !text.isEmpty else {
                throw FormatError(problem: "\(name) is missing")
            }
            return text
        }
        func date(_ name: String) throws(FormatError) -> Date? {
            guard let text = try text(name) else { return nil }
            guard let date = try? Date(text, strategy: .iso8601) else {
                throw FormatError(problem: "\(name) is no time such as 2030-01-31T12:00:00Z")
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
                throw FormatError(problem: "scopes holds something else than \(Scope.list)")
            }
            scopes.insert(scope)
        }
        guard !scopes.isEmpty else { throw FormatError(problem: "scopes is empty; name \(Scope.list)") }
        self.scopes = scopes
        guard let created = try date("created") else { throw FormatError(problem: "created is missing") }
        (self.created, expires, revoked) = (created, try date("expires"), try date("revoked"))
    }

    /// What is wrong with one record.
    struct FormatError: Error { var problem: String }
}

extension Scope {
    /// All of them, for messages.
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
