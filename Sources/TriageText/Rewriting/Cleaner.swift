/// Turns what a mail system or a web form delivers into the text its author wrote.
///
/// Encoding damage and control characters are always repaired. HTML becomes text, quoted replies and
/// signatures go, and the heads of forwarded mail are cut out while the forwarded text stays, because in a
/// ticket it is the matter itself. Should that leave nothing, the text before the cuts is kept.
package struct Cleaner: Sendable {
    /// What is cleaned; encoding and control characters always are.
    package struct Options: Sendable, Equatable {
        /// Whether text that looks like HTML is turned into plain text.
        package var html: Bool
        /// Whether quoted replies and the heads of forwarded mail are cut out.
        package var quotes: Bool
        /// Whether signatures and closing formulas are cut off.
        package var signatures: Bool

        /// Cleans everything by default.
        package init(html: Bool = true, quotes: Bool = true, signatures: Bool = true) {
            self.html = html
            self.quotes = quotes
            self.signatures = signatures
        }
    }

    /// What this cleaner does.
    package let options: Options

    /// A cleaner with these options.
    package init(_ options: Options = Options()) {
        self.options = options
    }

    /// Cleans any bytes; the result is valid UTF-8.
    ///
    /// Text with nothing to clean comes back untouched.
    package func clean(_ bytes: [UInt8]) -> CleanedText {
        let repaired = UTF8Repair.repair(bytes)
        var text = repaired
        if options.html, let plain = HTMLText.plainText(repaired.bytes) {
            let candidate = repaired.mapped(by: plain)
            if candidate.hasContent { text = candidate }
        }
        let cuts = QuotedReplyRemover(text.bytes, options: options)
        guard !cuts.isEmpty else { return CleanedText(text: text, forwardedHeads: []) }
        let heads = cuts.forwardedHeads.map(text.sourceRange)
        let candidate = text.mapped(by: cuts.applied(to: text.bytes))
        guard candidate.hasContent else { return CleanedText(text: text, forwardedHeads: heads) }
        return CleanedText(text: candidate, forwardedHeads: heads)
    }

    package func clean(_ text: String) -> CleanedText { clean(Array(text.utf8)) }
}

/// Cleaned text, and where the heads of forwarded mail were.
package struct CleanedText: Sendable, Equatable {
    /// The text with its map to the original.
    package var text: MappedText
    /// Byte ranges of the original that hold heads of forwarded mail (sender, date, subject).
    package var forwardedHeads: [Range<Int>]
}

extension MappedText {
    /// Whether anything but ASCII whitespace is left.
    fileprivate var hasContent: Bool { !bytes.allSatisfy(ASCII.isWhitespace) }
}
