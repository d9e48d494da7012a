/// Plain text out of HTML, when text is HTML, also where an export escaped it.
///
/// Not a parser: it knows the names of HTML's elements and leaves everything else in angle brackets alone, so
/// that "a < b", "List<String>" and "<insert name>" stay what they are.
struct HTMLText {
    /// The text of an HTML document or fragment or of escaped text, or nil when `bytes` are neither.
    static func plainText(_ bytes: [UInt8]) -> MappedText? {
        var text: MappedText?
        if bytes.firstIndex(of: ASCII.less, from: 0) != nil, looksLikeHTML(bytes) { text = converted(bytes) }
        for _ in 0..<maximumEscapes {
            guard let plain = unescaped(text?.bytes ?? bytes, isInHTML: text != nil) else { break }
            text = text.map { $0.mapped(by: plain) } ?? plain
        }
        return text?.rewritten(by: UTF8Repair.characters)
    }

    /// A text escaped more often than this stays as it is.
    private static let maximumEscapes = 3

    private static func converted(_ bytes: [UInt8]) -> MappedText {
        var converter = HTMLText(bytes)
        converter.run()
        return converter.rewriter.finish()
    }

    /// The text with one escape undone and the mark-up that this shows removed; nil when there is none.
    private static func unescaped(_ bytes: [UInt8], isInHTML: Bool) -> MappedText? {
        let isEscaped = EscapedText.isEvident(bytes)
        guard isEscaped || isInHTML && bytes.firstIndex(of: ASCII.less, from: 0) != nil else { return nil }
        let text = isEscaped ? EscapedText.decoded(bytes) : MappedText(bytes)
        if isWholeMarkup(text.bytes, isInHTML: isInHTML) { return text.rewritten(by: converted) }
        return isEscaped ? text : nil
    }

    /// Whether text that was escaped is a mail in HTML rather than a text about HTML.
    ///
    /// It starts with an element other than a script, or has three that end paragraphs. Where HTML holds it, as it holds code, it must
    /// start and end with a block.
    private static func isWholeMarkup(_ bytes: [UInt8], isInHTML: Bool) -> Bool {
        guard bytes.firstIndex(of: ASCII.less, from: 0) != nil, looksLikeHTML(bytes) else { return false }
        let start = bytes.skip(from: 0, while: ASCII.isWhitespace)
        var searches = Tag.Searches()
        let opening = Tag(bytes, at: start, &searches)
        if isInHTML {
            let end = bytes.skipBack(from: bytes.count, to: start, while: ASCII.isWhitespace)
            return bytes.peek(end - 1) == ASCII.greater
                && opening.map { blockElements.contains(bytes, $0.name) } ?? false
        }
        let isShown = opening.map { isElement(bytes, $0) } ?? false && !bytes.hasWord("<script", at: start)
        return isShown || countOfBreaks(bytes) >= 3
    }

