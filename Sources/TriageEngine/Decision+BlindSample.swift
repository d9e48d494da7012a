extension Decision {
    /// Whether a field would be acted on without a person.
    package var hasAutomaticAnswer: Bool { predictions.contains { $0.level == .auto } }

    /// Whether a field of it is labelled by a person who does not see the model's answer.
    package var isSampledBlind: Bool { predictions.contains { $0.reasons.contains(.blindSample) } }

    /// The decision as one of the blind sample: what was `auto` is `review`, and a person labels it unseen.
    package func sampledBlind() -> Decision {
        lowering(to: .review, because: .blindSample) { _ in true }
    }

    /// The decision with `suggest` in the place of `auto` where monitoring requires it.
    package func demoting(where isDemoted: (Prediction) -> Bool) -> Decision {
        lowering(to: .suggest, because: .demoted, where: isDemoted)
    }

    private func lowering(
        to level: Level, because reason: Reason, where isMeant: (Prediction) -> Bool
    ) -> Decision {
        var lowered = self
        for (place, prediction) in predictions.enumerated()
        where prediction.level == .auto && isMeant(prediction) {
            lowered.predictions[place].lower(to: level, because: reason)
        }
        return lowered
    }

    /// The decision as callers may see it before people have labelled the sampled fields: without what reveals the model's
    /// answers in them.
    ///
    /// The next action would reveal them too, unless it is that of an article.
    package var withholdingSample: Decision {
        withholding(predictions.filter { $0.reasons.contains(.blindSample) }.map(\.field))
    }

    /// The decision without what reveals the model's answers in these fields.
    package func withholding(_ fields: [String]) -> Decision {
        guard !fields.isEmpty else { return self }
        var shown = self
        for place in predictions.indices where fields.contains(predictions[place].field) {
            shown.predictions[place].withhold()
        }
        shown.explanations = explanations?.filter { !fields.contains($0.field) }
        shown.remarks.append(.blindSample(fields: fields))
        if matches.first?.recommendedAction == nil { shown.nextAction = Policy.personDecides }
        return shown
    }
}

extension Snapshot {
    /// Whether a decision has the harshest of the model's severities, which is never withheld from people.
    package func isMostUrgent(_ decision: Decision) -> Bool {
        guard let head = model.head(role: "severity"),
            let harshest = policy.severities.mildest(of: head.labels.names, from: .max)
        else { return false }
        return decision.severity == harshest
    }
}

extension Decision.Prediction {
    fileprivate mutating func lower(to level: Decision.Level, because reason: Decision.Reason) {
        (self.level, reasons) = (level, reasons + [reason])
        path = path?.map { step in
            var step = step
            step.level = min(step.level, level)
            return step
        }
        tags = tags?.map { tag in
            var tag = tag
            tag.level = min(tag.level, level)
            return tag
        }
    }

    fileprivate mutating func withhold() {
        (label, decided, probability, alternatives) = ("", "", 0, [])
        (outOfScope, labelSet, path, tags) = (nil, nil, nil, nil)
    }
}
