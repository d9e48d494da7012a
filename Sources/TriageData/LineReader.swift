internal import Glibc

/// The lines of a source, numbered from 1, without their ends.
///
/// A line feed, a carriage return or both end a line. A line that is longer than the limit is skipped in bounded
/// memory and reported.
struct LineReader {
    enum Line {
        case text([UInt8])
        case tooLong
    }

    /// The number of the line last returned.
    private(set) var number = 0
    private let source: ByteSource
    private let limit: Int
    private var piece: [UInt8] = []
    private var position = 0
    private var atStart = true
    /// The next places of the two bytes in the piece, found once and kept.
    private var lineFeed = -1
    private var carriageReturn = -1
    /// Whether the last line ended with a carriage return, so that a line feed now is the rest of its end.
    private var isInsideEnd = false

    init(_ source: ByteSource, limit: Int) {
        self.source = source
        self.limit = limit
    }

    mutating func next() throws(DataError) -> Line? {
        var line: [UInt8] = []
        var tooLong = false
        var sawAny = false
        while true {
            if position == piece.count {
                guard let more = try source.read() else { break }
                piece = more
                (position, lineFeed, carriageReturn) = (0, -1, -1)
                if atStart { try skipByteOrderMark() }
                if position == piece.count { continue }
            }
            if isInsideEnd {
                isInsideEnd = false
                if piece[position] == 0x0A {
                    position += 1
                    continue
                }
            }
            sawAny = true
            let end = endOfLine()
            let stop = end ?? piece.count
            if line.count + stop - position > limit {
                tooLong = true
                line = []
            }
            if !tooLong { line.append(contentsOf: piece[position..<stop]) }
            position = min(stop + 1, piece.count)
            if let end {
                isInsideEnd = piece[end] == 0x0D
                break
            }
        }
        guard sawAny else { return nil }
        number += 1
        return tooLong ? .tooLong : .text(line)
    }

    /// Where the current line ends in the piece.
    private mutating func endOfLine() -> Int? {
        if lineFeed < position { lineFeed = place(of: 0x0A) }
        if carriageReturn < position { carriageReturn = place(of: 0x0D) }
        let end = min(lineFeed, carriageReturn)
        return end < piece.count ? end : nil
    }

    /// The next place of a byte in the piece; the piece's end when there is none.
    private func place(of byte: Int32) -> Int {
        piece.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress,
                let found = memchr(start + position, byte, buffer.count - position)
            else { return buffer.count }
            return UnsafeRawPointer(found) - start
        }
    }

    /// The mark may be cut in pieces by a slow pipe.
    private mutating func skipByteOrderMark() throws(DataError) {
        atStart = false
        while piece.count < 3, [0xEF, 0xBB, 0xBF].starts(with: piece), let more = try source.read() {
            piece += more
        }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }
}
