/// Turns what a mail system or a web form delivers into the text its author wrote.
///
/// Encoding damage and control characters are always repaired, and HTML becomes text. Quoted mail, signatures and
/// boilerplate are set aside, each on strong evidence only; a forwarded message stays, because in a ticket it is
/// the matter itself. Should that leave no word, less is set aside, unless the author wrote nothing: a device's line, a
/// disclaimer or a picture alone.
package struct Cleaner: Sendable {
    /// What is cleaned; encoding and control characters always are.
    package struct Options: Sendable, Equatable {
        /// Whether text that looks like HTML is turned into plain text.
        package var html: Bool
        /// Whether quoted mail and the heads of forwarded mail are set aside.
        package var quotes: Bool
        /// Whether signatures and boilerplate are set aside.
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
    /// Text with nothing to clean comes back untouched. The subject of a mail shows whether its body answers the mail
    /// below its words or passes it on.
    package func clean(_ bytes: [UInt8], subject: [UInt8] = []) -> CleanedText {
        let repaired = UTF8Repair.repair(bytes)
        var text = repaired
        var cited: [Range<Int>] = []
        if options.html, let plain = HTMLText.plainText(repaired.bytes) {
            let candidate = repaired.mapped(by: plain)
            if candidate.hasContent || HTMLText.isEmpty(repaired.bytes) {
                text = candidate
                if options.quotes || options.signatures {
                    cited = HTMLCitations.lines(of: plain, from: repaired.bytes)
                }
            }
        }
        guard options.quotes || options.signatures else { return CleanedText(text: text) }
        let mail = MailParts(
            text.bytes, cited: cited, subject: subject, options: options, repeated: repeated)
        let parts = mail.setAside
        guard !parts.isEmpty else { return CleanedText(text: text) }
        var rewriter = Rewriter(text.bytes)
        for part in parts { rewriter.drop(part.range) }
        let setAside = parts.map { part in
            SetAside(
                kind: part.kind, range: text.sourceRange(of: part.range),
                text: Array(text.bytes[part.range]))
        }
        return CleanedText(text: text.mapped(by: rewriter.finish()), setAside: setAside)
    }

    package func clean(_ text: String, subject: String = "") -> CleanedText {
        clean(Array(text.utf8), subject: Array(subject.utf8))
    }
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
    package typealias Kind = SetAsideKind

    package var kind: Kind
    /// The bytes of the original.
    package var range: Range<Int>
    /// The cleaned text of the part, for safety floors; empty where the part was read from a store.
    package var text: [UInt8]

    package init(kind: Kind, range: Range<Int>, text: [UInt8] = []) {
        self.kind = kind
        self.range = range
        self.text = text
    }
}

extension MappedText {
    /// Whether anything but ASCII whitespace is left.
    fileprivate var hasContent: Bool { !bytes.allSatisfy(ASCII.isWhitespace) }
}
