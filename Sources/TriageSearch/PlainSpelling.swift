internal import Foundation
internal import TriageText

/// A word as people write it on a keyboard without its accents.
struct PlainSpelling {
    /// Umlauts and ligatures as two letters, other accents left out: "schluessel", "reinitialiser".
    private(set) var transliterated: [UInt8] = []
    /// All accents left out: "schlussel".
    private(set) var bare: [UInt8] = []

    /// Nil for a word that has no other spelling.
    init?(_ word: ArraySlice<UInt8>) {
        var next = word.startIndex
        var kept = next
        while next < word.endIndex {
            let first = word[next]
            let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if first >= 0xC0, next + length <= word.endIndex,
                let letter = PlainSpelling.letter(word[next..<next + length])
            {
                transliterated += word[kept..<next]
                bare += word[kept..<next]
                transliterated += letter.transliterated
                bare += letter.bare
                kept = next + length
            }
            next += length
        }
        guard kept > word.startIndex else { return nil }
        transliterated += word[min(kept, word.endIndex)...]
        bare += word[min(kept, word.endIndex)...]
        if bare.isEmpty { return nil }
    }

    private static func letter(_ scalar: ArraySlice<UInt8>) -> Letter? {
        let key = scalar.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return scalar.count == 2 && !hasEntry[Int(key & 0x1FFF)] ? nil : letters[key]
    }

    /// For scalars of two bytes, whether they may have an entry: most letters of most scripts have none.
    private static let hasEntry: [Bool] = {
        var hasEntry = [Bool](repeating: false, count: 0x2000)
        for key in letters.keys where key <= 0xFFFF { hasEntry[Int(key & 0x1FFF)] = true }
        return hasEntry
    }()

    private struct Letter {
        var transliterated: [UInt8]
        var bare: [UInt8]

        init(_ transliterated: String, _ bare: String? = nil) {
            self.transliterated = Array(transliterated.utf8)
            self.bare = Array((bare ?? transliterated).utf8)
        }
    }

    /// By the bytes of a scalar, packed.
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
        let packed = letters.compactMap { value, letter in
            Unicode.Scalar(value).flatMap { UTF8.encode($0) }.map { bytes in
                (bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }, letter)
            }
        }
        return Dictionary(packed, uniquingKeysWith: { first, _ in first })
    }()

    private static let special: [Unicode.Scalar: Letter] = [
        "ä": Letter("ae", "a"), "ö": Letter("oe", "o"), "ü": Letter("ue", "u"), "ß": Letter("ss"),
        "æ": Letter("ae"), "œ": Letter("oe"), "ø": Letter("oe", "o"), "đ": Letter("d"), "ð": Letter("d"),
        "þ": Letter("th"), "ħ": Letter("h"), "ł": Letter("l"), "ı": Letter("i"), "ё": Letter("е"),
        "ς": Letter("σ"), "ى": Letter("ي"), "ة": Letter("ه"), "ک": Letter("ك"), "ی": Letter("ي"),
    ]
}
