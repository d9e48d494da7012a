internal import Foundation
internal import TriageText

/// A word as people write it on a keyboard without its accents.
struct PlainSpelling {
    /// Umlauts and ligatures as two letters, other accents left out: "schluessel", "reinitialiser".
    private(set) var transliterated: [UInt8] = []
    /// All accents left out: "schlussel".
    private(set) var bare: [UInt8] = []

    /// Nil for a word that has no other spelling.
    init?(_ word: [UInt8]) {
        guard word.contains(where: { $0 >= 0x80 }) else { return nil }
        var isChanged = false
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            if scalar.value >= 0x80, let letter = PlainSpelling.letters[scalar.value] {
                transliterated += letter.transliterated
                bare += letter.bare
                isChanged = true
            } else {
                let bytes = UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                transliterated += bytes
                bare += bytes
            }
        }
        guard isChanged, !bare.isEmpty else { return nil }
    }

    private struct Letter {
        var transliterated: [UInt8]
        var bare: [UInt8]

        init(_ transliterated: String, _ bare: String? = nil) {
            self.transliterated = Array(transliterated.utf8)
            self.bare = Array((bare ?? transliterated).utf8)
        }
    }

    /// By scalar.
    ///
    /// Those without an entry stay. Marks that are vowels, as in Devanagari, have none.
    private static let letters: [UInt32: Letter] = {
        var letters: [UInt32: Letter] = [:]
        for range in [0xC0..<0x250, 0x370..<0x400, 0x620..<0x6D4, 0x1E00..<0x2000] as [Range<UInt32>] {
            for value in range {
                guard let scalar = Unicode.Scalar(value) else { continue }
                let parts = String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
                if let base = parts.first, parts.count > 1 { letters[value] = Letter(String(base)) }
            }
        }
        // Marks of Latin, Greek, Hebrew and Arabic, and the stroke that only lengthens an Arabic word.
        for range in [0x300..<0x370, 0x591..<0x5C8, 0x64B..<0x660, 0x670..<0x671, 0x640..<0x641]
            as [Range<UInt32>]
        {
            for value in range { letters[value] = Letter("") }
        }
        for (scalar, letter) in special { letters[scalar.value] = letter }
        return letters
    }()

    private static let special: [Unicode.Scalar: Letter] = [
        "ä": Letter("ae", "a"), "ö": Letter("oe", "o"), "ü": Letter("ue", "u"), "ß": Letter("ss"),
        "æ": Letter("ae"), "œ": Letter("oe"), "ø": Letter("oe", "o"), "đ": Letter("d"), "ð": Letter("d"),
        "þ": Letter("th"), "ħ": Letter("h"), "ł": Letter("l"), "ı": Letter("i"), "ё": Letter("е"),
        "ς": Letter("σ"), "ى": Letter("ي"), "ة": Letter("ه"), "ک": Letter("ك"), "ی": Letter("ي"),
    ]
}
