internal import Foundation
internal import TriageData
internal import TriageModel

/// A signed token in its compact form (RFC 7515, 7.1), not yet checked.
struct JSONWebToken {
    var algorithm: String
    var keyID: String?
    var claims: JSONValue
    /// What was signed: header and claims as they came.
    var signed: [UInt8]
    var signature: [UInt8]

    /// The longest token that is read, in bytes.
    static let maximumLength = 64 << 10

    /// Nil for text of another form, and for a token with header parameters that must be understood (`crit`).
    init?(compact text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumLength, parts.count == 3,
            let header = Base64URL.bytes(parts[0]).flatMap({ JSONValue(parsing: $0) }),
            let claims = Base64URL.bytes(parts[1]).flatMap({ JSONValue(parsing: $0) }),
            let signature = Base64URL.bytes(parts[2]),
            case .string(let algorithm)? = header["alg"], header["crit"] == nil, claims.members != nil
        else { return nil }
        (self.algorithm, self.claims, self.signature) = (algorithm, claims, signature)
        keyID = header["kid"]?.text
        signed = Array(text.utf8.dropLast(parts[2].count + 1))
    }
}

/// Base64 with the alphabet for addresses and without padding (RFC 4648, 5).
enum Base64URL {
    static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    /// The bytes; nil when a byte is not of the alphabet.
    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        let isPlain = text.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
            default: false
            }
        }
        guard isPlain else { return nil }
        let padding = String(repeating: "=", count: (4 - text.count % 4) % 4)
        let usual = String(decoding: text, as: UTF8.self).replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: usual + padding).map { Array($0) }
    }
}

/// The public keys of a provider (RFC 7517, 5).
struct JSONWebKeySet: Sendable, Equatable {
    struct Key: Sendable, Equatable {
        var id: String?
        var key: PublicKey
    }

    private(set) var keys: [Key] = []

    /// Keys for other purposes or of other kinds are left out; nil when the document has no list of keys.
    init?(_ document: JSONValue) {
        guard let list = document["keys"]?.elements else { return nil }
        keys = list.prefix(100).compactMap { Self.key($0) }
    }

    private static func key(_ json: JSONValue) -> Key? {
        func bytes(_ name: String) -> [UInt8]? { json[name]?.text.flatMap { Base64URL.bytes($0.utf8) } }
        if let use = json["use"]?.text, use != "sig" { return nil }
        let key: PublicKey
        switch json["kty"]?.text {
        case "RSA":
            guard let modulus = bytes("n"), let exponent = bytes("e") else { return nil }
            key = .rsa(modulus: modulus, exponent: exponent)
        case "EC":
            guard json["crv"]?.text == "P-256", let x = bytes("x"), let y = bytes("y") else { return nil }
            key = .p256(x: x, y: y)
        default: return nil
        }
        if let algorithm = json["alg"]?.text, algorithm != key.algorithm { return nil }
        return Key(id: json["kid"]?.text, key: key)
    }

    /// The keys that may have signed a token: the one that it names, or each of its algorithm when it names none.
    func candidates(for token: JSONWebToken) -> [PublicKey] {
        keys.filter { ($0.id == token.keyID || token.keyID == nil) && $0.key.algorithm == token.algorithm }
            .map(\.key)
    }
}
