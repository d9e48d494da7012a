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
        if lineFeed < position { lineFeed = piece.index(of: 0x0A, from: position) }
        if carriageReturn < position { carriageReturn = piece.index(of: 0x0D, from: position) }
        let end = min(lineFeed, carriageReturn)
        return end < piece.count ? end : nil
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

/// The lines of a source in UTF-8, one at a time.
struct LineReader {
    /// How lines with letters beyond ASCII are read.
    enum Letters: Equatable {
        case utf8
        /// A line that is not UTF-8 is Windows-1252.
        case windows1252
        /// The first line with such letters decides.
        case undecided
    }

    /// The number of the line last returned.
    var number: Int { splitter.number }
    /// The encoding, when it is not UTF-8; known once the first letter beyond ASCII was read.
    private(set) var encoding: String?
    /// Whether looking ahead waits for nobody.
    let isAtRest: Bool
    private let source: ByteSource
    private var splitter: LineSplitter
    private var letters: Letters

    init(_ source: ByteSource, limit: Int, letters: Letters = .utf8) {
        self.source = source
        self.letters = letters
        isAtRest = source.isAtRest
        splitter = LineSplitter(limit: limit)
    }

    /// Finds the encoding too.
    ///
    /// A byte order mark or zero bytes tell UTF-16. Of a file at rest, its bytes tell UTF-8 from Windows-1252. Of a
    /// stream, the first line with a letter beyond ASCII does: waiting for more would hold up the answers.
    ///
    /// - Throws: `DataError.otherEncoding` for a file in an encoding that its bytes do not tell.
    init(detecting source: ByteSource, limit: Int, path: String) throws(DataError) {
        let start = try LineReader.start(of: source)
        let whole = source.after(start)
        let wide: [[UInt8]] = [[0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]]
        if wide.contains(where: { start.starts(with: $0) }) {
            throw .otherEncoding(path: path, line: 1, lines: nil)
        }
        if let reader = UTF16Reader(start: start) {
            self.init(
                whole.utf8(from: reader) {
                    ReadingNotes.add(
                        "warning: \(path): ends in the middle of a character, so its last row may be cut off; "
                            + "export it again")
                }, limit: limit)
            encoding = reader.name
        } else {
            try BinaryFile.check(start: start, path: path)
            let letters = try source.again.map { again throws(DataError) in
                try LetterScan.letters(of: again, limit: limit, path: path)
            }
            self.init(whole, limit: limit, letters: letters ?? .undecided)
            if letters == .windows1252 { encoding = LineReader.windows1252 }
        }
    }

    private static let windows1252 = "Windows-1252"

    /// The first bytes, as many as are needed to know whether it is UTF-16 or holds no text.
    private static func start(of source: ByteSource) throws(DataError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < 4 || BinaryFile.mayBegin(bytes) {
            let isPlain = bytes.count > 1 && bytes[0] > 0 && bytes[1] > 0 && bytes[0] < 0xFE
            guard !isPlain || BinaryFile.mayBegin(bytes), let piece = try source.read() else { break }
            bytes += piece
        }
        return bytes
    }

    mutating func next() throws(DataError) -> LineSplitter.Line? {
        while true {
            if let line = splitter.next() { return utf8(line) }
            guard let piece = try source.read() else { return splitter.finish().map { utf8($0) } }
            splitter.add(piece)
        }
    }

    private mutating func utf8(_ line: LineSplitter.Line) -> LineSplitter.Line {
        guard letters != .utf8, case .text(let text) = line, !text.isASCII else { return line }
        guard !text.isUTF8 else {
            if letters == .undecided { letters = .utf8 }
            return line
        }
        if letters == .undecided {
            guard Windows1252.fit(text).isGood else { return line }
            (letters, encoding) = (.windows1252, LineReader.windows1252)
        }
        return Windows1252.utf8(text).map { .text($0) } ?? line
    }
}

extension [UInt8] {
    /// The next place of a byte from `start` on; the end when there is none.
    func index(of byte: UInt8, from start: Int) -> Int {
        withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = memchr(base + start, Int32(byte), buffer.count - start)
            else { return buffer.count }
            return UnsafeRawPointer(found) - base
        }
    }
}
