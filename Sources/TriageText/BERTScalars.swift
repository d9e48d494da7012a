/// What BERT's uncased tokeniser does with scalars beyond ASCII.
enum BERTScalars {
    enum Role {
        case drop
        case separate
        case ideograph
        case letter
    }

    static func role(of value: UInt32) -> Role {
        guard let scalar = Unicode.Scalar(value), value != 0xFFFD else { return .drop }
        if Scalars.isHan(value) { return .ideograph }
        if scalar.properties.isWhitespace { return .separate }
        switch scalar.properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate: return .drop
        default: return .letter
        }
    }

    /// Calls `body` with each scalar of the decomposed form, non-spacing marks left out, lower-cased.
    static func forEachBase(of value: UInt32, _ body: (UInt32) -> Void) {
        guard let scalar = Unicode.Scalar(value) else { return }
        for part in Scalars.decomposed(scalar) where part.properties.generalCategory != .nonspacingMark {
            for lower in part.properties.lowercaseMapping.unicodeScalars { body(lower.value) }
        }
    }

    static func isPunctuation(_ value: UInt32) -> Bool {
        if value < 0x80 {
            return (0x21...0x2F).contains(value) || (0x3A...0x40).contains(value) || (0x5B...0x60).contains(value)
                || (0x7B...0x7E).contains(value)
        }
        switch Unicode.Scalar(value)?.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }
}
