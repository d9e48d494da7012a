internal import TriageData
internal import TriageModel
internal import TriageText
package import TriageTickets

/// What safety floors do to a decision: they raise its severity, or at least put a person before it.
extension Snapshot {
    /// The floors that words of quoted replies and signatures fire.
    private func floors(in parts: [TicketText.PartSetAside]) -> [TicketText.FloorSetAside] {
        var words = Words()
        var fired: [TicketText.FloorSetAside] = []
        for part in parts.map(\.part) where part.kind == .quoted || part.kind == .signature {
            words.scan(subject: [], body: part.text)
            let new = floors.fired(by: words).map {
                TicketText.FloorSetAside(id: policy.floors[$0].id, kind: part.kind)
            }
            fired += new.filter { !fired.contains($0) }
        }
        return fired
    }

    /// The floors with their full effect, in the playbook's order: those that the words which are read fire, and those
    /// that words behind the size limit fired.
    func firedFloors(_ words: Words, _ setAside: [TicketText.FloorSetAside]) -> [Policy.Floor] {
        guard !policy.floors.isEmpty else { return [] }
        let within = floors.fired(by: words)
        let ids = setAside.filter { $0.kind == .cut }.map(\.id)
        guard !within.isEmpty || !ids.isEmpty else { return [] }
        return policy.floors.indices
            .filter { within.contains($0) || ids.contains(policy.floors[$0].id) }
            .map { policy.floors[$0] }
    }

    /// A ticket's text as this snapshot decides it: prepared by its bundle, with the floors of its policy that fire in the
    /// parts that are set aside.
    ///
    /// Behind the size limit, which is read window by window, a mention may fire that a longer phrase before the window
    /// would have cancelled.
    package func prepare(_ ticket: Ticket) -> TicketText {
        guard !policy.floors.isEmpty else { return model.preparation.prepare(ticket) }
        var words = Words()
        var fired: Set<Int> = []
        var text = model.preparation.prepare(ticket) { window in
            words.scan(subject: [], body: window)
            fired.formUnion(floors.fired(by: words))
        }
        text.floorsSetAside =
            fired.sorted().map { .init(id: policy.floors[$0].id, kind: .cut) } + floors(in: text.setAside)
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

    /// Leaves a decision to a person where a quoted reply or a signature fires a floor above the decided severity.
    ///
    /// The severity stays: what somebody else wrote, or a job title, is a hint and no report.
    func leaveToPerson(
        _ predictions: inout [Decision.Prediction], fired: [TicketText.FloorSetAside]
    ) -> Remark? {
        let parts = fired.filter { $0.kind != .cut }
        guard !parts.isEmpty else { return nil }
        let decided = predictions.first { $0.role == "severity" }?.decided ?? Decision.defaultSeverity
        let fired = policy.floors.filter { floor in parts.contains { $0.id == floor.id } }
        guard let floor = strongest(fired, above: policy.severities.rank(of: decided)),
            let part = parts.first(where: { $0.id == floor.id })
        else { return nil }
        demoteLevels(&predictions)
        return .floorSetAside(floor: floor.id, part: part.kind)
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
            if isSeverity || predictions[index].level == .auto, !predictions[index].reasons.contains(.floor) {
                predictions[index].reasons.append(.floor)
            }
            let limit = isSeverity ? Decision.Level.review : .suggest
            predictions[index].level = min(predictions[index].level, limit)
            predictions[index].limitPath(to: limit)
        }
    }
}
