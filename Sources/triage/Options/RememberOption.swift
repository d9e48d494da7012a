import ArgumentParser
import TriageData
import TriageEngine
import TriageTickets

/// Corrected tickets that decisions remember, from a file instead of a store.
struct RememberOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tickets with their right labels, such as `feedback export` writes: decisions on tickets like them get these "
                + "labels, at level suggest and with the reason CORRECTED.", valueName: "file"))
    var remember: String?

    /// The snapshot with the tickets of the file in its memory.
    ///
    /// - Throws: An error that names the row which cannot be read, or has a label that the model lacks.
    func applied(to snapshot: Snapshot) throws -> Snapshot {
        guard let remember else { return snapshot }
        let rows = try RowReader(path: remember)
        var reader = TicketReader(TicketColumns(remembered: snapshot.model.manifest.input))
        try reader.begin(rows)
        var tickets: [LabelledTicket] = []
        let faults = try rows.forEach { row throws(BadRow) in
            let ticket = try reader.ticket(in: row)
            tickets.append(LabelledTicket(ticket, labels: try labels(row, ticket.id, snapshot)))
        }
        Terminal.say(faults.map { (rows.name, $0) })
        return snapshot.remembering(tickets)
    }

    private func labels(
        _ row: InputRow, _ id: String?, _ snapshot: Snapshot
    ) throws(BadRow) -> [String: String] {
        var labels: [String: String] = [:]
        for head in snapshot.model.heads where !head.hasTags {
            guard let label = head.label(in: row) else { continue }
            guard head.labels.index(of: label) != nil else {
                let message =
                    "the model has no label \(label.shown) of \(head.manifest.field.shown); train it with the label"
                throw BadRow(line: row.line, id: id, code: .invalidField, message: message)
            }
            labels[head.manifest.field] = label
        }
        return labels
    }
}
