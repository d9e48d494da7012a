/// The words and symbols of a text of patterns, in order: the words as `PlainWords` has them, with other spellings.
///
/// Most are ASCII and are read here in one walk over the bytes; all others go through `Words` and `PlainWords` together.
package struct PatternWords: Sendable {
    package struct Word: Sendable {
        /// The hash of the whole word.
        package var hash: UInt64
        /// The hash of its first three bytes; 0 for a shorter word.
        package var beginning: UInt64 = 0
        /// At most eight of its letters, packed little-endian.
        package var letters: UInt64 = 0
        /// The byte of the text at which it begins.
        package var start: Int32
        /// Its place in `spellings`; -1 where it has no other spelling.
        package var spelling: Int32 = -1
        /// How many bytes its letters take, at most 256.
        package var length: UInt16 = 1
        /// The ASCII symbol that it is; 0 for a word.
        package var symbol: UInt8 = 0
        /// Whether `PlainWords` must still read it.
        fileprivate var isOpen = false
    }

    package private(set) var list: [Word] = []
    /// Words with "ae", "oe" and "ue" for their umlauts.
    package private(set) var spellings: [Word] = []

    /// - Complexity: O(bytes).
    package init(_ bytes: [UInt8]) {
        list.reserveCapacity(bytes.count / 3)
        // The bytes of words that are not ASCII, a space after each.
        var others: [UInt8] = []
        let span = bytes.span
        var index = 0
        while index < span.count {
            let byte = span[index]
            if byte <= 0x20 || byte == 0x7F {
                index += 1
            } else if byte < 0x80, byte != 0x27, ASCIIWord.fold(byte) == 0 {
                let hash = StableHash.hash(packed: UInt64(byte), length: 1, kind: .word)
                list.append(Word(hash: hash, start: Int32(index), symbol: byte))
                index += 1
            } else {
                readWord(span, &index, &others)
            }
        }
        if !others.isEmpty { read(others) }
    }

    private mutating func readWord(_ bytes: Span<UInt8>, _ index: inout Int, _ others: inout [UInt8]) {
        let start = index
        var letters: UInt64 = 0
        var isPlain = true
        while index < bytes.count {
            let folded = ASCIIWord.fold(bytes[index])
            if folded == 0 {
                guard bytes[index] >= 0x80 || bytes[index] == 0x27 else { break }
                isPlain = false
            }
            if index - start < 8 { letters |= UInt64(folded) &<< UInt64(8 * (index - start)) }
            index += 1
        }
        guard isPlain else {
            list.append(Word(hash: UInt64(others.count), start: Int32(start), isOpen: true))
            for place in start..<index { others.append(bytes[place]) }
            others.append(0x20)
            return
        }
        list.append(word(hash(bytes, start..<index, letters), letters, index - start, Int32(start)))
    }

    private func hash(_ bytes: Span<UInt8>, _ range: Range<Int>, _ letters: UInt64) -> UInt64 {
        guard range.count > 8 else {
            return StableHash.hash(packed: letters, length: range.count, kind: .word)
        }
        var hash = StableHash.Accumulator(.word)
        for place in range { hash.add(ASCIIWord.fold(bytes[place])) }
        return hash.finished
    }

    private func word(_ hash: UInt64, _ letters: UInt64, _ length: Int, _ start: Int32) -> Word {
        let beginning =
            length < 3 ? 0 : StableHash.hash(packed: letters & 0xFFFFFF, length: 3, kind: .characters)
        return Word(
            hash: hash, beginning: beginning, letters: letters, start: start,
            length: UInt16(min(length, 256)))
    }

    /// Puts the words of `others` in the places that are open.
    private mutating func read(_ others: [UInt8]) {
        let plain = PlainWords(Words(others), field: 1, keepingSymbols: true)
        var (next, nextSpelling) = (0, 0)
        let open = list
        list.removeAll(keepingCapacity: true)
        for place in open {
            guard place.isOpen else {
                list.append(place)
                continue
            }
            let end = others[Int(place.hash)...].firstIndex(of: 0x20) ?? others.count
            while next < plain.list.count, plain.list[next].start < end {
                var word = word(plain.list[next], place.start)
                if nextSpelling < plain.spellings.count, plain.spellings[nextSpelling].place == next {
                    word.spelling = Int32(spellings.count)
                    spellings.append(self.word(plain.spellings[nextSpelling].word, place.start))
                    nextSpelling += 1
                }
                list.append(word)
                next += 1
            }
        }
    }

    private func word(_ word: PlainWords.Word, _ start: Int32) -> Word {
        guard word.symbol == 0 else { return Word(hash: word.hash, start: start, symbol: word.symbol) }
        return self.word(word.hash, word.firstLetters, word.length, start)
    }
}