    /// How many tags end a paragraph or a line; a line break without spaces counts as three.
    private static func countOfBreaks(_ bytes: [UInt8]) -> Int {
        var count = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == ASCII.less, let tag = Tag(bytes, at: index) {
                if isBreak(bytes, tag) {
                    count += bytes.peek(index - 1) > ASCII.space && bytes.peek(tag.end) > ASCII.space ? 3 : 1
                } else if tag.isClosing, blockElements.contains(bytes, tag.name) {
                    count += 1
                }
                index = tag.end - 1
            }
            index += 1
        }
        return count
    }

    private static let blockElements = KeywordSet(
        "p div br hr li ul ol dl dt dd tr table tbody thead tfoot h1 h2 h3 h4 h5 h6 blockquote pre section article "
            + "header footer main aside nav form fieldset address center body html title"
    )
    private static let inlineElements = KeywordSet(
        "a abbr acronym area audio b base basefont bdi bdo big button canvas caption cite code col colgroup data del "
            + "details dfn dir em embed figcaption figure font frame frameset head i iframe img input ins kbd label "
            + "legend link map mark meta meter noscript object optgroup option output param picture progress q s samp "
            + "select small source span strike strong sub summary sup svg td textarea th time tt u var video wbr"
    )
    /// Elements whose content readers do not see.
    private static let hiddenElements = KeywordSet("script style head title noscript template svg")

    /// Elements that only mark-up of prose would have; code talks about them less than it uses them.
    private static let documentElements = KeywordSet("html body head meta")

    private let bytes: [UInt8]
    private var rewriter: Rewriter
    /// The closing tags looked for in vain: their elements are not searched for again.
    private var unclosed: Set<UInt64> = []
    private var hasOpenComment = false
    private var searches = Tag.Searches()

    /// Line ends since the last text; the start counts as a blank line.
    private var lineEnds = 2
    /// Whether the last line end is one of the source, which shows as white space.
    private var isSourceLineEnd = false
    /// How many elements are open that keep their line ends.
    private var preformatted = 0
    /// Whether a `<p>` holds a paragraph of several lines, not one line.
    private let spacesParagraphs: Bool

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.rewriter = Rewriter(bytes)
        spacesParagraphs = Self.hasLinesInParagraphs(bytes)
    }

    // MARK: - Recognition

    /// Whether `bytes` hold real mark-up: a document, or a fragment that starts with or closes an element.
    ///
    /// Markdown with code in it is text about mark-up, unless it starts as a document.
    private static func looksLikeHTML(_ bytes: [UInt8]) -> Bool {
        let start = bytes.skip(from: 0, while: ASCII.isWhitespace)
        if bytes.hasWord("<!doctype html", at: start) || bytes.hasWord("<html", at: start) { return true }
        var known = 0
        var closing = 0
        var index = start
        var isFenced = false
        var searches = Tag.Searches()
        let opening = bytes.peek(start) == ASCII.less ? Tag(bytes, at: start, &searches) : nil
        let startsWithTag = opening.map { isElement(bytes, $0) } ?? false
        while true {
            index = bytes.skip(from: index) { $0 != ASCII.backtick && $0 != ASCII.less }
            guard index < bytes.count else { break }
            if bytes[index] == ASCII.backtick {
                isFenced = !startsWithTag
            } else if let tag = Tag(bytes, at: index, &searches), isElement(bytes, tag) {
                if isFenced { return false }
                if documentElements.contains(bytes, tag.name) { return true }
                known += 1
                if tag.isClosing || isBreak(bytes, tag) { closing += 1 }
                index = tag.end - 1
            }
            index += 1
        }
        if !isFenced, closing >= 1, known >= 2 || isBreakOnly(bytes, start) { return true }
        // "<p>one<p>two": old programs close nothing.
        if let opening, known >= 2, blockElements.contains(bytes, opening.name),
            !ASCII.isWhitespace(bytes.peek(opening.end)), bytes.firstIndex(of: ASCII.backtick, from: 0) == nil
        {
            return true
        }
        return startsWithTag && isPicture(bytes, start)
    }

    private static func isBreak(_ bytes: [UInt8], _ tag: Tag) -> Bool {
        tag.name.count == 2 && bytes.hasWord("br", at: tag.name.lowerBound)
    }

    /// Whether the text is a picture and nothing more.
    private static func isPicture(_ bytes: [UInt8], _ start: Int) -> Bool {
        bytes.hasWord("<img", at: start) && isEmpty(bytes)
    }

    private static func isBreakOnly(_ bytes: [UInt8], _ start: Int) -> Bool {
        var index = start
        while index < bytes.count {
            if bytes[index] == ASCII.less, let tag = Tag(bytes, at: index), isBreak(bytes, tag) {
                return true
            }
            index += 1
        }
        return false
    }

    private static func isElement(_ bytes: [UInt8], _ tag: Tag) -> Bool {
        blockElements.contains(bytes, tag.name) || inlineElements.contains(bytes, tag.name)
            || hiddenElements.contains(bytes, tag.name) || tag.isNamespaced
    }

    // MARK: - Conversion

    private mutating func run() {
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case ASCII.less: index = convertTag(at: index)
            case ASCII.ampersand: index = convertEntity(at: index)
            case ASCII.newline: index = convertLineEnd(at: index)
            case let byte:
                if byte > ASCII.space { lineEnds = 0 }
                index += 1
            }
        }
    }

    /// Keeps a line end of the source only where no tag has ended the line, or inside "<pre>".
    private mutating func convertLineEnd(at index: Int) -> Int {
        if preformatted == 0, lineEnds > 0, !isSourceLineEnd {
            rewriter.drop(index..<index + 1)
        } else {
            lineEnds += 1
            isSourceLineEnd = preformatted == 0
        }
        return index + 1
    }

    /// Whether paragraphs hold line breaks, and none is empty as one that stands for a blank line.
    private static func hasLinesInParagraphs(_ bytes: [UInt8]) -> Bool {
        var hasBreak = false
        var start: Int?
        var index = 0
        while index < bytes.count {
            guard bytes[index] == ASCII.less, let tag = Tag(bytes, at: index) else {
                index += 1
                continue
            }
            if isBreak(bytes, tag) {
                hasBreak = true
            } else if isParagraph(bytes, tag) {
                if tag.isClosing, let open = start, index - open <= 400, isEmpty(bytes, open..<index) {
                    return false
                }
                start = tag.isClosing ? nil : tag.end
            }
            index = tag.end
        }
        return hasBreak
    }

    private static func isParagraph(_ bytes: [UInt8], _ tag: Tag) -> Bool {
        tag.name.count == 1 && ASCII.lower(bytes[tag.name.lowerBound]) == 0x70
    }

    /// Whether the source shows nothing but pictures: elements with content that readers see, white space and no-break
    /// spaces.
    static func isEmpty(_ bytes: [UInt8]) -> Bool { isEmpty(bytes, bytes.indices) }

    private static func isEmpty(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        var searches = Tag.Searches()
        while index < range.upperBound {
            if bytes[index] == ASCII.less {
                guard let tag = Tag(bytes, at: index, &searches), isElement(bytes, tag),
                    !hiddenElements.contains(bytes, tag.name)
                else { return false }
                index = tag.end
            } else if bytes.hasWord("&nbsp;", at: index) {
                index += 6
            } else if ASCII.isWhitespace(bytes[index]) {
                index += 1
            } else if bytes[index] == 0xC2, bytes.peek(index + 1) == 0xA0 {
                index += 2
            } else {
                return false
            }
        }
        return true
    }

    /// Replaces a tag that ends a line: line breaks always do, blocks where the line holds something.
    private mutating func endLine(_ range: Range<Int>, _ tag: Tag) {
        let wanted: Int
        if Self.isBreak(bytes, tag) {
            wanted = isSourceLineEnd && lineEnds > 0 ? 0 : 1
            lineEnds += wanted
        } else {
            let least = spacesParagraphs && Self.isParagraph(bytes, tag) ? 2 : 1
            wanted = max(0, least - lineEnds)
            lineEnds = max(least, lineEnds)
        }
        isSourceLineEnd = false
        if tag.name.count == 3, bytes.hasWord("pre", at: tag.name.lowerBound) {
            preformatted = max(0, preformatted + (tag.isClosing ? -1 : 1))
        }
        switch wanted {
        case 0: rewriter.drop(range)
        case 1: rewriter.replace(range, with: "\n")
        default: rewriter.replace(range, with: "\n\n")
        }
    }

    private mutating func convertTag(at index: Int) -> Int {
        if bytes.peek(index + 1) == ASCII.bang || bytes.peek(index + 1) == ASCII.question {
            return convertDeclaration(at: index)
        }
        guard let tag = Tag(bytes, at: index, &searches), Self.isElement(bytes, tag) else {
            return index + 1
        }
        var end = tag.end
        if !tag.isClosing, Self.hiddenElements.contains(bytes, tag.name), let close = endOfElement(tag) {
            end = close
        }
        if Self.blockElements.contains(bytes, tag.name) {
            endLine(index..<end, tag)
        } else if isCell(tag) {
            rewriter.replace(index..<end, with: " ")
        } else {
            rewriter.drop(index..<end)
        }
        return end
    }

    private func isCell(_ tag: Tag) -> Bool {
        tag.name.count == 2
            && (bytes.hasWord("td", at: tag.name.lowerBound) || bytes.hasWord("th", at: tag.name.lowerBound))
    }

    /// Comments, "<!DOCTYPE …>", "<![if …]>" and "<?xml …?>".
    private mutating func convertDeclaration(at index: Int) -> Int {
        let isComment = bytes.hasWord("<!--", at: index)
        let isDeclaration =
            ASCII.isLetter(bytes.peek(index + 2)) || bytes.peek(index + 2) == ASCII.openBracket
        guard isComment || isDeclaration else { return index + 1 }
        var end = index + 2
        if isComment {
            guard !hasOpenComment else { return index + 4 }
            end += 2
            while end < bytes.count, !bytes.hasWord("-->", at: end) { end += 1 }
            guard end < bytes.count else {
                hasOpenComment = true
                return index + 4
            }
            end += 3
        } else {
            let limit = min(bytes.count, index + Tag.maximumBytes)
            while end < limit, bytes[end] != ASCII.greater, bytes[end] != ASCII.less { end += 1 }
            guard end < limit, bytes[end] == ASCII.greater else { return index + 1 }
            end += 1
        }
        rewriter.drop(index..<end)
        return end
    }

    /// The end of the closing tag of a hidden element, if there is one.
    private mutating func endOfElement(_ tag: Tag) -> Int? {
        let name = KeywordSet.hash(bytes, tag.name)
        guard !unclosed.contains(name) else { return nil }
        var index = tag.end
        while index < bytes.count {
            if bytes[index] == ASCII.less, bytes.peek(index + 1) == ASCII.slash,
                let close = Tag(bytes, at: index),
                KeywordSet.hash(bytes, close.name) == name
            {
                return close.end
            }
            index += 1
        }
        unclosed.insert(name)
        return nil
    }

    private mutating func convertEntity(at index: Int) -> Int {
        guard let entity = HTMLEntity(bytes, at: index) else { return index + 1 }
        rewriter.replace(index..<entity.end, with: entity.utf8)
        lineEnds = 0
        return entity.end
    }
}

