/// The lines of a file, of which some may be given back to be read again.
struct LineQueue {
    struct Line {
        /// Nil when it was too long to keep.
        var text: [UInt8]?
        var number: Int

        var isBlank: Bool { text?.isBlank ?? false }
    }

    private(set) var lines: LineReader
    /// Lines to be read before the source's next, the last of them first.
    private var pending: [Line] = []

    init(_ lines: LineReader) { self.lines = lines }

    mutating func next() throws(DataError) -> Line? {
        if let line = pending.popLast() { return line }
        switch try lines.next() {
        case nil: return nil
        case .tooLong: return Line(text: nil, number: lines.number)
        case .text(let text): return Line(text: text, number: lines.number)
        }
    }

    /// The next line that is not blank.
    mutating func nextFilled() throws(DataError) -> Line? {
        while let line = try next() {
            if !line.isBlank { return line }
        }
        return nil
    }

    mutating func giveBack(_ lines: [Line]) { pending += lines.reversed() }

    /// The next `count` lines, which stay to be read.
    mutating func peek(_ count: Int) throws(DataError) -> [Line] {
        let lines = try take(count)
        giveBack(lines)
        return lines
    }

    /// The next `count` lines, fewer at the end.
    mutating func take(_ count: Int) throws(DataError) -> [Line] {
        var lines: [Line] = []
        while lines.count < count, let line = try next() { lines.append(line) }
        return lines
    }
}

extension [UInt8] {
    /// Whether there are but spaces and tabs.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 } }
}
