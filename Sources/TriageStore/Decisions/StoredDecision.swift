/// A decision as the store has it.
public struct StoredDecision: Sendable, Equatable {
    /// The masked ticket and the answer, while they are kept.
    public struct Text: Sendable, Equatable {
        /// The masked subject.
        public var subject: String
        /// The masked body.
        public var body: String
        /// The decision as one JSON object: the contract's, without explanation and label sets.
        public var answer: String
    }

    /// Its id.
    public var id: String
    /// Its row in the ledger.
    public var sequence: Int64
    /// When it was stored, in milliseconds since 1970.
    public var time: Int64
    /// The caller's id of the ticket; nil when there was none.
    public var ticket: String?
    /// What is kept for ever.
    public var record: DecisionRecord
    /// What is kept for a time; nil when it has expired or never was.
    public var text: Text?
    /// 1, and one more for each correction and each undo: what `expecting` compares.
    public var version: Int
    /// The corrections that stand, newest last, one a field.
    public var corrections: [Feedback]
    /// Whether its text and answer were erased, rather than expired.
    public var isErased = false
}
