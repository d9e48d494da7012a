internal import Foundation
package import TriageData
internal import TriageImport
package import TriageNumerics
package import TriageText
public import TriageTickets

/// One labelled ticket, its text prepared.
package struct TrainingExample: Sendable {
    /// Cleaned, masked subject.
    package var subject: [UInt8]
    /// Cleaned, masked body.
    package var body: [UInt8]
    /// For each field the place of its label in the field's label set; nil when unlabelled.
    package var labels: [Int?]
    /// The fields in which it is labelled as a ticket that none of the labels fits.
    package var outside: [Int] = []
    /// For each field of tags the places of its tags in the field's label set, sorted; nil for other fields and without a
    /// value.
    ///
    /// Empty when no field has tags.
    package var tags: [[Int]?] = []
    /// Rows of one group (a requester, say) are never on both sides of a split.
    package var group: String?
    /// When it came in, for splits in time; sorted as text, so ISO 8601 is wanted.
    package var time: String?
    /// The file and line it came from.
    package var origin: String
    /// Its row in a spreadsheet that opens the file; nil when it came from elsewhere.
    package var row: Int?
    package var id: String?
}

/// Labelled tickets of one or more files, read once.
public struct TrainingSet: Sendable {
    package struct Columns: Sendable {
        package var text: TicketColumns
        package var labels: [String]
        /// The label for "none of the others": its rows teach what is out of scope.
        package var outOfScopeLabel: String?
        /// The column whose equal values stay on one side of a split.
        package var group: String?
        /// The column that orders rows in time.
        package var time: String?
        /// Whether forms of one label, such as "Hardware" and "hardware", become the commonest of them.
        package var joinsLabelForms = false
        /// Whether rows without a label are kept, as for groups of them.
        package var keepsUnlabelled = false
        /// Which labels are paths in a tree, and which are tags.
        package var shapes = LabelColumns()

        package init(
            text: TicketColumns = TicketColumns(), labels: [String], outOfScopeLabel: String? = nil,
            group: String? = nil, time: String? = nil
        ) {
            self.text = text
            self.labels = labels
            self.outOfScopeLabel = outOfScopeLabel
            self.group = group
            self.time = time
        }
    }

    /// A row that was left out.
    package struct RowError: Sendable {
        package var file: String
        package var row: BadRow
    }

    package let fields: [String]
    package internal(set) var labelSets: [[String]]
    /// The trees whose leaves the labels are, by field; nil for labels without parents.
    package let trees: [FieldTree?]
    /// Whether each field has tags: any number of labels a row.
    package let hasTags: [Bool]
    /// What a person should look at among the labels, by field.
    package let labelNotes: [LabelNotes]
    /// Whether forms of one label were joined.
    package let joinsLabelForms: Bool
    /// The corrections that were used; nil without any.
    package let corrections: LabelCorrections?
    /// The usable rows, in file order.
    package internal(set) var examples: [TrainingExample]
    /// Tickets without labels that teach too; none unless they are set.
    package var unlabelledTickets = UnlabelledTickets()
    /// The rows left out.
    package let faults: [RowError]
    /// Rows without a label in any of the fields.
    package let unlabelled: Int
    /// The usable rows that did not come from files.
    package let added: Int
    /// The columns that were read of the files; nil when there was none.
    package let input: InputColumns?
    /// Which columns were read of each file, and what is doubtful about them, a line each.
    package let columnNotes: [String]
    /// The paragraphs that were set aside because they repeat: those of the preparation, or else learned from all rows.
    ///
    /// Folds share them: a row that is held out is prepared with what its own paragraphs helped to find. That is no
    /// look at its label, since only paragraphs without a bearing on labels are found.
    package let repeated: RepeatedParagraphs

    /// Whether a row has both a subject and a body, so that the subject's words can be features of their own.
    package var hasSubjects: Bool { examples.contains { !$0.subject.isEmpty && !$0.body.isEmpty } }

