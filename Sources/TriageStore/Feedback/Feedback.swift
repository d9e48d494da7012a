/// What somebody says is right in one field of a decision.
public struct Feedback: Sendable, Equatable {
    /// Its id.
    public var id: String
    /// Its row in the ledger.
    public var sequence: Int64
    /// When it came, in milliseconds since 1970.
    public var time: Int64
    /// The decision's id.
    public var decision: String
    /// The decision's row in the ledger, behind which a listing goes on.
    public var decisionSequence: Int64
    /// The caller's id of the ticket; nil when there was none.
    public var ticket: String?
    /// The field.
    public var field: String
    /// The label that was decided.
    public var decided: String
    /// The label that is right; the same when the decision was confirmed.
    public var label: String
    /// Who said so: the id of an API key, or nil.
    public var by: String?
    /// A remark, masked; nil when there was none or it has expired.
    public var note: String?
    /// Whether it was taken back.
    public var isUndone: Bool
    /// The version that the decision had after it.
    public var version: Int
}

/// Feedback on its way into the store.
public struct NewFeedback: Sendable, Equatable {
    /// What it is about.
    public enum Subject: Sendable, Equatable {
        /// A decision by its id.
        case decision(String)
        /// The newest decision on a ticket by the caller's own id, or by the id that the queue gave.
        case ticket(String)
    }

    /// What it is about.
    public var subject: Subject
    /// The field; one that the decision has.
    public var field: String
    /// The label that is right.
    public var label: String
    /// Who says so: the id of an API key, or nil.
    public var by: String?
    /// A remark; it is masked before it is stored.
    public var note: String?
    /// The version that the decision must have, for edits that must not cross; nil for any.
    public var expecting: Int?

    /// Feedback of the given parts.
    public init(
        _ subject: Subject, field: String, label: String, by: String? = nil, note: String? = nil,
        expecting: Int? = nil
    ) {
        (self.subject, self.field, self.label) = (subject, field, label)
        (self.by, self.note, self.expecting) = (by, note, expecting)
    }
}
