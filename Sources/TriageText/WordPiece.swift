/// BERT's uncased WordPiece tokeniser: text to rows of an embedding matrix.
///
/// Control characters are dropped, Han ideographs stand alone, letters are decomposed (NFD), stripped of
/// non-spacing marks and lower-cased; words end at space and punctuation; each word is cut greedily into the
/// longest pieces of the vocabulary, later pieces marked "##". A word of over 100 scalars, or with a part that no
/// piece matches, gives nothing. (Devlin et al., 2019; Wu et al., 2016.)
package struct WordPiece: Sendable {
    /// Pieces of one or more texts, in order.
    package struct Pieces: Sendable {
        /// The row of each piece.
        package internal(set) var ids: [UInt32] = []
        /// For each piece the byte at which its word begins, in the text it came from.
        package internal(set) var origins: [Int32] = []
        /// The word gathered so far, and at least eight bytes more that the vocabulary may read.
        fileprivate var word: [UInt8] = []
        fileprivate var length = 0
        fileprivate var scalars = 0

        package init() {}

        /// Forgets the pieces and keeps the memory.
        package mutating func removeAll() {
            ids.removeAll(keepingCapacity: true)
            origins.removeAll(keepingCapacity: true)
        }

        /// Makes room for `count` more bytes of a word.
        @inline(__always)
        fileprivate mutating func reserve(_ count: Int) {
            let missing = length + count + 8 - word.count
            if missing > 0 { word.append(contentsOf: repeatElement(0, count: max(missing, word.count))) }
        }

        fileprivate mutating func add(_ byte: UInt8) {
            reserve(1)
            word[length] = byte
            length += 1
        }
    }

    private let vocabulary: Vocabulary
    private static let maximumScalars = 100

    /// A tokeniser over a vocabulary file: one piece a line, its line number its id.
    ///
    /// - Throws: `TextError` when the file has no pieces or two that are equal.
    package init(vocabulary file: [UInt8]) throws(TextError) {
        vocabulary = try Vocabulary(file: file)
    }

    /// The number of lines of the vocabulary.
    package var count: Int { vocabulary.count }

    /// Adds the pieces of a text.
    ///
    /// Brackets stand alone, so [UNK] and its like are never produced, even if written.
    ///
    /// - Complexity: O(bytes) on ordinary text; at worst a word costs its bytes × the square of the longest piece.
    package func append(_ text: [UInt8], to pieces: inout Pieces) {
        (pieces.length, pieces.scalars) = (0, 0)
        let classes = WordPiece.asciiClass
        var start = 0
        var index = 0
        while index < text.count {
            guard text[index] < 0x80 else {
                index += appendScalar(text, at: index, start: &start, &pieces)
                continue
            }
            switch classes[Int(text[index])] {
            case WordPiece.drop: index += 1
            case WordPiece.separate:
                endWord(from: start, &pieces)
                index += 1
            case WordPiece.alone:
                endWord(from: start, &pieces)
                pieces.add(text[index])
                pieces.scalars = 1
                endWord(from: index, &pieces)
                index += 1
            default: addRun(text, classes, &index, &start, &pieces)
            }
        }
        endWord(from: start, &pieces)
    }

    /// Adds the ASCII letters and digits from `index` on, in lower case.
    private func addRun(
        _ text: [UInt8], _ classes: [UInt8], _ index: inout Int, _ start: inout Int, _ pieces: inout Pieces
    ) {
        let first = index
        if pieces.length == 0 { start = first }
        repeat {
            index += 1
        } while index < text.count && text[index] < 0x80
            && classes[Int(text[index])] > WordPiece.alone
        let count = index - first
        pieces.reserve(count)
        let length = pieces.length
        var word = pieces.word.mutableSpan
        // Of letters and digits only capitals lack this bit.
        for place in 0..<count { word[length + place] = text[first + place] | 0x20 }
        pieces.length += count
        pieces.scalars += count
    }

    /// One scalar beyond ASCII; returns its length in bytes.
    private func appendScalar(_ text: [UInt8], at index: Int, start: inout Int, _ pieces: inout Pieces) -> Int
    {
        let (value, length) = Scalars.decode(text, at: index)
        switch BERTScalars.role(of: value) {
        case .drop: return length
        case .separate: endWord(from: start, &pieces)
        case .ideograph:
            endWord(from: start, &pieces)
            addBase(of: value, at: index, &start, &pieces)
            endWord(from: start, &pieces)
        case .letter:
            addBase(of: value, at: index, &start, &pieces)
        }
        return length
    }

    /// Adds a scalar's decomposed, stripped, lower-cased form, ending the word at each punctuation in it.
    private func addBase(of value: UInt32, at index: Int, _ start: inout Int, _ pieces: inout Pieces) {
        BERTScalars.forEachBase(of: value) { base in
            let standsAlone = BERTScalars.isPunctuation(base)
            if standsAlone { endWord(from: start, &pieces) }
            if pieces.length == 0 { start = index }
            for byte in Scalars.utf8(base) { pieces.add(byte) }
            pieces.scalars += 1
            if standsAlone { endWord(from: start, &pieces) }
        }
    }

    /// Cuts the word gathered so far into pieces, all of them or none.
    private func endWord(from start: Int, _ pieces: inout Pieces) {
        let count = pieces.length
        guard count > 0 else { return }
        let first = pieces.ids.count
        var position = pieces.scalars > WordPiece.maximumScalars ? -1 : 0
        while position >= 0, position < count {
            let match = vocabulary.longestMatch(
                in: pieces.word, from: position, to: count, continues: position > 0)
            guard let match else {
                position = -1
                break
            }
            pieces.ids.append(match.id)
            pieces.origins.append(Int32(start))
            position = match.end
        }
        if position < 0 {
            pieces.ids.removeLast(pieces.ids.count - first)
            pieces.origins.removeLast(pieces.origins.count - first)
        }
        (pieces.length, pieces.scalars) = (0, 0)
    }

    // MARK: - ASCII

    private static let drop: UInt8 = 0
    private static let separate: UInt8 = 1
    private static let alone: UInt8 = 2

    /// What each ASCII byte does: dropped, separates, stands alone, or (any other value) its lower-case form.
    private static let asciiClass: [UInt8] = (0..<128).map { value in
        let byte = UInt8(value)
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20: return separate
        case 0x00...0x1F, 0x7F: return drop
        case 0x41...0x5A: return byte + 0x20
        case 0x30...0x39, 0x61...0x7A: return byte
        default: return alone
        }
    }
}
