/// Rows of a format that is neither CSV nor JSON Lines, one at a time.
package protocol RowSource: AnyObject {
    /// The names of a table's columns; none where each row has names of its own.
    var columns: [String] { get }
    /// Those of them that messages may show: the "names" of a table without a header are its first ticket.
    var shownColumns: [String] { get }
    /// What a user should know of how the file is read, a sentence each.
    var notes: [String] { get }
    var encoding: String? { get }
    var separator: String? { get }
    /// The next row, or why there is none in its place; nil at the end.
    func next() throws(DataError) -> Result<InputRow, BadRow>?
}

extension RowSource {
    package var shownColumns: [String] { columns }
    package var encoding: String? { nil }
    package var separator: String? { nil }
}

/// The records of a file of JSON Lines or CSV, one at a time, in bounded memory.
///
/// Name and first line tell JSON Lines from CSV (`FileFormat`). Byte order marks are skipped, blank lines too. UTF-16 is read by its mark or its zero bytes, and
/// Windows-1252 where text is not UTF-8.
package final class RowReader {
    /// The largest record that is read; larger ones come back as bad rows.
    package static let maximumRecordBytes = 64 << 20

    /// The file's name, for messages.
    package var name: String { path }
    /// The records returned so far, bad ones too.
    package private(set) var count = 0
    /// The names in a CSV file's header, in the order of the file; none for JSON.
    ///
    /// Each is there once: `Comment`, `Comment (2)`. A nameless column is `column 4`.
    package let columns: [String]
    /// The names in a CSV file's header that messages may show: what may be a ticket is left out.
    package let shownColumns: [String]

    private let path: String
    private let limit: Int
    // Stored side by side, not in an enumeration: taking a reader out of one copies the lines it keeps.
    private var queue: LineQueue
    private var csv: CSVReader?
    private var other: (any RowSource)?
    private let headerLine: Int
    private let titleLines: Int
    /// Whether the header is certainly one.
    private let hasHeader: Bool
    /// The format that the content has and the name has not.
    private let otherFormat: String?
    /// The line that decided the format, until it is returned.
    private var firstLine: LineQueue.Line?
    private var isAtEnd = false
    /// Rows that `forEach` met and that were left out on purpose.
    private var leftOutRows = 0
    private var sentNotes: [String] = []
    private var isEncodingSent = false

    /// Opens the file at `path`, or standard input for "-".
    ///
    /// - Throws: `DataError` when it cannot be read, is one JSON list, has a CSV header that cannot be used, or is in
    ///   an encoding that its bytes do not tell.
    package convenience init(path: String) throws(DataError) {
        try self.init(ByteSource(path: path), path: path)
    }

    /// Reads `bytes` as if they were a file's called `name`.
    package convenience init(bytes: [UInt8], name: String) throws(DataError) {
        try self.init(ByteSource(bytes: bytes), path: name)
    }

    /// Reads pieces of a file as a slow pipe would bring them; for tests.
    package convenience init(
        pieces: [[UInt8]], name: String, maximumRecordBytes: Int = RowReader.maximumRecordBytes
    ) throws(DataError) {
        try self.init(ByteSource(pieces: pieces), path: name, maximumRecordBytes: maximumRecordBytes)
    }

    /// Rows that another format's reader finds, such as those of a workbook.
    package init(_ rows: any RowSource, name: String) throws(DataError) {
        path = name
        limit = RowReader.maximumRecordBytes
        queue = LineQueue(LineReader(ByteSource(bytes: []), limit: limit))
        (columns, shownColumns) = (rows.columns, rows.shownColumns)
        (headerLine, titleLines, hasHeader, otherFormat) = (1, 0, true, nil)
        other = rows
    }

    package init(
        _ source: ByteSource, path: String, maximumRecordBytes: Int = RowReader.maximumRecordBytes
    ) throws(DataError) {
        self.path = path == "-" ? "standard input" : path
        limit = maximumRecordBytes
        var lines = LineQueue(
            try LineReader(detecting: source, limit: maximumRecordBytes, path: self.path))
        var line = try lines.nextFilled()
        line?.text?.dropByteOrderMarks()
        let first = line?.text ?? []
        try BinaryFile.check(start: first, path: self.path)
        let format = try FileFormat(name: path, first: first) { () throws(DataError) in
            try lines.peek(1).first?.text
        }
        otherFormat = format.other
        if !format.isCSV, let line, FileFormat.beginsList(first) {
            throw .jsonArray(path: self.path, line: line.number)
        }
        guard let line, format.isCSV else {
            (columns, shownColumns, headerLine, titleLines, hasHeader) = ([], [], 0, 0, false)
            (queue, firstLine) = (lines, line)
            sendNotes()
            return
        }
        let header = try CSVHeader(line, &lines, path: self.path)
        (columns, headerLine, titleLines) = (header.names, header.line, header.titleLines)
        (shownColumns, hasHeader) = (header.shown.shown, header.shown.isCertain)
        csv = CSVReader(lines, header: header, limit: maximumRecordBytes)
        queue = lines
        sendNotes()
    }

    /// The next record, or what is wrong with it; nil at the end.
    ///
    /// - Throws: `DataError.unreadable` when the system stops giving bytes, `DataError.headerAlone` when no record
    ///   follows what was taken for a CSV header and names no column of text, `DataError.jsonDocument` when the file
    ///   is not one JSON object a line.
    package func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let record = try nextRecord() else {
            guard csv == nil || count > 0 || hasHeader || hasTextColumn else {
                throw .headerAlone(path: path, line: headerLine, columns: columns.count)
            }
            isAtEnd = true
            sendNotes()
            return nil
        }
        count += 1
        if !isEncodingSent, encoding != nil { sendNotes() }
        return record
    }

    /// Whether looking ahead waits for nobody.
    package var isAtRest: Bool { csv?.isAtRest ?? queue.lines.isAtRest }

    /// Refuses an input in which no record was found, once it is read.
    package func requireRecords() throws(DataError) {
        guard count > 0 else { throw .empty(path: path) }
    }

    /// Calls `body` with each row.
    ///
    /// Rows left out on purpose, such as an automatic mail, do not count as faults; a note counts them.
    ///
    /// - Returns: The rows that could not be read, and those that `body` rejects.
    /// - Throws: `DataError` as `next` does, and for a file without a row that can be used.
    package func forEach(_ body: (InputRow) throws(BadRow) -> Void) throws(DataError) -> [BadRow] {
        var faults: [BadRow] = []
        while let row = try next() {
            do throws(BadRow) { try body(row.get()) } catch {
                if error.code == .leftOut { leftOutRows += 1 } else { faults.append(error) }
            }
        }
        try requireRecords()
        guard faults.isEmpty || faults.count < count - leftOutRows else {
            throw .nothingUsable(
                path: path, rows: count, first: "line \(faults[0].line): \(faults[0].message)")
        }
        return faults
    }

    /// Whether the header names a column of text: then an export without tickets is what it seems.
    private var hasTextColumn: Bool { columns.contains(where: KnownColumns.isText) }

    private func nextRecord() throws(DataError) -> Result<InputRow, BadRow>? {
        if let other { return try other.next() }
        guard csv != nil else { return try nextJSON() }
        switch try csv?.next() {
        case nil: return nil
        case .bad(let bad): return .failure(bad)
        case .values(let values, let line): return .success(row(values, line))
        }
    }

    private func row(_ values: [String], _ line: Int) -> InputRow {
        var fields = [String: JSONValue](minimumCapacity: values.count)
        for (name, value) in zip(columns, values) { fields[name] = .string(value) }
        return InputRow(line: line, row: csv?.row, fields: fields)
    }

    // MARK: - JSON

    private func nextJSON() throws(DataError) -> Result<InputRow, BadRow>? {
        while true {
            let taken = firstLine
            firstLine = nil
            guard let line = taken == nil ? try queue.next() : taken else { return nil }
            let text = line.text.map { LineSplitter.Line.text($0) } ?? .tooLong
            guard let row = RowReader.row(text, number: line.number, limit: limit) else { continue }
            if count == 0 { try checkDocument(line, row) }
            return row
        }
    }

    /// Refuses a file whose first line shows that it is one document: each of its lines would be an error.
    private func checkDocument(_ line: LineQueue.Line, _ row: Result<InputRow, BadRow>) throws(DataError) {
        switch row {
        case .success(let row):
            guard let document = JSONDocument(answer: row.fields) else { return }
            throw .jsonDocument(path: path, line: line.number, program: document.program)
        case .failure(let bad):
            guard bad.code == .invalidJSON, var bytes = line.text,
                try JSONDocument.isOpened(
                    by: bytes, before: { () throws(DataError) in try queue.peek(1).first?.text })
            else { return }
            while bytes.count < limit, let next = try queue.next() { bytes += [0x0A] + (next.text ?? []) }
            throw .jsonDocument(
                path: path, line: line.number, program: JSONDocument(bytes: bytes).program)
        }
    }

    /// A line of JSON as a row; nil for a blank line.
    static func row(_ line: LineSplitter.Line, number: Int, limit: Int) -> Result<InputRow, BadRow>? {
        guard case .text(let text) = line else {
            let size = limit % (1 << 20) == 0 ? "\(limit >> 20) MB" : "\(limit) bytes"
            let message = "the record is over \(size); split it or shorten its text"
            return .failure(BadRow(line: number, code: .tooLarge, message: message))
        }
        return text.isBlank ? nil : row(text, line: number)
    }

    /// One JSON object as a row.
    private static func row(_ text: [UInt8], line: Int) -> Result<InputRow, BadRow> {
        do throws(JSONError) {
            guard case .object(let fields) = try JSONValue(reading: text) else {
                let message = "a JSON value, but no object; write one object {…} a line"
                return .failure(BadRow(line: line, code: .invalidJSON, message: message))
            }
            return .success(InputRow(line: line, fields: fields))
        } catch {
            guard error.kind != .notUTF8 else { return .failure(.notUTF8(line)) }
            return .failure(BadRow(line: line, code: .invalidJSON, message: error.problem))
        }
    }
}

