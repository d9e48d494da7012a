package import TriageModel

extension Policy {
    /// How a bundle's severity is decided: the playbook's rule, and the held-out rows that support it.
    package struct SeverityDecision: Sendable, Equatable {
        /// The rule; nil for the likeliest label.
        package var rule: OrdinalRule?
        /// What held-out rows show of `max_under_triage`; nil without one.
        package var bound: UnderTriageBound?

        /// The rule, and what held-out rows show of it.
        package var sentence: String {
            let choice =
                rule.map {
                    "the label of least expected cost, under-triage weight \(Snapshot.shown($0.underTriageWeight))"
                }
                ?? "the most probable label"
            guard let bound else { return choice }
            return choice
                + "; of \(bound.critical) held-out rows of the harshest label \(bound.milder) are called milder, at "
                + "most \(percent(bound.upperBound)) of such tickets with 95 % confidence; of the other rows "
                + "\(percent(bound.overTriage)) are called harsher than they are"
        }

        private func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10) %" }
    }

    /// How the severity of a bundle is decided; nil when the playbook leaves it to the likeliest label.
    ///
    /// - Throws: `EngineError.severity` when the playbook requires what the bundle's labels or held-out rows do not
    ///   allow.
    package func severityDecision(for model: ModelBundle) throws(EngineError) -> SeverityDecision? {
        guard underTriageWeight != nil || maxUnderTriage != nil else { return nil }
        guard let head = model.head(role: "severity") else { return nil }
        let field = head.manifest.field
        let steps = severities.ranks(of: head.labels.names).compactMap(\.self)
        guard steps.count == head.labels.count, Set(steps).count == steps.count else {
            let strays = severities.strays(among: head.labels.names).joined(separator: ", ")
            throw .severity(
                field: field,
                problem: "the playbook does not order all its labels\(strays.isEmpty ? "" : " (\(strays))"): "
                    + "list them under severities:, mildest first")
        }
        if let weight = underTriageWeight {
            return SeverityDecision(rule: OrdinalRule(steps: steps, underTriageWeight: weight))
        }
        guard let share = maxUnderTriage else { return nil }
        guard head.manifest.isCalibrated else {
            throw .severity(
                field: field,
                problem:
                    "max_under_triage: the bundle is not calibrated on your own labels, so its held-out rows show "
                    + "nothing of your tickets: train on them")
        }
        do throws(UnderTriageBound.BoundError) {
            let bound = try UnderTriageBound(share: share, steps: steps, head.heldOut)
            let rule = bound.underTriageWeight.map { OrdinalRule(steps: steps, underTriageWeight: $0) }
            return SeverityDecision(rule: rule, bound: bound)
        } catch {
            let harshest = head.labels.names[steps.indices.max { steps[$0] < steps[$1] } ?? 0]
            throw .severity(field: field, problem: Policy.sentence(error, share, harshest))
        }
    }

    private static func sentence(
        _ refusal: UnderTriageBound.BoundError, _ share: Double, _ label: String
    ) -> String {
        switch refusal {
        case .notKept:
            "max_under_triage: the bundle kept too little of its held-out rows to show it; train it again, with calibration"
        case .tooFew(let critical, let missing):
            "max_under_triage: \(share) cannot be shown on \(critical) held-out rows labelled \(label); at least "
                + "\(missing) more are needed: label and train on them, or ask for less"
        case .outOfReach(let critical, let milder):
            "max_under_triage: \(share) is out of reach: of \(critical) held-out rows labelled \(label), \(milder) look like "
                + "milder ones at any weight; look at their labels (triage audit), or ask for less"
        }
    }
}
