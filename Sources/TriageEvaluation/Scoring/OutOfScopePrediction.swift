/// How little a row looks like the training data, and what was made of it.
public struct OutOfScopePrediction: Sendable, Equatable {
    /// The row's place in the data.
    public var row: Int
    /// The bundle's out-of-scope score, 0 … 1; of a bundle without one, 1 − the best label's probability.
    public var score: Float
    /// Whether the decision says `OUT_OF_SCOPE`.
    public var isRejected: Bool

    /// A sighting of the given parts.
    public init(row: Int, score: Float, isRejected: Bool) {
        self.row = row
        self.score = score
        self.isRejected = isRejected
    }
}
