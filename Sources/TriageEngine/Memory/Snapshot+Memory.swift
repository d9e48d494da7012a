internal import TriageModel
internal import TriageTickets

extension Snapshot {
    /// A decision with the labels of corrected tickets that are like this one.
    ///
    /// Such a field is `suggest` at most and has the reason `CORRECTED`; a remark names the tickets.
    func recalling(
        _ memory: CorrectionMemory, _ decision: Decision, _ scratch: DecisionScratch, _ input: TicketText
    ) -> Decision {
        let recalls = memory.recall(scratch.features, decision.predictions, model)
        guard !recalls.isEmpty else { return decision }
        let labels = Dictionary(recalls.map { ($0.field, $0.label) }) { first, _ in first }
        var recalled = adopting(labels, because: .corrected, in: decision, of: input)
        recalled.remarks += recalls.map { recall in
            .corrected(
                field: recall.field, label: recall.label,
                engine: decision.predictions.first { $0.field == recall.field }?.label ?? "",
                tickets: recall.tickets, isDuplicate: recall.isDuplicate)
        }
        return recalled
    }
}
