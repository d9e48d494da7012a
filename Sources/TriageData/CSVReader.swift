/// CSV records (RFC 4180, with comma, semicolon, tab or pipe), read line by line.
///
/// Ours rather than a package's: records stream in bounded memory, a fault names the line where its record
/// begins, and after a quote that never closes the lines behind it are read as records again.
struct CSVReader {
    enum Record {
        case values([String], line: Int)
        case bad(BadRow)
    }

    /// Quotes that a program which writes none as it should has left in the text, and the first line of each kind.
    struct StrayQuotes {
        struct Count {
            var quotes = 0
            var lines = 0
            var firstLine = 0

            mutating func add(_ line: Int, lines: Int) {
                if quotes == 0 { firstLine = line }
                quotes += 1
                self.lines += lines
            }
        }

        /// Those read as text, so that the lines behind them are rows.
        var text = Count()
        /// Values of several lines that look like rows, read as one value nevertheless.
        var doubtful = Count()
        /// Rows with a value that begins with a word in quotes, read with its quotes.
        var words = Count()
    }

    /// Rows that hold no record: blank ones, and repeated headers.
    struct LeftOut {
        /// Without any value, as at the end of a spreadsheet.
        var blank = 0
        /// Equal to the header, as where files were put together.
        var headers = 0
        var firstHeader = 0
    }

    private(set) var strayQuotes = StrayQuotes()
    private(set) var leftOut = LeftOut()
    private var queue: LineQueue
    private let columns: Int
    private let written: [String]
    private let required: Int
    private var dialect: CSVDialect
    private var known: KnownRows
    /// Whether a record had quotes behind spaces.
    private var hasSpacedQuotes = false
    private let limit: Int
    /// The lines of a value that are looked at, and its last.
    private static let sample = 1000
    /// What a line costs beside its bytes, so that a million empty ones are not free.
    private static let lineCost = 64
    /// The row of a spreadsheet that the record last returned is in: blank lines are rows too.
    private(set) var row: Int

    init(_ queue: LineQueue, header: CSVHeader, limit: Int) {
        self.queue = queue
        row = header.row
        self.limit = limit
        (columns, required, dialect) = (header.names.count, header.required, header.dialect)
        (known, written) = (KnownRows(), header.written)
    }

    /// Whether looking ahead waits for nobody.
    var isAtRest: Bool { queue.lines.isAtRest }
    var separator: UInt8 { dialect.separator }

    /// The encoding, when it is not UTF-8.
    var encoding: String? { queue.lines.encoding }

    mutating func next() throws(DataError) -> Record? {
        while let line = try queue.next() {
            row += 1
            guard let text = line.text else { return .bad(CSVReader.tooLarge(line.number)) }
            if text.isEmpty || columns > 1 && text.isBlank { continue }
            if columns > 1, isWithoutValue(text) {
                leftOut.blank += 1
                continue
            }
            let record = try record(startingWith: text, line: line.number)
            guard case .values(let values, let line) = record, isHeader(values) else { return record }
            if leftOut.headers == 0 { leftOut.firstHeader = line }
            leftOut.headers += 1
        }
        return nil
    }

    /// Whether a line has separators, and between them at most spaces and pairs of quotes.
    private func isWithoutValue(_ text: [UInt8]) -> Bool {
        let isSigns = text.allSatisfy {
            $0 == dialect.separator || $0 == 0x20 || $0 == 0x09 || $0 == CSVDialect.quote
        }
        return isSigns && text.count { $0 == CSVDialect.quote } % 2 == 0
            && dialect.cells(ofLine: text).allSatisfy(\.isBlank)
    }

    private func isHeader(_ values: [String]) -> Bool {
        guard columns > 1, written[0].utf8.first.map(values[0].utf8.contains) ?? true else { return false }
        return zip(values, written).allSatisfy { CSVHeader.trimmed($0) == $1 }
    }

    private mutating func record(startingWith text: [UInt8], line: Int) throws(DataError) -> Record {
        let isPlain =
            text.index(of: CSVDialect.quote, from: 0) == text.count
            && text.index(of: CSVDialect.backslash, from: 0) == text.count
        guard isPlain else { return try quotedRecord(startingWith: text, line: line) }
        guard let values = dialect.values(plain: text) else { return .bad(BadRow.notUTF8(line)) }
        return record(values, line: line, bytes: text.count)
    }

    /// The values as a record of the header's columns.
    private mutating func record(
        _ values: [String], line: Int, bytes: Int, lines: Int = 1, hint: String = ""
    ) -> Record {
        guard let values = fitted(values, empty: "") else {
            return .bad(wrongCount(values.count, line: line, lines: lines, hint: hint))
        }
        known.add(values, bytes: bytes)
        return .values(values, line: line)
    }

