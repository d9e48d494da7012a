internal import Foundation

/// What a Unicode scalar is to the tokenisers.
enum ScalarClass: UInt8 {
    /// Letters, digits, marks and the underscore: what words are made of.
    case word
    /// A Han ideograph: a word by itself, since its script writes no spaces.
    case ideograph
    case space
    case other
}

/// Facts about scalars that do not fit in a byte; ASCII is answered by tables of its own.
enum Scalars {
    /// The scalar that starts at `index`, and its length in bytes.
    ///
    /// Broken bytes read as U+FFFD, one at a time.
    static func decode(_ bytes: [UInt8], at index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(bytes[index])
        if first < 0x80 { return (first, 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= bytes.count else { return (0xFFFD, 1) }
        var value = first & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = UInt32(bytes[index + offset])
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | byte & 0x3F
        }
        guard Unicode.Scalar(value) != nil, length < 3 || value >= (length == 3 ? 0x800 : 0x10000) else {
            return (0xFFFD, 1)
        }
        return (value, length)
    }

    static func scalarClass(_ value: UInt32) -> ScalarClass {
        if value < UInt32(common.classes.count) {
            return ScalarClass(rawValue: common.classes[Int(value)]) ?? .other
        }
        return classify(value)
    }

    /// Appends the lower-case form of a scalar as UTF-8; final sigma folds to sigma.
    static func appendFolded(_ value: UInt32, to bytes: inout [UInt8]) {
        if value < UInt32(common.folded.count) {
            let folded = UInt32(common.folded[Int(value)])
            if folded != 0 { return append(folded, to: &bytes) }
        }
        fold(value, to: &bytes)
    }

    /// Appends one scalar as UTF-8.
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: utf8(value))
    }

    /// One scalar as UTF-8, U+FFFD for what is none.
    static func utf8(_ value: UInt32) -> Unicode.UTF8.EncodedScalar {
        Unicode.Scalar(value).flatMap { UTF8.encode($0) } ?? UTF8.encodedReplacementCharacter
    }

    /// Whether a word that holds this scalar may have a shorter, composed form (NFC).
    static func mayCompose(_ value: UInt32) -> Bool {
        guard value >= 0x300, let scalar = Unicode.Scalar(value) else { return false }
        if value < 0x370 || (0x1100..<0x1200).contains(value) { return true }
        return isMark(scalar.properties.generalCategory)
    }

    static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
        category == .nonspacingMark || category == .spacingMark || category == .enclosingMark
    }

    /// The canonical composition (NFC) of a word's bytes.
    static func composed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).precomposedStringWithCanonicalMapping.utf8)
    }

    /// The canonical decomposition (NFD) of one scalar.
    static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        // Assigned after the tokeniser's tables were made.
        if scalar.value == 0x11938 { return [scalar] }
        return Array(String(Character(scalar)).decomposedStringWithCanonicalMapping.unicodeScalars)
    }

    // MARK: - Tables for the scripts below U+0600, made once, when the first such text comes

    private static let common: (classes: [UInt8], folded: [UInt16]) = {
        var classes: [UInt8] = []
        var folded: [UInt16] = []
        for value in UInt32(0)..<0x600 {
            classes.append(classify(value).rawValue)
            var bytes: [UInt8] = []
            fold(value, to: &bytes)
            let (single, length) = decode(bytes, at: 0)
            folded.append(length == bytes.count ? UInt16(single) : 0)
        }
        return (classes, folded)
    }()

    private static func classify(_ value: UInt32) -> ScalarClass {
        guard let scalar = Unicode.Scalar(value) else { return .other }
        if value == 0x5F { return .word }
        if isHan(value) { return .ideograph }
        let properties = scalar.properties
        if properties.isAlphabetic || properties.numericType != nil { return .word }
        if isMark(properties.generalCategory) { return .word }
        return properties.isWhitespace ? .space : .other
    }

    /// The CJK blocks that BERT's tokeniser sets apart.
    static func isHan(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    private static func fold(_ value: UInt32, to bytes: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return append(0xFFFD, to: &bytes) }
        if value == 0x3C2 { return append(0x3C3, to: &bytes) }
        if value == 0x2019 { return bytes.append(0x27) }
        bytes.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
}