    /// Reads files ("-" is standard input) and prepares their text.
    ///
    /// Repeated paragraphs are learned from the rows, beside the known ones, and the rows that hold one are prepared again;
    /// but a bundle's preparation has its own and learns none.
    ///
    /// The labels of `corrections` win over those of rows with the same id, and their tickets that no file has are added.
    ///
    /// With `adding`, rows from elsewhere too: JSON Lines of `subject`, `body`, labels and `time`, whatever columns the
    /// files have. There may be none of them.
    ///
    /// - Throws: `DataError` when a file cannot be read or has no usable row; `TrainingError` when a label column
    ///   is missing everywhere.
    package init(
        files: [String], columns: Columns, preparation: TextPreparation,
        adding rows: (name: String, lines: [UInt8])? = nil, known: RepeatedParagraphs = RepeatedParagraphs(),
        corrections: LabelCorrections? = nil, workers: Workers = Workers.allProcessors
    ) throws {
        var reader = Reader(columns: columns, preparation: preparation, corrections)
        let joined = try JoinedFiles(files, columns.tickets)
        for file in joined.files { try reader.read(joined.rows(file), isAlone: joined.files.count == 1) }
        if let rest = try joined.rest() { try reader.read(rest, requiringText: false) }
        reader.faults += joined.faults.map { RowError(file: $0.file, row: $0.row) }
        input = reader.input
        columnNotes =
            FileInput.notesOfRepeated(files) + joined.notes + reader.tickets.takeNotes() + reader.fileNotes
        reader.addCorrected()
        let fromFiles = reader.examples.count
        if let rows { try reader.add(rows.lines, name: rows.name) }
        added = reader.examples.count - fromFiles
        if let field = reader.labels.emptyField {
            throw TrainingError.noLabels(
                field: field, files: files + (rows.map { [$0.name] } ?? []),
                seen: reader.columnsShown.sorted()
            )
        }
        if !files.isEmpty, let column = columns.shapes.missingColumn(among: reader.columnsSeen) {
            throw TrainingError.noLabels(field: column, files: files, seen: reader.columnsShown.sorted())
        }
        fields = columns.labels
        let (sets, notes, trees) = reader.labels.sort(&reader.examples)
        self.trees = trees
        hasTags = columns.labels.map(columns.shapes.tags.contains)
        repeated = reader.setRepeatedAside(beside: known, labelCounts: sets.map(\.count), workers)
        examples = columns.time == nil ? reader.examples : TrainingSet.withReadTimes(reader.examples)
        (labelSets, labelNotes, joinsLabelForms) = (sets, notes, columns.joinsLabelForms)
        self.corrections = reader.corrections
        faults = reader.faults
        unlabelled = reader.unlabelled
    }

    /// Reads files of labelled tickets: JSON Lines, or CSV with a header.
    ///
    /// - Parameters:
    ///   - files: The paths.
    ///   - fields: The columns with labels, each of which becomes a field of the model.
    ///   - textColumns: The columns of the text, the first the subject; empty for known names such as `subject`,
    ///     `summary`, `body` and `description`.
    /// - Throws: An error that names the file and what to do.
    public init(files: [String], fields: [String], textColumns: [String] = []) throws {
        let columns = Columns(text: TicketColumns(textColumns), labels: fields)
        try self.init(files: files, columns: columns, preparation: TextPreparation())
    }

    /// Takes tickets from memory.
    ///
    /// - Throws: An error that names a field without labels.
    public init(_ tickets: [LabelledTicket], fields: [String]) throws {
        var json = JSONWriter()
        for ticket in tickets {
            json.object(ticket.row(line: 0).fields) { $0.value($1) }
            json.newline()
        }
        try self.init(
            files: [], columns: Columns(labels: fields), preparation: TextPreparation(),
            adding: (name: "tickets", lines: json.bytes))
    }

    private struct Reader {
        var columns: Columns
        var tickets: TicketReader
        let preparation: TextPreparation
        var search = RepeatedParagraphSearch()
        /// The tickets that may lose a repeated paragraph and whose prepared text is not their own.
        var originals = KeptTickets()
        var labels: LabelReader
        var corrections: LabelCorrections?
        var examples: [TrainingExample] = []
        var faults: [RowError] = []
        var unlabelled = 0
        var columnsSeen: Set<String> = []
        /// Those that messages may show.
        var columnsShown: Set<String> = []
        var fileNotes: [String] = []

