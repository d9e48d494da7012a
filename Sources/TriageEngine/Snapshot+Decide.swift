internal import TriageModel
internal import TriageNumerics
internal import TriageSearch
internal import TriageText
package import TriageTickets

extension Snapshot {
    /// Decides one ticket with memory that is used again.
    package func decide(_ ticket: Ticket, _ scratch: inout DecisionScratch) -> Decision {
        decide(prepare(ticket), &scratch)
    }

    /// Decides from a prepared text.
    ///
    /// On text read from a store the decision is that on the original ticket, but offsets are those of the prepared text.
    /// A floor behind the size limit that the policy no longer has is left out.
    package func decide(_ input: TicketText, _ scratch: inout DecisionScratch) -> Decision {
        model.score(
            subject: input.subject.bytes, body: input.body.bytes, features: &scratch.features,
            logits: &scratch.logits)
        let language = language(of: input, &scratch)
        scratch.isLanguageHardlySeen = language.map { seenLanguages?.isHardlySeen($0) ?? false } ?? false
        var predictions: [Decision.Prediction] = []
        predictions.reserveCapacity(model.heads.count)
        for head in model.heads { predictions.append(predict(head, scratch, input)) }
        var remarks = remarks(&predictions, scratch.features.found, input.floorsSetAside)
        if let outage = index?.outage, !input.isEmpty {
            remarks.append(.searchUnavailable(error: outage.reason, usesLocal: outage.usesLocal))
        }
        let search = input.isEmpty ? nil : self.search(input, scratch)
        let isKnown = search?.isKnown ?? false
        let matches = search.map { self.matches(isKnown ? $0.plausibleHits : $0.hits[...], language) } ?? []
        let action = isKnown ? matches.first?.recommendedAction : nil
        var decision = Decision(
            summary: Summary.extract(subject: input.subject.bytes, body: input.body.bytes),
            isKnownIssue: isKnown, matches: isKnown ? matches : [], nextAction: action ?? "",
            remarks: remarks, id: input.id, predictions: predictions, nearMisses: isKnown ? [] : matches,
            knownProbability: search?.knownProbability,
            explanations: scratch.request == nil ? nil : explain(predictions, scratch, input),
            language: language, modelName: model.manifest.name,
            modelSHA256: model.sha256, setAside: input.setAside.map { Decision.SetAside($0) })
        if action == nil { decision.nextAction = policy.nextAction(for: decision) }
        guard let memory, !input.isEmpty else { return decision }
        return recalling(memory, decision, scratch, input)
    }

    /// Has floors that fired raise the decided severity; what they and costs did, and what is missing.
    func remarks(
        _ predictions: inout [Decision.Prediction], _ words: Words, _ setAside: [TicketText.FloorSetAside]
    ) -> [Remark] {
        var remarks: [Remark] = []
        if let missingRoles { remarks.append(missingRoles) }
        if let remark = expectedCost(predictions) { remarks.append(remark) }
        if let remark = raiseSeverity(&predictions, fired: firedFloors(words, setAside)) {
            remarks.append(remark)
        }
        if let remark = leaveToPerson(&predictions, fired: setAside) { remarks.append(remark) }
        return remarks
    }

    private func search(_ input: TicketText, _ scratch: DecisionScratch) -> SearchResult? {
        guard let index else { return nil }
        let vector = scratch.features.embedding
        return index.search(
            input, words: scratch.features.found,
            embedding: vector.isEmpty || input.hasPlaceholder ? index.embed(input) : vector, count: Self.articleCount)
    }

    private func matches(_ hits: ArraySlice<SearchHit>, _ language: String?) -> [Decision.Match] {
        guard let index else { return [] }
        return hits.map { Decision.Match(index.article(of: $0).translated(into: language), score: $0.score) }
    }

    // MARK: - Fields

