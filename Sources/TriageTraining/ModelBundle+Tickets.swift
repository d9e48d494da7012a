import TriageData
import TriageImport
import TriageModel
import TriageText
import TriageTickets

extension ModelBundle {
    /// Scores the tickets of a file one after another; those without text are left out.
    ///
    /// - Throws: `DataError` when the file cannot be read, or has no text column.
    func scoreTickets(
        of rows: RowReader, _ columns: TicketColumns, _ take: (Features, [Float]) throws -> Void
    ) throws -> (badRows: Int, columnNotes: [String]) {
        var tickets = TicketReader(columns)
        try tickets.begin(rows)
        var (features, logits, badRows) = (Features(), [Float](), 0)
        while let row = try rows.next() {
            guard let ticket = try? tickets.ticket(in: row.get(), needsID: false) else {
                badRows += 1
                continue
            }
            let input = preparation.prepare(ticket)
            guard !input.isEmpty else { continue }
            score(subject: input.subject.bytes, body: input.body.bytes, features: &features, logits: &logits)
            try take(features, logits)
        }
        try tickets.finish(requiringText: true)
        return (badRows, tickets.takeNotes())
    }
}
