internal import Foundation
internal import TriageData

/// What exports write into a cell without a value.
enum MissingValue {
    private static let words: Set<String> = [
        "null", "(null)", "<null>", "[null]", "nil", "nan", "nat", "none", "n/a", "#n/a", "n.a.", "na",
        "<na>",
        "undefined", "(blank)", "(empty)", "k.a.", #"\n"#, "-", "--", "---", "–", "—", "?", ".",
    ]
    /// A longer text, in bytes, is none of the words, whatever their width.
    private static let maximumBytes = 40

    /// Whether a text is one of the words, in any case and width, with or without space around it.
    static func isWord(_ text: String) -> Bool {
        guard text.utf8.count <= maximumBytes else { return false }
        let plain = text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCompatibilityMapping
        return words.contains(plain.trimmed.lowercased())
    }
}
