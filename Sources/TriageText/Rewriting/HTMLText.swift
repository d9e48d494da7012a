/// Plain text out of HTML, when text is HTML.
///
/// Not a parser: it knows the names of HTML's elements and leaves everything else in angle brackets alone, so
/// that "a < b", "List<String>" and "<insert name>" stay what they are.
struct HTMLText {
    /// The text of an HTML document or fragment, or nil when `bytes` do not look like HTML.
    static func plainText(_ bytes: [UInt8]) -> MappedText? {
        guard bytes.contains(ASCII.less), looksLikeHTML(bytes) else { return nil }
        var converter = HTMLText(bytes)
        converter.run()
        return converter.rewriter.finish()
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

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        self.rewriter = Rewriter(bytes)
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
        let opening = bytes.peek(start) == ASCII.less ? Tag(bytes, at: start) : nil
        let startsWithTag = opening.map { isElement(bytes, $0) } ?? false
        while index < bytes.count {
            if bytes[index] == ASCII.backtick {
                isFenced = !startsWithTag
            } else if bytes[index] == ASCII.less, let tag = Tag(bytes, at: index), isElement(bytes, tag) {
                if isFenced { return false }
                if documentElements.contains(bytes, tag.name) { return true }
                known += 1
                if tag.isClosing || isBreak(bytes, tag) { closing += 1 }
                index = tag.end - 1
            }
            index += 1
        }
        return !isFenced && closing >= 1 && (known >= 2 || isBreakOnly(bytes, start))
    }

    private static func isBreak(_ bytes: [UInt8], _ tag: Tag) -> Bool {
        tag.name.count == 2 && bytes.hasWord("br", at: tag.name.lowerBound)
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
            default: index += 1
            }
        }
    }

    private mutating func convertTag(at index: Int) -> Int {
        if bytes.peek(index + 1) == ASCII.bang || bytes.peek(index + 1) == ASCII.question {
            return convertDeclaration(at: index)
        }
        guard let tag = Tag(bytes, at: index), Self.isElement(bytes, tag) else { return index + 1 }
        var end = tag.end
        if !tag.isClosing, Self.hiddenElements.contains(bytes, tag.name), let close = endOfElement(tag) {
            end = close
        }
        if Self.blockElements.contains(bytes, tag.name) {
            rewriter.replace(index..<end, with: "\n")
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
            while end < limit, bytes[end] != ASCII.greater { end += 1 }
            guard end < limit else { return index + 1 }
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
        rewriter.replace(index..<entity.end, with: Array(String(entity.scalar).utf8))
        return entity.end
    }
}

/// A tag in angle brackets, of whatever name.
struct Tag {
    /// No longer tag is looked for, which also bounds the work on text full of "<".
    static let maximumBytes = 4096
    static let maximumNameBytes = 32

    var name: Range<Int>
    var end: Int
    var isClosing: Bool
    /// Names such as "o:p", which word processors write.
    var isNamespaced: Bool

    /// Reads the tag at the "<" at `index`; nil if it is none.
    init?(_ bytes: [UInt8], at index: Int) {
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
        guard let close = Self.endOfAttributes(bytes, from: position) else { return nil }
        end = close
    }

    /// The index after the ">" that ends a tag, which may not be inside quotes.
    private static func endOfAttributes(_ bytes: [UInt8], from start: Int) -> Int? {
        var quote: UInt8 = 0
        var position = start
        let limit = min(bytes.count, start + maximumBytes)
        while position < limit {
            let byte = bytes[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == ASCII.greater {
                return position + 1
            } else if byte == ASCII.less {
                return nil
            } else if byte == ASCII.quote || byte == ASCII.apostrophe, bytes[position - 1] == ASCII.equals {
                quote = byte
            }
            position += 1
        }
        return nil
    }
}
