internal import Foundation

/// The reading of labels that training, evaluation, comparison, feedback and site tests share.
package enum LabelText {
    /// A label without white space and invisible characters at its ends, composed (NFC); empty for no label.
    ///
    /// Full-width and other compatibility characters stay, because they may be intended; `form(of:)` ignores them.
    package static func read(_ text: String) -> String {
        if isPlain(text) { return text }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last]).precomposedStringWithCanonicalMapping
    }

    /// Whether a text of ASCII begins and ends with a visible character, so that it is read as it is.
    private static func isPlain(_ text: String) -> Bool {
        let visible: Range<UInt8> = 0x21..<0x7F
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return visible.contains(first) && visible.contains(last) && text.utf8.allSatisfy { $0 < 0x80 }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
            || isInvisible(scalar) || blankLetters.contains(scalar)
    }

    /// Zero-width spaces, joiners, direction marks and soft hyphens; tag characters are parts of flags.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isDefaultIgnorableCodePoint && properties.generalCategory == .format
            && scalar.value < 0xE0000
    }

    /// The empty Braille cell and the Hangul fillers.
    private static let blankLetters: Set<Unicode.Scalar> = ["\u{2800}", "\u{3164}", "\u{FFA0}"]
}

// MARK: - Forms of one label

extension LabelText {
    /// A key that all forms of one label share.
    ///
    /// Forms differ in case, in spaces, hyphens and underscores between words, in full-width characters, or in how a
    /// number is written (1, 1.0, 01). A separator between two digits counts, so "1-2" is not "12"; so does one at an end.
    package static func form(of label: String) -> String {
        let folded = read(label).precomposedStringWithCompatibilityMapping.uppercased().lowercased()
        return number(folded) ?? withoutSeparators(folded)
    }

    private static func withoutSeparators(_ text: String) -> String {
        var key = String.UnicodeScalarView()
        var separators: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars where !isInvisible(scalar) {
            guard !isSeparator(scalar) else {
                separators.append(scalar)
                continue
            }
            key.append(contentsOf: kept(separators, from: key.last, to: scalar))
            separators = []
            key.append(scalar)
        }
        key.append(contentsOf: kept(separators, from: key.last, to: nil))
        return String(key)
    }

    /// What remains of the separators between two characters.
    private static func kept(
        _ separators: [Unicode.Scalar], from first: Unicode.Scalar?, to second: Unicode.Scalar?
    ) -> [Unicode.Scalar] {
        guard !separators.isEmpty else { return [] }
        guard let first, let second, isOfWord(first), isOfWord(second) else {
            return separators.filter { !$0.properties.isWhitespace }
        }
        return isDigit(first) && isDigit(second) ? [" "] : []
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "_" || scalar == "\u{2212}"
            || scalar.properties.generalCategory == .dashPunctuation
    }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber, .otherNumber: true
        default: scalar.properties.isAlphabetic
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .decimalNumber
    }

    /// A decimal number without leading zeros and without zeros at the end of its fraction; nil for other text.
    ///
    /// A comma before three digits may separate thousands, so such a text is not read as a number.
    private static func number(_ text: String) -> String? {
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        let parts = unsigned.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "." || $0 == "," })
        let isThousands = parts.count == 2 && unsigned.contains(",") && parts[1].utf8.count == 3
        let isNumber = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard !parts.isEmpty, isNumber, !isThousands else { return nil }
        let whole = parts[0].drop { $0 == "0" }
        var fraction = parts.count == 2 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        let digits = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
        return text.first == "-" && digits != "0" ? "-\(digits)" : String(digits)
    }
}

// MARK: - Labels that may be none, or several

extension LabelText {
    /// Whether a label is a word or a sign that exports write for an empty cell.
    package static func isNullWord(_ label: String) -> Bool { MissingValue.isWord(label) }

    /// What a label with separators looks like.
    package enum Shape: Sendable {
        /// Several labels at once, as `a;b` and `["a", "b"]`.
        case list
        /// A path in a tree of labels, as `A::B` and `A > B`.
        case path
    }

    /// What a label looks like; nil for one label.
    ///
    /// `isLabel` returns whether a part is a label of the field too. A slash, a comma, "&" and "+" are common in one label, so they count only between such parts.
    package static func shape(of label: String, isLabel: (String) -> Bool) -> Shape? {
        if let list = unbracketed(label) { return parts(of: list, by: ",").count > 1 ? .list : nil }
        if [";", "|", "\n"].contains(where: { parts(of: label, by: $0).count > 1 }) { return .list }
        if ["::", ">", "»", "›", "→", #"\"#].contains(where: { parts(of: label, by: $0).count > 1 }) {
            return .path
        }
        if label.first == "/", parts(of: label, by: "/").count > 1 { return .path }
        let isJoined = ["/", ",", "&", "+"].contains { sign in
            let parts = parts(of: label, by: sign)
            return parts.count > 1 && parts.allSatisfy(isLabel)
        }
        return isJoined ? .list : nil
    }

    /// The inside of a list in brackets, as JSON and Python write it; nil for other text.
    private static func unbracketed(_ label: String) -> String? {
        guard let first = label.first, let last = label.last, label.count > 2 else { return nil }
        let inside = label.dropFirst().dropLast()
        guard ["[]", "{}", "()"].contains("\(first)\(last)"), !inside.contains(first), !inside.contains(last)
        else { return nil }
        return String(inside)
    }

    private static func parts(of label: String, by separator: String) -> [String] {
        label.components(separatedBy: separator).map(read).filter { !$0.isEmpty }
    }
}
