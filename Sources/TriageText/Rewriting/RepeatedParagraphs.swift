/// The paragraphs that many people of a site send without having written them, such as a company's footer.
///
/// Training learns them, a bundle keeps their hashes, and cleaning sets them aside where they stand at an end of an
/// author's words, as mail systems put footers and banners: what stands in the middle may be the matter itself.
package struct RepeatedParagraphs: Sendable, Equatable {
    /// The most paragraphs that a bundle keeps.
    package static let maximumCount = 1000

    /// The site's number, which every hash depends on: the hashes of two sites cannot be compared.
    package let key: UInt64
    /// The paragraphs' hashes under the key.
    package let hashes: Set<UInt64>

    /// The paragraphs with these hashes.
    package init(key: UInt64 = 0, hashes: Set<UInt64> = []) {
        self.key = key
        self.hashes = hashes
    }

    package var isEmpty: Bool { hashes.isEmpty }

    /// These and the paragraphs with other contents; of too many, some of these are left out.
    package func adding(contents: some Sequence<UInt64>) -> RepeatedParagraphs {
        let added = Set(contents.map { StableHash.pair(key, $0) })
        let room = max(0, RepeatedParagraphs.maximumCount - added.count)
        let kept = hashes.subtracting(added).sorted().prefix(room)
        return RepeatedParagraphs(key: key, hashes: added.union(kept))
    }

    /// Whether one of them has this content.
    package func contains(content: UInt64) -> Bool { hashes.contains(StableHash.pair(key, content)) }

    /// Whether the paragraph in a range of a text is one of them.
    package func contains(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard !isEmpty, range.count >= ParagraphReader.minimumBytes else { return false }
        var reader = ParagraphReader()
        return contains(content: reader.read(bytes, range).content)
    }
}

/// Reads the paragraphs of texts; one value for many texts saves memory traffic.
package struct ParagraphReader: Sendable {
    /// What a paragraph says, whatever its layout.
    package struct Paragraph: Sendable, Equatable {
        /// The hash of its words in order.
        ///
        /// Case, symbols, line breaks and invisible characters do not count. A run of digits is one digit, and adjacent
        /// numbers are one number, so that a date or a phone number makes no difference.
        package let content: UInt64
        /// The hash of the words that hold a digit, as they are.
        package let numbers: UInt64
        /// Its length in words, as a reader of any script would count them.
        package let length: Int

        /// Whether it is long enough to be recognised: shorter ones are greetings, thanks and headings.
        package var isLong: Bool { length >= 12 }
    }

    /// Bytes of the shortest paragraph that can be long: twelve words of one letter and the spaces between.
    static let minimumBytes = 23

    /// Paragraphs at the start of a text among which banners are looked for.
    private static let first = 3
    /// Paragraphs at its end among which footers are looked for.
    private static let last = 6

    private var words = Words()

    package init() {}

    /// Reads the paragraph in a range of a text.
    package mutating func read(_ bytes: [UInt8], _ range: Range<Int>) -> Paragraph {
        words.scan(subject: [], body: ParagraphReader.visible(bytes[range]))
        var (content, numbers): (UInt64, UInt64) = (0, 0)
        var halves = 0
        var followsNumber = false
        for word in words.list where !word.isSymbol {
            let folded = words.folded(word)
            guard folded.first != ASCII.underscore || folded.contains(where: { $0 != ASCII.underscore })
            else {
                continue
            }
            let digits = ParagraphReader.digitsFolded(folded)
            if digits != nil { numbers = StableHash.pair(numbers, word.hash) }
            let isNumber = digits == [ASCII.zero]
            defer { followsNumber = isNumber }
            if isNumber, followsNumber { continue }
            content = StableHash.pair(content, digits.map { StableHash.hash($0, kind: .word) } ?? word.hash)
            halves += ParagraphReader.halfWords(folded)
        }
        return Paragraph(content: content, numbers: numbers, length: halves / 2)
    }

    /// The paragraphs of a text, without white space at their ends.
    ///
    /// A paragraph is a run of lines with a letter or a digit: a line of dashes separates as an empty one does.
    package static func paragraphs(of bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: Range<Int>?
        var start = 0
        while start < bytes.count {
            let end = bytes.skip(from: start) { $0 != ASCII.newline }
            if hasWord(bytes, start..<end) {
                let line = trimmed(bytes, start..<end)
                open = (open?.lowerBound ?? line.lowerBound)..<line.upperBound
            } else if let paragraph = open {
                found.append(paragraph)
                open = nil
            }
            start = end + 1
        }
        if let open { found.append(open) }
        return found
    }

    /// The places, of so many paragraphs, in which banners and footers are looked for.
    package static func nearEnds(_ count: Int) -> [Int] {
        let tail = max(min(first, count), count - last)
        return Array(0..<min(first, count)) + Array(tail..<count)
    }

    private static func trimmed(_ bytes: [UInt8], _ line: Range<Int>) -> Range<Int> {
        let start = min(bytes.skip(from: line.lowerBound, while: ASCII.isWhitespace), line.upperBound)
        return start..<bytes.skipBack(from: line.upperBound, to: start, while: ASCII.isWhitespace)
    }

    /// Whether a line holds a letter or a digit of any script.
    private static func hasWord(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        var index = line.lowerBound
        while index < line.upperBound {
            if bytes[index] < 0x80 {
                if ASCII.isAlphanumeric(bytes[index]) { return true }
                index += 1
                continue
            }
            let (scalar, length) = Scalars.decode(bytes, at: index)
            let kind = Scalars.scalarClass(scalar)
            if kind == .word || kind == .ideograph { return true }
            index += length
        }
        return false
    }

    /// The bytes without soft hyphens, zero-width spaces and other characters that are not shown.
    private static func visible(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let all = Array(bytes)
        guard all.contains(where: { $0 >= 0x80 }) else { return all }
        var visible: [UInt8] = []
        visible.reserveCapacity(all.count)
        var index = 0
        while index < all.count {
            let (scalar, length) = Scalars.decode(all, at: index)
            let isShown =
                scalar < 0x80 || Unicode.Scalar(scalar)?.properties.isDefaultIgnorableCodePoint != true
            if isShown { visible.append(contentsOf: all[index..<index + length]) }
            index += length
        }
        return visible
    }

    /// A word with each run of digits, of any script, as one zero; nil when it has none.
    private static func digitsFolded(_ word: ArraySlice<UInt8>) -> [UInt8]? {
        guard word.contains(where: { ASCII.isDigit($0) || $0 >= 0x80 }) else { return nil }
        var folded: [UInt8] = []
        var (hasDigit, followsDigit) = (false, false)
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            let isDigit = scalar.properties.numericType == .decimal
            if !isDigit { Scalars.append(scalar.value, to: &folded) }
            if isDigit, !followsDigit { folded.append(ASCII.zero) }
            (hasDigit, followsDigit) = (hasDigit || isDigit, isDigit)
        }
        return hasDigit ? folded : nil
    }

    /// The length of a word in half words: an ideograph is half a word, and of scripts that write no spaces every
    /// twelve letters of a run count as a word.
    private static func halfWords(_ word: ArraySlice<UInt8>) -> Int {
        let scalars = word.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return scalars == 1 && word.count >= 3 ? 1 : 2 * ((scalars + 11) / 12)
    }
}
