internal import TriageData
internal import TriageTickets

/// Files that belong together: a table without texts and the export that has them, by id; tickets and their messages.
struct TicketJoin {
    /// A ticket's text, and what else its file has.
    struct Text {
        var ticket: Ticket
        var fields: [String: JSONValue]
    }

    /// The files whose rows are tickets.
    private(set) var files: [String]
    private(set) var tables = SideTables()
    private(set) var notes: [String] = []
    /// Tables that have no text of their own.
    private var wanting: Set<String> = []
    private var texts: [String: Text] = [:]
    /// The ids in the order of their files.
    private var order: [String] = []
    private var taken: Set<String> = []
    /// The rows of files of texts that cannot be read, or come after another one of their id.
    private(set) var rejected: [TicketImport.Rejected] = []
    private(set) var counts = Counts()

    /// How many rows of the tables and of the other files belong together.
    struct Counts {
        /// Rows of tables that look for a text.
        var rows = 0
        /// Those of them that found one.
        var matched = 0
    }

    /// The rows whose text a table's rows took.
    var used: Int { taken.count }

    init(_ files: [String], _ columns: TicketColumns, _ dates: DateReader) throws {
        self.files = files
        guard files.count > 1, !files.contains("-") else { return }
        try takeMessages()
        let tables = try self.files.filter { try TicketJoin.lacksText($0, columns) }
        let others = self.files.filter { !tables.contains($0) }
        guard !tables.isEmpty, !others.isEmpty || !self.tables.messages.isEmpty else { return }
        (self.files, wanting) = (tables, Set(tables))
        guard !others.isEmpty else { return }
        for file in others { try takeTexts(file, dates) }
        notes.append(
            "\(tables.joined(separator: ", ")): without a column of text; the texts are those of "
                + "\(others.joined(separator: ", ")), by id")
    }

    /// Whether a table takes its texts from another file.
    func fills(_ file: String) -> Bool { wanting.contains(file) }

    /// The text for a row of a table without text.
    mutating func text(of id: String, in file: String) -> Text? {
        guard wanting.contains(file) else { return nil }
        counts.rows += 1
        guard let text = texts[id] ?? message(of: id) else { return nil }
        counts.matched += 1
        if texts[id] != nil { taken.insert(id) }
        return text
    }

    /// The customer's first message of a ticket, where a list of messages was given beside the table.
    private func message(of id: String) -> Text? {
        guard let messages = tables.messages[id],
            let first = TicketMessage.first(of: messages, requester: nil)
        else { return nil }
        return Text(ticket: Ticket(id: id, subject: first.subject ?? "", body: first.text), fields: [:])
    }

    /// A warning where rows of tables and texts do not belong together; nil where all do.
    var warning: String? {
        let (alone, unused) = (counts.rows - counts.matched, texts.count - taken.count)
        guard counts.rows > 0, alone + unused > 0 else { return nil }
        let remedy =
            counts.matched == 0
            ? "; no id is in both: compare the columns of the ids, which may be written in two ways" : ""
        return
            "warning: \(counts.matched) of \(counts.rows.counted("row")) of \(files.joined(separator: ", ")) found a text "
            + "by id\(unused > 0 ? "; without a row there: \(unused.counted("text"))" : "")\(remedy)"
    }

    /// The texts that no table's row took, as rows of their own; nil without any.
    func unused() throws(DataError) -> RowReader? {
        let rest = order.filter { !taken.contains($0) }
        guard !rest.isEmpty else { return nil }
        let rows = KeptRows(
            rest.enumerated().compactMap { place, id in
                texts[id].map { text in
                    var fields = text.fields
                    fields["id"] = .string(id)
                    fields["subject"] = .string(text.ticket.subject)
                    fields["body"] = .string(text.ticket.body)
                    return InputRow(line: place + 1, fields: fields)
                }
            })
        return try RowReader(rows, name: "texts without a row in a table")
    }

    // MARK: - Files

    /// Whether a file is a table with ids and no column of a ticket's text.
    private static func lacksText(_ path: String, _ columns: TicketColumns) throws -> Bool {
        let file = try TicketFile(path)
        guard file.kind == .table || file.kind == .workbook else { return false }
        let choice = columns.choice(among: try file.rows().columns)
        return choice.id != nil && choice.body.isEmpty && choice.alternatives.isEmpty
    }

    private mutating func takeTexts(_ path: String, _ dates: DateReader) throws {
        let rows = try TicketFile(path).rows(dates: dates, tables: tables)
        var reader = TicketReader(TicketColumns())
        try reader.begin(rows)
        while let row = try rows.next() {
            do throws(BadRow) { try take(try row.get(), &reader) } catch {
                rejected.append(TicketImport.Rejected(file: path, row: error))
            }
        }
    }

