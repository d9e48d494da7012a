/// Finds what programs put into a text in place of a picture or a file: data URLs, base64 and image marks.
///
/// Nobody reads it, so it is no text of the requester. Like tags and invisible characters it is dropped without being
/// listed. Only what is evidently encoded goes: hashes, keys, tokens, addresses and log lines stay.
struct EncodedData {
    /// The text without encoded data.
    ///
    /// A space takes its place where two words would meet.
    ///
    /// - Complexity: O(bytes).
    static func dropped(from bytes: [UInt8]) -> MappedText {
        var finder = EncodedData(bytes)
        finder.findMarks()
        finder.findRuns()
        guard !finder.found.isEmpty else { return MappedText(bytes) }
        var rewriter = Rewriter(bytes)
        for range in finder.found.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if ASCII.isWord(bytes.peek(range.lowerBound - 1)), ASCII.isWord(bytes.peek(range.upperBound)) {
                rewriter.replace(range, with: " ")
            } else {
                rewriter.drop(range)
            }
        }
        return rewriter.finish()
    }

    /// Mail programs wrap base64 at 60 to 76 characters.
    private static let minimumLine = 60
    /// A run of base64 that is not wrapped: longer than a SHA-512 hash in base64 (88) or in hexadecimal digits (128).
    private static let minimumRun = 200
    /// A run behind "token=" that is shorter may be a secret, which the masker lists.
    private static let maximumSecret = 512
    /// A shorter payload is an example in a text about data URLs.
    private static let minimumPayload = 16
    private static let maximumHeader = 200
    private static let maximumBreak = 16
    private static let maximumAddress = 2048

    private let bytes: [UInt8]
    private var found: [Range<Int>] = []
    /// The end of the last base64 that was read.
    private var readUpTo = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    @inline(__always) private static func isBase64(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == ASCII.plus || byte == ASCII.slash
    }

    // MARK: - Data URLs and image marks

    private mutating func findMarks() {
        // What stands beside each sign tells nearly all of them apart from the start of a mark.
        find(ASCII.colon, neighbour: -1, "ad") { $0.dataURL(colon: $1) ?? $0.contentID(colon: $1) }
        find(ASCII.openBracket, neighbour: 1, "ie") { $0.imageMark(at: $1) }
        find(ASCII.less, neighbour: 1, "ipo") { $0.imageMark(at: $1) }
    }

    /// Adds what stands at each `byte` with one of the letters beside it.
    private mutating func find(
        _ byte: UInt8, neighbour: Int, _ letters: StaticString, _ mark: (EncodedData, Int) -> Range<Int>?
    ) {
        var next = bytes.firstIndex(of: byte, from: 0)
        while let index = next {
            let letter = ASCII.lower(bytes.peek(index + neighbour))
            let range = letters.withUTF8Buffer { $0.contains(letter) } ? mark(self, index) : nil
            if let range { found.append(range) }
            next = bytes.firstIndex(of: byte, from: range?.upperBound ?? index + 1)
        }
    }

    /// "data:image/png;base64,…" with its colon at `colon`.
    private func dataURL(colon: Int) -> Range<Int>? {
        let start = colon - 4
        guard bytes.hasWord("data", at: start), !ASCII.isWord(bytes.peek(start - 1)) else { return nil }
        let limit = min(bytes.count, colon + Self.maximumHeader)
        var comma = colon + 1
        while comma < limit, Self.isHeader(bytes[comma]) { comma += 1 }
        guard bytes.peek(comma) == ASCII.comma else { return nil }
        let isBase64 = bytes.hasWord(";base64", endingAt: comma)
        guard isBase64 || bytes[colon..<comma].contains(ASCII.slash) else { return nil }
        let first = isBase64 ? lineBreak(comma + 1)?.end ?? comma + 1 : comma + 1
        let end = isBase64 ? endOfBlock(endOfPayload(first)).end : endOfAddress(first)
        return end - first >= Self.minimumPayload ? start..<end : nil
    }

    private static func isHeader(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.slash, ASCII.plus, ASCII.dash, ASCII.dot, ASCII.semicolon, ASCII.equals, ASCII.underscore,
            ASCII.star, ASCII.backslash:
            true
        default: ASCII.isAlphanumeric(byte)
        }
    }

    /// The end of base64 as data URLs have it: also in its form for addresses, and with escapes such as "%2B" and "\\/".
    private func endOfPayload(_ start: Int) -> Int {
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            guard
                Self.isBase64(byte) || byte == ASCII.dash || byte == ASCII.underscore || byte == ASCII.percent
                    || byte == ASCII.equals || byte == ASCII.backslash && bytes.peek(end + 1) == ASCII.slash
            else { break }
            end += 1
        }
        return end
    }

    /// The end of what is neither space, quote nor bracket.
    private func endOfAddress(_ start: Int) -> Int {
        bytes.skip(from: start) { !Self.endsAddress($0) }
    }

    private static func endsAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case ASCII.quote, ASCII.apostrophe, ASCII.less, ASCII.greater, ASCII.closeParen, ASCII.openBracket,
            ASCII.closeBracket, ASCII.backtick, ASCII.ampersand, ASCII.pipe:
            true
        default: byte <= ASCII.space
        }
    }

    /// "cid:image001.png@01DA.5C3E", with the brackets around it.
    private func contentID(colon: Int) -> Range<Int>? {
        let start = colon - 3
        guard bytes.hasWord("cid", at: start), !ASCII.isWord(bytes.peek(start - 1)) else { return nil }
        let limit = min(bytes.count, colon + Self.maximumHeader)
        var end = colon + 1
        while end < limit, !Self.endsAddress(bytes[end]) { end += 1 }
        guard isContentID(colon + 1..<end) else { return nil }
        let isEnclosed =
            switch (bytes.peek(start - 1), bytes.peek(end)) {
            case (ASCII.openBracket, ASCII.closeBracket), (ASCII.less, ASCII.greater): true
            default: false
            }
        return isEnclosed ? start - 1..<end + 1 : start..<end
    }

    /// Whether it names a part of a mail ("name@host", an image, "ii_…", a UUID) and is not a customer's number.
    private func isContentID(_ range: Range<Int>) -> Bool {
        if let at = bytes[range].firstIndex(of: ASCII.at) {
            return at > range.lowerBound && at + 1 < range.upperBound
        }
        return bytes.hasWord("ii_", at: range.lowerBound) || isImageName(range)
            || range.count >= 32 && bytes[range].allSatisfy { ASCII.isHex($0) || $0 == ASCII.dash }
    }

    private static let imageTypes: [StaticString] = [
        ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emz", ".wmz", ".tif", ".tiff", ".heic", ".svg", ".webp",
    ]

    private func isImageName(_ range: Range<Int>) -> Bool {
        Self.imageTypes.contains {
            $0.utf8CodeUnitCount < range.count && bytes.hasWord($0, endingAt: range.upperBound)
        }
    }

    /// "[image: photo.png]", "[Inline image 1]", "<image001.png>" and "<PastedGraphic-1.png>".
    private func imageMark(at index: Int) -> Range<Int>? {
        let isSquare = bytes[index] == ASCII.openBracket
        let close = isSquare ? ASCII.closeBracket : ASCII.greater
        let marks: [StaticString] = isSquare ? Self.squareMarks : Self.angleMarks
        guard let mark = marks.first(where: { bytes.hasWord($0, at: index) }) else { return nil }
        let limit = min(bytes.count, index + Self.maximumHeader)
        var end = index + mark.utf8CodeUnitCount
        while end < limit, bytes[end] != close, bytes[end] != ASCII.newline, bytes[end] != bytes[index] {
            end += 1
        }
        guard bytes.peek(end) == close, isSquare || isImageName(index + 1..<end) else { return nil }
        return index..<end + 1
    }

    private static let squareMarks: [StaticString] = [
        "[image:", "[image]", "[inline image", "[embedded image", "[inline-bild", "[eingebettetes bild",
    ]
    private static let angleMarks: [StaticString] = ["<image0", "<image.", "<pastedgraphic-", "<outlook-"]

    // MARK: - Base64

    /// Finds runs of base64 without reading every byte: each run of the minimum length holds one of the bytes
    /// looked at.
    private mutating func findRuns() {
        var index = Self.minimumLine - 1
        while index < bytes.count {
            var start = index
            while start >= readUpTo, index - start < Self.minimumLine, Self.isBase64(bytes[start]) {
                start -= 1
            }
            guard index - start >= Self.minimumLine else {
                index = start + Self.minimumLine
                continue
            }
            start = bytes.skipBack(from: start + 1, to: readUpTo, while: Self.isBase64)
            let block = endOfBlock(endOfLine(start))
            if isEvident(start..<block.end, isWrapped: block.isWrapped) { found.append(start..<block.end) }
            readUpTo = block.end
            index = block.end + Self.minimumLine - 1
        }
    }

    /// The end of a run of base64 with the signs that fill it up.
    private func endOfLine(_ start: Int) -> Int {
        let end = bytes.skip(from: start, while: Self.isBase64)
        return bytes.peek(end) != ASCII.equals ? end : bytes.peek(end + 1) != ASCII.equals ? end + 1 : end + 2
    }

    /// The end of the lines of base64 of which the first ends at `end`, and whether there is more than one.
    ///
    /// Two signs that fill up are the end of the data.
    private func endOfBlock(_ end: Int) -> (end: Int, isWrapped: Bool) {
        var end = end
        var isWrapped = false
        while !bytes.hasWord("==", endingAt: end), let line = lineBreak(end) {
            let next = endOfLine(line.end)
            let isWhole = next - line.end >= Self.minimumLine
            guard isWhole || line.isNew && isLastLine(line.end..<next) else { break }
            isWrapped = true
            end = next
            if !isWhole { break }
        }
        return (end, isWrapped)
    }

    /// Whether a short run is the rest of the data rather than a word: alone on its line, in groups of four, and
    /// filled up, with a digit or a sign, or with a capital behind a small letter.
    private func isLastLine(_ range: Range<Int>) -> Bool {
        switch bytes.peek(range.upperBound) {
        case 0, ASCII.newline, ASCII.quote, ASCII.closeParen, ASCII.less: break
        default: return false
        }
        return range.count >= 4 && range.count % 4 == 0
            && range.contains {
                !ASCII.isLetter(bytes[$0])
                    || $0 > range.lowerBound && ASCII.isUpper(bytes[$0]) && ASCII.isLower(bytes[$0 - 1])
            }
    }

    /// The end of a break inside base64, and whether a line starts there; nil when no base64 follows.
    ///
    /// Blanks, the marks of a quoted line, the sign of a soft line break, and line ends written as escapes belong
    /// to it.
    private func lineBreak(_ index: Int) -> (end: Int, isNew: Bool)? {
        let limit = min(bytes.count, index + Self.maximumBreak)
        var end = bytes.peek(index) == ASCII.equals ? index + 1 : index
        var isNew = false
        while end < limit {
            if let next = endOfNewline(end) {
                end = next
                isNew = true
            } else if ASCII.isBlank(bytes[end]) || isNew && bytes[end] == ASCII.greater {
                end += 1
            } else {
                break
            }
        }
        return end > index && bytes[end - 1] != ASCII.equals && Self.isBase64(bytes.peek(end))
            ? (end, isNew) : nil
    }

    /// The index after a line end, also one written as "\\n" or "&#10;".
    private func endOfNewline(_ index: Int) -> Int? {
        switch bytes.peek(index) {
        case ASCII.newline: return index + 1
        case ASCII.backslash:
            let next = ASCII.lower(bytes.peek(index + 1))
            return next == 0x6E || next == 0x72 ? index + 2 : nil
        case ASCII.ampersand:
            guard let entity = HTMLEntity(bytes, at: index), entity.scalar.value <= 0x20 else { return nil }
            return entity.end
        default: return nil
        }
    }

    private func isEvident(_ range: Range<Int>, isWrapped: Bool) -> Bool {
        let isFile = Self.fileStarts.contains { startsWith($0, at: range.lowerBound) }
        guard isFile || range.count >= (isWrapped ? 3 * Self.minimumLine : Self.minimumRun) else {
            return false
        }
        guard isMixed(range), !isToken(range), !isInAddress(range.lowerBound), !isArmoured(range.lowerBound)
        else {
            return false
        }
        return isFile || isWrapped || range.count >= Self.maximumSecret || !isAssigned(range.lowerBound)
    }

    /// How PNG, JPEG, GIF, PDF and ZIP files start in base64.
    private static let fileStarts: [StaticString] = ["iVBORw0KGgo", "/9j/", "R0lGOD", "JVBERi0", "UEsDB"]

    private func startsWith(_ text: StaticString, at index: Int) -> Bool {
        guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[index..<index + text.utf8CodeUnitCount]) }
    }

    /// Whether capitals, small letters and digits alternate as chance has it, which names, paths and hexadecimal
    /// digits do not.
    ///
    /// In random base64 two neighbours in three differ in class, and one character in 32 is "+" or "/"; repeated
    /// characters, such as those of zeros, are not counted.
    private func isMixed(_ range: Range<Int>) -> Bool {
        var counts = [0, 0, 0, 0]
        var (changes, all) = (0, 0)
        var previous: UInt8 = 0
        for byte in bytes[range] where Self.isBase64(byte) && byte != previous {
            all += 1
            counts[Self.kind(byte)] += 1
            if Self.kind(byte) != Self.kind(previous) { changes += 1 }
            previous = byte
        }
        return all >= 40 && counts[0] * 20 >= all && counts[1] * 20 >= all && counts[2] * 40 >= all
            && counts[3] * 16 <= all && changes * 3 >= all
    }

    /// 0 for capitals, 1 for small letters, 2 for digits, 3 for signs.
    private static func kind(_ byte: UInt8) -> Int {
        ASCII.isUpper(byte) ? 0 : ASCII.isLower(byte) ? 1 : ASCII.isDigit(byte) ? 2 : 3
    }

    /// Whether it is a part of a token with points, such as a JWT, or of one in base64 for addresses.
    private func isToken(_ range: Range<Int>) -> Bool {
        func joins(_ mark: UInt8, _ beyond: UInt8) -> Bool {
            mark == ASCII.underscore
                || (mark == ASCII.dot || mark == ASCII.dash) && ASCII.isAlphanumeric(beyond)
        }
        return joins(bytes.peek(range.lowerBound - 1), bytes.peek(range.lowerBound - 2))
            || joins(bytes.peek(range.upperBound), bytes.peek(range.upperBound + 1))
    }

    private func isInAddress(_ index: Int) -> Bool {
        let limit = max(0, index - Self.maximumAddress)
        let start = bytes.skipBack(from: index, to: limit) { !Self.endsAddress($0) || $0 == ASCII.ampersand }
        return (start..<index).contains { bytes.hasWord("://", at: $0) } || bytes.hasWord("www.", at: start)
    }

    /// Whether it lies in a key or an encrypted or signed message, whose lines the masker and readers know.
    private func isArmoured(_ index: Int) -> Bool {
        var start = index
        let limit = max(0, index - Self.maximumHeader)
        while start > limit, !bytes.hasWord("-----begin ", at: start) { start -= 1 }
        guard bytes.hasWord("-----begin ", at: start) else { return false }
        let header = start..<index
        let isEnded = header.contains { bytes.hasWord("-----end ", at: $0) }
        return !isEnded && header.contains { bytes.hasWord(" key", at: $0) || bytes.hasWord(" pgp", at: $0) }
    }

    /// Whether the value of a setting or a header starts at `index`.
    private func isAssigned(_ index: Int) -> Bool {
        let end = bytes.skipBack(from: index, to: max(0, index - 3)) {
            ASCII.isBlank($0) || $0 == ASCII.quote || $0 == ASCII.apostrophe
        }
        let sign = bytes.peek(end - 1)
        return sign == ASCII.equals || sign == ASCII.colon || bytes.hasWord("bearer", endingAt: end)
            || bytes.hasWord("basic", endingAt: end)
    }
}
