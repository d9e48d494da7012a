/// The records of a file of JSON Lines or CSV, one at a time, in bounded memory.
///
/// A `.csv` or `.tsv` name means CSV; any other file, and standard input, is CSV when its first byte opens no
/// JSON object. A byte order mark is skipped, blank lines too.
package final class RowReader {
    /// The largest record that is read; larger ones come back as bad rows.
    package static let maximumRecordBytes = 64 << 20

    /// Names of text columns that exports have; they tell a CSV header from a bare text.
    package static let textColumns = ["subject", "body", "text", "description"]

    /// The file's name, for messages.
    package var name: String { path }
    /// The records returned so far, bad ones too.
    package private(set) var count = 0

    private let path: String
    // Stored side by side, not in an enumeration: taking a reader out of one copies the lines it keeps.
    private var lines: LineReader
    private var csv: CSVReader?
    private var header: [String] = []
    private var headerLine = 0
    /// The line that decided the format, until it is returned.
    private var firstLine: LineSplitter.Line?

    /// Opens the file at `path`, or standard input for "-".
    ///
    /// - Throws: `DataError` when it cannot be read, is one JSON list, or has a CSV header that cannot be used.
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

    private init(
        _ source: ByteSource, path: String, maximumRecordBytes: Int = RowReader.maximumRecordBytes
    ) throws(DataError) {
        self.path = path == "-" ? "standard input" : path
        var lines = LineReader(source, limit: maximumRecordBytes)
        firstLine = try lines.next()
        var blankLines = 0
        while case .text(let text)? = firstLine, RowReader.isBlank(text) {
            firstLine = try lines.next()
            blankLines += 1
        }
        var first: [UInt8] = []
        if case .text(let text)? = firstLine { first = text }
        let lead = first.first { $0 != 0x20 && $0 != 0x09 }
        let isNamedCSV = path.hasSuffix(".csv") || path.hasSuffix(".tsv")
        if !isNamedCSV, RowReader.beginsList(first) { throw .jsonArray(path: self.path, line: lines.number) }
        let isNamedJSON = path.hasSuffix(".jsonl") || path.hasSuffix(".json") || path.hasSuffix(".ndjson")
        guard firstLine != nil, isNamedCSV || !isNamedJSON && lead != nil && lead != 0x7B else {
            self.lines = lines
            return
        }
        let separator: UInt8
        (header, separator) = try RowReader.header(first, line: lines.number, path: self.path)
        headerLine = lines.number
        firstLine = nil
        csv = CSVReader(lines, separator: separator, limit: maximumRecordBytes, row: blankLines + 1)
        self.lines = lines
    }

    private static func isBlank(_ line: [UInt8]) -> Bool { line.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// Whether a line opens a JSON list; a CSV header may begin with a bracket too, as in "[id],[text]".
    private static func beginsList(_ line: [UInt8]) -> Bool {
        let rest = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard rest.first == 0x5B else { return false }
        let inside = rest.dropFirst().first { $0 != 0x20 && $0 != 0x09 }
        return inside == nil || inside == 0x7B || inside == 0x5D || JSONValue(parsing: line) != nil
    }

    /// The next record, or what is wrong with it; nil at the end.
    ///
    /// - Throws: `DataError.unreadable` when the system stops giving bytes, `DataError.headerAlone` when no record
    ///   follows what was taken for a CSV header and names no column of text.
    package func next() throws(DataError) -> Result<InputRow, BadRow>? {
        guard let record = try nextRecord() else {
            guard csv == nil || count > 0 || hasTextColumn else {
                throw .headerAlone(path: path, line: headerLine, columns: header.count)
            }
            return nil
        }
        count += 1
        return record
    }

    /// Refuses an input in which no record was found, once it is read.
    package func requireRecords() throws(DataError) {
        guard count > 0 else { throw .empty(path: path) }
    }

    /// Calls `body` with each row.
    ///
    /// - Returns: The rows that could not be read, and those that `body` rejects.
    /// - Throws: `DataError` as `next` does, and for a file without a row that can be used.
    package func forEach(_ body: (InputRow) throws(BadRow) -> Void) throws(DataError) -> [BadRow] {
        var faults: [BadRow] = []
        while let row = try next() {
            do throws(BadRow) { try body(row.get()) } catch { faults.append(error) }
        }
        try requireRecords()
        guard faults.count < count else {
            throw .nothingUsable(
                path: path, rows: count, first: "line \(faults[0].line): \(faults[0].message)")
        }
        return faults
    }

    /// Whether the header names a column of text: then an export without tickets is what it seems.
    private var hasTextColumn: Bool { header.contains { RowReader.textColumns.contains($0.lowercased()) } }

    private func nextRecord() throws(DataError) -> Result<InputRow, BadRow>? {
        guard csv != nil else { return try nextJSON() }
        switch try csv?.next() {
        case nil: return nil
        case .bad(let bad): return .failure(bad)
        case .values(let values, let line): return RowReader.row(values, header, line, row: csv?.row)
        }
    }

    // MARK: - JSON

    private func nextJSON() throws(DataError) -> Result<InputRow, BadRow>? {
        while true {
            let taken = firstLine
            firstLine = nil
            guard let line = taken == nil ? try lines.next() : taken else { return nil }
            if let row = RowReader.row(line, number: lines.number, limit: RowReader.maximumRecordBytes) {
                return row
            }
        }
    }

    /// A line of JSON as a row; nil for a blank line.
    static func row(_ line: LineSplitter.Line, number: Int, limit: Int) -> Result<InputRow, BadRow>? {
        guard case .text(let text) = line else {
            let size = limit % (1 << 20) == 0 ? "\(limit >> 20) MB" : "\(limit) bytes"
            let message = "the record is over \(size); split it or shorten its text"
            return .failure(BadRow(line: number, code: .tooLarge, message: message))
        }
        return isBlank(text) ? nil : row(text, line: number)
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
            let code = error.kind == .notUTF8 ? BadRow.Code.invalidUTF8 : .invalidJSON
            return .failure(BadRow(line: line, code: code, message: error.problem))
        }
    }

    // MARK: - CSV

    private static func header(
        _ line: [UInt8], line number: Int, path: String
    ) throws(DataError) -> (names: [String], separator: UInt8) {
        func bad(_ problem: String) -> DataError { .badHeader(path: path, line: number, problem: problem) }
        let separator =
            [0x2C, 0x3B, 0x09].max { a, b in
                line.count { $0 == a } < line.count { $0 == b }
            } ?? 0x2C
        var reader = CSVReader(
            LineReader(ByteSource(bytes: line), limit: .max), separator: separator, limit: .max)
        guard case .values(let names, _)? = try reader.next() else {
            throw bad("the header is not UTF-8, too long, or has a quote that does not close")
        }
        let trimmed = names.map { String($0.drop { $0 == " " }) }
        if let nameless = trimmed.firstIndex(of: "") { throw bad("column \(nameless + 1) has no name") }
        var places: [String: Int] = [:]
        for (place, name) in trimmed.enumerated() {
            if let first = places[name] {
                throw bad("columns \(first + 1) and \(place + 1) have the same name")
            }
            places[name] = place
        }
        return (trimmed, separator)
    }

    private static func row(
        _ values: [String], _ header: [String], _ line: Int, row: Int?
    ) -> Result<InputRow, BadRow> {
        guard values.count == header.count else {
            let remedy =
                values.count > header.count
                ? "quote values that hold the separator"
                : "give each column a value, an empty one too, and quote values that hold a line break"
            let message =
                "\(values.count.counted("value")) for \(header.count.counted("column")); \(remedy)"
            return .failure(BadRow(line: line, code: .invalidCSV, message: message))
        }
        var fields: [String: JSONValue] = [:]
        for (name, value) in zip(header, values) { fields[name] = .string(value) }
        return .success(InputRow(line: line, row: row, fields: fields))
    }
}
