/// What to cut out of mail: quoted replies, the heads of forwarded mail, signatures.
///
/// Works line by line from the top. A forwarded head or the end of the text closes a segment, the words of
/// one author, and the signature is looked for at the end of each.
struct QuotedReplyRemover {
    /// A range to drop, and what it holds.
    struct Drop {
        var range: Range<Int>
        var kind: SetAside.Kind
    }

    /// What to drop, in order.
    private(set) var drops: [Drop] = []

    let bytes: [UInt8]
    /// Lines without their line ends.
    let lines: [Range<Int>]
    private let options: Cleaner.Options
    private var segmentStart = 0
    private var lastQuote = -2
    private var knownMarkdown: Bool?

    // How far the words of the open segment were read, and what was found.
    private var readLine = 0
    private var readDrop = 0
    private var ownWords = 0
    private var ownWordsForward = false

    var isEmpty: Bool { drops.isEmpty }

    /// Finds the cuts in valid text with plain line ends.
    init(_ bytes: [UInt8], options: Cleaner.Options) {
        self.bytes = bytes
        self.options = options
        guard options.quotes || options.signatures else {
            lines = []
            return
        }
        lines = Self.split(bytes)
        findCuts()
    }

    /// The text without what is cut.
    func applied(to bytes: [UInt8]) -> MappedText {
        var rewriter = Rewriter(bytes)
        for drop in drops { rewriter.drop(drop.range) }
        return rewriter.finish()
    }

    private static func split(_ bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        lines.reserveCapacity(16)
        var start = 0
        while start < bytes.count {
            let end = bytes.skip(from: start) { $0 != ASCII.newline }
            lines.append(start..<end)
            start = end + 1
        }
        return lines
    }

    // MARK: - The walk

    private mutating func findCuts() {
        var line = 0
        var isFenced = false
        while line < lines.count {
            if isFence(line) { isFenced.toggle() }
            guard options.quotes, !isFenced, let next = cut(at: line) else {
                line += 1
                continue
            }
            line = next
        }
        closeSegment(before: lines.count)
    }

    /// Cuts what starts at a line, if anything does, and gives the line after it.
    private mutating func cut(at line: Int) -> Int? {
        let first = firstByte(of: line)
        if first == ASCII.greater { return cutQuote(at: line) }
        guard let mark = ReplyBoundary(self, at: line, first: first) else { return nil }
        switch mark {
        case .forwarded(let end):
            return cutHead(line, end)
        case .original(let end):
            return isForwarding(before: line) ? cutHead(line, end) : cutRest(from: line)
        case .attribution(let end):
            let next = nextFilledLine(from: end)
            if next < lines.count, firstByte(of: next) != ASCII.greater, hasOwnWords(before: line) {
                return cutRest(from: line)
            }
            drop(line, end, as: .quoted)
            lastQuote = next - 1
            return end
        }
    }

    private mutating func cutQuote(at line: Int) -> Int? {
        guard isQuote(line), lastQuote == line - 1 || !isMarkdown() else { return nil }
        drop(line, line + 1, as: .quoted)
        lastQuote = line
        return line + 1
    }

    private mutating func cutHead(_ line: Int, _ end: Int) -> Int {
        closeSegment(before: line)
        drop(line, end, as: .quoted)
        segmentStart = end
        return end
    }

    private mutating func cutRest(from line: Int) -> Int {
        closeSegment(before: line)
        drop(line, lines.count, as: .quoted)
        segmentStart = lines.count
        return lines.count
    }

    private mutating func closeSegment(before end: Int) {
        // Of a single line nothing would be left, and then it stays.
        guard options.signatures, segmentStart < end, lines.count > 1 else { return }
        let signature = MailSignature(self, in: segmentStart..<end)
        if let start = signature.start {
            // Quoted lines below the signature were dropped already; they go with it.
            while let last = drops.last, last.range.lowerBound >= lines[start].lowerBound { drops.removeLast() }
            readDrop = min(readDrop, drops.count)
            drop(start, end, as: .signature)
        } else if let line = signature.deviceLine {
            insertDrop(of: line)
        }
        segmentStart = end
    }

