/// Whether a ticket may hold one of some words, answered by a few bits for each of its words.
///
/// Never false for a ticket that holds one; now and then true for one that does not.
package struct WordFilter: Sendable {
    /// Two of 524,288 bits for the hash of a whole word, and of the first letters of words that begin so: with 10,000 words
    /// one other word in 700 has both (a Bloom filter).
    private var hashes = [UInt64](repeating: 0, count: 8192)
    /// One bit for the lower five bits of each of three letters that words begin with.
    private var beginnings = [UInt64](repeating: 0, count: 512)

    package init() {}

    /// Adds a whole word by its hash.
    package mutating func insert(_ hash: UInt64) {
        hashes[Int(hash >> 51)] |= 1 << (hash >> 45 & 63)
        hashes[Int(hash >> 6 & 8191)] |= 1 << (hash & 63)
    }

    /// Adds the words that begin with three to eight letters, packed little-endian.
    package mutating func insert(beginning letters: UInt64, count: Int) {
        let place = WordFilter.place(letters)
        beginnings[place >> 6] |= 1 << UInt64(place & 63)
        insert(StableHash.hash(packed: letters, length: count, kind: .characters))
    }

    /// Whether a ticket may hold one of the words, as `PlainWords` has them.
    package func mayOccur(in words: Words) -> Bool {
        let folded = words.folded.span
        for word in words.list where !word.isSymbol {
            let range = Int(word.folded.lowerBound)..<Int(word.folded.upperBound)
            if has(word.hash) || mayBegin(range, folded) || isChanged(range, folded) { return true }
        }
        return false
    }

    private func has(_ hash: UInt64) -> Bool {
        hashes[Int(hash >> 51)] & 1 << (hash >> 45 & 63) != 0
            && hashes[Int(hash >> 6 & 8191)] & 1 << (hash & 63) != 0
    }

    private func mayBegin(_ range: Range<Int>, _ folded: Span<UInt8>) -> Bool {
        guard range.count >= 3 else { return false }
        let start = range.lowerBound
        var letters = UInt64(folded[start]) | UInt64(folded[start + 1]) << 8 | UInt64(folded[start + 2]) << 16
        let place = WordFilter.place(letters)
        guard beginnings[place >> 6] & 1 << UInt64(place & 63) != 0 else { return false }
        for count in 3...min(8, range.count) {
            if count > 3 { letters |= UInt64(folded[start + count - 1]) << UInt64(8 * (count - 1)) }
            if has(StableHash.hash(packed: letters, length: count, kind: .characters)) { return true }
        }
        return false
    }

    /// Whether `PlainWords` may have a word in another form.
    private func isChanged(_ range: Range<Int>, _ folded: Span<UInt8>) -> Bool {
        for index in range where folded[index] >= 0x80 { return true }
        for index in range where folded[index] == 0x27 {
            let rest = index + 1..<range.upperBound
            return !PlainWords.isEnglishEnding(rest.map { folded[$0] })
        }
        return false
    }

    private static func place(_ letters: UInt64) -> Int {
        Int(letters & 31) << 10 | Int(letters >> 8 & 31) << 5 | Int(letters >> 16 & 31)
    }
}
