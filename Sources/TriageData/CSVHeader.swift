/// The header of a CSV file: the names of its columns, and the separator that its lines use.
struct CSVHeader {
    let line: Int
    /// The row of a spreadsheet that shows it; a line `sep=;` is none.
    let row: Int
    /// The lines of a report's title above it, which are passed over.
    let titleLines: Int
    /// Each name once, without space around it.
    let names: [String]
    /// The names as the file has them, repeated ones too.
    let written: [String]
    /// Which names messages may show.
    let shown: HeaderNames
    /// The columns before the nameless ones at the end, which a record may leave out.
    let required: Int
    let dialect: CSVDialect

    /// Comma, semicolon, tab and pipe, in the order in which equal counts decide.
    private static let separators: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
    /// Lines that a name in quotes may have.
    private static let maximumLines = 32

    /// Lines of a title that are looked through for a header.
    private static let maximumTitleLines = 10

    /// Reads the header that begins with `first`, or follows it where `first` is Excel's `sep=;` or a report's title.
    ///
    /// - Throws: `DataError.badHeader` for a header that cannot be used, `DataError.empty` when there is none.
    init(_ first: LineQueue.Line, _ queue: inout LineQueue, path: String) throws(DataError) {
        func bad(_ line: Int, _ problem: String) -> DataError {
            .badHeader(path: path, line: line, problem: problem)
        }
        let unreadable = "the header is not UTF-8, too long, or has a quote that does not close"
        guard let text = first.text else { throw bad(first.number, unreadable) }
        let declared = CSVHeader.declaredSeparator(text)
        let following = declared == nil ? first : try queue.nextFilled()
        guard var start = following else { throw .empty(path: path) }
        titleLines = declared == nil ? try CSVHeader.passTitle(&start, &queue) : 0
        guard let line = start.text else { throw bad(start.number, unreadable) }
        let lines = try CSVHeader.lines(line, &queue)
        var dialect = CSVDialect()
        if let declared {
            dialect.separator = declared
        } else {
            dialect.separator = try CSVHeader.separator(lines, &queue, prefersTab: path.hasSuffix(".tsv"))
        }
        dialect.hasSpaces = CSVHeader.hasSpaces(dialect.cells(ofLine: line))
        var parser = CSVRecordParser(dialect)
        var progress = CSVRecordParser.Progress.open
        for line in lines where progress == .open { progress = parser.feed(line) }
        guard progress == .complete, let raw = parser.values else { throw bad(start.number, unreadable) }
        let trimmed = raw.map { CSVHeader.trimmed($0) }
        guard let last = trimmed.lastIndex(where: { !$0.isEmpty }) else {
            throw bad(start.number, "no column has a name")
        }
        self.line = start.number
        row = declared == nil ? start.number : start.number - 1
        self.dialect = dialect
        required = last + 1
        (names, written) = (CSVHeader.unique(trimmed), trimmed)
        shown = HeaderNames(names, rows: try CSVHeader.rows(behind: &queue, dialect, count: names.count))
    }

    /// The first records behind the header, where looking ahead waits for nobody.
    private static func rows(
        behind queue: inout LineQueue, _ dialect: CSVDialect, count: Int
    ) throws(DataError) -> [[String]] {
        guard queue.lines.isAtRest else { return [] }
        return try queue.peek(HeaderNames.rowsBehind).compactMap { line in
            let cells = line.text.map { dialect.cells(ofLine: $0) } ?? []
            return cells.count == count ? cells.map { trimmed(String(decoding: $0, as: UTF8.self)) } : nil
        }
    }

