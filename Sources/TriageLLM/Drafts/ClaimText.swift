/// Text as the check of claims reads it: small letters, plain digits, plain spaces, nothing invisible.
///
/// Letters and digits in other clothes (full width, mathematical, in circles) are taken for the plain ones, as a reader
/// does.
struct ClaimText {
    let scalars: [Unicode.Scalar]

    init(_ text: String) {
        var folded: [Unicode.Scalar] = []
        folded.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                folded.append(scalar.value == 0x09 || scalar.value == 0x0D ? " " : scalar.lowerASCII)
            } else {
                folded.append(contentsOf: ClaimText.fold(scalar))
            }
        }
        scalars = ClaimText.withStops(folded)
    }

    /// An ideographic full stop, or one that only looks like it, is a host name's inside a plain word; else it ends a
    /// sentence.
    private static func withStops(_ folded: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard folded.contains(stop) else { return folded }
        return folded.indices.map { place in
            guard folded[place] == stop else { return folded[place] }
            let isInside =
                place > 0 && place + 1 < folded.count && folded[place - 1].isPlainWord
                && folded[place + 1].isPlainWord
            return isInside ? "." : "\n"
        }
    }

    private static let stop: Unicode.Scalar = "\u{3002}"

    var string: String { ClaimText.string(scalars[...]) }

    static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if let digit = decimalDigit(scalar) { return [digit] }
        switch scalar.value {
        case 0xFF01...0xFF5E: return [plain(scalar.value - 0xFEE0).lowerASCII]
        case 0x1D400...0x1D6A3: return [plain(0x61 + (scalar.value - 0x1D400) % 26)]
        case 0x24B6...0x24CF: return [plain(0x61 + scalar.value - 0x24B6)]
        case 0x24D0...0x24E9: return [plain(0x61 + scalar.value - 0x24D0)]
        // Full stops that a host name may be written with.
        case 0x3002, 0xFF61, 0x2024, 0x00B7, 0x2027: return [stop]
        case 0x066B: return ["."]
        case 0x066C: return [","]
        case 0x2018, 0x2019, 0x02BC, 0x2032: return ["'"]
        case 0x2010...0x2015, 0x2212: return ["-"]
        case 0x2044, 0x2215: return ["/"]
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return []
        default: break
        }
        switch scalar.properties.generalCategory {
        case .format, .control: return []
        case .spaceSeparator: return [" "]
        case .lineSeparator, .paragraphSeparator: return ["\n"]
        default: return Array(scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }

    /// The ASCII digit that any script's decimal digit, a superscript or a circled one stands for.
    private static func decimalDigit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard let type = scalar.properties.numericType, type != .numeric,
            let value = scalar.properties.numericValue, value >= 0, value <= 9, value == value.rounded()
        else { return nil }
        return plain(0x30 + UInt32(value))
    }

    private static func plain(_ value: UInt32) -> Unicode.Scalar { Unicode.Scalar(value) ?? "?" }
}

extension Unicode.Scalar {
    fileprivate var lowerASCII: Unicode.Scalar {
        (0x41...0x5A).contains(value) ? Unicode.Scalar(UInt8(value) | 0x20) : self
    }

    var isPlainDigit: Bool { (0x30...0x39).contains(value) }

    /// A letter or a digit of ASCII.
    var isPlainWord: Bool { isPlainDigit || isASCII && isLetter }

    /// A letter or a mark on one.
    var isLetter: Bool {
        if isASCII { return (0x61...0x7A).contains(value) || (0x41...0x5A).contains(value) }
        return properties.isAlphabetic || properties.generalCategory == .nonspacingMark
    }

    var isBlank: Bool { self == " " || self == "\n" }

    /// Whether a script is written without spaces between words.
    var isIdeograph: Bool {
        (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
            || (0x20000...0x3FFFD).contains(value)
    }
}
