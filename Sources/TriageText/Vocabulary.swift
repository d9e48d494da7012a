/// The pieces of a WordPiece vocabulary and their ids, in an open-addressing table over the file's own bytes.
struct Vocabulary: Sendable {
    struct Match {
        var id: UInt32
        /// The byte after the match, in the word.
        var end: Int
    }

    let count: Int
    private let bytes: [UInt8]
    /// For each piece, where it begins in `bytes`, without its "##".
    private let starts: [UInt32]
    private let lengths: [UInt8]
    /// id + 1 at the slots in use, 0 elsewhere.
    private let slots: [UInt32]
    private let mask: Int
    private let longest: Int

    init(file: [UInt8]) throws(TextError) {
        var table = Builder()
        var start = 0
        var line = 0
        while start < file.count {
            let end = file[start...].firstIndex(of: 0x0A) ?? file.count
            let trimmed = end > start && file[end - 1] == 0x0D ? end - 1 : end
            line += 1
            try table.add(start..<trimmed, of: file, line: line)
            start = end + 1
        }
        guard line > 0 else { throw .emptyVocabulary }
        count = line
        bytes = file
        starts = table.starts
        lengths = table.lengths
        (slots, mask) = try table.slots(of: file)
        longest = Int(table.lengths.max() ?? 0)
    }

    /// The longest piece that `word` has at `position`; later pieces of a word have entries of their own.
    func longestMatch(in word: [UInt8], from position: Int, continues: Bool, hashes: inout [UInt32]) -> Match?
    {
        let most = min(word.count - position, longest)
        var hash = Vocabulary.seed(continues: continues)
        for offset in 0..<most { hash = Vocabulary.step(hash, word[position + offset]) }
        // Most words are one piece: the shorter ones' hashes are wanted only when this one is not.
        if let id = find(word, position, most, continues: continues, hash: hash) {
            return Match(id: id, end: position + most)
        }
        hashes.removeAll(keepingCapacity: true)
        hash = Vocabulary.seed(continues: continues)
        for offset in 0..<most {
            hash = Vocabulary.step(hash, word[position + offset])
            hashes.append(hash)
        }
        var length = most - 1
        while length > 0 {
            if let id = find(word, position, length, continues: continues, hash: hashes[length - 1]) {
                return Match(id: id, end: position + length)
            }
            length -= 1
        }
        return nil
    }

    private func find(_ word: [UInt8], _ position: Int, _ length: Int, continues: Bool, hash: UInt32)
        -> UInt32?
    {
        var slot = Vocabulary.slot(hash, mask)
        while slots[slot] != 0 {
            let id = Int(slots[slot] - 1)
            if Int(lengths[id]) == length, isContinuation(id) == continues {
                let start = Int(starts[id])
                var same = true
                for offset in 0..<length where bytes[start + offset] != word[position + offset] {
                    same = false
                    break
                }
                if same { return UInt32(id) }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func isContinuation(_ id: Int) -> Bool {
        let start = Int(starts[id])
        return start >= 2 && bytes[start - 1] == 0x23 && bytes[start - 2] == 0x23 && lengths[id] > 0
            && (start == 2 || bytes[start - 3] == 0x0A)
    }

    // MARK: - FNV-1a, 32 bits, and where it lands

    fileprivate static func seed(continues: Bool) -> UInt32 { continues ? 0x9E37_79B9 : 0x811C_9DC5 }

    @inline(__always)
    fileprivate static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32(byte)) &* 0x0100_0193
    }

    @inline(__always)
    fileprivate static func slot(_ hash: UInt32, _ mask: Int) -> Int {
        Int(((hash ^ (hash >> 15)) &* 0x2C1B_3C6D) >> 8) & mask
    }

    // MARK: - Construction

    private struct Builder {
        var starts: [UInt32] = []
        var lengths: [UInt8] = []
        private var hashes: [UInt32] = []

        mutating func add(_ range: Range<Int>, of file: [UInt8], line: Int) throws(TextError) {
            guard range.count < 256 else { throw .pieceTooLong(line: line) }
            let piece = file[range]
            let continues = piece.count > 2 && piece.starts(with: [0x23, 0x23])
            let body = continues ? range.dropFirst(2) : range[...]
            starts.append(UInt32(body.startIndex))
            lengths.append(UInt8(body.count))
            var hash = Vocabulary.seed(continues: continues)
            for index in body { hash = Vocabulary.step(hash, file[index]) }
            hashes.append(hash)
        }

        func slots(of file: [UInt8]) throws(TextError) -> (slots: [UInt32], mask: Int) {
            var size = 16
            while size < hashes.count * 2 { size *= 2 }
            var slots = [UInt32](repeating: 0, count: size)
            for (id, hash) in hashes.enumerated() {
                var slot = Vocabulary.slot(hash, size - 1)
                while slots[slot] != 0 {
                    if hashes[Int(slots[slot] - 1)] == hash, lengths[Int(slots[slot] - 1)] == lengths[id],
                        same(Int(slots[slot] - 1), id, file)
                    {
                        throw .duplicatePiece(line: id + 1, first: Int(slots[slot]))
                    }
                    slot = (slot + 1) & (size - 1)
                }
                slots[slot] = UInt32(id + 1)
            }
            return (slots, size - 1)
        }

        private func same(_ first: Int, _ second: Int, _ file: [UInt8]) -> Bool {
            let length = Int(lengths[first])
            let (a, b) = (Int(starts[first]), Int(starts[second]))
            return file[a..<a + length].elementsEqual(file[b..<b + length])
        }
    }
}
