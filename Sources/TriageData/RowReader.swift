/// The records of a file of JSON Lines or CSV, one at a time, in bounded memory.
///
/// A `.csv` or `.tsv` name means CSV; any other file, and standard input, is CSV when its first byte opens no
/// JSON object. A byte order mark is skipped, blank lines too.
public final class RowReader {
    /// The largest record that is read; larger ones come back as bad rows.
    public static let largestRecord = 64 << 20

    private enum Format {
        case json(LineReader)
        case csv(CSVReader, header: [String])
    }

    private let path: String
    private var format: Format
    private var firstLine: ([UInt8], Int)?

    /// Opens the file at `path`, or standard input for "-".
    ///
    /// - Throws: `DataError` when it cannot be read, is one JSON list, or has a CSV header that cannot be used.
    public convenience init(path: String) throws(DataError) {
        try self.init(ByteSource(path: path), path: path)
    }

    /// Reads `bytes` as if they were a file's called `name`.
    public convenience init(bytes: [UInt8], name: String) throws(DataError) {
        try self.init(ByteSource(bytes: bytes), path: name)
    }

    private init(_ source: ByteSource, path: String) throws(DataError) {
        self.path = path == "-" ? "standard input" : path
        var lines = LineReader(source, limit: RowReader.largestRecord)
        var first: [UInt8] = []
        reading: while let line = try lines.next() {
            guard case .text(let text) = line else { break }
            for byte in text where byte != 0x20 && byte != 0x09 {
                first = text
                break reading
            }
        }
        let lead = first.first { $0 != 0x20 && $0 != 0x09 }
        let isNamedCSV = path.hasSuffix(".csv") || path.hasSuffix(".tsv")
        if lead == 0x5B, !isNamedCSV, JSONValue(parsing: first) != nil || first.count <= 2 {
            throw .jsonArray(path: self.path)
        }
        let isNamedJSON = path.hasSuffix(".jsonl") || path.hasSuffix(".json") || path.hasSuffix(".ndjson")
        if isNamedCSV || !isNamedJSON && lead != nil && lead != 0x7B {
            let (header, separator) = try RowReader.header(first, path: self.path)
            format = .csv(
                CSVReader(lines, separator: separator, limit: RowReader.largestRecord), header: header)
        } else {
            firstLine = lead == nil ? nil : (first, lines.number)
            format = .json(lines)
        }
    }

    /// The next record, or what is wrong with it; nil at the end.
    ///
    /// - Throws: `DataError.unreadable` when the system stops giving bytes.
    public func next() throws(DataError) -> Result<Row, BadRow>? {
        switch format {
        case .json(var lines):
            defer { format = .json(lines) }
            return try nextJSON(&lines)
        case .csv(var reader, let header):
            defer { format = .csv(reader, header: header) }
            switch try reader.next() {
            case nil: return nil
            case .bad(let bad): return .failure(bad)
            case .values(let values, let line): return RowReader.row(values, header, line)
            }
        }
    }

    // MARK: - JSON

    private func nextJSON(_ lines: inout LineReader) throws(DataError) -> Result<Row, BadRow>? {
        if let (text, number) = firstLine {
            firstLine = nil
            return RowReader.row(text, line: number)
        }
        while let line = try lines.next() {
            guard case .text(let text) = line else {
                let message =
                    "the record is over \(RowReader.largestRecord >> 20) MB; split it or shorten its text"
                return .failure(BadRow(line: lines.number, code: .tooLarge, message: message))
            }
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            return RowReader.row(text, line: lines.number)
        }
        return nil
    }

    /// One JSON object as a row.
    public static func row(_ text: [UInt8], line: Int) -> Result<Row, BadRow> {
        guard String(validating: text, as: UTF8.self) != nil else {
            let message = "the text is not UTF-8; save the file as UTF-8 and try again"
            return .failure(BadRow(line: line, code: .invalidUTF8, message: message))
        }
        guard case .object(let fields)? = JSONValue(parsing: text) else {
            let message =
                "not one JSON object; write one object a line, with broken escapes and surrogates mended"
            return .failure(BadRow(line: line, code: .invalidJSON, message: message))
        }
        return .success(Row(line: line, fields: fields))
    }

    // MARK: - CSV

    private static func header(_ line: [UInt8], path: String) throws(DataError) -> (
        names: [String], separator: UInt8
    ) {
        let separator =
            [0x2C, 0x3B, 0x09].max { a, b in
                line.count { $0 == a } < line.count { $0 == b }
            } ?? 0x2C
        var reader = CSVReader(
            LineReader(ByteSource(bytes: line), limit: .max), separator: separator, limit: .max)
        guard case .values(let names, _)? = try reader.next() else {
            throw .badHeader(path: path, problem: "the header cannot be read")
        }
        let trimmed = names.map { String($0.drop { $0 == " " }) }
        if trimmed.contains("") {
            throw .badHeader(
                path: path, problem: "column \((trimmed.firstIndex(of: "") ?? 0) + 1) has no name")
        }
        guard Set(trimmed).count == trimmed.count else {
            throw .badHeader(path: path, problem: "a column name stands there twice")
        }
        return (trimmed, separator)
    }

    private static func row(_ values: [String], _ header: [String], _ line: Int) -> Result<Row, BadRow> {
        guard values.count <= header.count else {
            let message =
                "\(values.count) values for \(header.count) columns; quote values that hold the separator"
            return .failure(BadRow(line: line, code: .invalidCSV, message: message))
        }
        var fields: [String: JSONValue] = [:]
        for (name, value) in zip(header, values) { fields[name] = .string(value) }
        return .success(Row(line: line, fields: fields))
    }
}
