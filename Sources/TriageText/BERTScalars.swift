/// What BERT's uncased tokeniser does with scalars beyond ASCII, by its own frozen tables.
enum BERTScalars {
    enum Role {
        case drop
        case separate
        case ideograph
        case letter
    }

    static func role(of value: UInt32) -> Role {
        if value < 0x300, value >= 0xC0 { return .letter }
        if contains(BERTTables.ideographs, value) { return .ideograph }
        if contains(BERTTables.removed, value) { return .drop }
        return contains(BERTTables.space, value) ? .separate : .letter
    }

    /// Calls `body` with each scalar of the decomposed form, non-spacing marks left out, lower-cased.
    static func forEachBase(of value: UInt32, _ body: (UInt32) -> Void) {
        guard let scalar = Unicode.Scalar(value) else { return }
        for part in Scalars.decomposed(scalar) where !contains(BERTTables.marks, part.value) {
            for lower in part.properties.lowercaseMapping.unicodeScalars { body(lower.value) }
        }
    }

    static func isPunctuation(_ value: UInt32) -> Bool {
        if value < 0x80 {
            return (0x21...0x2F).contains(value) || (0x3A...0x40).contains(value)
                || (0x5B...0x60).contains(value)
                || (0x7B...0x7E).contains(value)
        }
        return contains(BERTTables.punctuation, value)
    }

    /// Whether a sorted list of first and last scalars has a range that holds `value`.
    private static func contains(_ ranges: [UInt32], _ value: UInt32) -> Bool {
        var low = 0
        var high = ranges.count / 2
        while low < high {
            let middle = (low + high) / 2
            if ranges[2 * middle + 1] < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count / 2 && ranges[2 * low] <= value
    }
}
