internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageTickets

extension Snapshot {
    /// The engine's decision with what a language model did to the recorded one.
    ///
    /// Its labels are adopted from the ledger, and what failed at the time is read out of the notes; no model is asked.
    func replaying(
        _ record: DecisionRecord, _ answer: [UInt8], over engine: Decision, of kept: TicketText
    ) -> Decision {
        let chosen = record.fields.filter { $0.reasons.contains(Decision.Reason.languageModel.rawValue) }
        var remarks = ModelRemarks(
            labels: Dictionary(chosen.map { ($0.name, $0.label) }) { first, _ in first })
        var decision = chosen.isEmpty ? engine : adopting(remarks.labels, in: engine, of: kept)
        remarks = remarks.withFaults(
            of: JSONValue(parsing: answer)?["notes"]?.text, after: decision.notes, engine: engine)
        decision.notes = remarks.added(to: decision.notes, engine: engine)
        return decision
    }
}
