/// Text of tickets, labels and articles on its way to a screen or a page.
extension String {
    /// The text, with U+FFFD for each character that could steer a terminal or turn the direction of what follows.
    package var shown: String { replacingSteering(keeping: "") }

    /// As `shown`, for a page, which may have lines and tabs.
    package var shownKeepingLines: String {
        replacing("\r\n", with: "\n").replacingSteering(keeping: "\n\t")
    }

    private func replacingSteering(keeping kept: String) -> String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map {
                    String.steers($0) && !kept.unicodeScalars.contains($0) ? "\u{FFFD}" : $0
                }))
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isBidiControl
        }
    }
}

/// A number and what it counts.
package func counted(_ number: some BinaryInteger, _ name: String) -> String {
    "\(number) \(name)\(number == 1 ? "" : "s")"
}
