internal import Glibc

/// Cuts bytes that arrive in pieces into lines, numbered from 1, without their ends.
///
/// A line feed, a carriage return or both end a line; the two may arrive in different pieces. A byte order mark before
/// the first line is dropped. Memory holds one piece and one unfinished line; a line longer than the limit is skipped.
package struct LineSplitter {
    enum Line: Equatable {
        case text([UInt8])
        case tooLong
    }

    /// The number of the line last returned.
    private(set) var number = 0
    private let limit: Int
    private var piece: [UInt8] = []
    private var position = 0
    private var line: [UInt8] = []
    private var isUnfinished = false
    private var isTooLong = false
    private var isAtStart = true
    /// The next places of the two bytes in the piece, found once and kept.
    private var lineFeed = -1
    private var carriageReturn = -1
    /// Whether the last line ended with a carriage return, so that a line feed now is the rest of its end.
    private var isInsideEnd = false

    /// - Parameter limit: The largest line, in bytes.
    package init(limit: Int) { self.limit = limit }

    /// Takes the next piece; what is left of the one before stays in front of it.
    mutating func add(_ bytes: [UInt8]) {
        piece = position < piece.count ? piece[position...] + bytes : bytes
        (position, lineFeed, carriageReturn) = (0, -1, -1)
    }

    /// The next line whose end has arrived.
    mutating func next() -> Line? {
        if isAtStart, !skipByteOrderMark() { return nil }
        if isInsideEnd, position < piece.count {
            isInsideEnd = false
            if piece[position] == 0x0A { position += 1 }
        }
        guard position < piece.count else { return nil }
        guard let end = endOfLine() else {
            keep(upTo: piece.count)
            return nil
        }
        keep(upTo: end)
        position = end + 1
        isInsideEnd = piece[end] == 0x0D
        return endLine()
    }

    /// The last line, when no line end follows it; to be called once `next` returned nil.
    mutating func finish() -> Line? {
        isAtStart = false
        if position < piece.count { keep(upTo: piece.count) }
        return isUnfinished ? endLine() : nil
    }

    private mutating func keep(upTo end: Int) {
        isUnfinished = true
        if line.count + end - position > limit {
            isTooLong = true
            line = []
        }
        if !isTooLong { line.append(contentsOf: piece[position..<end]) }
        position = end
    }

    private mutating func endLine() -> Line {
        defer { (line, isTooLong, isUnfinished) = ([], false, false) }
        number += 1
        return isTooLong ? .tooLong : .text(line)
    }

    /// Where the line that begins at `position` ends in the piece.
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

    /// False while the bytes so far may be the beginning of a mark.
    private mutating func skipByteOrderMark() -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard piece.count >= mark.count || !mark.starts(with: piece) else { return false }
        isAtStart = false
        if piece.starts(with: mark) { position = mark.count }
        return true
    }
}

extension LineSplitter {
    /// Takes the next piece of JSON Lines and returns the rows whose lines it completes, without blank ones.
    package mutating func rows(adding piece: [UInt8]) -> [Result<InputRow, BadRow>] {
        add(piece)
        var rows: [Result<InputRow, BadRow>] = []
        while let line = next() {
            if let row = row(line) { rows.append(row) }
        }
        return rows
    }

    /// The last row, when no line end follows it.
    package mutating func lastRow() -> Result<InputRow, BadRow>? { finish().flatMap { row($0) } }

    private func row(_ line: Line) -> Result<InputRow, BadRow>? {
        RowReader.row(line, number: number, limit: limit)
    }
}

/// The lines of a source, one at a time.
struct LineReader {
    /// The number of the line last returned.
    var number: Int { splitter.number }
    private let source: ByteSource
    private var splitter: LineSplitter

    init(_ source: ByteSource, limit: Int) {
        self.source = source
        splitter = LineSplitter(limit: limit)
    }

    mutating func next() throws(DataError) -> LineSplitter.Line? {
        while true {
            if let line = splitter.next() { return line }
            guard let piece = try source.read() else { return splitter.finish() }
            splitter.add(piece)
        }
    }
}
