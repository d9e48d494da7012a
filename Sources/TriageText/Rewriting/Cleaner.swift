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

    /// Paragraphs that many requesters' texts share.
    private let repeated: RepeatedParagraphs

    /// A cleaner with these options, which knows these repeated paragraphs.
    package init(_ options: Options = Options(), repeated: RepeatedParagraphs = RepeatedParagraphs()) {
        self.options = options
        self.repeated = repeated
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
        guard !cuts.isEmpty else { return CleanedText(text: text) }
        let candidate = text.mapped(by: cuts.applied(to: text.bytes))
        guard candidate.hasContent else { return CleanedText(text: text) }
        let setAside = cuts.drops.map { drop in
            SetAside(
                kind: drop.kind, range: text.sourceRange(of: drop.range),
                text: Array(text.bytes[drop.range]))
        }
        return CleanedText(text: candidate, setAside: setAside)
    }

    package func clean(_ text: String) -> CleanedText { clean(Array(text.utf8)) }
}

/// The text that is read, and the parts of the original that are not.
package struct CleanedText: Sendable, Equatable {
    /// What is read: own text, postscripts, quoted error text and forwarded messages.
    package var text: MappedText
    /// The other parts, in the order of the original.
    package var setAside: [SetAside] = []
}

/// A part of a text that neither the model nor the search reads.
package struct SetAside: Sendable, Equatable {
    /// Why a part is set aside.
    package enum Kind: String, Sendable, CaseIterable {
        /// Somebody else's mail below or between the author's words, and the heads of forwarded mail.
        case quoted
        /// Name, title, company and addresses at the end of an author's words.
        case signature
        /// Disclaimers, banners, footers, advertisements of mail programs.
        case boilerplate
        /// What lies behind the size limit; the cleaner itself never makes this kind.
        case cut
    }

    package var kind: Kind
    /// The bytes of the original.
    package var range: Range<Int>
    /// The cleaned text of the part, for safety floors.
    package var text: [UInt8]

    package init(kind: Kind, range: Range<Int>, text: [UInt8]) {
        self.kind = kind
        self.range = range
        self.text = text
    }
}

extension MappedText {
    /// Whether anything but ASCII whitespace is left.
    fileprivate var hasContent: Bool { !bytes.allSatisfy(ASCII.isWhitespace) }
}
