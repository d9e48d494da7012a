/// A support ticket as it came in.
public struct Ticket: Sendable, Equatable {
    /// The caller's own id.
    public var id: String?
    /// The subject line; may be empty.
    public var subject: String
    /// The text; may be empty.
    public var body: String

    /// A ticket of the given parts.
    public init(id: String? = nil, subject: String = "", body: String) {
        self.id = id
        self.subject = subject
        self.body = body
    }

    /// A field longer than this many bytes is cut, in training as in deciding.
    package static let maximumFieldBytes = 1 << 16

    /// The ticket with each field cut to `maximumFieldBytes`, and whether one was.
    package func cutToSize() -> (ticket: Ticket, wasCut: Bool) {
        guard subject.utf8.count > Ticket.maximumFieldBytes || body.utf8.count > Ticket.maximumFieldBytes
        else {
            return (self, false)
        }
        return (Ticket(id: id, subject: Ticket.cut(subject), body: Ticket.cut(body)), true)
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maximumFieldBytes else { return text }
        var bytes = Array(text.utf8.prefix(maximumFieldBytes))
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