    private mutating func insertDrop(of line: Int) {
        let before = drops.lastIndex { $0.range.lowerBound <= lines[line].lowerBound }
        let drop = Drop(range: lines[line].lowerBound..<endOfLine(line), kind: .boilerplate)
        drops.insert(drop, at: before.map { $0 + 1 } ?? 0)
    }

    // MARK: - Lines

    /// The first byte of a line that is not blank, or 0.
    func firstByte(of line: Int) -> UInt8 {
        let start = bytes.skip(from: lines[line].lowerBound, while: ASCII.isBlank)
        return start < lines[line].upperBound ? bytes[start] : 0
    }

    /// A line without blanks at its ends.
    func trimmed(_ line: Int) -> Range<Int> {
        let range = lines[line]
        let start = min(bytes.skip(from: range.lowerBound, while: ASCII.isBlank), range.upperBound)
        return start..<bytes.skipBack(from: range.upperBound, to: start, while: ASCII.isBlank)
    }

    func nextFilledLine(from line: Int) -> Int {
        var next = line
        while next < lines.count, firstByte(of: next) == 0 { next += 1 }
        return next
    }

    private func endOfLine(_ line: Int) -> Int { min(lines[line].upperBound + 1, bytes.count) }

    private mutating func drop(_ line: Int, _ end: Int, as kind: SetAside.Kind) {
        drops.append(Drop(range: lines[line].lowerBound..<endOfLine(end - 1), kind: kind))
    }

    private func isFence(_ line: Int) -> Bool {
        bytes.hasWord("```", at: lines[line].lowerBound)
    }

    /// Whether a line that starts with ">" is quoted mail; ">>> " alone is a Python prompt, "->" and ">=" code.
    private func isQuote(_ line: Int) -> Bool {
        let range = trimmed(line)
        let next = bytes.peek(range.lowerBound + 1)
        if range.count > 1, next != ASCII.space, next != ASCII.greater, lastQuote != line - 1 { return false }
        let isPrompt = range.count > 3 && bytes.hasWord(">>> ", at: range.lowerBound)
        return !isPrompt || lastQuote == line - 1
    }

    /// Whether the text is Markdown, in which ">" without an attribution quotes a message or a document.
    private mutating func isMarkdown() -> Bool {
        if let known = knownMarkdown { return known }
        let found = lines.indices.contains { line in
            let start = lines[line].lowerBound
            return isFence(line) || bytes.hasWord("# ", at: start) || bytes.hasWord("## ", at: start)
                || bytes.hasWord("### ", at: start) || bytes.hasWord("**", at: start)
        }
        knownMarkdown = found
        return found
    }

    // MARK: - Reply or forward

    /// Words with which people pass mail on.
    private static let forwardingWords = KeywordSet(
        "fyi fwd fw wg forward forwarded forwarding below weiterleitung weitergeleitet weiterleiten unten anbei info "
            + "dessous transfère transféré abajo reenvío reenvio reenviado abaixo encaminho encaminhado"
    )

    /// Whether the words before an old message are so few, or so chosen, that the old message is the matter.
    private mutating func isForwarding(before line: Int) -> Bool {
        readOwnWords(before: line)
        return ownWords < 8 || ownWordsForward
    }

    private mutating func hasOwnWords(before line: Int) -> Bool {
        readOwnWords(before: line)
        return ownWords > 0
    }

    /// Counts the words of the open segment up to `line` that are not dropped, going on where it stopped.
    private mutating func readOwnWords(before line: Int) {
        if readLine < segmentStart {
            readLine = segmentStart
            ownWords = 0
            ownWordsForward = false
        }
        while readLine < line {
            let range = lines[readLine]
            while readDrop < drops.count, drops[readDrop].range.upperBound <= range.lowerBound { readDrop += 1 }
            let isDropped = readDrop < drops.count && drops[readDrop].range.contains(range.lowerBound)
            if !isDropped, ownWords < 200 { readWords(range) }
            readLine += 1
        }
    }

    private mutating func readWords(_ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let end = bytes.skip(from: position, while: ASCII.isWord)
            if end > position {
                ownWords += 1
                if Self.forwardingWords.contains(bytes, position..<end) { ownWordsForward = true }
            }
            position = end + 1
        }
    }
}
