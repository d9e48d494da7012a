extension ModelManifest {
    /// What a fit of one field minimises over its rows, beside the penalty.
    ///
    /// Either way the logits are linear in the features, and probabilities are softmax(logits / temperature).
    package enum Loss: String, Codable, Sendable, CaseIterable {
        /// Multinomial logistic regression: −log of the label's probability.
        case softmax
        /// A linear support vector machine for each label against all others: Σₖ max(0, 1 − yₖ zₖ)² with yₖ = 1 for
        /// the row's label and −1 for the others (Fan et al., 2008, "LIBLINEAR").
        case squaredHinge = "squared_hinge"

        /// The loss in words.
        package var text: String { self == .softmax ? "softmax" : "squared hinge" }
    }
}
