internal import Foundation
internal import TriageData

/// A public key in minisign's form: it checks signatures.
package struct VerificationKey: Sendable, Hashable {
    /// What pairs keys with signatures, eight random bytes.
    let id: [UInt8]
    let publicKey: [UInt8]

    static let idLength = 8
    /// The algorithm's name in a key, and in a signature over a whole file.
    static let algorithm = Array("Ed".utf8)

    private static var byteCount: Int { algorithm.count + idLength + Ed25519Key.keyLength }

    init(id: [UInt8], publicKey: [UInt8]) { (self.id, self.publicKey) = (id, publicKey) }

    /// The key's name: its id as minisign writes it.
    package var name: String { VerificationKey.name(id) }

    static func name(_ id: [UInt8]) -> String { Hexadecimal.text(id.reversed()).uppercased() }

    /// The key in 56 characters, as minisign's `-P` takes it.
    package var base64: String { MinisignText.encoded(VerificationKey.algorithm + id + publicKey) }

    /// The content of a public key's file.
    package var text: String { "\(MinisignText.untrusted)minisign public key \(name)\n\(base64)\n" }

    /// A key in 56 characters; nil for any other text.
    private init?(base64: String) {
        guard let bytes = MinisignText.decoded(base64.utf8), bytes.count == VerificationKey.byteCount else {
            return nil
        }
        self.init(bytes)
    }

    private init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: VerificationKey.algorithm) else { return nil }
        let rest = bytes.dropFirst(VerificationKey.algorithm.count)
        id = Array(rest.prefix(VerificationKey.idLength))
        publicKey = Array(rest.dropFirst(VerificationKey.idLength))
    }

    /// The key in a file, or the key itself in 56 characters.
    package init(named name: String) throws(SignatureError) {
        if let key = VerificationKey(base64: name) {
            self = key
            return
        }
        let text = try MinisignText.read(name)
        _ = try text.comment(MinisignText.untrusted, line: 0)
        guard let key = VerificationKey(try text.bytes(VerificationKey.byteCount, line: 1)) else {
            throw text.bad(1, "not an Ed25519 key")
        }
        self = key
    }
}
