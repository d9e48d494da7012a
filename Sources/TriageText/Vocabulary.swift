/// The pieces of a WordPiece vocabulary and their ids, in an open-addressing table over the file's own bytes.
///
/// A slot holds a piece's first eight bytes, and most pieces have no more: a lookup is one miss of the cache.
struct Vocabulary: Sendable {
    struct Match {
        var id: UInt32
        /// The byte after the match, in the word.
        var end: Int
    }

    private struct Slot {
        /// The first eight bytes, little-endian, padded with zeros.
        var head: UInt64 = 0
        /// id + 1; 0 in a free slot.
        var number: UInt32 = 0
        var length: UInt8 = 0
        var continues = false
    }

    private(set) var count = 0
    /// The file, and eight bytes more that hashing may read.
    private let bytes: [UInt8]
    /// For each piece, where it begins in `bytes`, without its "##".
    private var starts: [UInt32] = []
    private var slots: [Slot]
    private var longest = 0

    init(file: [UInt8]) throws(TextError) {
        bytes = file + [UInt8](repeating: 0, count: 8)
        var size = 16
        while size < 2 * (file.count { $0 == 0x0A } + 1) { size *= 2 }
        slots = [Slot](repeating: Slot(), count: size)
        var start = 0
        while start < file.count {
            let end = file[start...].firstIndex(of: 0x0A) ?? file.count
            try add(start..<(end > start && file[end - 1] == 0x0D ? end - 1 : end))
            start = end + 1
        }
        guard count > 0 else { throw .emptyVocabulary }
    }

    private mutating func add(_ range: Range<Int>) throws(TextError) {
        count += 1
        guard range.count < 256 else { throw .pieceTooLong(line: count) }
        let continues = range.count > 2 && bytes[range].starts(with: [0x23, 0x23])
        let body = continues ? range.dropFirst(2) : range[...]
        let head = StableHash.group(bytes.span.bytes, body.startIndex, min(body.count, 8))
        let place = place(of: bytes, body.startIndex, body.count, head: head, continues: continues)
        guard slots[place].number == 0 else {
            throw .duplicatePiece(line: count, first: Int(slots[place].number))
        }
        slots[place] = Slot(
            head: head, number: UInt32(count), length: UInt8(body.count), continues: continues)
        starts.append(UInt32(body.startIndex))
        longest = max(longest, body.count)
    }

    /// The longest piece that a word has at `position`; later pieces of a word have entries of their own.
    ///
    /// The word ends at `end` in `text`, which goes on for eight bytes more.
    func longestMatch(in text: [UInt8], from position: Int, to end: Int, continues: Bool) -> Match? {
        var length = min(end - position, longest)
        let first = StableHash.group(text.span.bytes, position, min(length, 8))
        while length > 0 {
            let head = length < 8 ? first & (1 << UInt64(8 * length) - 1) : first
            let number = slots[place(of: text, position, length, head: head, continues: continues)].number
            if number > 0 { return Match(id: number - 1, end: position + length) }
            length -= 1
        }
        return nil
    }

    /// The slot that has the piece whose bytes lie in `text` from `start` on, else the free one where it belongs.
    private func place(of text: [UInt8], _ start: Int, _ length: Int, head: UInt64, continues: Bool) -> Int {
        var state = StableHash.mix(continues ? 0x9E37_79B9_7F4A_7C15 : 0x6A09_E667_F3BC_C908, head)
        for offset in stride(from: 8, to: length, by: 8) {
            state = StableHash.mix(
                state, StableHash.group(text.span.bytes, start + offset, min(8, length - offset)))
        }
        var place =
            Int(truncatingIfNeeded: StableHash.finish(state, length: length) >> 32) & (slots.count - 1)
        while slots[place].number != 0, !holds(slots[place], text, start, length, head, continues) {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    private func holds(
        _ slot: Slot, _ text: [UInt8], _ start: Int, _ length: Int, _ head: UInt64, _ continues: Bool
    ) -> Bool {
        guard slot.head == head, Int(slot.length) == length, slot.continues == continues else { return false }
        guard length > 8 else { return true }
        let own = Int(starts[Int(slot.number) - 1])
        return bytes[own + 8..<own + length].elementsEqual(text[start + 8..<start + length])
    }
}