    /// The separator of a first line `sep=;`, with or without quotes, as Excel reads and writes it.
    private static func declaredSeparator(_ line: [UInt8]) -> UInt8? {
        let bare = line.filter { $0 != CSVDialect.quote && $0 != 0x20 }
        guard bare.count > 4, String(decoding: bare[..<4], as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        let separator = bare[4]
        let isLetterOrDigit =
            (0x61...0x7A).contains(separator | 0x20) || (0x30...0x39).contains(separator)
        let isSign = separator == 0x09 || (0x21...0x7E).contains(separator) && !isLetterOrDigit
        // A program that does not know the line fills it up with separators.
        return isSign && bare[5...].allSatisfy { separators.contains($0) } ? separator : nil
    }

    /// Moves on to the header below a title; returns the lines passed over.
    ///
    /// A title is one cell, and the header below it names a column of text beside others. A stream is looked at one
    /// line ahead, since its next row may wait for an answer.
    private static func passTitle(
        _ start: inout LineQueue.Line, _ queue: inout LineQueue
    ) throws(DataError) -> Int {
        var taken: [LineQueue.Line] = []
        var line = start
        while let text = line.text, text.isBlank || isTitle(text), taken.count <= maximumTitleLines,
            queue.lines.isAtRest || taken.isEmpty, let next = try queue.next()
        {
            taken.append(next)
            line = next
        }
        guard let text = line.text, !taken.isEmpty, namesText(text) else {
            queue.giveBack(taken)
            return 0
        }
        defer { start = line }
        return line.number - start.number
    }

    private static func isTitle(_ line: [UInt8]) -> Bool {
        let cells =
            separators.map { names(line, $0).filter { !$0.isEmpty } }.max { $0.count < $1.count } ?? []
        return cells.count == 1 && !KnownColumns.isText(cells[0])
    }

    /// Whether a line names a column of text beside others.
    static func namesText(_ line: [UInt8]) -> Bool {
        separators.contains { separator in
            let names = names(line, separator)
            return names.count > 1 && names.contains(where: KnownColumns.isText)
        }
    }

    private static func names(_ line: [UInt8], _ separator: UInt8) -> [String] {
        CSVDialect(separator: separator).cells(ofLine: line).map {
            trimmed(String(decoding: $0, as: UTF8.self))
        }
    }

    /// The lines of the header: several when a name in quotes has a line break.
    private static func lines(_ first: [UInt8], _ queue: inout LineQueue) throws(DataError) -> [[UInt8]] {
        var taken: [LineQueue.Line] = []
        var quotes = first.count { $0 == CSVDialect.quote }
        while quotes % 2 == 1, taken.count < maximumLines, let next = try queue.next() {
            taken.append(next)
            guard let text = next.text else { break }
            quotes += text.count { $0 == CSVDialect.quote }
        }
        guard quotes % 2 == 0 else {
            queue.giveBack(taken)
            return [first]
        }
        return [first] + taken.compactMap(\.text)
    }

    /// The separator that is most often in the header, outside quotes.
    ///
    /// Where the header has several of them, the first record tells: it has as many values as the header has names;
    /// and a space follows the commas of a sentence, not those between names.
    private static func separator(
        _ lines: [[UInt8]], _ queue: inout LineQueue, prefersTab: Bool
    ) throws(DataError) -> UInt8 {
        let counts = separators.map { count(of: $0, in: lines) }
        var candidates = separators.indices.filter { counts[$0] > 0 }
        if prefersTab, counts[2] > 0 || candidates.isEmpty { return separators[2] }
        if candidates.count > 1, let record = try queue.peek(1).first?.text {
            let fitting = candidates.filter {
                CSVDialect(separator: separators[$0]).cells(ofLine: record).count == counts[$0] + 1
            }
            if !fitting.isEmpty { candidates = fitting }
            let tight = candidates.filter { !hasSpaces(behind: separators[$0], lines) }
            if !tight.isEmpty { candidates = tight }
        }
        return candidates.max { counts[$0] < counts[$1] }.map { separators[$0] } ?? separators[0]
    }

    private static func count(of separator: UInt8, in lines: [[UInt8]]) -> Int {
        var (count, isQuoted) = (0, false)
        for byte in lines.joined() {
            if byte == CSVDialect.quote { isQuoted.toggle() }
            if byte == separator, !isQuoted { count += 1 }
        }
        return count
    }

    private static func hasSpaces(behind separator: UInt8, _ lines: [[UInt8]]) -> Bool {
        lines.contains { line in zip(line, line.dropFirst()).contains { $0 == separator && $1 == 0x20 } }
    }

    /// Whether each name but the first stands behind a space.
    private static func hasSpaces(_ cells: [[UInt8]]) -> Bool {
        cells.count > 1 && cells.dropFirst().allSatisfy { $0.first == 0x20 }
    }

    // MARK: - Names

    /// A name on one line, without spaces and invisible characters around it: `Body ` and `\u{FEFF}Body` are `Body`.
    static func trimmed(_ name: String) -> String {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            if scalar.properties.isWhitespace { return true }
            switch scalar.properties.generalCategory {
            case .control, .format: return true
            default: return false
            }
        }
        var scalars = name.unicodeScalars[...]
        while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, isSpace(last) { scalars.removeLast() }
        guard scalars.contains(where: { $0 == "\n" }) else { return String(scalars) }
        return String(scalars).split(whereSeparator: \.isNewline).map { trimmed(String($0)) }
            .joined(separator: " ")
    }

    /// Names that differ: the first of equal ones keeps it, as in `Comment`, `Comment (2)`; a nameless one is
    /// `column 4`.
    static func unique(_ names: [String]) -> [String] {
        var taken = Set(names)
        var seen: Set<String> = []
        var numbers: [String: Int] = [:]
        return names.enumerated().map { place, name in
            let base = name.isEmpty ? "column \(place + 1)" : name
            let isFree = name.isEmpty ? taken.insert(base).inserted : seen.insert(name).inserted
            guard !isFree else { return base }
            var number = numbers[base] ?? 1
            repeat { number += 1 } while !taken.insert("\(base) (\(number))").inserted
            numbers[base] = number
            return "\(base) (\(number))"
        }
    }
}
