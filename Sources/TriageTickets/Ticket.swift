/// A support ticket as it came in.
public struct Ticket: Sendable, Equatable {
    /// The caller's own id.
    public var id: String?
    /// The subject line; may be empty.
    public var subject: String
    /// The text; may be empty.
    public var body: String
    /// Who wrote it, such as a mail address: never a feature; a store keeps a keyed hash of it alone.
    public var requester: String?

    /// A ticket of the given parts.
    public init(id: String? = nil, subject: String = "", body: String, requester: String? = nil) {
        self.id = id
        self.subject = subject
        self.body = body
        self.requester = requester
    }

    /// How many bytes of a field's cleaned text are read, in training as in deciding; the rest is cut.
    package static let maximumFieldBytes = 1 << 16

    /// How many bytes of a field are cleaned at once; what lies behind them counts as cut.
    package static let maximumRawBytes = 1 << 22
}
