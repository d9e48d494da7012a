/// The parts of an HTML mail that mail programs mark as another mail: `<blockquote type="cite">` and its
/// kin.
enum HTMLCitations {
    /// The lines of the plain text that lie in citations, in order.
    static func lines(of plain: MappedText, from html: [UInt8]) -> [Range<Int>] {
        let ranges = ranges(in: html)
        guard !ranges.isEmpty else { return [] }
        var cited: [Range<Int>] = []
        var next = 0
        var open = false
        for (line, range) in MailLines(plain.bytes).lines.enumerated() where !range.isEmpty {
            let source = plain.sourceRange(of: range)
            while next < ranges.count, ranges[next].upperBound <= source.lowerBound {
                next += 1
                open = false
            }
            guard next < ranges.count, source.lowerBound >= ranges[next].lowerBound else { continue }
            let first = open ? cited.removeLast().lowerBound : line
            cited.append(first..<line + 1)
            open = true
        }
        return cited
    }

    /// The source of the outermost citations.
    private static func ranges(in html: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        var depth = 0
        var index = 0
        while index < html.count {
            guard html[index] == ASCII.less,
                html.hasWord("blockquote", at: index + 1)
                    || html.hasWord("/blockquote", at: index + 1), let tag = Tag(html, at: index)
            else {
                index += 1
                continue
            }
            if tag.isClosing {
                depth = max(0, depth - 1)
                if depth == 0, let open = start {
                    ranges.append(open..<tag.end)
                    start = nil
                }
            } else {
                if start == nil, isCitation(html, tag) {
                    start = index
                    depth = 0
                }
                if start != nil { depth += 1 }
            }
            index = tag.end
        }
        if let start { ranges.append(start..<html.count) }
        return ranges
    }

    private static func isCitation(_ html: [UInt8], _ tag: Tag) -> Bool {
        for index in tag.name.upperBound..<tag.end
        where html.hasWord("cite", at: index) || html.hasWord("gmail_quote", at: index)
            || html.hasWord("yahoo_quoted", at: index)
        {
            return true
        }
        return false
    }
}
