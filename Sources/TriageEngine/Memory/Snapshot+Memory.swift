internal import TriageModel
package import TriageTickets

extension Snapshot {
    /// The same with a memory of labelled tickets, as if people had corrected its decisions on them.
    ///
    /// Tickets without an id are named by their places, from 1.
    package func remembering(_ tickets: [LabelledTicket]) -> Snapshot {
        var scratch = DecisionScratch()
        let plain = remembering(nil)
        let entries = tickets.enumerated().map { place, labelled in
            let decision = plain.decide(labelled.ticket, &scratch)
            let answers = decision.predictions.compactMap { prediction in
                labelled.labels[prediction.field].map {
                    CorrectionMemory.Answer(
                        field: prediction.field, decided: prediction.label,
                        confidence: prediction.probability, label: $0)
                }
            }
            return CorrectionMemory.Entry(
                id: labelled.ticket.id ?? String(place + 1), sketch: model.sketch(scratch.features),
                answers: answers)
        }
        return remembering(CorrectionMemory(entries, for: model))
    }

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
        if scratch.request != nil { recalled.explanations = explain(recalled.predictions, scratch, input) }
        recalled.remarks += recalls.map { recall in
            .corrected(
                field: recall.field, label: recall.label,
                engine: decision.predictions.first { $0.field == recall.field }?.label ?? "",
                tickets: recall.tickets, isDuplicate: recall.isDuplicate)
        }
        return recalled
    }
}