        init(columns: Columns, preparation: TextPreparation, _ corrections: LabelCorrections?) {
            (self.columns, self.preparation) = (columns, preparation)
            (tickets, labels) = (TicketReader(columns.tickets), LabelReader(columns))
            self.corrections = corrections
            faults = corrections?.faults ?? []
        }

        mutating func add(_ lines: [UInt8], name: String) throws {
            guard !lines.isEmpty else { return }
            let before = (columns, tickets)
            defer { (columns, tickets) = before }
            (columns.text, columns.time, columns.group) = (TicketColumns(), "time", nil)
            tickets = TicketReader(columns.tickets)
            try read(RowReader(bytes: lines, name: name), requiringText: false, correcting: false)
        }

        /// Adds the corrected tickets that no file has.
        mutating func addCorrected() {
            for entry in corrections?.takeUnused() ?? [] {
                do throws(BadRow) { try add(entry.ticket, entry.row, file: entry.file, entry.labels) } catch {
                    faults.append(RowError(file: entry.file, row: error))
                }
            }
        }

        /// The columns read, with those of `columns` that rows had.
        var input: InputColumns? {
            var input = tickets.input
            input?.requester = columns.group.flatMap { KnownColumns.match($0, among: columnsSeen.sorted()) }
            input?.time = columns.time.flatMap { KnownColumns.match($0, among: columnsSeen.sorted()) }
            return input
        }

        mutating func read(
            _ rows: RowReader, requiringText: Bool = true, correcting: Bool = true, isAlone: Bool = true
        ) throws {
            try tickets.begin(rows)
            let before = labels.unlabelled
            var keys: Set<String> = []
            let isJSON = rows.columns.isEmpty
            let bad = try rows.forEach { row throws(BadRow) in
                if isJSON, keys.count < 64 { keys.formUnion(row.fields.keys) }
                let ticket = try tickets.ticket(in: row, needsID: false)
                let corrected = correcting ? corrections?.labels(for: row, id: ticket.id) : nil
                try add(ticket, row, file: rows.name, corrected ?? [:])
            }
            faults += bad.map { RowError(file: rows.name, row: $0) }
            try tickets.finish(requiringText: requiringText)
            columnsSeen.formUnion(keys.union(rows.columns))
            columnsShown.formUnion(keys.union(rows.shownColumns))
            if !isAlone {
                let unlabelled = zip(labels.unlabelled, before).map(-)
                let (all, shown) = (keys.union(rows.columns), keys.union(rows.shownColumns))
                try checkLabels(
                    of: rows.name, all.sorted(), shown: shown.sorted(), unlabelled,
                    rows: rows.count - bad.count)
            }
        }

        /// Notes fields in which one file of several has no label.
        ///
        /// - Throws: `TrainingError.noLabels` for a file that has none of the label columns.
        private mutating func checkLabels(
            of file: String, _ names: [String], shown: [String], _ unlabelled: [Int], rows: Int
        ) throws(TrainingError) {
            let empty = zip(columns.labels, unlabelled).filter { $0.1 == rows }.map(\.0)
            guard rows > 0, let first = empty.first else { return }
            guard columns.labels.contains(where: { KnownColumns.match($0, among: names) != nil }) else {
                throw .noLabels(field: first, files: [file], seen: shown)
            }
            fileNotes += empty.map { "\(file): none of its \(rows.counted("row")) has a label in \($0)" }
        }

        private mutating func add(
            _ ticket: Ticket, _ row: InputRow, file: String, _ corrected: [String: String]
        ) throws(BadRow) {
            let labels = try self.labels.read(row, id: ticket.id, corrected: corrected)
            guard columns.keepsUnlabelled || !labels.isEmpty else {
                unlabelled += 1
                return
            }
            let prepared = preparation.prepare(ticket)
            let text = prepared.masked
            if preparation.repeated == nil, search.add(prepared.unmasked, row: examples.count),
                !prepared.isOriginal
            {
                originals.keep(ticket, row: examples.count)
            }
            examples.append(
                TrainingExample(
                    subject: text.subject, body: text.body,
                    labels: labels.labels, outside: labels.outside, tags: labels.tags,
                    group: columns.group.flatMap { row.text($0) },
                    time: columns.time.flatMap { row.text($0) },
                    origin: "\(file):\(row.line)", row: row.row, id: ticket.id))
        }

