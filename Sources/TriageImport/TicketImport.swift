package import TriageData
package import TriageTickets

/// Reads files of any known kind and writes their tickets as JSON Lines; each row is written or rejected with a reason.
package struct TicketImport {
    /// A row that was not written.
    package struct Rejected: Sendable {
        package var file: String
        package var row: BadRow
    }

    /// How many rows were read and what became of them.
    package struct Counts: Sendable, Equatable {
        package var read = 0
        package var written = 0
        /// Rows whose text another file's rows took.
        package var joined = 0
        /// Rows that are no tickets, by their reason.
        package var leftOut: [String: Int] = [:]
        /// Rows that cannot be read.
        package var unreadable = 0

        package var rejected: Int { unreadable + leftOut.values.reduce(0, +) }
    }

    package private(set) var counts = Counts()
    /// What people should know, a line each.
    package private(set) var notes: [String] = []
    /// How the files belong together, a line each.
    package private(set) var joinNotes: [String] = []
    private var columns: TicketColumns
    private let map: ImportMap?
    private let labels: [String]
    private let dates: DateReader
    private var copies = CopiedRows()
    /// Keeps its memory from line to line.
    private var writer = JSONWriter()
    /// All columns of the files, for a map that names others.
    private var names: Set<String> = []

    private static let maximumNames = 10_000

    /// An import that keeps the columns `labels` beside a ticket's parts, or all where there are none.
    package init(
        _ columns: TicketColumns, map: ImportMap? = nil, labels: [String] = [],
        dates: DateReader = DateReader()
    ) {
        (self.columns, self.map, self.labels, self.dates) = (columns, map, labels, dates)
        self.columns.keepsOthers = labels.isEmpty && map?.labels.isEmpty != false
    }

    /// Reads files and hands on each ticket as a line.
    ///
    /// - Parameters:
    ///   - files: The paths; "-" is standard input.
    ///   - write: Takes a line with its line end.
    ///   - reject: Takes each row that is not written.
    /// - Throws: `DataError` when a file cannot be read, `ImportError` for a map that does not fit.
    package mutating func read(
        _ files: [String], write: ([UInt8]) throws -> Void, reject: (Rejected) throws -> Void
    ) throws {
        var join = try TicketJoin(files, columns, dates)
        defer { joinNotes = join.notes + [join.warning].compactMap(\.self) }
        notes += join.notes
        for file in join.files { try read(file, &join, write, reject) }
        if let rest = try join.unused() {
            var reading = Reading(TicketReader(TicketColumns()), rest, dates)
            while let row = try rest.next() { try accept(row, &reading, write, reject) { _ in nil } }
        }
        for row in join.rejected { try self.reject(row, reject) }
        counts.read += join.used + join.rejected.count
        counts.joined = join.used
        if let warning = join.warning { notes.append(warning) }
        notes += copies.notes
        if let map { try check(map) }
        try checkLabels()
        guard counts.read > 0 else { throw DataError.empty(path: files.joined(separator: ", ")) }
    }

    private func check(_ map: ImportMap) throws {
        let names = self.names.sorted()
        for name in map.names where KnownColumns.match(name, among: names) == nil {
            throw ImportError.noSuchColumn(map: map.path, name: name, columns: names)
        }
    }

    private func checkLabels() throws {
        let names = self.names.sorted()
        for name in labels where KnownColumns.match(name, among: names) == nil {
            throw ImportError.noSuchColumn(map: "--label", name: name, columns: names)
        }
    }

    private mutating func read(
        _ path: String, _ join: inout TicketJoin, _ write: ([UInt8]) throws -> Void,
        _ reject: (Rejected) throws -> Void
    ) throws {
        let file = try TicketFile(path)
        var dates = dates
        if dates.order == nil { dates.order = try DateOrderSample.order(of: path, file, columns, map) }
        let rows = try file.rows(dates: dates, tables: join.tables)
        var reading = Reading(TicketReader(columns), rows, dates)
        try reading.tickets.begin(rows)
        notes += reading.tickets.takeNotes()
        while let row = try rows.next() {
            try accept(row, &reading, write, reject) { join.text(of: $0, in: path) }
        }
        try reading.tickets.finish()
        notes += reading.tickets.takeNotes() + advice(for: reading, isJoined: join.fills(path))
    }

    /// What a user should know of a file that was read.
    private func advice(for reading: Reading, isJoined: Bool) -> [String] {
        var notes: [String] = []
        if !reading.answers.isEmpty {
            notes.append(
                "\(reading.file): left out, since it holds answers or is known only after the decision: "
                    + ColumnNames.shown(reading.answers, limit: 6))
        }
        if reading.twoWays > 0, let time = reading.time {
            notes.append(
                "warning: \(reading.file): \(reading.twoWays.counted("date")) in \(time.shown) can be read two ways, so "
                    + "time is null there; give --date-order dmy or mdy")
        }
        if reading.undated > 0, let time = reading.time {
            notes.append(
                "warning: \(reading.file): \(reading.undated.counted("value")) in \(time.shown) "
                    + "\(reading.undated == 1 ? "is" : "are") no date that can be read, so time is null there"
            )
        }
        if !isJoined, let advice = ExportAdvice.textIsElsewhere(columns: reading.names) {
            notes.append("warning: \(reading.file): \(advice)")
        }
        return notes
    }

    /// One file's state.
    private struct Reading {
        var tickets: TicketReader
        let file: String
        let dates: DateReader
        /// A table's columns; for JSON those of the last row with a new set of names.
        private(set) var names: [String]
        let isTable: Bool
        /// A table's one plan.
        private var tablePlan: RowPlan?
        private var plans = NameSets<RowPlan>()
        /// The columns that hold answers.
        private(set) var answers: [String] = []
        private(set) var time: String?
        /// Rows whose date has day and month in an order that nothing shows.
        var twoWays = 0
        /// Rows with something else than a date.
        var undated = 0

        mutating func noteTime(_ text: String) {
            guard ColumnChoice.isContent(text) else { return }
            if DateReader.needsOrder(text) { twoWays += 1 } else { undated += 1 }
        }

        init(_ tickets: TicketReader, _ rows: RowReader, _ dates: DateReader) {
            (self.tickets, file, names, self.dates) = (tickets, rows.name, rows.columns, dates)
            isTable = !rows.columns.isEmpty
        }

        /// How a row is read, where that was found before.
        mutating func plan(of row: InputRow) -> RowPlan? {
            isTable ? tablePlan : plans.value(of: row.fields)
        }

        mutating func keep(_ plan: RowPlan, of row: InputRow, names: [String]) {
            self.names = names
            answers += plan.roles.answers.filter { !answers.contains($0) }
            time = time ?? plan.roles.time
            if isTable { tablePlan = plan } else { plans.keep(plan, of: row.fields) }
        }
    }

    private mutating func accept(
        _ row: Result<InputRow, BadRow>, _ reading: inout Reading, _ write: ([UInt8]) throws -> Void,
        _ reject: (Rejected) throws -> Void, join: (String) -> TicketJoin.Text?
    ) throws {
        counts.read += 1
        switch line(row, &reading, join) {
        case .success(let line):
            try write(line)
            counts.written += 1
        case .failure(let bad):
            try self.reject(Rejected(file: reading.file, row: bad), reject)
        }
    }

    private mutating func reject(_ row: Rejected, _ reject: (Rejected) throws -> Void) throws {
        if row.row.code == .leftOut {
            counts.leftOut[row.row.message, default: 0] += 1
        } else {
            counts.unreadable += 1
        }
        try reject(row)
    }

    // MARK: - One row

    private mutating func line(
        _ row: Result<InputRow, BadRow>, _ reading: inout Reading, _ join: (String) -> TicketJoin.Text?
    ) -> Result<[UInt8], BadRow> {
        Result { () throws(BadRow) in
            let row = try row.get()
            var ticket = try ticket(in: row, &reading)
            let joined = ticket.id.flatMap(join)
            if let joined {
                ticket.body = joined.ticket.body
                if ticket.subject.isEmpty { ticket.subject = joined.ticket.subject }
            }
            guard !ticket.subject.isEmpty || !ticket.body.isEmpty else {
                throw .leftOut(row.line, ticket.id, "no text")
            }
            var values = Hasher()
            let line = self.line(ticket, row, plan(of: row, &reading), &reading, joined, &values)
            guard copies.isNew(ticket, values) else {
                throw .leftOut(row.line, ticket.id, "a copy of a row that was read")
            }
            return line
        }
    }

    private func ticket(in row: InputRow, _ reading: inout Reading) throws(BadRow) -> Ticket {
        do throws(BadRow) { return try reading.tickets.ticket(in: row, needsID: false) } catch {
            // The line of a record of a document shows little.
            throw reading.isTable || row.row == row.line ? error : error.numbered(row.row)
        }
    }

    private mutating func plan(of row: InputRow, _ reading: inout Reading) -> RowPlan {
        if let plan = reading.plan(of: row) { return plan }
        let names = reading.isTable ? reading.names : row.fields.keys.sorted()
        if self.names.count < TicketImport.maximumNames { self.names.formUnion(names) }
        let plan = RowPlan(
            ColumnRoles(names, columns.choice(among: names), map: map, labels: map?.labels ?? labels))
        reading.keep(plan, of: row, names: names)
        return plan
    }

    private mutating func line(
        _ ticket: Ticket, _ row: InputRow, _ plan: RowPlan, _ reading: inout Reading,
        _ joined: TicketJoin.Text?, _ values: inout Hasher
    ) -> [UInt8] {
        let raw = plan.roles.time.flatMap { row.fields[$0] }
        var time = raw.flatMap { reading.dates.iso($0) }
        if time == nil, let text = raw?.text { reading.noteTime(text) }
        var requester = plan.roles.requester.flatMap { row.fields[$0]?.text }.map { $0.trimmed }
        time = time ?? joined?.fields["time"]?.text
        if requester?.isEmpty != false { requester = joined?.fields["requester"]?.text }
        writer.removeAll()
        writer.object { json in
            json.string("id", ticket.id)
            json.string("subject", ticket.subject)
            json.string("body", ticket.body)
            json.string("requester", requester)
            json.string("time", time)
            for column in plan.written {
                let start = json.bytes.count
                json.key(named: column.name)
                json.value(column.value(in: row))
                if !column.isTechnical { values.combine(bytes: json.bytes, from: start) }
            }
            guard let joined else { return }
            for (name, value) in joined.fields.sorted(by: { $0.key < $1.key }) where !plan.writes(name) {
                json.key(named: name)
                json.value(ImportedTicket.plain(value) ?? .null)
            }
        }
        writer.newline()
        return writer.bytes
    }
}

extension TicketImport.Counts {
    /// The counts in words, a line each; rows in are rows out and the rest.
    package var lines: [String] {
        var parts = ["\(read.counted("row")) in", "\(written) out", "\(rejected) rejected"]
        if joined > 0 { parts.append("\(joined) joined with a table") }
        var lines = [parts.joined(separator: ", ")]
        if unreadable > 0 { lines.append("rejected: \(unreadable) that cannot be read") }
        lines += leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "rejected: \($0.value): \($0.key)"
        }
        return lines
    }
}

extension TicketImport.Rejected {
    /// Writes the row's place and the reason; no text of it.
    package func write(to writer: inout JSONWriter) {
        writer.object { json in
            json.string("file", file)
            json.integer("line", row.line)
            json.string("id", row.id)
            json.key("error")
            json.object { json in
                json.string("code", row.code.rawValue)
                json.string("message", row.message)
            }
        }
    }
}
