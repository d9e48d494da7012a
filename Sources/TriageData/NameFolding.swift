internal import Foundation

/// Names of columns as they are compared: without case, accents and width.
enum NameFolding {
    /// Letters that no decomposition takes apart, and signs that stand for a letter.
    private static let letters: [Character: String] = [
        "ß": "ss", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ς": "σ", "°": "o",
    ]

    static func folded(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 >= 0x80 }) else { return name.lowercased() }
        // "N.º" and "N.°" are "Nº".
        let number = name.replacing(".º", with: "º").replacing(".°", with: "°")
        let plain = number.precomposedStringWithCompatibilityMapping.lowercased()
            .folding(options: .diacriticInsensitive, locale: nil)
        return plain.reduce(into: "") { $0 += letters[$1] ?? String($1) }
    }

    /// The folded forms of a known name: of German and Nordic letters also the spelling with two letters.
    static func forms(_ name: String) -> [String] {
        guard name.utf8.contains(where: { $0 >= 0x80 }) else { return [folded(name)] }
        let pairs: [(String, String)] = [
            ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ø", "oe"),
            ("å", "aa"),
        ]
        let spelled = pairs.reduce(name.precomposedStringWithCanonicalMapping) {
            $0.replacing($1.0, with: $1.1)
        }
        return spelled == name ? [folded(name)] : [folded(name), folded(spelled)]
    }

    /// The folded words of a name: letters and digits, or a # alone; `ticketId` has two.
    static func words(_ name: String) -> [String] {
        var spaced = ""
        var isSmall = false
        for character in name {
            if isSmall, character.isUppercase { spaced.append(" ") }
            spaced.append(character)
            isSmall = character.isLowercase
        }
        return folded(spaced).replacing("#", with: " # ")
            .split { !$0.isLetter && !$0.isNumber && $0 != "#" }.map(String.init)
    }

    /// One half of a name that is twice the same, as GLPI writes `Requester - Requester`; nil for others.
    static func half(_ name: String) -> Substring? {
        guard let dash = name.firstRange(of: " - ") else { return nil }
        let half = name[..<dash.lowerBound]
        return half == name[dash.upperBound...] ? half : nil
    }

    /// A name without what stands in brackets at its end, as "Description (Plain Text)"; nil where nothing does.
    static func withoutBrackets(_ name: String) -> String? {
        guard let last = name.last, last == ")" || last == "]" else { return nil }
        guard let open = name.lastIndex(of: last == ")" ? "(" : "["), open > name.startIndex else {
            return nil
        }
        return String(name[..<open])
    }
}