        /// Rows that are prepared again at once, so that few are held twice.
        private static let waveRows = 1 << 14

        /// Learns the repeated paragraphs and prepares the rows that hold one again, as deciding will.
        mutating func setRepeatedAside(
            beside known: RepeatedParagraphs, labelCounts: [Int], _ workers: Workers
        ) -> RepeatedParagraphs {
            if let known = preparation.repeated { return known }
            let repeated = search.find(in: examples, labelCounts: labelCounts, beside: known)
            let preparation = preparation.settingAside(repeated)
            let rows = search.rows(with: repeated)
            for first in stride(from: 0, to: rows.count, by: Reader.waveRows) {
                let wave = rows[first..<min(first + Reader.waveRows, rows.count)]
                let tickets = wave.map { originals[$0] ?? examples[$0].ticket }
                let texts = workers.map(tickets.count) { preparation.prepare(tickets[$0]).masked }
                for (row, text) in zip(wave, texts) {
                    (examples[row].subject, examples[row].body) = (text.subject, text.body)
                }
            }
            (search, originals) = (RepeatedParagraphSearch(), KeptTickets())
            return repeated
        }
    }
}

extension TrainingSet {
    /// The same labels with some of the rows, in the order given.
    package func keeping(_ rows: [Int]) -> TrainingSet {
        var part = self
        part.examples = rows.map { examples[$0] }
        return part
    }
}

extension TrainingExample {
    /// The tags of a field; nil for a field of one label, and without a value.
    package func tags(in field: Int) -> [Int]? { tags.isEmpty ? nil : tags[field] }

    /// Whether it has a label or tags in any field.
    var isLabelled: Bool { labels.contains { $0 != nil } || tags.contains { $0 != nil } }

    /// A row without labels, to be clustered beside others.
    package init(subject: [UInt8], body: [UInt8]) {
        self.init(subject: subject, body: body, labels: [], group: nil, time: nil, origin: "")
    }

    /// Its text as a ticket.
    fileprivate var ticket: Ticket {
        Ticket(subject: String(decoding: subject, as: UTF8.self), body: String(decoding: body, as: UTF8.self))
    }
}

extension TrainingSet {
    /// Makes sure that the order of all labelled rows' times, as texts, is their order in time.
    ///
    /// - Throws: `TrainingError.badTime` for the first row whose time is missing or no ISO 8601 date.
    package func checkTimes(column: String) throws(TrainingError) {
        for example in examples
        where example.isLabelled && !TrainingSet.isDate(example.time) {
            throw .badTime(origin: example.origin, column: column)
        }
    }

    /// Rows with their times in ISO 8601, where a file has some in another form; one that is no date stays as it is.
    ///
    /// The order of day and month is what all dates together show, as in an import.
    private static func withReadTimes(_ examples: [TrainingExample]) -> [TrainingExample] {
        guard examples.contains(where: { $0.time != nil && !isDate($0.time) }) else { return examples }
        let dates = DateReader(order: DateReader.order(of: examples.compactMap(\.time)))
        return examples.map { example in
            var example = example
            if let time = example.time { example.time = dates.iso(time) ?? time }
            return example
        }
    }

    /// Whether a text begins like 2024-05-31.
    static func isDate(_ text: String?) -> Bool {
        let start = Array((text ?? "").utf8.prefix(10))
        return start.count == 10
            && start.indices.allSatisfy { place in
                place == 4 || place == 7 ? start[place] == 0x2D : (0x30...0x39).contains(start[place])
            }
    }
}

extension TrainingSet.Columns {
    /// The columns of a ticket; labels and the columns of splits are not text.
    package var tickets: TicketColumns {
        var tickets = text
        tickets.others += labels + shapes.others + [group, time].compactMap(\.self)
        return tickets
    }
}
