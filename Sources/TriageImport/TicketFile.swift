package import TriageData

/// What kind of file holds tickets.
package enum TicketFileKind: String, Sendable {
    case table = "CSV"
    case lines = "JSON Lines"
    case document = "JSON"
    case workbook = "Excel workbook"
    case mailbox = "mailbox (mbox)"
    case mail = "e-mail"
    case folder = "folder of mail"
    case fastText = "fastText"
}

/// A file of tickets of any kind that is known: CSV, JSON of help desks, workbooks, mail, label files.
///
/// The kind is found by the first bytes; a name in `.csv` or `.tsv` means CSV, a folder holds mail.
package struct TicketFile {
    /// The path; "-" is standard input.
    package let path: String
    package let kind: TicketFileKind
    /// The encoding, where the bytes at the start show one that is not UTF-8.
    package let encoding: String?
    private let source: ByteSource

    /// The name in messages.
    package var name: String { path == "-" ? "standard input" : path }

    /// The tickets of a file.
    ///
    /// - Throws: `DataError` when the file cannot be read, or the library is missing that reads it.
    package static func rows(_ path: String, dates: DateReader = DateReader()) throws(DataError) -> RowReader
    {
        try TicketFile(path).rows(dates: dates)
    }

    /// Opens a file and finds its kind.
    package init(_ path: String) throws(DataError) {
        guard path == "-" || !FileInput.isFolder(path) else {
            self.init(path: path, kind: .folder, encoding: nil, source: ByteSource(bytes: []))
            return
        }
        try self.init(ByteSource(path: path), path: path)
    }

    /// Takes bytes as if they were a file's called `name`; for tests.
    package init(bytes: [UInt8], name: String) throws(DataError) {
        try self.init(ByteSource(bytes: bytes), path: name)
    }

    private init(path: String, kind: TicketFileKind, encoding: String?, source: ByteSource) {
        (self.path, self.kind, self.encoding, self.source) = (path, kind, encoding, source)
    }

    private init(_ source: ByteSource, path: String) throws(DataError) {
        let start = try TicketFile.start(of: source)
        let whole = source.after(start)
        let kind = TicketFile.kind(start, path: path)
        guard kind == .document || ByteSource.isMarked(start) && (kind == .mail || kind == .mailbox) else {
            self.init(path: path, kind: kind, encoding: nil, source: whole)
            return
        }
        let (text, encoding) = try whole.asUTF8()
        self.init(path: path, kind: kind, encoding: encoding, source: text)
    }

    // MARK: - Kinds

    /// The bytes that decide the kind.
    private static let startBytes = 1 << 16
    /// A first line beyond this is one document.
    private static let maximumStart = 4 << 20

    /// The first bytes: of a stream, as many as its first line has.
    private static func start(of source: ByteSource) throws(DataError) -> [UInt8] {
        var bytes: [UInt8] = []
        var isLine = false
        while !isLine && bytes.count < maximumStart || source.isAtRest && bytes.count < startBytes,
            let piece = try source.read()
        {
            isLine = isLine || piece.contains(0x0A) || piece.contains(0x0D)
            bytes += piece
        }
        return bytes
    }

    private static func kind(_ start: [UInt8], path: String) -> TicketFileKind {
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .workbook }
        let text = ByteSource.isMarked(start) ? withoutMark(start) : start
        if MailboxFile.isSeparator(Array(text.prefix { $0 != 0x0A })) { return .mailbox }
        if path.hasSuffix(".csv") || path.hasSuffix(".tsv") { return .table }
        if isMail(text, path: path) { return .mail }
        return JSONDocument.isDocument(start: text) ? .document : textKind(start, path: path)
    }

    private static let mailHeaders: Set<String> = [
        "return-path", "received", "delivered-to", "from", "to", "message-id", "mime-version", "date",
        "subject",
        "x-original-to", "envelope-to", "authentication-results", "dkim-signature", "x-gmail-labels",
    ]

    /// Whether a text begins with the header of a mail: two of its first lines are fields that mails have.
    private static func isMail(_ start: [UInt8], path: String) -> Bool {
        let lines = start.prefix(8192).split(separator: 0x0A, omittingEmptySubsequences: false).prefix(30)
        var found = 0
        for line in lines {
            if line.isEmpty || line.elementsEqual([0x0D]) { break }
            if line.first == 0x20 || line.first == 0x09 { continue }
            guard let colon = line.firstIndex(of: 0x3A) else { return false }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x7B })
            else {
                return false
            }
            if mailHeaders.contains(name) { found += 1 }
        }
        return found >= (path.lowercased().hasSuffix(".eml") ? 1 : 2)
    }

    /// The start in UTF-8.
    private static func withoutMark(_ start: [UInt8]) -> [UInt8] {
        ((try? ByteSource(bytes: start).asUTF8().source.read()) ?? nil) ?? start
    }

    private static func textKind(_ start: [UInt8], path: String) -> TicketFileKind {
        let line = start.drop { $0 <= 0x20 || $0 >= 0x80 }.prefix { $0 != 0x0A && $0 != 0x0D }
        if line.first == 0x7B { return .lines }
        let isJSON = [".jsonl", ".json", ".ndjson"].contains { path.hasSuffix($0) }
        if isJSON { return .lines }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        return words.contains { $0.hasPrefix(FastTextRows.mark) } ? .fastText : .table
    }

    // MARK: - Rows

    /// The tickets of the file.
    package func rows(dates: DateReader = DateReader()) throws(DataError) -> RowReader {
        try rows(dates: dates, tables: SideTables())
    }

    func rows(dates: DateReader, tables: SideTables) throws(DataError) -> RowReader {
        switch kind {
        case .table: return try table(RowReader(source, path: path))
        case .workbook: return try workbook()
        case .lines:
            let sample = try lineSample()
            let reader = try RowReader(source, path: path)
            let rows = ProductRows(
                .lines(reader), path: name, tables: tables, sample: sample, dates: dates)
            return try RowReader(rows, name: name)
        case .document:
            let (tables, sample) = try sideTables(beside: tables)
            let rows = ProductRows(
                .document(JSONRecords(source)), path: name, tables: tables, sample: sample, dates: dates,
                encoding: encoding)
            return try RowReader(rows, name: name)
        case .fastText: return try RowReader(FastTextRows(source, path: name), name: name)
        case .mailbox, .mail, .folder: return try RowReader(mail(dates), name: name)
        }
    }

    private func table(_ reader: RowReader) throws(DataError) -> RowReader {
        guard !MessageRecords.isMessage(reader.columns) else { throw .messagesAlone(path: name) }
        guard let rows = TableRows(reader) else { return reader }
        return try RowReader(rows, name: name)
    }

    private func workbook() throws(DataError) -> RowReader {
        var source = source
        var size = FileInput.size(of: path) ?? 0
        if !source.isAtRest || size == 0 {
            var bytes: [UInt8] = []
            while bytes.count <= TicketFile.maximumStream, let piece = try source.read() { bytes += piece }
            guard bytes.count <= TicketFile.maximumStream else {
                throw .damaged(path: name, kind: "a workbook", problem: "too large for a pipe; name its file")
            }
            (source, size) = (ByteSource(bytes: bytes), bytes.count)
        }
        let book = try Workbook(source, size: size, path: name)
        return try table(RowReader(book.csv(), path: name))
    }

    /// A workbook or mail out of a pipe is kept in memory.
    private static let maximumStream = 256 << 20

    private func mail(_ dates: DateReader) throws(DataError) -> MailRows {
        let isStream = kind != .folder && source.again == nil
        return try MailRows(name, isStream: isStream, dates: dates) { () throws(DataError) in
            switch kind {
            case .folder:
                guard let folder = try MailFolder(path) else {
                    throw .noMail(path: path)
                }
                return { () throws(DataError) in try folder.next() }
            case .mailbox:
                let mailbox = MailboxFile(source.again ?? source)
                return { () throws(DataError) in try mailbox.next() }
            default:
                var bytes: [UInt8]? = []
                let source = source.again ?? source
                return { () throws(DataError) in
                    guard var whole = bytes else { return nil }
                    bytes = nil
                    while whole.count <= RowReader.maximumRecordBytes, let piece = try source.read() {
                        whole += piece
                    }
                    guard whole.count <= RowReader.maximumRecordBytes else { return .tooLarge(line: 1) }
                    return MailBytes(bytes: whole, line: 1)
                }
            }
        }
    }

    /// What lists beside the tickets tell, and a sample of all lists, found before the first ticket is read.
    private func sideTables(beside given: SideTables) throws(DataError) -> (SideTables, RecordSample) {
        var (tables, sample) = (given, RecordSample())
        guard let again = source.again else { return (tables, sample) }
        let records = JSONRecords(try again.asUTF8().source)
        while let record = try records.next() {
            let list = record.list?.lowercased()
            let isBeside = list.map(SideTables.names.contains) ?? false
            guard isBeside || sample.wants(list),
                case .object(let fields)? = JSONValue(parsing: record.bytes)
            else { continue }
            if isBeside { tables.add(fields, of: list ?? "") } else { sample.add(fields, of: list) }
        }
        return (tables, sample)
    }

    /// A sample of the first lines; an empty one for a stream, whose rows must not wait.
    private func lineSample() throws(DataError) -> RecordSample {
        guard let again = source.again else { return RecordSample() }
        let text = try again.asUTF8().source
        return RecordSample(lines: try text.read() ?? [])
    }
}
