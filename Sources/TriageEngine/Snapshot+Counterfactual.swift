internal import TriageModel
internal import TriageText

extension Snapshot {
    /// The most times a ticket is scored in search of one counterfactual.
    static let mostScorings = 200
    /// The most words (of different form) that are taken away together.
    static let mostRemoved = 50

    /// Words without which a field's answer would be another; nil for a ticket without words.
    func counterfactual(
        _ head: ModelBundle.Head, _ prediction: Decision.Prediction, _ scratch: DecisionScratch,
        _ input: PreparedTicket
    ) -> Counterfactual? {
        guard !scratch.features.found.list.isEmpty else { return nil }
        var search = CounterfactualSearch(self, head, prediction, scratch.features.found.list, input)
        return search.run()
    }
}

/// Greedy removal, then pruning; see `Counterfactual`.
private struct CounterfactualSearch {
    private let snapshot: Snapshot
    private let head: ModelBundle.Head
    private let before: Decision.Prediction
    private let words: [Words.Word]
    private let input: PreparedTicket
    private var scratch = DecisionScratch(Explanation.Request())
    private var scorings = 0

    init(
        _ snapshot: Snapshot, _ head: ModelBundle.Head, _ before: Decision.Prediction, _ words: [Words.Word],
        _ input: PreparedTicket
    ) {
        self.snapshot = snapshot
        self.head = head
        self.before = before
        self.words = words
        self.input = input
    }

    mutating func run() -> Counterfactual {
        var removed: [UInt64] = []
        var now = prediction(without: [])
        while effect(now) == nil, removed.count < Snapshot.mostRemoved, let next = strongest() {
            removed.append(next)
            now = prediction(without: Set(removed))
        }
        let most = removed.count
        guard effect(now) != nil else { return result(now, without: [], most, isIrreducible: false) }
        let isIrreducible = prune(&removed)
        now = prediction(without: Set(removed))
        return result(now, without: Set(removed), most, isIrreducible: isIrreducible)
    }

    /// Puts back words that are not needed, the weakest first, until none is left; false when scorings ran out.
    private mutating func prune(_ removed: inout [UInt64]) -> Bool {
        var changed = true
        while changed {
            changed = false
            for word in removed.reversed() where removed.count > 1 {
                guard scorings < Snapshot.mostScorings else { return false }
                let fewer = Set(removed).subtracting([word])
                guard effect(prediction(without: fewer)) != nil else { continue }
                removed.removeAll { $0 == word }
                changed = true
            }
        }
        return true
    }

    private func effect(_ now: Decision.Prediction) -> Counterfactual.Effect? {
        if now.label != before.label { return .otherLabel }
        let wasBelow = before.reasons.contains(.lowConfidence)
        return !wasBelow && now.reasons.contains(.lowConfidence) ? .belowThreshold : nil
    }

    /// Scores the ticket without all occurrences of some words, a space in the place of each.
    private mutating func prediction(without removed: Set<UInt64>) -> Decision.Prediction {
        scorings += 1
        let model = snapshot.model
        model.score(
            subject: text(of: 0, without: removed), body: text(of: 1, without: removed),
            features: &scratch.features, logits: &scratch.logits)
        return snapshot.predict(head, scratch, input)
    }

    private func text(of field: UInt8, without removed: Set<UInt64>) -> [UInt8] {
        var bytes = field == 0 ? input.subject.bytes : input.body.bytes
        for word in words where word.field == field && removed.contains(word.hash) {
            for index in word.range { bytes[Int(index)] = 0x20 }
        }
        return bytes
    }

    /// The word of the ticket as last scored that speaks most for the label against its rival; nil when none does.
    private func strongest() -> UInt64? {
        let label = head.labels.index(of: before.label) ?? 0
        guard let rival = head.rival(of: label, scratch.logits) else { return nil }
        let model = snapshot.model
        let direction = Direction(from: label, to: rival, head, columns: model.layer.columns)
        let trace = TicketTrace(scratch.features, model, input)
        let shares = WordShares(model, along: direction.factors, scratch.features, trace).halved
        var sums: [UInt64: Float] = [:]
        for (word, share) in zip(scratch.features.found.list, shares) { sums[word.hash, default: 0] += share }
        // In the ticket's order, so that equal sums have one winner.
        var best: (hash: UInt64, sum: Float)?
        for word in scratch.features.found.list {
            let sum = sums[word.hash] ?? 0
            if sum > best?.sum ?? 0 { best = (word.hash, sum) }
        }
        return best?.hash
    }

    private func result(
        _ now: Decision.Prediction, without removed: Set<UInt64>, _ most: Int, isIrreducible: Bool
    ) -> Counterfactual {
        let places = TermPlaces(words: words, input: input)
        return Counterfactual(
            effect: removed.isEmpty ? nil : effect(now),
            words: words.indices.filter { removed.contains(words[$0].hash) }.map(places.word),
            label: now.label, probability: now.probability, isIrreducible: isIrreducible, removed: most,
            scorings: scorings)
    }
}
