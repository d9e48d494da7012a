public import TriageData
public import TriageText

/// A ticket cut to size, cleaned and masked: what deciding, searching and measuring all read.
public struct PreparedTicket: Sendable {
    /// The prepared subject.
    public let subject: MappedText
    /// The prepared body.
    public let body: MappedText
    /// Whether a field was over the size limit.
    public let wasCut: Bool

    /// A ticket prepared as a bundle asks for.
    public init(_ ticket: Ticket, _ preparation: TextPreparation) {
        let (cut, wasCut) = ticket.cutToSize()
        self.wasCut = wasCut
        subject = preparation.prepare(cut.subject)
        body = preparation.prepare(cut.body)
    }

    /// Text that was prepared before and kept; its offsets are those of the prepared text.
    public init(preparedSubject subject: [UInt8], body: [UInt8], wasCut: Bool) {
        self.subject = MappedText(subject)
        self.body = MappedText(body)
        self.wasCut = wasCut
    }

    /// Whether something was masked.
    package var hasPlaceholder: Bool {
        [subject.bytes, body.bytes].contains {
            $0.contains(0x5B) && !IdentifierKind.placeholders(in: $0).isEmpty
        }
    }

    /// The bytes of subject and body without placeholders, which say nothing of what is asked.
    package var withoutPlaceholders: (subject: [UInt8], body: [UInt8]) {
        func rest(of text: [UInt8]) -> [UInt8] {
            var rest = text
            for range in IdentifierKind.placeholders(in: text).reversed() { rest.removeSubrange(range) }
            return rest
        }
        return (rest(of: subject.bytes), rest(of: body.bytes))
    }

    /// Whether nothing but white space is left.
    public var isEmpty: Bool {
        !subject.bytes.contains { $0 > 0x20 } && !body.bytes.contains { $0 > 0x20 }
    }
}
