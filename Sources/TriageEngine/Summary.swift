/// At most two sentences of the ticket's own words: the first that say something.
enum Summary {
    private static let maximumBytes = 240

    /// From the prepared subject and body.
    static func extract(subject: [UInt8], body: [UInt8]) -> String {
        var index = 0
        guard let first = nextInformative(body, &index) else {
            return subject.isEmpty ? text(body[...]) : text(subject[...])
        }
        guard let second = nextInformative(body, &index) else {
            return isPointer(body[first]) && !subject.isEmpty
                ? sentence(text(subject[...])) + " " + text(body[first]) : text(body[first])
        }
        return text(body[first]) + " " + text(body[second])
    }

    private static func nextInformative(_ bytes: [UInt8], _ index: inout Int) -> Range<Int>? {
        while index < bytes.count {
            let range = nextSentence(bytes, &index)
            if isInformative(bytes, range) { return range }
        }
        return nil
    }

    /// Up to a full stop, question or exclamation mark before space, a blank line, or the end.
    private static func nextSentence(_ bytes: [UInt8], _ index: inout Int) -> Range<Int> {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A { return start..<index - 1 }
            let ends = byte == 0x2E || byte == 0x21 || byte == 0x3F
            if ends, index == bytes.count || bytes[index] <= 0x20 { return start..<index }
        }
        return start..<index
    }

    /// At least three words, and not a greeting.
    private static func isInformative(_ bytes: [UInt8], _ sentence: Range<Int>) -> Bool {
        var words = 0
        var first = sentence.lowerBound..<sentence.lowerBound
        var previous: UInt8 = 0x20
        for index in sentence {
            if bytes[index] > 0x20, previous <= 0x20 { words += 1 }
            if words == 1, bytes[index] > 0x20 { first = first.lowerBound..<index + 1 }
            if words > 5 { return true }
            previous = bytes[index]
        }
        return words >= 3 && !isGreeting(bytes[first])
    }

    /// Whether a body's only sentence is so short that it may just point to the subject or to an attachment.
    private static func isPointer(_ sentence: ArraySlice<UInt8>) -> Bool {
        sentence.split(maxSplits: 4) { $0 <= 0x20 }.count < 5
    }

    /// A subject with a full stop, where it ends without a sign.
    private static func sentence(_ subject: String) -> String {
        subject.last?.isPunctuation ?? true ? subject : subject + "."
    }

    private static func isGreeting(_ word: ArraySlice<UInt8>) -> Bool {
        greetings.contains(String(decoding: word.prefix { $0 != 0x2C }, as: UTF8.self).lowercased())
    }

    private static let greetings: Set<String> = [
        "hi", "hello", "dear", "hey", "good", "greetings", "hallo", "guten", "bonjour", "hola", "olá",
        "thanks", "thank",
    ]

    /// Whether there is no space but single ones between words.
    private static func isOneLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 0x20
        for byte in bytes {
            if byte <= 0x20, byte < 0x20 || previous == 0x20 { return false }
            previous = byte
        }
        return previous != 0x20
    }

    /// The bytes as one line, cut at a word when long.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.count <= maximumBytes, isOneLine(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var line: [UInt8] = []
        line.reserveCapacity(bytes.count)
        var previous: UInt8 = 0x20
        for byte in bytes {
            let printed = max(byte, 0x20)
            if printed != 0x20 || previous != 0x20 { line.append(printed) }
            previous = printed
        }
        if previous == 0x20, !line.isEmpty { line.removeLast() }
        guard line.count > maximumBytes else { return String(decoding: line, as: UTF8.self) }
        var end = maximumBytes
        while end > maximumBytes / 2, line[end] != 0x20 { end -= 1 }
        while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: line[..<end], as: UTF8.self) + "…"
    }
}
