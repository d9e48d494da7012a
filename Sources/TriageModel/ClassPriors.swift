internal import RealModule

extension ModelManifest {
    /// The shares of a field's labels among tickets to come, where they are known to differ from training's.
    ///
    /// p(label | text) of another mix is p · live share ÷ training share, scaled to sum to 1 (Saerens, Latinne and
    /// Decaestecker, 2002), when tickets of one label read as before. In logits that is a shift of the intercepts.
    package struct ClassPriors: Codable, Sendable, Equatable {
        /// The least share of a label: none becomes impossible, or its logit would be minus infinity.
        package static let minimumShare: Float = 0.0001

        /// One a label, in column order; they sum to 1.
        package var shares: [Float]
        /// Tickets without labels that they were estimated from; nil when they were stated.
        package var estimatedFrom: Int?

        /// A mix of shares in proportion to `weights`, each `minimumShare` at least; nil for weights that are all zero, negative or not finite.
        package init?(weights: [Double], estimatedFrom: Int? = nil) {
            let sum = weights.reduce(0, +)
            guard sum > 0, sum.isFinite, weights.allSatisfy({ $0 >= 0 }) else { return nil }
            let raised = weights.map { max($0 / sum, Double(ClassPriors.minimumShare)) }
            let whole = raised.reduce(0, +)
            shares = raised.map { Float($0 / whole) }
            self.estimatedFrom = estimatedFrom
        }
    }
}

extension ModelManifest.Head {
    /// How much likelier each label is in the live mix than in training's; nil without a mix.
    var mixRatios: [Float]? {
        guard let labelMix, let labelShares else { return nil }
        return zip(labelMix.shares, labelShares).map { $0 / max($1, ModelManifest.ClassPriors.minimumShare) }
    }

    /// What the live mix adds to each label's logit, T · log(live share ÷ training share); empty without a mix.
    var biasShift: [Float] { mixRatios.map { $0.map { temperature * Float.log($0) } } ?? [] }

    /// One shift for each label; zeros without a mix.
    var shiftOrZeros: [Float] {
        let shift = biasShift
        return shift.isEmpty ? [Float](repeating: 0, count: labels.count) : shift
    }

    /// Whether shares and mix are such of this head's labels.
    var hasSoundShares: Bool {
        [labelShares, labelMix?.shares].allSatisfy { shares in
            shares.map { $0.count == labels.count && $0.allSatisfy { (0...1).contains($0) } } ?? true
        } && (labelMix.map { labelShares != nil && !$0.shares.contains(0) } ?? true)
    }
}