    /// As many cells as columns; nil when that needs more than to leave out empty ones at the end, or to add those of
    /// the nameless columns.
    private func fitted<Cell: Collection>(_ cells: [Cell], empty: Cell) -> [Cell]? {
        if cells.count == columns { return cells }
        if cells.count < columns {
            guard cells.count >= required else { return nil }
            return cells + Array(repeating: empty, count: columns - cells.count)
        }
        return cells[columns...].allSatisfy(\.isEmpty) ? Array(cells[..<columns]) : nil
    }

    // MARK: - Quotes and backslashes

    /// One way to read a record, and the lines that it took behind the first.
    private struct Attempt {
        var parser: CSVRecordParser
        var progress = CSVRecordParser.Progress.open
        var taken: [LineQueue.Line] = []
        var bytes: Int
        /// The cell whose quote was open at the end of the first line.
        var openCell = 0
    }

    private mutating func attempt(
        _ first: [UInt8], _ dialect: CSVDialect
    ) throws(DataError) -> Attempt {
        var attempt = Attempt(parser: CSVRecordParser(dialect), bytes: first.count)
        attempt.progress = attempt.parser.feed(first)
        attempt.openCell = attempt.parser.cells.count - 1
        while attempt.progress == .open, attempt.bytes <= limit, let next = try queue.next() {
            attempt.taken.append(next)
            guard let more = next.text else { break }
            attempt.bytes += more.count + CSVReader.lineCost
            attempt.progress = attempt.parser.feed(more)
        }
        return attempt
    }

    private func isRecord(_ attempt: Attempt) -> Bool {
        attempt.progress == .complete && fitted(attempt.parser.cells, empty: []) != nil
    }

    private mutating func quotedRecord(startingWith first: [UInt8], line: Int) throws(DataError) -> Record {
        if let record = try recordWithSpaces(first, line: line) { return record }
        var attempt = try self.attempt(first, dialect)
        let hint = isRecord(attempt) ? "" : try readBackslashes(first, &attempt)
        let lines = attempt.taken.count + 1
        if lines > 1, let row = try rowWithQuote(first, line: line, attempt) {
            queue.giveBack(attempt.taken)
            return row
        }
        guard attempt.progress == .complete else {
            queue.giveBack(attempt.taken)
            if let row = rowWithQuote(first, line: line) { return row }
            if attempt.progress == .broken, lines == 1, hint.isEmpty, let row = rowWithWord(first, line: line)
            {
                return row
            }
            let problem =
                attempt.progress == .broken && lines == 1 ? CSVReader.strayQuote : CSVReader.openQuote
            return .bad(BadRow(line: line, code: .invalidCSV, message: problem + hint))
        }
        guard let values = attempt.parser.values else { return .bad(BadRow.notUTF8(line)) }
        if attempt.parser.neededQuotes { known.areQuoted = true }
        return record(values, line: line, bytes: attempt.bytes, lines: lines, hint: hint)
    }

    /// Reads a record that is none otherwise with backslashes as signs, or as text in a file that has shown them as
    /// signs before.
    ///
    /// A record that is complete as it stands never comes here, so a path such as `C:\temp\` keeps its backslashes.
    /// - Returns: What to add to the error, when the record has backslashes that explain nothing.
    private mutating func readBackslashes(_ first: [UInt8], _ attempt: inout Attempt) throws(DataError)
        -> String
    {
        let texts = [first] + attempt.taken.compactMap(\.text)
        guard dialect.hasBackslash || texts.contains(where: { hasSign($0) }) else { return "" }
        var other = dialect
        other.hasBackslash.toggle()
        queue.giveBack(attempt.taken)
        let second = try self.attempt(first, other)
        if isRecord(second) {
            dialect.hasBackslash = true
            attempt = second
            return ""
        }
        queue.giveBack(second.taken)
        attempt.taken = try queue.take(attempt.taken.count)
        return CSVReader.backslashes
    }

    /// Whether a backslash stands before a quote or a separator.
    private func hasSign(_ text: [UInt8]) -> Bool {
        zip(text, text.dropFirst()).contains { byte, next in
            byte == CSVDialect.backslash && (next == CSVDialect.quote || next == dialect.separator)
        }
    }

    /// The record of a line whose quotes stand behind spaces, where it is one in this way; of several lines where the
    /// line or one before shows that its quotes are meant.
    private mutating func recordWithSpaces(_ first: [UInt8], line: Int) throws(DataError) -> Record? {
        guard !dialect.hasSpaces, dialect.hasSpaceBeforeQuote(first) else { return nil }
        var other = dialect
        other.hasSpaces = true
        let attempt = try self.attempt(first, other)
        let isProven = attempt.taken.isEmpty || hasSpacedQuotes || attempt.parser.quotedCells > 1
        guard isRecord(attempt), isProven, let values = attempt.parser.values else {
            queue.giveBack(attempt.taken)
            return nil
        }
        hasSpacedQuotes = true
        if attempt.parser.neededQuotes { known.areQuoted = true }
        return record(values, line: line, bytes: attempt.bytes, lines: attempt.taken.count + 1)
    }

