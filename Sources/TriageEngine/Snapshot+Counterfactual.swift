internal import TriageModel
internal import TriageText
internal import TriageTickets

extension Snapshot {
    /// The most times a ticket is scored in search of one counterfactual.
    static let maximumScorings = 200
    /// The most words (of different form) that are taken away together.
    static let maximumRemoved = 50

    /// Words without which a field's answer would be another; nil for a ticket without words.
    func counterfactual(
        _ head: ModelBundle.Head, _ prediction: Decision.Prediction, _ scratch: DecisionScratch,
        _ input: TicketText
    ) -> Counterfactual? {
        guard !scratch.features.found.list.isEmpty else { return nil }
        var search = CounterfactualSearch(self, head, prediction, scratch, input)
        return search.run()
    }
}

/// Greedy removal, then pruning; see `Counterfactual`.
private struct CounterfactualSearch {
    private let snapshot: Snapshot
    private let head: ModelBundle.Head
    private let before: Decision.Prediction
    private let input: TicketText
    private let places: TermPlaces
    private let items: [Item]
    private var scratch = DecisionScratch(Explanation.Request())
    private var scorings = 0

    /// What is taken away as one: a word, or a placeholder.
    private struct Item {
        var places: Range<Int>
        /// Equal for all occurrences.
        var form: UInt64
    }

    init(
        _ snapshot: Snapshot, _ head: ModelBundle.Head, _ before: Decision.Prediction,
        _ scored: DecisionScratch, _ input: TicketText
    ) {
        self.snapshot = snapshot
        self.head = head
        self.before = before
        self.input = input
        // Without some of its words a ticket stays in its language.
        scratch.isLanguageHardlySeen = scored.isLanguageHardlySeen
        places = TermPlaces(words: scored.features.found.list, input: input)
        let trace = FeatureTrace(scored.features, snapshot.model, input)
        items = CounterfactualSearch.items(places, trace.placeholders)
    }

    /// Symbols are none: without quotation marks or fences a text is cleaned as another kind of text.
    private static func items(_ places: TermPlaces, _ placeholders: [Range<Int>]) -> [Item] {
        var items: [Item] = []
        var left = placeholders[...]
        var place = 0
        while place < places.words.count {
            if let range = left.first, range.lowerBound == place {
                let form = StableHash.hash(Array(places.text(of: range).utf8), kind: .word)
                items.append(Item(places: range, form: form))
                left.removeFirst()
                place = range.upperBound
            } else {
                if !places.words[place].isSymbol {
                    items.append(Item(places: place..<place + 1, form: places.words[place].hash))
                }
                place += 1
            }
        }
        return items
    }

    mutating func run() -> Counterfactual {
        var removed: [UInt64] = []
        var now = prediction(without: [])
        while effect(now) == nil, removed.count < Snapshot.maximumRemoved,
            let next = strongest(without: Set(removed))
        {
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
                guard scorings < Snapshot.maximumScorings else { return false }
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
        for item in items where removed.contains(item.form) {
            guard places.words[item.places.lowerBound].field == field else { continue }
            for index in places.maskedRange(of: item.places) { bytes[index] = 0x20 }
        }
        return bytes
    }

    /// The word with most weight for the label against its rival in the ticket as last scored; nil without one.
    private func strongest(without removed: Set<UInt64>) -> UInt64? {
        let model = snapshot.model
        let answer = ExplainedAnswer(before, nil, head)
        guard
            let direction = head.hasTags
                ? answer.own(head, scratch.logits) : answer.against(head, scratch.logits)?.1
        else { return nil }
        let trace = FeatureTrace(scratch.features, model, input)
        let shares = FeatureAttribution(model, along: direction.factors, scratch.features, trace).halved
        let left = items.filter { !removed.contains($0.form) }
        var sums: [UInt64: Float] = [:]
        var place = 0
        for item in left {
            let end = min(place + item.places.count, shares.count)
            sums[item.form, default: 0] += shares[place..<end].reduce(0, +)
            place = end
        }
        // In the ticket's order, so that equal sums have one winner.
        var best: (form: UInt64, sum: Float)?
        for item in left {
            let sum = sums[item.form] ?? 0
            if sum > best?.sum ?? 0 { best = (item.form, sum) }
        }
        return best?.form
    }

    private func result(
        _ now: Decision.Prediction, without removed: Set<UInt64>, _ most: Int, isIrreducible: Bool
    ) -> Counterfactual {
        Counterfactual(
            effect: removed.isEmpty ? nil : effect(now),
            words: items.filter { removed.contains($0.form) }.map { places.word($0.places) },
            label: now.label, probability: now.probability, isIrreducible: isIrreducible, removed: most,
            scorings: scorings)
    }
}
