internal import Foundation
internal import TriageData

/// What exports write into a cell without a value.
enum MissingValue {
    /// Words, with or without brackets, dashes and such around them: `(None)`, `--None--`, `_No response_`.
    private static let words: Set<String> = [
        "null", "nil", "nan", "nat", "none", "n/a", "n.a", "n.a.", "na", "nv", "n/v", "undefined", "blank",
        "empty", "no value",
        "no response", "not set", "not specified", "unspecified", "not applicable", "k.a", "k.a.", "k. a",
        "k. a.", "keine angabe",
        "nicht angegeben", "non renseigné", "sin especificar", "non specificato", "não informado",
        "niet ingevuld",
    ]
    /// Signs alone, and MySQL's sign for null.
    private static let signs: Set<String> = ["-", "--", "---", "–", "—", "?", ".", "_", #"\n"#]
    private static let wrapping = Set("()<>[]{}-–—_*#\"' ")
    /// A text with more bytes of letters and digits than this is none of the words.
    private static let longestWord = 24
    /// A longer text, in bytes, is none of the words, whatever their width.
    private static let maximumBytes = 40

    /// Whether a text is one of the words, in any case and width, with or without space around it.
    static func isWord(_ text: String) -> Bool {
        guard text.utf8.count <= maximumBytes, mayBeWord(text),
            text.utf8.count(where: { $0 > 0x2F }) <= longestWord
        else { return false }
        let plain = text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCompatibilityMapping
        let lower = plain.trimmed.lowercased()
        guard let first = lower.utf8.first, isLetter(first), let last = lower.utf8.last, isLetter(last) else {
            return signs.contains(lower) || words.contains(unwrapped(lower))
        }
        return words.contains(lower)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    /// Whether a text's first letter is one that a word begins with; true for text beyond ASCII, which may hold any.
    private static func mayBeWord(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: return false
            case 0x41...0x5A, 0x61...0x7A: return firstLetters & bit(byte) != 0
            case 0x80...0xFF: return true
            default: continue
            }
        }
        return true
    }

    /// The first letters of all words, a bit each.
    private static let firstLetters = words.union(signs)
        .compactMap { $0.utf8.first { $0 > 0x60 } }.reduce(0) { $0 | bit($1) }

    private static func bit(_ letter: UInt8) -> UInt32 { 1 << UInt32(letter & 0x1F) }

    private static func unwrapped(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, wrapping.contains(first) { rest.removeFirst() }
        while let last = rest.last, wrapping.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
