internal import TriageData

/// The width of text on a terminal.
extension String {
    /// How many columns of a terminal it takes: two for an ideograph or an emoji.
    package var columns: Int { reduce(0) { $0 + $1.columns } }

    /// As much of it, made safe to show, as `width` columns hold; an ellipsis ends what was cut.
    package func fitted(to width: Int) -> String {
        let text = String(String.UnicodeScalarView(unicodeScalars.prefix(8 * width))).shown
        guard text.columns > width else { return text }
        var (head, room) = ("", width - 1)
        for character in text {
            room -= character.columns
            if room < 0 { break }
            head.append(character)
        }
        return head + "…"
    }

    /// Filled with spaces to `width` columns.
    package func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }
}

extension Character {
    fileprivate var columns: Int {
        guard let first = unicodeScalars.first, !first.isASCII else { return 1 }
        let isEmoji = first.properties.isEmojiPresentation || unicodeScalars.contains { $0.value == 0xFE0F }
        if isEmoji || Character.wide.contains(where: { $0.contains(first.value) }) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }

    /// The blocks that hold the wide and full-width scalars (Unicode Standard Annex 11).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]
}
