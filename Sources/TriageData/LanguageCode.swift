/// Codes of languages, as ISO 639 has them: two or three small letters, such as de.
package enum LanguageCode {
    /// Whether a name has the form of such a code.
    package static func isValid(_ name: String) -> Bool {
        (2...3).contains(name.utf8.count) && name.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
}