    /// Keeps a ticket's text; of several the first, since a conversation begins with the customer's.
    private mutating func take(_ row: InputRow, _ reader: inout TicketReader) throws(BadRow) {
        let ticket = try reader.ticket(in: row)
        guard let id = ticket.id else {
            throw .leftOut(row.line, nil, "a text without an id, which no row can take")
        }
        guard texts[id] == nil else { throw .leftOut(row.line, id, "a later text of a ticket that has one") }
        let choice = TicketColumns().choice(among: row.fields.keys.sorted())
        let used = Set(choice.text + [choice.id].compactMap(\.self))
        texts[id] = Text(ticket: ticket, fields: row.fields.filter { !used.contains($0.key) })
        order.append(id)
    }

    /// Takes lists of messages, of groups or of people out of the files: they are no tickets.
    private mutating func takeMessages() throws {
        let lists = try files.map(TicketJoin.sideList)
        guard lists.contains(nil) else { return }
        for case (let path, let list?) in zip(files, lists) {
            var count = 0
            try TicketJoin.forEach(in: path) { fields in
                tables.add(fields, of: list)
                count += 1
            }
            files.removeAll { $0 == path }
            notes.append("\(path): \(count.counted("record")) of \(list) beside the tickets")
        }
    }

    /// The kind of a file's records when they are no tickets.
    private static func sideList(_ path: String) throws -> String? {
        let file = try TicketFile(path)
        switch file.kind {
        case .table: return MessageRecords.isMessage(try RowReader(path: path).columns) ? "messages" : nil
        case .document, .lines: break
        default: return nil
        }
        let records = JSONRecords(try ByteSource(path: path).asUTF8().source)
        guard let record = try records.next(), case .object(let fields)? = JSONValue(parsing: record.bytes)
        else {
            return nil
        }
        if let list = record.list?.lowercased(), ["users", "groups", "ticket_fields"].contains(list) {
            return list
        }
        return MessageRecords.isMessage(fields.keys) || MessageRecords.mayBeMessage(fields.keys)
            ? "messages" : nil
    }

    private static func forEach(in path: String, _ body: ([String: JSONValue]) -> Void) throws {
        guard try TicketFile(path).kind != .table else {
            let rows = try RowReader(path: path)
            while let row = try rows.next() { if case .success(let row) = row { body(row.fields) } }
            return
        }
        let records = JSONRecords(try ByteSource(path: path).asUTF8().source)
        while let record = try records.next() {
            if case .object(let fields)? = JSONValue(parsing: record.bytes) { body(fields) }
        }
    }
}

/// Rows that are in memory.
private final class KeptRows: RowSource {
    let columns: [String] = []
    let notes: [String] = []
    private var rows: IndexingIterator<[InputRow]>

    init(_ rows: [InputRow]) { self.rows = rows.makeIterator() }

    func next() throws(DataError) -> Result<InputRow, BadRow>? { rows.next().map { .success($0) } }
}

/// The order of day and month in a table's dates, found in its first rows.
enum DateOrderSample {
    private static let maximumRows = 2000

    /// Nil where no date shows it, and for a stream.
    static func order(
        of path: String, _ file: TicketFile, _ columns: TicketColumns, _ map: ImportMap?
    ) throws -> DateReader.Order? {
        guard path != "-", file.kind == .table || file.kind == .workbook else { return nil }
        let rows = try TicketFile(path).rows()
        let roles = ColumnRoles(rows.columns, columns.choice(among: rows.columns), map: map)
        guard let time = roles.time else { return nil }
        var texts: [String] = []
        while rows.count < maximumRows, let row = try rows.next() {
            if case .success(let row) = row, let text = row.fields[time]?.text { texts.append(text) }
        }
        return DateReader.order(of: texts)
    }
}

/// What to do about exports that lack the text.
enum ExportAdvice {
    /// Advice for the known exports that have no text; nil for others.
    static func textIsElsewhere(columns: [String]) -> String? {
        let keys = Set(columns.map(KnownColumns.key))
        let hasBody = columns.contains { KnownColumns.body.rank($0) != nil }
        guard !hasBody else { return nil }
        if keys.isSuperset(of: ["ticketnumber", "helptopic"])
            || keys.isSuperset(of: ["ticketnumber", "threadcount"])
            || keys.isSuperset(of: ["ticketnumber", "datecreated", "department"])
        {
            return
                "osTicket's export of a queue has no message, so only the subject is read; export the first message of "
                + "each ticket from its database and give both files: SELECT t.number AS id, e.body FROM ost_ticket t JOIN "
                + "ost_thread h ON h.object_id = t.ticket_id AND h.object_type = 'T' JOIN ost_thread_entry e ON e.thread_id = "
                + "h.id AND e.type = 'M' WHERE e.pid = 0 (table names from memory: compare them with your database)"
        }
        if keys.contains("summationcolumn") || keys.isSuperset(of: ["groupstations", "assigneestations"]) {
            return
                "Zendesk's CSV export has no description, so only the subject is read; give the JSON export too: triage "
                + "import FILE.csv FILE.json joins them by id"
        }
        return nil
    }
}
