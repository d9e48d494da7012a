/// A share of a whole as people write it: 0.95, 95% or 95 %; a comma may stand for the point.
package struct Share: Sendable, Equatable {
    /// From 0 to 1.
    package let value: Double

    /// What a share may be, after "takes".
    package static let expected = "a share between 0 and 1, such as 0.95 or 95%"

    /// Nil when the text is not a number between 0 and 1, or between 0 % and 100 %.
    package init?(parsing text: String) {
        var digits = text.trimmed
        let isPercent = digits.hasSuffix("%")
        if isPercent { digits = String(digits.dropLast()).trimmed }
        digits = digits.replacing(",", with: ".")
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let number = Double(digits)
        else { return nil }
        let share = isPercent ? number / 100 : number
        guard share <= 1 else { return nil }
        value = share
    }

    /// Whether it is neither nothing nor all.
    package var isInside: Bool { value > 0 && value < 1 }
}
