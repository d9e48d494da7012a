/// CSV records (RFC 4180, with comma, semicolon or tab), read line by line.
///
/// Ours rather than a package's: records stream in bounded memory, a fault names the line where its record
/// begins, and after a quote that never closes the lines behind it are read as records again.
struct CSVReader {
    enum Record {
        case values([String], line: Int)
        case bad(BadRow)
    }

    private struct Line {
        /// Nil when it was too long to keep.
        var text: [UInt8]?
        var number: Int
    }

    private var lines: LineReader
    private let separator: UInt8
    /// Lines to be read again before the source's next, the last of them first.
    private var pending: [Line] = []
    /// What a line costs beside its bytes, so that a million empty ones are not free.
    private static let lineCost = 64
    private let limit: Int
    /// The row of a spreadsheet that the record last returned is in: blank lines are rows too.
    private(set) var row: Int

    /// Reads the records behind a header, which is in `row`.
    init(_ lines: LineReader, separator: UInt8, limit: Int, row: Int = 0) {
        self.row = row
        self.lines = lines
        self.separator = separator
        self.limit = limit
    }

    mutating func next() throws(DataError) -> Record? {
        while let line = try nextLine() {
            row += 1
            guard let text = line.text else { return .bad(CSVReader.tooLarge(line.number)) }
            if text.isEmpty { continue }
            return try record(startingWith: text, line: line.number)
        }
        return nil
    }

    private mutating func nextLine() throws(DataError) -> Line? {
        if let line = pending.popLast() { return line }
        switch try lines.next() {
        case nil: return nil
        case .tooLong: return Line(text: nil, number: lines.number)
        case .text(let text): return Line(text: text, number: lines.number)
        }
    }

    private mutating func record(startingWith first: [UInt8], line: Int) throws(DataError) -> Record {
        var parser = RecordParser(separator: separator)
        var taken: [Line] = []
        var size = first.count
        var text = first
        while true {
            switch parser.feed(text) {
            case .complete:
                return parser.values.map { .values($0, line: line) }
                    ?? .bad(BadRow(line: line, code: .invalidUTF8, message: CSVReader.notUTF8))
            case .broken:
                pending += taken.reversed()
                let message = taken.isEmpty ? CSVReader.strayQuote : CSVReader.openQuote
                return .bad(BadRow(line: line, code: .invalidCSV, message: message))
            case .open: break
            }
            if size <= limit, let next = try nextLine() {
                taken.append(next)
                if let more = next.text {
                    size += more.count + CSVReader.lineCost
                    text = more
                    continue
                }
            }
            pending += taken.reversed()
            return .bad(BadRow(line: line, code: .invalidCSV, message: CSVReader.openQuote))
        }
    }

    private static func tooLarge(_ line: Int) -> BadRow {
        BadRow(line: line, code: .tooLarge, message: "the record is too large; split it or shorten its text")
    }

    private static let notUTF8 = "the text is not UTF-8; save the file as UTF-8 and try again"
    private static let strayQuote = "text after a closing quote; write a quote inside a value as two quotes"
    private static let openQuote =
        "a quote opens here and does not close as it should; close it, or write a quote inside a value as two"
}

/// One record, fed a line at a time until its quotes are closed.
private struct RecordParser {
    enum Progress {
        case complete
        case open
        case broken
    }

    private let separator: UInt8
    private var cells: [[UInt8]] = [[]]
    private var inQuotes = false

    init(separator: UInt8) { self.separator = separator }

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
        if inQuotes { append(0x0A) }
        var wasQuoted = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            if inQuotes {
                if byte != 0x22 {
                    append(byte)
                } else if index + 1 < line.count, line[index + 1] == 0x22 {
                    append(0x22)
                    index += 1
                } else {
                    (inQuotes, wasQuoted) = (false, true)
                }
            } else if byte == separator {
                cells.append([])
                wasQuoted = false
            } else if wasQuoted {
                return .broken
            } else if byte == 0x22, cells[cells.count - 1].isEmpty {
                inQuotes = true
            } else {
                append(byte)
            }
            index += 1
        }
        return inQuotes ? .open : .complete
    }

    private mutating func append(_ byte: UInt8) { cells[cells.count - 1].append(byte) }
}
