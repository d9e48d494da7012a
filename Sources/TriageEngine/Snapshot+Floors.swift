internal import TriageData
internal import TriageModel
internal import TriageText
internal import TriageTickets

/// What safety floors do to a decision: they raise its severity, or at least put a person before it.
extension Snapshot {
    /// The floors that a ticket fires, in the playbook's order: by its words within the size limit, and those of the
    /// given ids, which others behind it fired.
    func firedFloors(_ words: Words, behindLimit ids: [String]) -> [Policy.Floor] {
        guard !policy.floors.isEmpty else { return [] }
        let within = floors.fired(by: words)
        guard !within.isEmpty || !ids.isEmpty else { return [] }
        return policy.floors.indices
            .filter { within.contains($0) || ids.contains(policy.floors[$0].id) }
            .map { policy.floors[$0] }
    }

    /// Prepares a ticket, with the floors that words behind the size limit fire, which the prepared text does not show.
    ///
    /// There a mention may fire that a longer phrase before the window would have cancelled.
    func prepareReadingFloors(_ ticket: Ticket) -> TicketText {
        guard !policy.floors.isEmpty else { return model.preparation.prepare(ticket) }
        var words = Words()
        var fired: Set<Int> = []
        var text = model.preparation.prepare(ticket) { window in
            words.scan(subject: [], body: window)
            fired.formUnion(floors.fired(by: words))
        }
        text.floorsBehindLimit = fired.sorted().map { policy.floors[$0].id }
        return text
    }

    /// Raises the decided severity where a floor requires more than the predicted label, and lowers levels then.
    ///
    /// - Returns: What a floor did; nil when none requires more.
    func raiseSeverity(_ predictions: inout [Decision.Prediction], fired: [Policy.Floor]) -> Remark? {
        let place = predictions.firstIndex { $0.role == "severity" }
        let predicted = place.map { predictions[$0].label } ?? Decision.defaultSeverity
        // What a floor did to another label is undone.
        if let place { predictions[place].decided = predicted }
        let current = policy.severities.rank(of: predicted)
        guard let floor = strongest(fired, above: current) else { return nil }
        demoteLevels(&predictions)
        guard let place, let head = model.head(role: "severity") else {
            return .severityRaised(from: predicted, to: floor.raiseTo, floor: floor.id)
        }
        guard let current else {
            return .severityUnranked(label: predicted, raiseTo: floor.raiseTo, floor: floor.id)
        }
        guard let label = policy.severities.mildest(of: head.labels.names, from: rank(of: floor)),
            policy.severities.rank(of: label) ?? 0 > current
        else { return .severityHighest(label: predicted, raiseTo: floor.raiseTo, floor: floor.id) }
        predictions[place].decided = label
        return .severityRaised(from: predicted, to: label, floor: floor.id)
    }

    /// The first floor of those with the highest severity, if that is above `rank`.
    private func strongest(_ fired: [Policy.Floor], above rank: Int?) -> Policy.Floor? {
        var strongest: Policy.Floor?
        var highest = rank ?? -1
        for floor in fired where self.rank(of: floor) > highest {
            (strongest, highest) = (floor, self.rank(of: floor))
        }
        return strongest
    }

    /// A severity that the order does not hold is taken for worse than all.
    private func rank(of floor: Policy.Floor) -> Int {
        policy.severities.rank(of: floor.raiseTo) ?? policy.severities.names.count
    }

    /// The severity's answer is left to a person, and no other is good enough to act on.
    private func demoteLevels(_ predictions: inout [Decision.Prediction]) {
        for index in predictions.indices {
            let isSeverity = predictions[index].role == "severity"
            if isSeverity || predictions[index].level == .auto { predictions[index].reasons.append(.floor) }
            predictions[index].level = min(predictions[index].level, isSeverity ? .review : .suggest)
        }
    }
}
