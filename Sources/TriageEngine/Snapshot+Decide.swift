public import TriageData
internal import TriageModel
internal import TriageNumerics
internal import TriageSearch
internal import TriageText

extension Snapshot {
    /// Decides one ticket with memory that is used again.
    public func decide(_ ticket: Ticket, _ scratch: inout DecisionScratch) -> Decision {
        let input = PreparedTicket(ticket, model.preparation)
        model.score(
            subject: input.subject.bytes, body: input.body.bytes, features: &scratch.features,
            logits: &scratch.logits)
        var predictions = model.heads.map { predict($0, scratch, input) }
        let notes = missingRoles()
        let category = label(role: "category", predictions) ?? "Other"
        let severity = raisedSeverity(&predictions, input)
        let search = input.isEmpty ? nil : self.search(input, scratch)
        let matches = search.map { self.matches($0) } ?? []
        let isKnown = search?.isKnown ?? false
        let action = isKnown ? matches.first?.recommendedAction : nil
        return Decision(
            summary: Summary.extract(subject: input.subject.bytes, body: input.body.bytes),
            category: category, severity: severity.label, isKnownIssue: isKnown,
            matches: isKnown ? matches : [],
            nextAction: action ?? policy.nextAction(category: category, severity: severity.label),
            notes: [notes, severity.note].compactMap { $0 }.joined(separator: " ").nilIfEmpty,
            id: ticket.id, predictions: predictions, nearMisses: isKnown ? [] : matches,
            knownProbability: search?.knownProbability,
            explanations: scratch.explains ? explain(predictions, scratch, input) : nil,
            language: language(of: input, &scratch), modelName: model.manifest.name, modelSHA256: model.sha256
        )
    }

    private func search(_ input: PreparedTicket, _ scratch: DecisionScratch) -> SearchResult? {
        let vector = scratch.features.embedding.isEmpty ? nil : scratch.features.embedding
        return index?.search(input.joined, embedding: vector, count: 3)
    }

    private func matches(_ result: SearchResult) -> [Decision.Match] {
        guard let index else { return [] }
        return result.hits.map { hit in
            let article = index.articles[hit.article]
            return Decision.Match(
                id: article.id, title: article.title, score: hit.score,
                recommendedAction: article.recommendedAction)
        }
    }

    // MARK: - Fields

    private func predict(
        _ head: ModelBundle.Head, _ scratch: DecisionScratch, _ input: PreparedTicket
    ) -> Decision.Prediction {
        let probabilities = head.probabilities(scratch.logits)
        let best = TopK.indices(of: probabilities, count: 4)
        let probability = probabilities[best[0]]
        var reasons: [Decision.Reason] = []
        if input.isEmpty {
            reasons.append(.empty)
        } else if scratch.features.isUnknown {
            reasons.append(.unknownText)
        }
        if probability < head.manifest.threshold { reasons.append(.lowConfidence) }
        if best.count > 1, probability - probabilities[best[1]] < Snapshot.closeCall {
            reasons.append(.ambiguous)
        }
        if input.wasCut { reasons.append(.truncated) }
        let isDoubtful = reasons.contains { $0 != .truncated && $0 != .ambiguous }
        var level = isDoubtful ? Decision.Level.review : .suggest
        if level == .suggest, probability >= policy.autoThreshold, reasons.isEmpty {
            if head.manifest.isCalibrated { level = .auto } else { reasons.append(.uncalibrated) }
        }
        return Decision.Prediction(
            field: head.manifest.field, label: head.labels[best[0]], probability: probability, level: level,
            reasons: reasons,
            alternatives: best.dropFirst().map {
                .init(label: head.labels[$0], probability: probabilities[$0])
            })
    }

    /// Two probabilities closer than this are called ambiguous.
    private static let closeCall: Float = 0.1

    private func label(role: String, _ predictions: [Decision.Prediction]) -> String? {
        model.head(role: role).flatMap { head in predictions.first { $0.field == head.manifest.field }?.label
        }
    }

    private func missingRoles() -> String? {
        let missing = ["category", "severity"].filter { model.head(role: $0) == nil }
        return missing.isEmpty
            ? nil : "The model \(model.manifest.name) predicts no \(missing.joined(separator: " and no "))."
    }

    /// The severity after the floors, which may only raise it, and which floor did.
    private func raisedSeverity(
        _ predictions: inout [Decision.Prediction], _ input: PreparedTicket
    ) -> (label: String, note: String?) {
        let predicted = label(role: "severity", predictions) ?? "Medium"
        var place = policy.severities.firstIndex(of: predicted)
        var raisedBy: Policy.Floor?
        for fired in floors.fired(by: [input.subject.bytes, input.body.bytes]) {
            let floor = policy.floors[fired]
            guard let target = policy.severities.firstIndex(of: floor.raiseTo), let current = place,
                target > current
            else { continue }
            (place, raisedBy) = (target, floor)
        }
        guard let raisedBy, let place else { return (predicted, nil) }
        if let field = model.head(role: "severity")?.manifest.field,
            let index = predictions.firstIndex(where: { $0.field == field })
        {
            predictions[index].reasons.append(.floor)
        }
        return (
            policy.severities[place], "Severity raised from \(predicted) by the safety floor \(raisedBy.id)."
        )
    }

    // MARK: - Language

    private func language(of input: PreparedTicket, _ scratch: inout DecisionScratch) -> String? {
        guard let language, !input.isEmpty, let head = language.heads.first else { return nil }
        let body = input.body.bytes.isEmpty ? input.subject.bytes : input.body.bytes
        language.score(
            subject: [], body: Array(body.prefix(Snapshot.languageBytes)),
            features: &scratch.languageFeatures,
            logits: &scratch.languageLogits)
        guard !scratch.languageFeatures.isUnknown else { return nil }
        let probabilities = head.probabilities(scratch.languageLogits)
        guard let best = TopK.indices(of: probabilities, count: 1).first,
            probabilities[best] >= head.manifest.threshold
        else { return nil }
        return head.labels[best]
    }

    /// A language shows in the first few words; more costs time and tells little.
    private static let languageBytes = 160
}

/// A ticket cut to size, cleaned and masked.
struct PreparedTicket {
    let subject: MappedText
    let body: MappedText
    let wasCut: Bool

    init(_ ticket: Ticket, _ preparation: TextPreparation) {
        let (cut, wasCut) = ticket.cutToSize()
        self.wasCut = wasCut
        subject = preparation.prepare(cut.subject)
        body = preparation.prepare(cut.body)
    }

    var isEmpty: Bool { !subject.bytes.contains { $0 > 0x20 } && !body.bytes.contains { $0 > 0x20 } }

    var joined: [UInt8] { subject.bytes.isEmpty ? body.bytes : subject.bytes + [0x0A] + body.bytes }
}

extension String {
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
