/// Characters that nobody sees, and spaces and line ends beyond ASCII.
///
/// Soft hyphens, zero-width characters, direction marks, variation selectors and tag characters split a word for a
/// program and not for a reader. They leave the text before anything else reads it: machine data, tags and invisible
/// characters are dropped without being listed.
enum InvisibleCharacters {
    /// What is done with a character.
    enum Role {
        case keep
        case drop
        case space
        case lineEnd
        /// U+200C and U+200D, which belong to the spelling of some scripts and to some emoji.
        case joiner
        /// A mark, or a Hangul vowel or final, that may form one character with what stands before it (NFC).
        case composing
    }

    /// Whether a character that starts with this byte may have another role than `keep`.
    @inline(__always) static func mayStart(with lead: UInt8) -> Bool {
        switch lead {
        case 0xC2, 0xCC, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3: true
        default: false
        }
    }

    /// The role of a scalar: `drop` is Unicode's property Default_Ignorable_Code_Point with the interlinear
    /// annotations, less blank letters and the mark of an embedded object, which separate words like spaces.
    static func role(of value: UInt32) -> Role {
        switch value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x2800, 0x3000, 0x3164, 0xFFA0, 0xFFFC: .space
        case 0x85, 0x2028, 0x2029: .lineEnd
        case 0x200C, 0x200D: .joiner
        case 0x034F: .drop
        case 0x0300...0x036F, 0x1161...0x11FF, 0x3099, 0x309A: .composing
        case 0xAD, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200F,
            0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3,
            0x1D173...0x1D17A, 0xE0000...0xE0FFF:
            .drop
        default: .keep
        }
    }

    // MARK: - Joiners

    /// Whether the joiner at `index` belongs to the spelling, by the contexts of Unicode's annex 31 (2.3): beside a
    /// virama, as a non-joiner between cursive letters, or as a joiner between pictographs.
    static func isSpelling(_ bytes: [UInt8], joinerAt index: Int) -> Bool {
        let before = visibleScalar(bytes, before: index)
        let end = index + 3
        let after = end < bytes.count ? Scalars.decode(bytes, at: end).scalar : 0
        if isVirama(before) { return true }
        if bytes[index + 2] == 0x8C { return isCursive(before) && isCursive(after) }
        return isVirama(after) || isPictograph(before) && isPictograph(after)
    }

    /// The scalar before `index`, not counting one variation selector; 0 at the start.
    private static func visibleScalar(_ bytes: [UInt8], before index: Int) -> UInt32 {
        guard let start = startOfScalar(bytes, before: index) else { return 0 }
        let scalar = Scalars.decode(bytes, at: start).scalar
        guard (0xFE00...0xFE0F).contains(scalar), let earlier = startOfScalar(bytes, before: start) else {
            return scalar
        }
        return Scalars.decode(bytes, at: earlier).scalar
    }

    /// Where the scalar that ends at `index` starts; nil at the start of the text.
    static func startOfScalar(_ bytes: [UInt8], before index: Int) -> Int? {
        guard index > 0 else { return nil }
        var start = index - 1
        while start > 0, index - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    private static func isVirama(_ value: UInt32) -> Bool {
        guard value >= 0x900, let scalar = Unicode.Scalar(value) else { return false }
        return scalar.properties.canonicalCombiningClass == .virama
    }

    /// Letters and marks of scripts whose letters join: Arabic, Syriac, N'Ko, Mongolian.
    private static func isCursive(_ value: UInt32) -> Bool {
        switch value {
        case 0x0620...0x085F, 0x0870...0x08FF, 0x1820...0x18AA, 0xFB50...0xFDFF, 0xFE70...0xFEFC:
            Scalars.scalarClass(value) == .word
        default: false
        }
    }

    private static func isPictograph(_ value: UInt32) -> Bool {
        (0x2190...0x2BFF).contains(value) || (0x1F000...0x1FAFF).contains(value)
    }
}
