internal import TriageData
internal import TriageEngine
package import TriageTickets

/// The tickets that people label without seeing the model's answer, so that their labels are not biased towards it.
///
/// A ticket is in the sample when a keyed hash of its id, as a fraction of 2⁶⁴, is below the sample's share: nobody can tell
/// from outside which tickets are in it, and the same ticket always is or never is.
extension TicketStore {
    /// Whether a ticket is in the sample; one without an id goes by the hash of its text.
    package func isInBlindSample(_ text: TicketText, share: Double) -> Bool {
        guard share > 0 else { return false }
        if let id = text.id { return isInBlindSample(id: id, share: share) }
        let hashes = text.hashes(by: key)
        return isBelow(share, [hashes.subject, hashes.body])
    }

    /// Whether a ticket of that id is in the sample.
    package func isInBlindSample(id: String, share: Double) -> Bool {
        isBelow(share, [Array(id.trimmed.utf8)])
    }

    private func isBelow(_ share: Double, _ parts: [[UInt8]]) -> Bool {
        let place = key.hash("blind sample", parts).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(place) < share * 0x1p64
    }
}

extension DecisionRecord {
    /// The record without the model's answers that the blind sample withholds: those in fields that nobody has labelled yet.
    func withholdingSample(after feedback: [Feedback]) -> DecisionRecord {
        let labelled = Set(feedback.map(\.field))
        let sampled = fields.filter { $0.isSampledBlind && !labelled.contains($0.name) }
        guard !sampled.isEmpty else { return self }
        let labels = Set(sampled.map { $0.decided ?? $0.label })
        var shown = self
        if labels.contains(category) { shown.category = Decision.defaultCategory }
        if labels.contains(severity) { shown.severity = Decision.defaultSeverity }
        for place in fields.indices where sampled.contains(where: { $0.name == fields[place].name }) {
            shown.fields[place].withhold()
        }
        return shown
    }
}

extension DecisionRecord.Field {
    /// Whether a person labels it without seeing the model's answer.
    package var isSampledBlind: Bool { reasons.contains(Decision.Reason.blindSample.rawValue) }

    fileprivate mutating func withhold() {
        (label, decided, probability, suggestFrom, autoFrom) = ("", nil, 0, nil, nil)
    }
}
