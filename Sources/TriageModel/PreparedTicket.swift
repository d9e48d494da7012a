package import TriageData
package import TriageText
package import TriageTickets

/// A ticket cut to size, cleaned and masked: what deciding, searching and measuring all read.
package struct PreparedTicket: Sendable {
    /// The prepared subject.
    package let subject: MappedText
    /// The prepared body.
    package let body: MappedText
    /// Whether a field was over the size limit.
    package let wasCut: Bool

    /// A ticket prepared as a bundle asks for.
    package init(_ ticket: Ticket, _ preparation: TextPreparation) {
        let (cut, wasCut) = ticket.cutToSize()
        self.wasCut = wasCut
        subject = preparation.prepare(cut.subject)
        body = preparation.prepare(cut.body)
    }

    /// Text that was prepared before and kept; its offsets are those of the prepared text.
    package init(preparedSubject subject: [UInt8], body: [UInt8], wasCut: Bool) {
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
    package var isEmpty: Bool {
        !subject.bytes.contains { $0 > 0x20 } && !body.bytes.contains { $0 > 0x20 }
    }
}
