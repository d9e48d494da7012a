internal import TriageData
internal import TriageEngine
internal import TriageModel
internal import TriageTickets

extension Snapshot {
    /// The engine's decision with what corrected tickets, a language model, monitoring and the blind sample did to the
    /// recorded one; no model is called.
    ///
    /// Their labels are adopted from the ledger, and their remarks are read there; a row of an earlier version has
    /// these in the answer's notes alone.
    func replaying(
        _ record: DecisionRecord, _ answer: [UInt8], over engine: Decision, of kept: TicketText
    ) -> Decision {
        func labels(_ reason: Decision.Reason) -> [String: String] {
            let chosen = record.fields.filter { $0.reasons.contains(reason.rawValue) }
            return Dictionary(chosen.map { ($0.name, $0.label) }) { first, _ in first }
        }
        let (recalled, labels) = (labels(.corrected), labels(.languageModel))
        var decision =
            recalled.isEmpty ? engine : adopting(recalled, because: .corrected, in: engine, of: kept)
        if !labels.isEmpty { decision = adopting(labels, in: decision, of: kept) }
        decision.remarks +=
            record.remarks
            ?? EarlierNotes(text: JSONValue(parsing: answer)?["notes"]?.text)
            .remarks(after: decision, labels: labels, engine: engine)
        func fields(_ reason: Decision.Reason) -> Set<String> {
            Set(record.fields.filter { $0.reasons.contains(reason.rawValue) }.map(\.name))
        }
        let demoted = fields(.demoted)
        decision = decision.demoting { demoted.contains($0.field) }
        return fields(.blindSample).isEmpty ? decision : decision.sampledBlind().withholdingSample
    }
}

/// Notes of earlier versions, which kept a language model's remarks as sentences alone.
private struct EarlierNotes {
    let text: String?

    /// The model's remarks which give these notes after those of a decision; without any, those on its labels.
    func remarks(after decision: Decision, labels: [String: String], engine: Decision) -> [Remark] {
        func remarks(_ unanswered: [String], _ failure: String?) -> [Remark] {
            Remark.ofModel(labels: labels, unanswered: unanswered, failure: failure, engine: engine)
        }
        let notes = text ?? ""
        let silent = engine.predictions.map(\.field)
            .filter { notes.contains(Remark.modelSilent(field: $0).sentence) }
        let failure = notes.firstMatch(of: /stand: no answer of the language model \(([a-z0-9_]+)\)\.$/)?.1
        let candidates = [remarks(silent, nil), remarks([], failure.map(String.init))]
        return candidates.first { candidate in
            var again = decision
            again.remarks += candidate
            return again.notes == text
        } ?? remarks([], nil)
    }
}