    func predict(
        _ head: ModelBundle.Head, _ scratch: DecisionScratch, _ input: TicketText
    ) -> Decision.Prediction {
        if head.hasTags { return predictTags(head, scratch, input) }
        let partition = head.partition(scratch.logits)
        let best = head.best(4, of: scratch.logits, partition)
        let scope = head.outOfScope(scratch.features, logits: scratch.logits, partition, best: best[0].label)
        var reasons: [Decision.Reason] = []
        if input.isEmpty {
            reasons.append(.empty)
        } else if scratch.features.isUnknown || scope?.isOutside ?? false
            || scratch.features.found.list.allSatisfy(\.isSymbol)
        {
            reasons.append(.outOfScope)
        }
        if scratch.isLanguageHardlySeen { reasons.append(.language) }
        if best[0].probability < head.manifest.threshold { reasons.append(.lowConfidence) }
        var level = reasons.isEmpty ? Decision.Level.suggest : .review
        if best.count > 1, best[0].probability - best[1].probability < ModelManifest.Head.ambiguityMargin {
            reasons.append(.ambiguous)
        }
        if input.wasCut { reasons.append(.truncated) }
        let chosen = chosen(head, scratch.logits, best[0])
        let label = head.labels[chosen.label]
        if chosen.label != best[0].label { reasons.append(.expectedCost) }
        if reasons.isEmpty {
            if let autoBlocker = Snapshot.autoBlocker(
                head, head.manifest.auto, label, best[0].probability, outOfScope: scope?.score)
            {
                reasons.append(autoBlocker)
            } else {
                level = .auto
            }
        }
        let prediction = Decision.Prediction(
            field: head.manifest.field, role: head.manifest.role, label: label, decided: label,
            probability: chosen.probability, level: level, reasons: reasons,
            alternatives: alternatives(head, best, but: chosen.label),
            outOfScope: scope?.score, labelSet: labelSet(head, scratch.logits))
        guard let tree = head.tree else { return prediction }
        return TreeAnswer(tree, prediction, head, scratch.logits).prediction
    }

    /// The best three but the one that was chosen.
    private func alternatives(
        _ head: ModelBundle.Head, _ best: [(label: Int, probability: Float)], but chosen: Int
    ) -> [Decision.Alternative] {
        var others: [Decision.Alternative] = []
        others.reserveCapacity(3)
        for (label, probability) in best where label != chosen && others.count < 3 {
            others.append(.init(label: head.labels[label], probability: probability))
        }
        return others
    }

    /// The most probable label, or for the severity that of least expected cost where the policy has weights.
    private func chosen(
        _ head: ModelBundle.Head, _ logits: [Float], _ likeliest: (label: Int, probability: Float)
    ) -> (label: Int, probability: Float) {
        guard let severityRule, head.manifest.role == "severity" else { return likeliest }
        let probabilities = head.probabilities(logits)
        let label = severityRule.choose(probabilities)
        return (label, probabilities[label])
    }

    private func expectedCost(_ predictions: [Decision.Prediction]) -> Remark? {
        guard let severityRule, let chosen = predictions.first(where: { $0.reasons.contains(.expectedCost) }),
            let likeliest = chosen.alternatives.first
        else { return nil }
        return .expectedCost(
            label: chosen.label, likeliest: likeliest.label,
            underTriageWeight: severityRule.underTriageWeight)
    }

    /// A weight, without a fraction of zero.
    static func shown(_ weight: Double) -> String {
        weight == weight.rounded() ? String(Int(weight)) : String(weight)
    }

    /// Why a probable answer is not `auto`; nil when it is.
    static func autoBlocker(
        _ head: ModelBundle.Head, _ rule: ModelManifest.AutoRule?, _ label: String, _ probability: Float,
        outOfScope: Float? = nil
    ) -> Decision.Reason? {
        guard head.manifest.isCalibrated else { return .uncalibrated }
        guard let rule, rule.allows(label, probability: probability) else { return .lowConfidence }
        return rule.allows(outOfScope: outOfScope) ? nil : .unfamiliar
    }

    /// The labels that the wanted coverage cannot leave out, likeliest first; the best one always.
    private func labelSet(_ head: ModelBundle.Head, _ logits: [Float]) -> [String]? {
        guard !labelSetQuantiles.isEmpty, let quantiles = labelSetQuantiles[head.manifest.field] else {
            return nil
        }
        let probabilities = head.probabilities(logits)
        return TopK.indices(of: probabilities, count: probabilities.count).enumerated()
            .filter { $0.offset == 0 || 1 - probabilities[$0.element] <= quantiles[$0.element] }
            .map { head.labels[$0.element] }
    }

    private func language(of input: TicketText, _ scratch: inout DecisionScratch) -> String? {
        guard let languageIdentifier, !input.isEmpty else { return nil }
        return languageIdentifier.identify(scratch.features.found, &scratch.language)
    }
}
