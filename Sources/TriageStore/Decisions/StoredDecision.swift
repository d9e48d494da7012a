/// A decision as the store has it.
package struct StoredDecision: Sendable, Equatable {
    /// The masked ticket and the answer, while they are kept.
    package struct Text: Sendable, Equatable {
        /// The masked subject.
        package var subject: String
        /// The masked body.
        package var body: String
        /// The decision as one JSON object: the contract's, without explanation and label sets.
        package var answer: String
    }

    /// Its id.
    package var id: String
    /// Its row in the ledger.
    package var sequence: Int64
    /// When it was stored, in milliseconds since 1970.
    package var time: Int64
    /// The caller's id of the ticket; nil when there was none.
    package var ticket: String?
    /// What is kept for ever, without labels that the blind sample withholds.
    package var record: DecisionRecord
    /// What is kept for a time; nil when it has expired or never was.
    package var text: Text?
    /// 1, and one more for each correction and each undo: what `expecting` compares.
    package var version: Int
    /// The corrections that stand, newest last, one a field.
    package var corrections: [Feedback]
    /// Whether its text and answer were erased, rather than expired.
    package var isErased = false
}
