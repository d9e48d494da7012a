/// A site's own words and phrases, found by the hash of their first word.
struct DenyList: Sendable {
    private let phrases: [UInt64: [[UInt8]]]

    /// The first bytes of all phrases, both cases of ASCII letters.
    let firstBytes: Set<UInt8>

    /// Keeps the phrases that are not blank, without blanks around them.
    init(_ words: [String]) {
        var phrases: [UInt64: [[UInt8]]] = [:]
        var firstBytes: Set<UInt8> = []
        for word in words {
            var bytes = Confusables.fold(Array(word.utf8)).bytes.map(ASCII.lower)
            while let last = bytes.last, ASCII.isWhitespace(last) { bytes.removeLast() }
            bytes.removeFirst(bytes.skip(from: 0, while: ASCII.isWhitespace))
            guard let first = bytes.first else { continue }
            firstBytes.insert(first)
            if ASCII.isLower(first) { firstBytes.insert(first & 0xDF) }
            let hash = KeywordSet.hash(bytes, Self.firstWord(of: bytes, at: 0))
            phrases[hash, default: []].append(bytes)
        }
        // Longest first, so that "acme north" wins over "acme"; equal lengths cannot both match.
        self.phrases = phrases.mapValues { $0.sorted { $0.count > $1.count } }
        self.firstBytes = firstBytes
    }

    /// The end of the longest phrase that stands at `index` as whole words, or nil.
    func match(in text: [UInt8], at index: Int) -> Int? {
        if text.isInsideWord(at: index) { return nil }
        let word = Self.firstWord(of: text, at: index)
        guard let candidates = phrases[KeywordSet.hash(text, word)] else { return nil }
        for phrase in candidates {
            let end = index + phrase.count
            guard end <= text.count, matches(phrase, in: text, at: index) else { continue }
            if text.isInsideWord(at: end) { continue }
            return end
        }
        return nil
    }

    private func matches(_ phrase: [UInt8], in text: [UInt8], at index: Int) -> Bool {
        for offset in phrase.indices where ASCII.lower(text[index + offset]) != phrase[offset] {
            return false
        }
        return true
    }

    /// The first word at `index`: a run of letters, one character of a script without spaces, or one byte.
    private static func firstWord(of text: [UInt8], at index: Int) -> Range<Int> {
        if text.startsWord(at: index) {
            return index..<text.endOfWord(from: index, to: text.count) { _ in false }
        }
        guard text.isForeignLetter(at: index) else { return index..<index + 1 }
        var end = text.endOfScalar(at: index)
        guard !text.isUnspaced(at: index) else { return index..<end }
        while text.isSpacedLetter(at: end) { end = text.endOfScalar(at: end) }
        return index..<end
    }
}
