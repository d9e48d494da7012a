internal import TriageNumerics
public import TriageText

extension ModelBundle {
    /// Fills `features` and `logits` for one prepared ticket.
    public func score(
        subject: [UInt8], body: [UInt8], features: inout Features, logits: inout [Float]
    ) {
        featurizer.fill(&features, subject: subject, body: body)
        layer.score(&features, into: &logits)
    }

    /// The same from the first `limit` words that were found for other features, without an embedding.
    public func score(from found: Words, first limit: Int, features: inout Features, logits: inout [Float]) {
        featurizer.fill(&features, from: found, first: limit)
        layer.score(&features, into: &logits)
    }
}

extension ModelBundle.Head {
    /// The calibrated probabilities that belong to logits of all columns, rounded to six decimals.
    public func probabilities(_ logits: [Float]) -> [Float] {
        var values = Softmax.probabilities(logits[columns], temperature: manifest.temperature)
        for index in values.indices { values[index] = Softmax.rounded(values[index]) }
        return values
    }

    /// The `count` labels of largest logit, best first, equal ones in label order: places and rounded
    /// probabilities.
    public func best(_ count: Int, of logits: [Float]) -> [(label: Int, probability: Float)] {
        let partition = Softmax.Partition(logits[columns], temperature: manifest.temperature)
        return TopK.offsets(of: logits[columns], count: count).map { label in
            (label, Softmax.rounded(partition.probability(of: logits[columns.lowerBound + label])))
        }
    }
}
