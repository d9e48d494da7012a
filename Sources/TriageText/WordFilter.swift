/// Whether a ticket may hold one of some words, or pairs of neighbours, answered by a few bits for each of its words.
///
/// Never false for a ticket that holds one; now and then true for one that does not.
package struct WordFilter: Sendable {
    /// Two of 131,072 bits for the hash of a word, of a pair, and of the first letters of words that begin so: with 5,000
    /// of them one other word in 200 has both (a Bloom filter).
    private var hashes = [UInt64](repeating: 0, count: 2048)
    /// By the lower five bits of three letters, a bit for each count of letters (three to eight) that words begin with.
    private var counts = [UInt8](repeating: 0, count: 1 << 15)

    package init() {}

    /// Adds a whole word by its hash.
    package mutating func insert(_ hash: UInt64) {
        hashes[Int(hash >> 53)] |= 1 << (hash >> 47 & 63)
        hashes[Int(hash >> 6 & 2047)] |= 1 << (hash & 63)
    }

    /// Adds two words that follow each other, by their hashes.
    package mutating func insert(_ first: UInt64, _ second: UInt64) {
        insert(WordFilter.pair(first, second))
    }

    /// Adds the words that begin with three to eight letters, packed little-endian.
    package mutating func insert(beginning letters: UInt64, count: Int) {
        counts[WordFilter.place(letters)] |= 1 << UInt8(count - 3)
        insert(StableHash.hash(packed: letters, length: count, kind: .characters))
    }

    /// For the subject and the body, whether it may hold one of the words or pairs, as `PlainWords` has them.
    package func fields(of words: Words) -> (subject: Bool, body: Bool) {
        var found = (subject: false, body: false)
        let folded = words.folded.span
        var previous: UInt64 = 0
        var plain: [UInt8] = []
        for word in words.list where !word.isSymbol {
            guard word.field == 0 ? !found.subject : !found.body else { continue }
            let isHit: Bool
            if word.isPlain(in: folded) {
                let letters = letters(word.folded, folded)
                isHit = has(word.hash, letters, min(8, word.folded.count), after: previous)
                previous = word.hash
            } else {
                isHit = has(words.folded(word), &plain, after: &previous)
            }
            guard isHit else { continue }
            if word.field == 0 { found.subject = true } else { found.body = true }
        }
        return found
    }

    /// At most the first eight letters of a word; a space and zeros may be behind shorter ones.
    private func letters(_ range: Range<Int32>, _ folded: Span<UInt8>) -> UInt64 {
        let count = range.upperBound - range.lowerBound
        return StableHash.group(folded.bytes, Int(range.lowerBound), Int(min(8, count)))
    }

    /// The same for the words that `PlainWords` makes of one.
    private func has(
        _ folded: ArraySlice<UInt8>, _ plain: inout [UInt8], after previous: inout UInt64
    ) -> Bool {
        plain.removeAll(keepingCapacity: true)
        PlainWords.appendPlain(folded, to: &plain)
        var isHit = false
        PlainWords.forEachPiece(of: plain[...]) { piece in
            let hash = StableHash.hash(piece, kind: .word)
            let letters = PlainWords.firstLetters(of: piece)
            isHit = isHit || has(hash, letters, min(8, piece.count), after: previous)
            previous = hash
        }
        return isHit
    }

    @inline(__always)
    private func has(_ hash: UInt64, _ letters: UInt64, _ count: Int, after previous: UInt64) -> Bool {
        if has(hash) || has(WordFilter.pair(previous, hash)) { return true }
        guard count >= 3 else { return false }
        let bits = counts[WordFilter.place(letters)]
        return bits != 0 && mayBegin(letters, count, bits)
    }

    private func mayBegin(_ letters: UInt64, _ count: Int, _ bits: UInt8) -> Bool {
        for count in 3...count where bits & 1 << UInt8(count - 3) != 0 {
            let first = count < 8 ? letters & (1 << UInt64(8 * count) - 1) : letters
            if has(StableHash.hash(packed: first, length: count, kind: .characters)) { return true }
        }
        return false
    }

    @inline(__always)
    private func has(_ hash: UInt64) -> Bool {
        hashes[Int(hash >> 53)] & 1 << (hash >> 47 & 63) != 0
            && hashes[Int(hash >> 6 & 2047)] & 1 << (hash & 63) != 0
    }

    @inline(__always)
    private static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        (first &* 0x9E37_79B9_7F4A_7C15) ^ second
    }

    private static func place(_ letters: UInt64) -> Int {
        Int(letters & 31) << 10 | Int(letters >> 8 & 31) << 5 | Int(letters >> 16 & 31)
    }
}
