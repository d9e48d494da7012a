import TriageData
import TriageText
import TriageTraining

extension Train {
    /// Adds the tickets of --unlabelled, prepared as the rows are.
    func addUnlabelled(
        to set: inout TrainingSet, _ columns: TrainingSet.Columns, _ preparation: TextPreparation
    ) throws {
        guard !unlabelled.isEmpty else { return }
        let tickets = try UnlabelledTickets(
            files: unlabelled, columns: columns.tickets, preparation: preparation, beside: set,
            threads.workers)
        Terminal.say(columnNotes: tickets.columnNotes)
        Terminal.say(tickets.badRows.map { ($0.file, $0.row) })
        set.unlabelledTickets = tickets
    }
}
