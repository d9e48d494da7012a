package import TriageData

/// Takes the tickets out of the rows of files, one file after the other, and notes which columns it read.
///
/// The columns of a CSV file are found once, in its header. Those of JSON Lines are found for each set of names that
/// rows have.
package struct TicketReader: Sendable {
    /// What people should know, a line each: the columns read of each file, and what is doubtful about them.
    package private(set) var notes: [String] = []
    /// The columns read so far, of all files; nil before the first ticket.
    package private(set) var input: InputColumns?

    private let columns: TicketColumns
    private var file = FileState()
    /// The last sets of names in JSON Lines, and the columns read of each.
    private var choices: [(names: Set<String>, choice: ColumnChoice)] = []

    /// What is counted in one file.
    private struct FileState {
        var name = ""
        /// A CSV file's columns, or the names that JSON Lines have had.
        var names: [String] = []
        var seen: Set<String> = []
        var isCSV = false
        var choice = ColumnChoice()
        var rows = 0
        var emptyRows = 0
        var prose = ProseColumns()
    }

    /// A reader of the given columns.
    package init(_ columns: TicketColumns) { self.columns = columns }

    /// Begins with a file; a CSV header decides which columns are read.
    ///
    /// - Throws: `DataError` when a CSV file with records has no column of text, or not those that were named.
    package mutating func begin(_ rows: RowReader) throws(DataError) {
        file = FileState()
        choices = []
        (file.name, file.names, file.isCSV) = (rows.name, rows.columns, !rows.columns.isEmpty)
        guard file.isCSV else { return }
        file.choice = columns.choice(among: file.names)
        let choice = file.choice
        guard choice.missing.isEmpty, !choice.missingID, !choice.text.isEmpty else {
            // What was taken for a header may be a file's only line; the reader knows how to say that.
            guard try rows.next() != nil else { return }
            try checkNamed(choice)
            throw .noTextColumn(path: file.name, columns: file.names)
        }
        notes += choice.notes(file.name, among: file.names, beside: columns)
        remember(choice)
        if choice.body.isEmpty, choice.alternatives.isEmpty, columns.named.isEmpty, columns.remembered == nil
        {
            file.prose = ProseColumns(file.names.filter { $0 != choice.id && !choice.text.contains($0) })
        }
    }

    /// The ticket in a row of the file.
    ///
    /// `needsID` is false where no answer refers to the id.
    ///
    /// - Throws: `BadRow` when no column of text is there, or one, or a needed id, holds a list or an object.
    package mutating func ticket(in row: InputRow, needsID: Bool = true) throws(BadRow) -> Ticket {
        if !file.isCSV { file.choice = choice(for: row) }
        let ticket = try file.choice.ticket(in: row, needsID: needsID)
        file.rows += 1
        if ticket.subject.isEmpty, ticket.body.isEmpty { file.emptyRows += 1 }
        if file.isCSV { file.prose.add(row) }
        return ticket
    }

    /// Ends a file: JSON Lines show only now which columns they have.
    ///
    /// - Throws: `DataError` when no row has a column that was named; with `requiringText`, when more than half of the
    ///   rows have no text. Without it, that is a note.
    package mutating func finish(requiringText: Bool = false) throws(DataError) {
        let choice = file.isCSV ? file.choice : columns.choice(among: file.names.sorted())
        if !file.isCSV, file.rows > 0 {
            try checkNamed(choice)
            if !choice.isContract(among: file.names, columns.remembered) {
                notes += choice.notes(file.name, among: file.names.sorted(), beside: columns)
            }
            remember(choice)
        }
        notes += file.prose.found.map { name in
            "\(file.name): column \"\(name)\" looks like text and is not read; to read it, name the text columns: "
                + "\((choice.subject.prefix(1) + [name]).joined(separator: ","))"
        }
        guard file.emptyRows * 2 > file.rows else { return }
        let read = choice.readText
        guard requiringText else {
            notes.append(
                "\(file.name): \(file.emptyRows) of \(file.rows.counted("row")) have no text in \(read)")
            return
        }
        throw .mostlyWithoutText(
            path: file.name, empty: file.emptyRows, rows: file.rows, read: read, columns: file.names)
    }

    /// The notes since the last call.
    package mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    private func checkNamed(_ choice: ColumnChoice) throws(DataError) {
        if let name = choice.missing.first {
            throw .noColumn(path: file.name, name: name, isID: false, columns: file.names)
        }
        if choice.missingID, let id = columns.id {
            throw .noColumn(path: file.name, name: id, isID: true, columns: file.names)
        }
    }

    private mutating func remember(_ choice: ColumnChoice) {
        let read = InputColumns(
            subject: choice.subject, body: choice.body,
            alternatives: choice.alternatives.isEmpty ? nil : choice.alternatives, id: choice.id)
        if input == nil { input = read } else { input?.add(read) }
    }

    // MARK: - JSON Lines

    /// Sets of names that are kept; the rows of a file mostly have few.
    private static let maximumSets = 8
    /// Names that are kept of a file.
    private static let maximumNames = 1000

    private mutating func choice(for row: InputRow) -> ColumnChoice {
        let known = choices.first { entry in
            entry.names.count == row.fields.count && row.fields.keys.allSatisfy(entry.names.contains)
        }
        if let known { return known.choice }
        let names = row.fields.keys.sorted()
        for name in names where file.names.count < TicketReader.maximumNames {
            if file.seen.insert(name).inserted { file.names.append(name) }
        }
        let choice = columns.choice(among: names)
        if choices.count == TicketReader.maximumSets { choices.removeFirst() }
        choices.append((Set(names), choice))
        return choice
    }
}

/// Columns that are not read although sentences stand in them.
private struct ProseColumns: Sendable {
    private var counts: [(name: String, values: Int, words: Int)]
    private var rows = 0
    private static let maximumRows = 200

    init(_ names: [String] = []) { counts = names.map { ($0, 0, 0) } }

    mutating func add(_ row: InputRow) {
        guard !counts.isEmpty, rows < ProseColumns.maximumRows else { return }
        rows += 1
        for index in counts.indices {
            guard let text = row.fields[counts[index].name]?.text, ColumnChoice.isContent(text) else {
                continue
            }
            counts[index].values += 1
            counts[index].words += text.split(separator: " ").count
        }
    }

    /// Columns with a value in half of the rows, of six words or more.
    var found: [String] { counts.filter { $0.values * 2 > rows && $0.words >= 6 * $0.values }.map(\.name) }
}
