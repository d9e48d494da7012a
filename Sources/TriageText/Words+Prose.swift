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

    /// Whether one or two symbols of addresses, paths or code hold a word and the next one together.
    private func joins(_ place: Int) -> Bool {
        let word = list[place]
        var (end, next) = (word.range.upperBound, place + 1)
        while next < list.count, list[next].range.lowerBound == end, list[next].field == word.field {
            let symbol = list[next]
            guard symbol.kind == .symbol else { return next > place + 1 }
            guard next <= place + 2, Words.joiners.contains(folded[Int(symbol.folded.lowerBound)]) else {
                return false
            }
            (end, next) = (symbol.range.upperBound, next + 1)
        }
        return false
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
