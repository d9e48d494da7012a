/// How little a row looks like the training data, and what was made of it.
package struct OutOfScopePrediction: Sendable, Equatable {
    /// The row's place in the data.
    package var row: Int
    /// The bundle's out-of-scope score, 0 … 1; of a bundle without one, 1 − the best label's probability.
    package var score: Float
    /// Whether the decision says `OUT_OF_SCOPE`.
    package var isRejected: Bool

    /// A sighting of the given parts.
    package init(row: Int, score: Float, isRejected: Bool) {
        self.row = row
        self.score = score
        self.isRejected = isRejected
    }
}
