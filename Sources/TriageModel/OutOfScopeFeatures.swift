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

    /// `unseenWords` · ln(1 + the word n-grams that training saw): of a short ticket a share alone shows little.
    package var unseenEvidence: Float
    /// The largest cosine of the embedding and the best label's prototypes, 0 without an embedding.
    package var nearest: Float

    /// How many there are.
    package static let count = 8
    /// How many there were in bundles without prototypes: the first of `values`.
    package static let earlierCount = 6

    /// Whether a larger value means more (1) or less (−1) that no label fits the ticket, in the order of `values`.
    package static let directions: [Float] = [-1, -1, -1, 1, 1, -1, 1, -1]

    /// What is counted in a ticket's text, and measured on its embedding.
    package struct Content: Sendable, Equatable {
        package var unseenWords: Float
        package var unseenCharacters: Float
        /// The word n-grams that training saw.
        package var seenWords: Int
        package var similarity: Float
        package var nearest: Float

        package init(
            unseenWords: Float, unseenCharacters: Float, seenWords: Int, similarity: Float, nearest: Float
        ) {
            (self.unseenWords, self.unseenCharacters) = (unseenWords, unseenCharacters)
            (self.seenWords, self.similarity, self.nearest) = (seenWords, similarity, nearest)
        }
    }

    /// Signals of one field's logits, two at least, their partition, and what the text and the embedding show.
    package init(logits: ArraySlice<Float>, _ partition: Softmax.Partition, _ content: Content) {
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
        (unseenWords, unseenCharacters) = (content.unseenWords, content.unseenCharacters)
        (similarity, nearest) = (content.similarity, content.nearest)
        unseenEvidence = content.unseenWords * SublinearTF.log(Float(1 + content.seenWords))
    }

    /// All of them, in the order of the declarations.
    package var values: [Float] {
        [
            energy, largest, margin, unseenWords, unseenCharacters, similarity, unseenEvidence, nearest,
        ]
    }

    /// unseen ÷ (seen + unseen); 0 of none.
    package static func share(unseen: Int, seen: Int) -> Float {
        unseen > 0 ? Float(unseen) / Float(seen + unseen) : 0
    }
}

extension ModelManifest {
    /// A logistic score over `OutOfScopeFeatures`: how little a ticket looks like those that a field was trained on.
    package struct OutOfScopeModel: Codable, Sendable, Equatable {
        /// One a signal; those of earlier bundles are of the first signals alone.
        package var weights: [Float]
        /// Added to the weighted signals.
        package var intercept: Float
        /// A ticket is out of scope when its score is larger: all but a twentieth of held-out rows stay below.
        package var threshold: Float

        package init(weights: [Float], intercept: Float, threshold: Float) {
            (self.weights, self.intercept, self.threshold) = (weights, intercept, threshold)
        }

        /// Whether there is a weight for each signal that this build, or an earlier one, knows.
        var isReadable: Bool {
            [OutOfScopeFeatures.count, OutOfScopeFeatures.earlierCount].contains(weights.count)
        }

        /// 0 … 1, six decimals.
        package func score(_ signals: OutOfScopeFeatures) -> Float {
            var sum = intercept
            for (weight, value) in zip(weights, signals.values) { sum += weight * value }
            return Softmax.rounded(Softmax.logistic(sum))
        }
    }
}
