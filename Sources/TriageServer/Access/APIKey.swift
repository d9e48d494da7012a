internal import Crypto

/// A key as its holder has it, `tt_ID_SECRET`.
///
/// The id is public; the secret is 256 random bits.
struct APIKey: Sendable, Equatable {
    /// Twelve letters and digits that lists and logs show.
    var id: String
    /// The whole key.
    var text: String

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let idLength = 12
    /// 62⁴³ is just over 2²⁵⁶.
    private static let secretLength = 43
    private static let prefix = "tt_"

    /// A new key from the system's randomness.
    static func make() -> APIKey {
        let id = random(idLength)
        return APIKey(id: id, text: "\(prefix)\(id)_\(random(secretLength))")
    }

    /// The id within a key; nil when what was sent cannot be one.
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

    /// What is stored of a key.
    ///
    /// It holds 256 random bits, so that a plain hash of it can be neither guessed nor looked up.
    static func hash(_ text: some StringProtocol) -> SHA256.Digest { SHA256.hash(data: Array(text.utf8)) }

    private static func random(_ length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
        return String(decoding: letters, as: UTF8.self)
    }
}
