internal import TriageData
internal import TriageImport
internal import TriageModel
package import TriageNumerics
package import TriageText
package import TriageTickets

/// Tickets without labels, whose text teaches too: each text once, and none that a labelled row has.
package struct UnlabelledTickets: Sendable {
    /// More texts than these are thinned out evenly: each fit takes all of them.
    package static let maximumCount = 20_000

    /// The texts that are used, in file order.
    private(set) var examples: [TrainingExample] = []
    /// The tickets read, and of those the ones without text or whose text was there before.
    package private(set) var read = 0
    package private(set) var repeated = 0
    package private(set) var badRows: [TrainingSet.RowError] = []
    /// Which columns were read.
    package private(set) var columnNotes: [String] = []

    package var count: Int { examples.count }
    /// Whether there are more texts than are used.
    package var isThinned: Bool { count < read - repeated }

    init() {}

    /// Reads files of tickets and prepares them as `set` is prepared; labels that they have are not looked at.
    ///
    /// - Throws: `DataError` when a file cannot be read, or has no ticket with text.
    package init(
        files: [String], columns: TicketColumns, preparation: TextPreparation, beside set: TrainingSet,
        _ workers: Workers
    ) throws {
        let preparation = preparation.settingAside(set.repeated)
        var seen = UnlabelledTickets.contents(set.examples, workers)
        for file in files {
            let before = read
            try add(TicketFile.rows(file), columns, preparation, &seen)
            guard read > before else { throw DataError.empty(path: file) }
        }
        guard count > UnlabelledTickets.maximumCount else { return }
        examples = (0..<UnlabelledTickets.maximumCount).map {
            examples[$0 * count / UnlabelledTickets.maximumCount]
        }
    }

    private mutating func add(
        _ rows: RowReader, _ columns: TicketColumns, _ preparation: TextPreparation, _ seen: inout Set<UInt64>
    ) throws {
        var tickets = TicketReader(columns)
        try tickets.begin(rows)
        var words = Words()
        let bad = try rows.forEach { row throws(BadRow) in
            let ticket = try tickets.ticket(in: row, needsID: false)
            read += 1
            let text = preparation.prepare(ticket).masked
            words.scan(subject: text.subject, body: text.body)
            guard let content = TrainedTexts.content(of: words), seen.insert(content).inserted else {
                repeated += 1
                return
            }
            examples.append(TrainingExample(subject: text.subject, body: text.body))
        }
        badRows += bad.map { TrainingSet.RowError(file: rows.name, row: $0) }
        try tickets.finish(requiringText: true)
        columnNotes += tickets.takeNotes()
    }

    private static func contents(_ examples: [TrainingExample], _ workers: Workers) -> Set<UInt64> {
        let contents = workers.map(examples.count) { row in
            var words = Words()
            words.scan(subject: examples[row].subject, body: examples[row].body)
            return TrainedTexts.content(of: words)
        }
        return Set(contents.compactMap { $0 })
    }
}