// MARK: - Notes

extension RowReader {
    /// What a user should know of how the file is read, a sentence each: its encoding; at its end, quotes that were
    /// read as text and values that look like rows.
    package var notes: [String] {
        if let other {
            let leftOut = "\(path): \(leftOutRows.counted("row")) left out, not a customer's tickets"
            return other.notes + (leftOutRows > 0 ? [leftOut] : [])
        }
        var notes: [String] = []
        if let encoding {
            let advice =
                encoding.hasPrefix("UTF")
                ? "" : ", since it is not UTF-8; if letters look wrong, save it as UTF-8"
            notes.append("\(path): read as \(encoding)\(advice)")
        }
        if let otherFormat {
            notes.append("\(path): read as \(otherFormat), which its content is; rename it")
        }
        if titleLines > 0 {
            notes.append(
                "\(path): line \(headerLine) is the header; \(titleLines.counted("line")) of a title above it passed over"
            )
        }
        guard isAtEnd, let csv else { return notes }
        let quotes = csv.strayQuotes
        if csv.leftOut.blank > 0 {
            notes.append("\(path): \(csv.leftOut.blank.counted("row")) without any value left out")
        }
        if csv.leftOut.headers > 0 {
            notes.append(
                "\(path): line \(csv.leftOut.firstHeader): \(csv.leftOut.headers.counted("row")) equal to the header left out"
            )
        }
        if quotes.words.quotes > 0 {
            notes.append(
                "\(path): line \(quotes.words.firstLine): text follows a closing quote; \(quotes.words.quotes.counted("row")) "
                    + "with such quotes read with them; write a quote inside a value as two")
        }
        if quotes.text.quotes > 0 {
            notes.append(
                "\(path): line \(quotes.text.firstLine): a quote opens a value, but the lines behind it are rows; "
                    + "\(quotes.text.quotes.counted("such quote")) read as text, so that "
                    + "\(quotes.text.lines.counted("row")) behind them count; write a quote inside a value as two"
            )
        }
        if quotes.doubtful.quotes > 0 {
            notes.append(
                "\(path): line \(quotes.doubtful.firstLine): a quoted value holds lines that look like rows; "
                    + "\(quotes.doubtful.quotes.counted("such value")) of \(quotes.doubtful.lines.counted("more line")) "
                    + "read as text; if rows are missing, write a quote inside a value as two")
        }
        return notes
    }

    /// What separates a CSV file's columns; nil for other files.
    package var separator: String? {
        other.map { $0.separator } ?? csv.map { String(Unicode.Scalar($0.separator)) }
    }

    /// The encoding, when it is not UTF-8; nil before the first letter beyond ASCII was read.
    package var encoding: String? {
        if let other { return other.encoding }
        return csv == nil ? queue.lines.encoding : csv?.encoding
    }

    /// Sends the notes that were not sent before.
    private func sendNotes() {
        isEncodingSent = encoding != nil
        for note in notes where !sentNotes.contains(note) {
            ReadingNotes.add(note)
            sentNotes.append(note)
        }
    }
}

extension [UInt8] {
    /// Takes away byte order marks at the beginning, of which files put together have several.
    fileprivate mutating func dropByteOrderMarks() {
        while starts(with: [0xEF, 0xBB, 0xBF]) { removeFirst(3) }
    }
}