/// A tag in angle brackets, of whatever name.
struct Tag {
    /// A tag that is longer may not hold "<".
    static let maximumBytes = 4096
    static let maximumNameBytes = 32

    var name: Range<Int>
    var end: Int
    var isClosing: Bool
    /// Names such as "o:p", which word processors write.
    var isNamespaced: Bool

    /// How far tags are looked for: less far after many searches in vain, which bounds the work on text full of "<".
    struct Searches {
        private static let minimumBytes = 256
        private static let maximumFailures = 64
        private var failures = 0

        var limit: Int {
            failures < Self.maximumFailures / 4
                ? 1 << 20 : failures < Self.maximumFailures ? maximumBytes : Self.minimumBytes
        }

        /// Searches for short tags only.
        static let short = {
            var searches = Searches()
            searches.failures = maximumFailures
            return searches
        }()

        mutating func fail(after bytes: Int) {
            if bytes > Self.minimumBytes { failures += 1 }
        }
    }

    /// Reads the tag of at most 256 bytes at the "<" at `index`; nil if it is none.
    init?(_ bytes: [UInt8], at index: Int) {
        var searches = Searches.short
        self.init(bytes, at: index, &searches)
    }

    /// Reads the tag at the "<" at `index`; nil if it is none.
    init?(_ bytes: [UInt8], at index: Int, _ searches: inout Searches) {
        isClosing = bytes.peek(index + 1) == ASCII.slash
        let start = index + (isClosing ? 2 : 1)
        guard ASCII.isLetter(bytes.peek(start)) else { return nil }
        var position = start
        while position < start + Self.maximumNameBytes, ASCII.isAlphanumeric(bytes.peek(position)) {
            position += 1
        }
        name = start..<position
        isNamespaced =
            bytes.peek(position) == ASCII.colon && ASCII.isLetter(bytes.peek(position + 1)) && name.count == 1
        if isNamespaced {
            position += 1
            while position < start + Self.maximumNameBytes, ASCII.isAlphanumeric(bytes.peek(position)) {
                position += 1
            }
        }
        let next = bytes.peek(position)
        guard next == ASCII.greater || next == ASCII.slash || ASCII.isWhitespace(next) else { return nil }
        let attributes = Self.attributes(bytes, from: position, limit: searches.limit)
        guard attributes.isClosed else {
            searches.fail(after: attributes.end - position)
            return nil
        }
        end = attributes.end
    }

    /// The index after the ">" that ends a tag, which may not be inside quotes; without one, where the search ended.
    private static func attributes(_ bytes: [UInt8], from start: Int, limit: Int) -> (
        end: Int, isClosed: Bool
    ) {
        var quote: UInt8 = 0
        var position = start
        let limit = min(bytes.count, start + limit)
        while position < limit {
            let byte = bytes[position]
            if byte == ASCII.less, quote == 0 || position - start >= maximumBytes { break }
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == ASCII.greater {
                return (position + 1, true)
            } else if byte == ASCII.quote || byte == ASCII.apostrophe, bytes[position - 1] == ASCII.equals {
                quote = byte
            }
            position += 1
        }
        return (position, false)
    }
}
