internal import TriageModel
internal import TriageNumerics
internal import TriageText
internal import TriageTickets

extension Snapshot {
    /// The most words and phrases a sum names; the others are its rest.
    static let maximumTerms = 12
    /// A bucket that adds less than this share of all magnitudes is not worth a word about its collisions.
    private static let notableShare: Float = 0.01

    func explain(
        _ predictions: [Decision.Prediction], _ scratch: DecisionScratch, _ input: TicketText
    ) -> [Explanation] {
        guard let request = scratch.request else { return [] }
        let trace = FeatureTrace(scratch.features, model, input)
        return zip(model.heads, predictions).map { head, prediction in
            var explanation = self.explain(head, prediction, request.label, trace, scratch, input)
            // No word of the ticket decided a label that corrected tickets gave.
            if request.counterfactual, !prediction.reasons.contains(.corrected) {
                explanation.counterfactual = counterfactual(head, prediction, scratch, input)
            }
            return explanation
        }
    }

    private func explain(
        _ head: ModelBundle.Head, _ prediction: Decision.Prediction, _ asked: String?, _ trace: FeatureTrace,
        _ scratch: DecisionScratch, _ input: TicketText
    ) -> Explanation {
        let answer = ExplainedAnswer(prediction, asked, head)
        let places = TermPlaces(words: scratch.features.found.list, input: input)
        func sum(_ direction: Direction) -> (Explanation.Sum, FeatureAttribution) {
            let shares = FeatureAttribution(model, along: direction.factors, scratch.features, trace)
            var sum = places.sum(
                shares, labelMix: direction.labelMix(of: head),
                logit: direction.product(with: scratch.logits))
            sum.spread = direction.spread
            return (sum, shares)
        }
        let (own, ownShares) = sum(answer.own(head, scratch.logits))
        let rival = answer.against(head, scratch.logits)
        let contrast = rival.map { sum($0.1) }
        return Explanation(
            field: head.manifest.field, label: answer.name, own: own,
            against: contrast.flatMap { contrast in rival.map { .init(label: $0.name, sum: contrast.0) } },
            tags: prediction.tags.map { tags in
                tags.compactMap { tag in
                    head.labels.index(of: tag.label).map {
                        let direction = Direction(tag: $0, head, columns: model.layer.columns)
                        return .init(label: tag.label, sum: sum(direction).0)
                    }
                }
            },
            collisions: collisions(contrast?.1 ?? ownShares, head, trace, scratch.features, places))
    }

    // MARK: - Collisions

    private func collisions(
        _ shares: FeatureAttribution, _ head: ModelBundle.Head, _ trace: FeatureTrace, _ features: Features,
        _ places: TermPlaces
    ) -> [Explanation.Collision] {
        let all = shares.units.reduce(abs(shares.unplaced)) { $0 + abs($1.weight) }
        let least = Snapshot.notableShare * all
        var found: [Explanation.Collision] = []
        func add(_ text: String, _ other: String, _ label: String?, _ weight: Float) {
            guard abs(weight) >= least, text != other else { return }
            found.append(.init(text: text, other: other, label: label, weight: weight))
        }
        let ngrams = features.ngrams
        for clash in trace.wordClashes {
            add(
                places.text(ofWords: clash.first, ngrams), places.text(ofWords: clash.second, ngrams), nil,
                shares.total(ofWordRow: clash.place, features))
        }
        for clash in trace.characterClashes {
            let weight = shares.total(ofCharacterRow: clash.place, features)
            guard abs(weight) >= least else { continue }
            let owners = [clash.first, clash.second].map { Int(ngrams.characterOrigins[$0]) }
            add(
                places.text(of: owners[0]..<owners[0] + 1), places.text(of: owners[1]..<owners[1] + 1), nil,
                weight)
        }
        for hit in trace.wordHits {
            let (number, place) = (Int(hit.ngram), Int(hit.place))
            let weight = shares.total(ofWordRow: place, features)
            guard abs(weight) >= least else { continue }
            for entry in model.topFeatureIndex.entries(inRow: features.words.indices[place])
            where entry.field == head.manifest.field && entry.hash != ngrams.words[number] {
                add(places.text(ofWords: number, ngrams), entry.text, entry.label, weight)
            }
        }
        return found
    }
}

extension ModelBundle.Head {
    /// The label of largest logit among all but one; nil when there is no other.
    func rival(of label: Int, _ logits: [Float]) -> Int? {
        TopK.offsets(of: logits[columns], count: 2).first { $0 != label }
    }
}

/// A ticket's words as terms: their masked text, and their place in the original.
struct TermPlaces {
    let words: [Words.Word]
    let input: TicketText

    /// The strongest units as terms, all others as the rest.
    func sum(_ shares: FeatureAttribution, labelMix: Float?, logit: Float) -> Explanation.Sum {
        let units = shares.units
        let magnitudes = units.map { abs($0.weight) }
        let shown = TopK.indices(of: magnitudes, count: Snapshot.maximumTerms).filter { magnitudes[$0] > 0 }
        var isShown = [Bool](repeating: false, count: units.count)
        for index in shown { isShown[index] = true }
        var rest = Double(shares.unplaced)
        var restMagnitude = abs(rest)
        for index in units.indices where !isShown[index] {
            rest += Double(units[index].weight)
            restMagnitude += Double(magnitudes[index])
        }
        let all = shown.reduce(restMagnitude) { $0 + Double(magnitudes[$1]) }
        return Explanation.Sum(
            bias: shares.bias, labelMix: labelMix, terms: shown.map { term(units[$0]) }, rest: Float(rest),
            restShare: all > 0 ? Float(restMagnitude / all) : 0, logit: logit)
    }

    private func term(_ unit: FeatureAttribution.Unit) -> Explanation.Term {
        let masked = maskedRange(of: unit.places)
        return Explanation.Term(
            text: text(of: unit.places), range: field(of: unit.places).sourceRange(of: masked),
            maskedRange: masked, field: name(of: unit.places), weight: unit.weight)
    }

    /// A word or a placeholder of a counterfactual.
    func word(_ places: Range<Int>) -> Counterfactual.Word {
        Counterfactual.Word(
            text: text(of: places), range: field(of: places).sourceRange(of: maskedRange(of: places)),
            field: name(of: places))
    }

    /// The masked text from the first of some adjacent words to the last.
    func text(of places: Range<Int>) -> String {
        String(decoding: field(of: places).bytes[maskedRange(of: places)], as: UTF8.self)
    }

    /// The masked text of an n-gram of words.
    func text(ofWords number: Int, _ ngrams: NGrams) -> String {
        let first = Int(ngrams.wordOrigins[number])
        return text(of: first..<first + (ngrams.wordSpansTwo[number] ? 2 : 1))
    }

    func maskedRange(of places: Range<Int>) -> Range<Int> {
        Int(words[places.lowerBound].range.lowerBound)..<Int(words[places.upperBound - 1].range.upperBound)
    }

    private func field(of places: Range<Int>) -> MappedText {
        words[places.lowerBound].field == 0 ? input.subject : input.body
    }

    private func name(of places: Range<Int>) -> String {
        words[places.lowerBound].field == 0 ? "subject" : "body"
    }
}
