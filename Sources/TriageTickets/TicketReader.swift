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

    package let columns: TicketColumns
    private var file = FileState()
    /// The columns read of each set of names in JSON Lines.
    private var choices = NameSets<ColumnChoice>()

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
        var profiles = ColumnProfiles()
        /// The names that messages may show.
        var shown: [String] = []
        /// Of JSON Lines, what was read of any row.
        var read = ColumnsRead()
        var needsID = false
    }

    /// A reader of the given columns.
    package init(_ columns: TicketColumns) { self.columns = columns }

    /// Begins with a file; a CSV header decides which columns are read.
    ///
    /// - Throws: `DataError` when a CSV file with records has no column of text, or not those that were named.
    package mutating func begin(_ rows: RowReader) throws(DataError) {
        file = FileState()
        choices.removeAll()
        (file.name, file.names, file.isCSV) = (rows.name, rows.columns, !rows.columns.isEmpty)
        guard file.isCSV else { return }
        file.shown = rows.shownColumns
        file.choice = columns.choice(among: file.names)
        let choice = file.choice
        guard choice.missing.isEmpty, !choice.missingID, !choice.text.isEmpty else {
            // What was taken for a header may be a file's only line; the reader knows how to say that.
            guard let first = try rows.next() else { return }
            try checkNamed(choice)
            throw .noTextColumn(path: file.name, columns: file.shown, likely: try textColumns(first, rows))
        }
        notes += choice.notes(file.name, among: file.names, shown: file.shown, beside: columns)
        remember(choice)
    }

    /// The columns that hold text by their first values, as far as these are there already.
    private func textColumns(
        _ first: Result<InputRow, BadRow>, _ rows: RowReader
    ) throws(DataError) -> [String] {
        var profiles = ColumnProfiles()
        var next: Result<InputRow, BadRow>? = first
        while let row = next, !profiles.isFull {
            if case .success(let row) = row { profiles.add(row) }
            next = rows.isAtRest ? try rows.next() : nil
        }
        return profiles.prose(
            among: file.shown.filter { !columns.isOther($0) }, words: ColumnProfiles.fewestWordsAlone)
    }

    /// The ticket in a row of the file.
    ///
    /// `needsID` is false where no answer refers to the id.
    ///
    /// - Throws: `BadRow` when no column of text is there, or one, or a needed id, holds a list or an object.
    package mutating func ticket(in row: InputRow, needsID: Bool = true) throws(BadRow) -> Ticket {
        if !file.isCSV { file.choice = choice(for: row) }
        var ticket = try file.choice.ticket(in: row, needsID: needsID)
        // An export's id is compared with others, whatever space a spreadsheet left around it.
        if let id = ticket.id, !TicketReader.isTrimmed(id) { ticket.id = LabelText.read(id) }
        file.needsID = file.needsID || needsID
        file.rows += 1
        if ticket.subject.isEmpty, ticket.body.isEmpty { file.emptyRows += 1 }
        file.profiles.add(row, body: ticket.body)
        return ticket
    }

    /// Whether a value begins and ends with a visible character of ASCII, as nearly all ids do.
    private static func isTrimmed(_ id: String) -> Bool {
        guard let first = id.utf8.first, let last = id.utf8.last else { return true }
        return (0x21...0x7E).contains(first) && (0x21...0x7E).contains(last)
    }

    /// Ends a file: JSON Lines show only now which columns they have.
    ///
    /// - Throws: `DataError` when no row has a column that was named; with `requiringText`, when more than half of the
    ///   rows have no text. Without it, that is a note.
    package mutating func finish(requiringText: Bool = false) throws(DataError) {
        let choice = file.isCSV ? file.choice : columns.choice(among: file.names.sorted())
        if !file.isCSV { file.shown = file.names.sorted() }
        if !file.isCSV, file.rows > 0 {
            try checkNamed(choice)
            if !choice.isContract(among: file.names, beside: columns) {
                notes += choice.notes(
                    file.name, among: file.shown, shown: file.shown, read: file.read, beside: columns)
            }
            remember(choice)
        }
        if file.rows > 0 {
            notes += choice.unreadText(file.name, among: file.shown, file.profiles, beside: columns)
            notes += choice.missingID(
                file.name, among: file.shown, file.profiles, needsID: file.needsID, beside: columns)
        }
        guard file.emptyRows * 2 > file.rows else { return }
        let read = choice.readText
        guard requiringText else {
            notes.append(
                "\(file.name): \(file.emptyRows) of \(file.rows.counted("row")) have no text in \(read)")
            return
        }
        throw .mostlyWithoutText(
            path: file.name, empty: file.emptyRows, rows: file.rows, read: read, columns: file.shown)
    }

    /// Adds what else is known of the files.
    package mutating func add(notes: [String]) { self.notes += notes }

    /// The notes since the last call.
    package mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    private func checkNamed(_ choice: ColumnChoice) throws(DataError) {
        if let name = choice.missing.first {
            throw .noColumn(
                path: file.name, name: name, isID: false, columns: file.isCSV ? file.shown : file.names)
        }
        if choice.missingID, let id = columns.id {
            throw .noColumn(
                path: file.name, name: id, isID: true, columns: file.isCSV ? file.shown : file.names)
        }
    }

    private mutating func remember(_ choice: ColumnChoice) {
        let read = InputColumns(
            subject: choice.subject, body: choice.body,
            alternatives: choice.alternatives.isEmpty ? nil : choice.alternatives, id: choice.id)
        if input == nil { input = read } else { input?.add(read) }
    }

    // MARK: - JSON Lines

    /// Names that are kept of a file.
    private static let maximumNames = 1000

    private mutating func choice(for row: InputRow) -> ColumnChoice {
        if let known = choices.value(of: row.fields) { return known }
        let names = row.fields.keys.sorted()
        for name in names where file.names.count < TicketReader.maximumNames {
            if file.seen.insert(name).inserted { file.names.append(name) }
        }
        let choice = columns.choice(among: names)
        file.read.add(choice)
        choices.keep(choice, of: row.fields)
        return choice
    }
}
