/// How a file writes its CSV records.
struct CSVDialect: Equatable {
    static let quote: UInt8 = 0x22
    static let backslash: UInt8 = 0x5C

    var separator: UInt8 = 0x2C
    /// A backslash takes its meaning from the quote, the separator, the backslash or the line end behind it, as in
    /// MySQL's exports; and `\N` is an empty value.
    var hasBackslash = false
    /// Spaces may stand before a quote that opens, as in `1, "a, b"`.
    var hasSpaces = false

    /// The values of a line without quotes and backslashes; nil when one is not UTF-8.
    func values(plain line: [UInt8]) -> [String]? {
        line.withUnsafeBufferPointer { buffer in
            var values: [String] = []
            var start = 0
            for index in 0...buffer.count where index == buffer.count || buffer[index] == separator {
                let cell = UnsafeBufferPointer(rebasing: buffer[start..<index])
                guard let text = String(validating: cell, as: UTF8.self) else { return nil }
                values.append(text)
                start = index + 1
            }
            return values
        }
    }

    /// The cells of a line as a record of its own, in which a quote that does not close is text.
    func cells(ofLine line: [UInt8]) -> [[UInt8]] {
        var cells: [[UInt8]] = []
        var start = 0
        /// Whether a quote may still close: one that met the end of the line without another is proof of none.
        var mayClose = true
        while true {
            var parser = CSVRecordParser(self)
            let first = hasSpaces ? line[start...].firstIndex { $0 != 0x20 } ?? line.count : start
            let isQuoted = mayClose && first < line.count && line[first] == CSVDialect.quote
            if isQuoted, let end = parser.readCell(line, from: start) {
                cells.append(parser.cells[0])
                start = end
            } else {
                if isQuoted, parser.isOpen { mayClose = false }
                let end = line.index(of: separator, from: start)
                cells.append(Array(line[start..<end]))
                start = end
            }
            guard start < line.count else { return cells }
            start += 1
        }
    }
}

extension CSVDialect {
    /// Whether spaces stand between a separator and a quote.
    func hasSpaceBeforeQuote(_ line: [UInt8]) -> Bool {
        var quote = line.index(of: CSVDialect.quote, from: 0)
        while quote < line.count {
            var place = quote
            while place > 0, line[place - 1] == 0x20 { place -= 1 }
            if place < quote, place > 0, line[place - 1] == separator { return true }
            quote = line.index(of: CSVDialect.quote, from: quote + 1)
        }
        return false
    }
}

/// One record, fed a line at a time until its quotes are closed.
struct CSVRecordParser {
    enum Progress {
        case complete
        case open
        case broken
    }

    private enum State {
        /// At the beginning of a cell.
        case start
        case plain
        case quoted
        /// Behind the quote that closes.
        case closed
    }

    private(set) var cells: [[UInt8]] = [[]]
    /// Whether a quote opened that has not closed.
    var isOpen: Bool { state == .quoted }
    /// Whether a quoted value held what only quotes protect.
    private(set) var neededQuotes = false
    /// The values in quotes that have closed.
    private(set) var quotedCells = 0
    private let dialect: CSVDialect
    private var state = State.start
    private var last = 0

    init(_ dialect: CSVDialect) { self.dialect = dialect }

    /// The cells as text; nil when one is not UTF-8.
    var values: [String]? {
        var values: [String] = []
        for cell in cells {
            guard let text = String(validating: cell, as: UTF8.self) else { return nil }
            values.append(text)
        }
        return values
    }

    mutating func feed(_ line: [UInt8]) -> Progress {
        if isOpen { cells[last].append(0x0A) }
        var index = 0
        while index < line.count {
            guard let next = step(line, index) else { return .broken }
            index = next
        }
        guard !isOpen else { return .open }
        endCell()
        return .complete
    }

    /// Reads one quoted cell; returns where it ends, nil when no separator or line end follows its quote.
    mutating func readCell(_ line: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < line.count, !(state == .closed && line[index] == dialect.separator) {
            guard let next = step(line, index) else { return nil }
            index = next
        }
        return isOpen ? nil : index
    }

    /// Takes what belongs together from `index` on, and returns the place behind it; nil for text behind a quote.
    private mutating func step(_ line: [UInt8], _ index: Int) -> Int? {
        switch state {
        case .start: return open(line, index)
        case .plain: return plain(line, index)
        case .quoted: return quoted(line, index)
        case .closed:
            if line[index] == dialect.separator {
                nextCell()
                return index + 1
            }
            // Spaces between a closing quote and the separator are dropped.
            let end = line[index...].firstIndex { $0 != 0x20 } ?? line.count
            return end > index && (end == line.count || line[end] == dialect.separator) ? end : nil
        }
    }

    private mutating func open(_ line: [UInt8], _ index: Int) -> Int {
        let first =
            dialect.hasSpaces ? line[index...].firstIndex { $0 != 0x20 } ?? line.count : index
        guard first < line.count, line[first] == CSVDialect.quote else {
            state = .plain
            return index
        }
        state = .quoted
        return first + 1
    }

    private mutating func plain(_ line: [UInt8], _ index: Int) -> Int {
        var end = index
        while end < line.count, line[end] != dialect.separator {
            if dialect.hasBackslash, line[end] == CSVDialect.backslash { break }
            end += 1
        }
        cells[last].append(contentsOf: line[index..<end])
        guard end < line.count else { return end }
        if line[end] != dialect.separator { return escape(line, end) }
        nextCell()
        return end + 1
    }

    private mutating func quoted(_ line: [UInt8], _ index: Int) -> Int {
        var end = line.index(of: CSVDialect.quote, from: index)
        if dialect.hasBackslash {
            end = line[index..<end].firstIndex(of: CSVDialect.backslash) ?? end
        }
        cells[last].append(contentsOf: line[index..<end])
        guard end < line.count else { return end }
        if line[end] == CSVDialect.backslash { return escape(line, end) }
        if end + 1 < line.count, line[end + 1] == CSVDialect.quote {
            cells[last].append(CSVDialect.quote)
            neededQuotes = true
            return end + 2
        }
        state = .closed
        quotedCells += 1
        let cell = cells[last]
        if cell.index(of: dialect.separator, from: 0) < cell.count
            || cell.index(of: 0x0A, from: 0) < cell.count
        {
            neededQuotes = true
        }
        return end + 1
    }

    /// Takes a backslash and the byte behind it.
    private mutating func escape(_ line: [UInt8], _ index: Int) -> Int {
        guard index + 1 < line.count else {
            // Inside quotes it protects the line break.
            if !isOpen { cells[last].append(CSVDialect.backslash) }
            return line.count
        }
        let byte = line[index + 1]
        let isProtected = [CSVDialect.quote, CSVDialect.backslash, dialect.separator].contains(byte)
        cells[last].append(contentsOf: isProtected ? [byte] : [CSVDialect.backslash, byte])
        return index + 2
    }

    private mutating func nextCell() {
        endCell()
        cells.append([])
        last += 1
        state = .start
    }

    private mutating func endCell() {
        if dialect.hasBackslash, state == .plain, cells[last] == CSVRecordParser.null { cells[last] = [] }
    }

    private static let null: [UInt8] = [CSVDialect.backslash, 0x4E]
}
