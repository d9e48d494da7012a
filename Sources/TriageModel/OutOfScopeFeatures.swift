package import TriageNumerics

/// What tells a ticket that no label fits from the others, as seen by one field's head.
package struct OutOfScopeFeatures: Sendable, Equatable {
    /// log Σ exp of the centred logits ÷ temperature (Liu et al., 2020, "energy").
    package var energy: Float
    /// The largest of them.
    package var largest: Float
    /// The largest less the next.
    package var margin: Float
    /// Share of the word n-grams that training never saw.
    package var unseenWords: Float
    /// Share of the character runs that training never saw.
    package var unseenCharacters: Float
    /// Cosine of the embedding and the mean of the best label's, 0 without an embedding.
    package var similarity: Float

    /// How many there are.
    package static let count = 6

    /// Whether a larger value means more (1) or less (−1) that no label fits the ticket, in the order of `values`.
    package static let directions: [Float] = [-1, -1, -1, 1, 1, -1]

    /// Signals of one field's logits, two at least, their partition, and what was counted.
    package init(
        logits: ArraySlice<Float>, _ partition: Softmax.Partition, unseenWords: Float,
        unseenCharacters: Float, similarity: Float
    ) {
        let temperature = partition.temperature
        var (sum, first, second) = (Float(0), -Float.infinity, -Float.infinity)
        for logit in logits {
            sum += logit
            second = max(second, min(first, logit))
            first = max(first, logit)
        }
        let mean = sum / Float(logits.count)
        energy = partition.logSumExp - mean / temperature
        largest = (first - mean) / temperature
        margin = (first - second) / temperature
        self.unseenWords = unseenWords
        self.unseenCharacters = unseenCharacters
        self.similarity = similarity
    }

    /// All of them, in the order of the declarations.
    package var values: [Float] { [energy, largest, margin, unseenWords, unseenCharacters, similarity] }

    /// unseen ÷ (seen + unseen); 0 of none.
    package static func share(unseen: Int, seen: Int) -> Float {
        unseen > 0 ? Float(unseen) / Float(seen + unseen) : 0
    }
}

extension ModelManifest {
    /// A logistic score over `OutOfScopeFeatures`: how little a ticket looks like those that a field was trained on.
    package struct OutOfScopeModel: Codable, Sendable, Equatable {
        /// One a signal.
        package var weights: [Float]
        /// Added to the weighted signals.
        package var intercept: Float
        /// A ticket is out of scope when its score is larger: all but a twentieth of held-out rows stay below.
        package var threshold: Float

        package init(weights: [Float], intercept: Float, threshold: Float) {
            (self.weights, self.intercept, self.threshold) = (weights, intercept, threshold)
        }

        /// 0 … 1, six decimals.
        package func score(_ signals: OutOfScopeFeatures) -> Float {
            var sum = intercept
            for (weight, value) in zip(weights, signals.values) { sum += weight * value }
            return Softmax.rounded(Softmax.logistic(sum))
        }
    }
}
