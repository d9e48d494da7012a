internal import Crypto
internal import Foundation

/// Inline styles and scripts by their hash, so that a page's policy allows these alone (Content Security Policy 3).
enum ContentHash {
    /// The source expression of a text, as `sha256-…`.
    static func source(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }
}
