internal import TriageModel
internal import TriageText
package import TriageTickets

extension Snapshot {
    /// A decision with other labels in some fields that a language model chose, or that corrected tickets give.
    ///
    /// Only labels of the bundle are taken. Such a field is `suggest` at most and has a reason, `LANGUAGE_MODEL` if none is given; its
    /// probability is the one that the bundle gives the label. Safety floors are applied anew, so that no label can
    /// lower the severity below them, and the next action follows. Everything else stays as it was decided, the summary too.
    package func adopting(
        _ labels: [String: String], because reason: Decision.Reason = .languageModel, in decision: Decision,
        of input: TicketText
    ) -> Decision {
        var scratch = DecisionScratch()
        model.score(
            subject: input.subject.bytes, body: input.body.bytes, features: &scratch.features,
            logits: &scratch.logits)
        var decision = decision
        for (place, head) in model.heads.enumerated() {
            guard decision.predictions.indices.contains(place), let label = labels[head.manifest.field],
                let index = head.labels.index(of: label)
            else { continue }
            adopt(index, because: reason, head, scratch, in: &decision.predictions[place])
        }
        // A floor that fired on the bundle's own label is judged again on this one.
        if let place = decision.predictions.firstIndex(where: { $0.role == "severity" }) {
            decision.predictions[place].reasons.removeAll { $0 == .floor }
        }
        // What corrections gave stays where no other label takes its place, and what the search lacked.
        let recalled = decision.remarks.filter { remark in
            remark.correctedField.map { labels[$0] == nil } ?? remark.isOfSearch
        }
        decision.remarks =
            remarks(&decision.predictions, scratch.features.found, input.floorsSetAside) + recalled
        if decision.matches.first?.recommendedAction == nil {
            decision.nextAction = policy.nextAction(for: decision)
        }
        return decision
    }

    private func adopt(
        _ label: Int, because reason: Decision.Reason, _ head: ModelBundle.Head, _ scratch: DecisionScratch,
        in prediction: inout Decision.Prediction
    ) {
        let best = head.best(5, of: scratch.logits)
        prediction.label = head.labels[label]
        prediction.decided = prediction.label
        prediction.probability = head.probabilities(scratch.logits)[label]
        prediction.alternatives = best.filter { $0.label != label }.prefix(3).map {
            .init(label: head.labels[$0.label], probability: $0.probability)
        }
        prediction.level = min(prediction.level, .suggest)
        prediction.reasons.removeAll { $0 == .expectedCost || $0 == .corrected }
        prediction.reasons.append(reason)
        prediction.path = TreeAnswer.adopting(prediction, head, scratch.logits)
    }
}