    // MARK: - Quotes that are text

    /// The record of a line in which a value only begins with a word in quotes, in a file that has not quoted a value
    /// which needs it.
    private mutating func rowWithWord(_ first: [UInt8], line: Int) -> Record? {
        guard !known.areQuoted, let row = row(first) else { return nil }
        strayQuotes.words.add(line, lines: 0)
        known.add(row, bytes: first.count)
        return .values(row, line: line)
    }

    /// The record of the first line alone, when the quote that it leaves open is text: the lines that a value would
    /// hold are rows of this file.
    private mutating func rowWithQuote(
        _ first: [UInt8], line: Int, _ attempt: Attempt
    ) throws(DataError) -> Record? {
        guard let row = row(first) else { return nil }
        let lines = attempt.taken
        // A mail has blank lines, a file of records has none.
        guard lines.allSatisfy({ !$0.isBlank && $0.text != nil }) else { return nil }
        let sample = lines.prefix(CSVReader.sample) + lines.dropFirst(CSVReader.sample).suffix(1)
        var known = known
        if attempt.parser.quotedCells > 1 { known.areQuoted = true }
        let span = RowsInQuotes(
            first: row, column: attempt.openCell, lines: sample.map { $0.text.flatMap { self.row($0) } },
            isValue: isRecord(attempt), known: known)
        switch try verdict(span) {
        case .value: return nil
        case .doubtful:
            strayQuotes.doubtful.add(line, lines: lines.count)
            return nil
        case .rows:
            strayQuotes.text.add(line, lines: lines.count)
            self.known.add(row, bytes: first.count)
            return .values(row, line: line)
        }
    }

    private mutating func verdict(_ span: RowsInQuotes) throws(DataError) -> RowsInQuotes.Verdict {
        guard span.areAllRows else { return span.isDoubtful ? .doubtful : .value }
        if span.areProven(by: try rowsBehind(1)) { return .rows }
        return span.verdict(behind: try rowsBehind(RowsInQuotes.linesBehind))
    }

    /// The record of a line whose quotes are none, in a file that has shown before that its quotes are text.
    private mutating func rowWithQuote(_ first: [UInt8], line: Int) -> Record? {
        guard strayQuotes.text.quotes > 0, !known.areQuoted, let row = row(first) else { return nil }
        strayQuotes.text.add(line, lines: 0)
        known.add(row, bytes: first.count)
        return .values(row, line: line)
    }

    /// A line as a record of its own; nil when it has another number of values, or is not UTF-8.
    private func row(_ line: [UInt8]) -> [String]? {
        guard line.count(where: { $0 == dialect.separator }) >= required - 1 else { return nil }
        guard let cells = fitted(dialect.cells(ofLine: line), empty: []) else { return nil }
        let values = cells.compactMap { String(validating: $0, as: UTF8.self) }
        return values.count == columns ? values : nil
    }

    /// Rows that follow, where looking ahead waits for nobody: whether they are rows, and whether quotes there are as
    /// they should be.
    private mutating func rowsBehind(_ count: Int) throws(DataError) -> RowsInQuotes.Behind {
        var behind = RowsInQuotes.Behind()
        guard queue.lines.isAtRest else { return behind }
        for line in try queue.peek(count) {
            guard let text = line.text, !text.isBlank else { continue }
            var parser = CSVRecordParser(dialect)
            if parser.feed(text) != .broken, parser.neededQuotes { behind.areQuoted = true }
            if behind.next == nil {
                behind.next = dialect.cells(ofLine: text).map { String(decoding: $0, as: UTF8.self) }
            }
            if let row = row(text) { behind.rows.append(row) }
        }
        return behind
    }

    // MARK: - Errors

    private func wrongCount(_ count: Int, line: Int, lines: Int, hint: String) -> BadRow {
        let remedy =
            count > columns
            ? "quote values that hold the separator"
            : "give each column a value, an empty one too, and quote values that hold a line break"
        let extent = lines > 1 ? " in a record of \(lines) lines" : ""
        let message =
            "\(count.counted("value")) for \(columns.counted("column"))\(extent); \(remedy)\(hint)"
        return BadRow(line: line, code: .invalidCSV, message: message)
    }

    private static func tooLarge(_ line: Int) -> BadRow {
        BadRow(line: line, code: .tooLarge, message: "the record is too large; split it or shorten its text")
    }

    private static let strayQuote = "text after a closing quote; write a quote inside a value as two quotes"
    private static let openQuote =
        "a quote opens here and does not close as it should; close it, or write a quote inside a value as two"
    private static let backslashes = "; a backslash before it does not help here"
}
