internal import TriageNumerics

extension ModelBundle {
    /// Fills `features` and `logits` for one prepared ticket.
    public func score(
        subject: [UInt8], body: [UInt8], features: inout Features, logits: inout [Float]
    ) {
        featurizer.fill(&features, subject: subject, body: body)
        layer.score(&features, into: &logits)
    }
}

extension ModelBundle.Head {
    /// The calibrated probabilities that belong to logits of all columns.
    public func probabilities(_ logits: [Float]) -> [Float] {
        var values = Softmax.probabilities(logits[columns], temperature: manifest.temperature)
        for index in values.indices { values[index] = (values[index] * 1_000_000).rounded() / 1_000_000 }
        return values
    }
}
