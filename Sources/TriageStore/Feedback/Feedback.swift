/// The right label of one field of a decision, as a person or a program reported it.
package struct Feedback: Sendable, Equatable {
    package var id: String
    /// Its row in the ledger.
    package var sequence: Int64
    /// When it came, in milliseconds since 1970.
    package var time: Int64
    package var decision: String
    /// The decision's row in the ledger; a listing continues behind it.
    package var decisionSequence: Int64
    /// The caller's id of the ticket; nil when there was none.
    package var ticket: String?
    package var field: String
    /// The label that was decided.
    package var decided: String
    /// The label that is right; the same when the decision was confirmed.
    package var label: String
    /// The reporter: the id of an API key, or nil.
    package var by: String?
    /// A remark, masked; nil when there was none or it has expired.
    package var note: String?
    /// Whether it was withdrawn.
    package var isUndone: Bool
    /// The version that the decision had after it.
    package var version: Int
}

/// Feedback to be stored.
package struct NewFeedback: Sendable, Equatable {
    package enum Subject: Sendable, Equatable {
        case decision(String)
        /// The newest decision on a ticket by the caller's own id, or by the id that the queue gave.
        case ticket(String)
    }

    package var subject: Subject
    /// The field; one that the decision has.
    package var field: String
    /// The label that is right.
    package var label: String
    /// The reporter: the id of an API key, or nil.
    package var by: String?
    /// A remark; it is masked before it is stored.
    package var note: String?
    /// The version that the decision must have, for edits that must not cross; nil for any.
    package var expecting: Int?

    package init(
        _ subject: Subject, field: String, label: String, by: String? = nil, note: String? = nil,
        expecting: Int? = nil
    ) {
        (self.subject, self.field, self.label) = (subject, field, label)
        (self.by, self.note, self.expecting) = (by, note, expecting)
    }
}
