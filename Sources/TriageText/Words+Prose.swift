extension Words {
    /// The first `limit` words that may show a language, in order.
    ///
    /// Left out are symbols, placeholders such as `[EMAIL]`, words with a digit or an underscore, and parts of addresses,
    /// paths, file names and code: words that a symbol of those joins to the next without a space.
    ///
    /// - Complexity: O(bytes up to the last word taken).
    package func prose(first limit: Int, into words: inout [Word]) {
        words.removeAll(keepingCapacity: true)
        var isJoined = false
        for (place, word) in list.enumerated() where word.kind != .symbol {
            let wasJoined = isJoined
            isJoined = joins(place)
            guard !wasJoined, !isJoined, !isPlaceholder(place), word.kind == .unicode || isLetters(word)
            else { continue }
            words.append(word)
            if words.count == limit { return }
        }
    }

    /// Whether a symbol of addresses, paths or code holds a word and the next one together.
    private func joins(_ place: Int) -> Bool {
        guard place + 2 < list.count, list[place + 1].kind == .symbol, list[place + 2].kind != .symbol else {
            return false
        }
        let (word, symbol, next) = (list[place], list[place + 1], list[place + 2])
        return word.range.upperBound == symbol.range.lowerBound
            && symbol.range.upperBound == next.range.lowerBound
            && word.field == next.field && Words.joiners.contains(folded[Int(symbol.folded.lowerBound)])
    }

    private func isLetters(_ word: Word) -> Bool {
        for index in word.folded {
            let byte = folded[Int(index)]
            if byte &- 0x30 < 10 || byte == 0x5F { return false }
        }
        return true
    }

    /// No hyphen and no apostrophe: those hold words of prose together.
    private static let joiners = Set("./\\@_=#&+~|<>(){}[]:;".utf8)
}
