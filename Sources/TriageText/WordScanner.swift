/// Cuts text into words: runs of letters, digits, marks and underscores, with apostrophes inside them; single
/// Han ideographs; and single other symbols (so that "?" is seen).
///
/// Space is skipped.
enum WordScanner {
    enum Kind {
        case none
        case ascii
        case unicode
        case symbol
    }

    /// Reads what stands at `index`, moves `index` past it, and leaves its folded form in `folded`.
    static func scan(_ text: [UInt8], at index: inout Int, folded: inout [UInt8]) -> Kind {
        folded.removeAll(keepingCapacity: true)
        let first = text[index]
        if first < 0x80 {
            let lower = asciiWord[Int(first)]
            if lower != 0 { return scanWord(text, at: &index, folded: &folded) }
            index += 1
            if first <= 0x20 || first == 0x7F { return .none }
            folded.append(first)
            return .symbol
        }
        let (scalar, length) = Scalars.decode(text, at: index)
        switch Scalars.scalarClass(scalar) {
        case .word: return scanWord(text, at: &index, folded: &folded)
        case .ideograph:
            folded.append(contentsOf: text[index..<index + length])
            index += length
            return .unicode
        case .space:
            index += length
            return .none
        case .other:
            Scalars.append(scalar, to: &folded)
            index += length
            return .symbol
        }
    }

    private static func scanWord(_ text: [UInt8], at index: inout Int, folded: inout [UInt8]) -> Kind {
        let end = text.count
        while index < end {
            let byte = text[index]
            guard byte < 0x80 else { return scanUnicodeRest(text, at: &index, folded: &folded) }
            let lower = asciiWord[Int(byte)]
            if lower != 0 {
                folded.append(lower)
            } else if byte == 0x27, index + 1 < end, continuesWord(text, at: index + 1) {
                folded.append(byte)
            } else {
                return .ascii
            }
            index += 1
        }
        return .ascii
    }

    /// Goes on with a word once a scalar beyond ASCII has turned up; composes it (NFC) where marks ask for that.
    private static func scanUnicodeRest(_ text: [UInt8], at index: inout Int, folded: inout [UInt8]) -> Kind {
        var mayCompose = false
        var sawUnicode = false
        while index < text.count {
            let (scalar, length) = Scalars.decode(text, at: index)
            let isWord = scalar < 0x80 ? asciiWord[Int(scalar)] != 0 : Scalars.scalarClass(scalar) == .word
            let isApostrophe = scalar == 0x27 || scalar == 0x2019
            guard isWord || isApostrophe && continuesWord(text, at: index + length) else { break }
            mayCompose = mayCompose || Scalars.mayCompose(scalar)
            if scalar >= 0x80 { sawUnicode = sawUnicode || scalar != 0x2019 }
            Scalars.appendFolded(scalar, to: &folded)
            index += length
        }
        if mayCompose { folded = Scalars.composed(folded[...]) }
        return sawUnicode ? .unicode : .ascii
    }

    private static func continuesWord(_ text: [UInt8], at index: Int) -> Bool {
        guard index < text.count else { return false }
        let byte = text[index]
        if byte < 0x80 { return byte != 0x27 && asciiWord[Int(byte)] != 0 }
        return Scalars.scalarClass(Scalars.decode(text, at: index).scalar) == .word
    }

    /// For each ASCII byte of a word its lower-case form, else 0.
    private static let asciiWord: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case 0x41...0x5A: UInt8(byte) + 0x20
        case 0x61...0x7A, 0x30...0x39, 0x5F: UInt8(byte)
        default: 0
        }
    }
}
