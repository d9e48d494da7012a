internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

extension Snapshot {
    /// The tags of one field: each that reaches its own threshold, maybe none.
    func predictTags(
        _ head: ModelBundle.Head, _ scratch: DecisionScratch, _ input: TicketText
    ) -> Decision.Prediction {
        let probabilities = head.tagProbabilities(scratch.logits)
        let isUnknown =
            scratch.features.isUnknown || scratch.features.found.list.allSatisfy(\.isSymbol)
        var reasons: [Decision.Reason] = input.isEmpty ? [.empty] : isUnknown ? [.outOfScope] : []
        // Without a word that the model knows, only the shares of the tags speak for any.
        let given = reasons.isEmpty ? head.tags(probabilities) : []
        if scratch.isLanguageHardlySeen { reasons.append(.language) }
        var level = reasons.isEmpty ? Decision.Level.suggest : .review
        if input.wasCut { reasons.append(.truncated) }
        let blockers = given.map {
            Snapshot.autoBlocker(head, head.manifest.auto, head.labels[$0], probabilities[$0])
        }
        if reasons.isEmpty {
            // That a tag is missing has no target, so an answer without tags is only suggested.
            if let blocker = given.isEmpty ? .lowConfidence : blockers.compactMap(\.self).first {
                reasons.append(blocker)
            } else {
                level = .auto
            }
        }
        let thresholds = head.manifest.tags?.thresholds ?? []
        let canBeAuto = !input.wasCut && !scratch.isLanguageHardlySeen
        let tags = zip(given, blockers).map { tag, blocker in
            Decision.Tag(
                label: head.labels[tag], probability: probabilities[tag], threshold: thresholds[tag] ?? 1,
                level: blocker == nil && canBeAuto ? .auto : .suggest)
        }
        let label = TagList.joined(tags.map(\.label))
        let others = TopK.indices(of: probabilities, count: given.count + 3).filter { !given.contains($0) }
        return Decision.Prediction(
            field: head.manifest.field, role: head.manifest.role, label: label, decided: label,
            probability: Snapshot.jointProbability(probabilities, given), level: level, reasons: reasons,
            alternatives: others.prefix(3).map {
                .init(label: head.labels[$0], probability: probabilities[$0])
            }, tags: tags)
    }

    /// Π pₖ of the given tags · Π (1 − pₖ) of all others.
    private static func jointProbability(_ probabilities: [Float], _ given: [Int]) -> Float {
        let isGiven = given.reduce(into: [Bool](repeating: false, count: probabilities.count)) {
            $0[$1] = true
        }
        let product = zip(probabilities, isGiven).reduce(1.0) { $0 * Double($1.1 ? $1.0 : 1 - $1.0) }
        return Softmax.rounded(Float(product))
    }
}
